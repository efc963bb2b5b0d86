-- The newest assessment of each account and region; where every page and every question starts.
-- Example:
--   select aws_account_id, region, total_databases, total_tables
--   from newest_assessments order by region;
create or replace view a2o.newest_assessments with (security_invoker = true) as
  select distinct on (a.aws_account_id, a.region) a.id, a.timestamp, a.region, a.aws_account_id, a.tool_version, a.total_databases,
    a.total_tables, a.iceberg_tables, a.migration_ready, a.needs_conversion, a.unknown, a.total_size_bytes, a.total_estimated_size_gb,
    a.sized_tables, a.databases_complete, a.completeness_percent, a.origin, a.is_simulated, a.created_at
  from a2o.assessments a
  order by a.aws_account_id, a.region, a.timestamp desc, a.id;
comment on view a2o.newest_assessments is E'@behavior -single\n@primaryKey id\nNewest assessment of each account and region.';
grant select on a2o.newest_assessments to a2o_reader, a2o_ingest;
