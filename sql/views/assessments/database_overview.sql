-- Databases of an assessment with their shares and how far each could be read; those that could not be read are here, too.
-- Example:
--   select database_name, table_count, iceberg_percent, ready_percent, pg_size_pretty(size_bytes) as known_size, coverage
--   from database_overview where assessment_id = '…' order by size_bytes desc nulls last, database_name limit 3;
create or replace view a2o.database_overview with (security_invoker = true) as
  select d.assessment_id, d.database_name, d.id, d.aws_account_id, d.description, d.location_uri, d.table_count, d.iceberg_tables, d.migration_ready,
    d.needs_conversion, d.unknown,
    round(100.0 * d.iceberg_tables / nullif(d.table_count, 0), 2) as iceberg_percent,
    round(100.0 * d.migration_ready / nullif(d.table_count, 0), 2) as ready_percent,
    d.size_bytes, a2o.bytes_to_gb(d.size_bytes) as estimated_size_gb, d.sized_tables,
    c.status as coverage, c.tables_read, c.operation as failed_operation, c.error_code, c.error_message
  from a2o.databases d
  left join a2o.database_coverage c using (assessment_id, database_name);
comment on view a2o.database_overview is E'@within assessment_id\n@behavior +single\n@primaryKey assessment_id,database_name\nDatabases of an assessment with counts, shares, size and coverage.';
comment on column a2o.database_overview.iceberg_percent is 'Share of tables in Iceberg format, 0 to 100; null when there are no tables.';
comment on column a2o.database_overview.ready_percent is 'Share of tables with verdict READY, 0 to 100.';
comment on column a2o.database_overview.estimated_size_gb is 'size_bytes in GB of 2^30 bytes.';
comment on column a2o.database_overview.coverage is 'How far the database was read.';
comment on column a2o.database_overview.tables_read is 'Tables that were read before an error, or all of them.';
comment on column a2o.database_overview.failed_operation is 'AWS operation that failed, e.g. glue:GetTables.';
comment on column a2o.database_overview.error_code is 'AWS''s error code.';
comment on column a2o.database_overview.error_message is 'AWS''s own words.';
grant select on a2o.database_overview to a2o_reader, a2o_ingest;
