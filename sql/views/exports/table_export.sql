-- What an export of tables holds, in one order everywhere: CSV, NDJSON, spreadsheets, and what the dashboard has filtered.
-- Example:
--   select database_name, table_name, table_format, size_bytes, findings
--   from table_export where assessment_id = '…' order by size_bytes desc nulls last, database_name, table_name limit 3;
create or replace view a2o.table_export with (security_invoker = true) as
  select t.assessment_id, t.database_name, t.table_name, t.table_format, t.migration_readiness, t.size_bytes, t.estimated_size_gb, t.size_source,
    t.row_count, t.column_count, t.partition_keys, t.storage_location, t.last_updated, t.is_iceberg, t.table_type, t.findings, t.notes, t.format_rule,
    t.format_evidence, t.readiness_rule, t.id as table_id
  from a2o.tables t;
comment on view a2o.table_export is E'@behavior -*\nTables as exports show them. Name the assessment (assessment_id = ''…'').';
grant select on a2o.table_export to a2o_reader, a2o_ingest;
