-- What an export of databases holds.
-- Example:
--   select database_name, table_count, ready_percent, effort_hours, coverage_error
--   from database_export where assessment_id = '…' order by coverage_error, database_name limit 3;
create or replace view a2o.database_export with (security_invoker = true) as
  select d.assessment_id, d.database_name, d.description, d.location_uri, d.table_count, d.iceberg_tables, d.iceberg_percent, d.migration_ready,
    d.needs_conversion, d.unknown, d.ready_percent, d.size_bytes, d.estimated_size_gb, d.sized_tables as tables_with_known_size, e.effort_hours,
    d.coverage, nullif(concat_ws(': ', d.error_code, d.error_message), '') as coverage_error
  from a2o.database_overview d
  join a2o.database_effort e on e.assessment_id = d.assessment_id and e.database_name = d.database_name;
comment on view a2o.database_export is E'@behavior -*\nDatabases as exports show them: counts, size, effort and coverage.';
grant select on a2o.database_export to a2o_reader, a2o_ingest;
