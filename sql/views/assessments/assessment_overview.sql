-- Every assessment with its shares: the list of assessments, and the cards of the overview.
-- Example:
--   select region, is_newest, total_tables, iceberg_percent, ready_percent, needs_conversion_percent, sized_percent
--   from assessment_overview order by region;
create or replace view a2o.assessment_overview with (security_invoker = true) as
  select a.id, a.timestamp, a.region, a.aws_account_id, c.account_name, a.tool_version, a.origin, a.is_simulated, a.total_databases, a.total_tables,
    a.iceberg_tables, a.migration_ready, a.needs_conversion, a.unknown,
    round(100.0 * a.iceberg_tables / nullif(a.total_tables, 0), 2) as iceberg_percent,
    round(100.0 * a.migration_ready / nullif(a.total_tables, 0), 2) as ready_percent,
    round(100.0 * a.needs_conversion / nullif(a.total_tables, 0), 2) as needs_conversion_percent,
    round(100.0 * a.unknown / nullif(a.total_tables, 0), 2) as unknown_percent,
    a.total_size_bytes, a.total_estimated_size_gb, a.sized_tables, round(100.0 * a.sized_tables / nullif(a.total_tables, 0), 2) as sized_percent,
    a.databases_complete, a.completeness_percent,
    not exists (
      select from a2o.assessments later where later.aws_account_id = a.aws_account_id and later.region = a.region
        and (later.timestamp > a.timestamp or later.timestamp = a.timestamp and later.id < a.id)) as is_newest,
    a.created_at
  from a2o.assessments a
  left join a2o.accounts c using (aws_account_id);
comment on view a2o.assessment_overview is E'@primaryKey id\nEvery assessment with its counts as shares of all tables.';
comment on column a2o.assessment_overview.iceberg_percent is 'Share of tables in Iceberg format, 0 to 100; null when there are no tables.';
comment on column a2o.assessment_overview.ready_percent is 'Share of tables with verdict READY, 0 to 100.';
comment on column a2o.assessment_overview.needs_conversion_percent is 'Share of tables with verdict NEEDS_CONVERSION, 0 to 100.';
comment on column a2o.assessment_overview.unknown_percent is 'Share of tables with verdict UNKNOWN, 0 to 100.';
comment on column a2o.assessment_overview.sized_percent is 'Share of tables whose size is known, 0 to 100.';
comment on column a2o.assessment_overview.is_newest is E'@notNull\nWhether it is the newest of its account and region.';
grant select on a2o.assessment_overview to a2o_reader, a2o_ingest;
