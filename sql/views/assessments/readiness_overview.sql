-- Tables and bytes for each verdict of an assessment; all three verdicts are always there, so that a chart needs no gaps filled.
-- Example:
--   select migration_readiness, table_count, percent, pg_size_pretty(size_bytes) as known_size
--   from readiness_overview where assessment_id = '…' order by migration_readiness;
create or replace view a2o.readiness_overview with (security_invoker = true) as
  select a.id as assessment_id, v.verdict as migration_readiness, coalesce(sum(r.table_count), 0)::integer as table_count,
    coalesce(sum(r.sized_tables), 0)::integer as sized_tables, a2o_private.saturated(sum(r.size_bytes)) as size_bytes,
    case when a.total_tables > 0 then round(100.0 * coalesce(sum(r.table_count), 0) / a.total_tables, 2) end as percent
  from a2o.assessments a
  cross join unnest(enum_range(null::a2o.migration_readiness)) as v(verdict)
  left join a2o.format_rollups r on r.assessment_id = a.id and r.migration_readiness = v.verdict
  group by a.id, v.verdict;
comment on view a2o.readiness_overview is E'@within assessment_id\n@primaryKey assessment_id,migration_readiness\nTables and known bytes for each verdict of an assessment.';
comment on column a2o.readiness_overview.table_count is E'@notNull\nTables with the verdict.';
comment on column a2o.readiness_overview.sized_tables is E'@notNull\nTables whose size is known.';
comment on column a2o.readiness_overview.size_bytes is 'Bytes of those; null when none is known.';
comment on column a2o.readiness_overview.percent is 'Share of all tables, 0 to 100; null when there are none.';
grant select on a2o.readiness_overview to a2o_reader, a2o_ingest;
