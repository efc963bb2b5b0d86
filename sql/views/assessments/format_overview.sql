-- Tables and bytes for each table format of an assessment; feeds the Formats panel and get_tables_by_format.
-- Example:
--   select table_format, table_count, sized_tables, pg_size_pretty(size_bytes) as known_size
--   from format_overview where assessment_id = '…' order by table_count desc limit 3;
create or replace view a2o.format_overview with (security_invoker = true) as
  select r.assessment_id, r.table_format, sum(r.table_count)::integer as table_count, sum(r.sized_tables)::integer as sized_tables,
    a2o_private.saturated(sum(r.size_bytes)) as size_bytes
  from a2o.format_rollups r
  group by r.assessment_id, r.table_format;
comment on view a2o.format_overview is E'@within assessment_id\n@primaryKey assessment_id,table_format\nTables and known bytes for each format of an assessment.';
comment on column a2o.format_overview.table_count is E'@notNull\nTables in the format.';
comment on column a2o.format_overview.sized_tables is E'@notNull\nTables whose size is known.';
comment on column a2o.format_overview.size_bytes is 'Bytes of those; null when none is known.';
grant select on a2o.format_overview to a2o_reader, a2o_ingest;
