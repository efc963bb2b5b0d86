-- One point for each assessment: readiness, size and churn over time. Filter by account and region.
-- Example:
--   select region, total_tables, ready_percent, tables_added, tables_removed, tables_changed
--   from assessment_trend order by region, timestamp;
create or replace view a2o.assessment_trend with (security_invoker = true) as
  select a.id as assessment_id, a.aws_account_id, a.region, a.timestamp, a.total_databases, a.total_tables, a.iceberg_tables, a.migration_ready,
    a.needs_conversion, a.unknown, round(100.0 * a.migration_ready / nullif(a.total_tables, 0), 2) as ready_percent,
    a.total_size_bytes, a.total_estimated_size_gb, a.completeness_percent, c.previous_id, c.tables_added, c.tables_removed, c.tables_changed
  from a2o.assessments a
  left join a2o.assessment_churn c on c.assessment_id = a.id;
comment on view a2o.assessment_trend is E'@primaryKey assessment_id\nAssessments as points in time: readiness, size, and what changed since the one before.';
comment on column a2o.assessment_trend.ready_percent is 'Share of tables with verdict READY, 0 to 100; null when there are no tables.';
comment on column a2o.assessment_trend.previous_id is 'The assessment before it; null for the first.';
comment on column a2o.assessment_trend.tables_added is 'Tables that are new since the one before; null for the first.';
comment on column a2o.assessment_trend.tables_removed is 'Tables that are gone since the one before. Those that could not be read are not.';
comment on column a2o.assessment_trend.tables_changed is 'Tables that are not the same as in the one before.';
grant select on a2o.assessment_trend to a2o_reader, a2o_ingest;
