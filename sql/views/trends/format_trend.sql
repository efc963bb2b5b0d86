-- The mix of formats over time. Filter by account and region.
-- Example:
--   select region, table_format, table_count, percent
--   from format_trend where region = 'us-east-1' order by timestamp, table_count desc limit 3;
create or replace view a2o.format_trend with (security_invoker = true) as
  select a.id as assessment_id, r.table_format, a.aws_account_id, a.region, a.timestamp, sum(r.table_count)::integer as table_count,
    round(100.0 * sum(r.table_count) / nullif(a.total_tables, 0), 2) as percent, a2o_private.saturated(sum(r.size_bytes)) as size_bytes
  from a2o.assessments a
  join a2o.format_rollups r on r.assessment_id = a.id
  group by a.id, r.table_format;
comment on view a2o.format_trend is E'@primaryKey assessment_id,table_format\nTables and known bytes of each format, assessment by assessment.';
comment on column a2o.format_trend.table_count is E'@notNull\nTables in the format.';
comment on column a2o.format_trend.percent is 'Share of the assessment''s tables, 0 to 100.';
comment on column a2o.format_trend.size_bytes is 'Bytes of those whose size is known; null when none is.';
grant select on a2o.format_trend to a2o_reader, a2o_ingest;
