-- As link_stages and table_migrations say it, for all tables of a database at once: the runs are looked up once for each scope, not
-- for each link. Runs as the caller, so the policies choose whose.
create or replace function a2o_private.count_stages(of_assessment uuid, account_id text, in_region text, of_database text)
  returns table (migrating bigint, migrated bigint, changed_since bigint, candidates bigint)
  language sql stable begin atomic
  with links as materialized (
    select l.scope_id, l.table_name, l.state, l.source_schema, l.source_table from a2o.migration_job_links l
    where l.aws_account_id = account_id and l.region = in_region and l.database_name = of_database and l.state <> 'REJECTED'),
  runs as materialized (
    select s.scope_id, r.* from (select distinct l.scope_id from links l where l.state = 'LINKED') as s cross join lateral a2o_private.deciding_runs(s.scope_id) as r),
  said as (
    select l.table_name, s.stage, a2o_private.staged_since(s.stage, r.is_load, r.started_at, r.completed_at, m.full_load_ended_at) as since
    from links l
    join runs r on r.scope_id = l.scope_id
    left join a2o.migration_job_tables m on m.job_id = r.job_id and m.schema_name = l.source_schema and m.table_name = l.source_table
    cross join lateral (select a2o_private.run_stage(r.status, r.is_load, m.table_state) as stage) as s
    where l.state = 'LINKED' and s.stage is not null
    union all
    select l.table_name, null, null from links l where l.state = 'CANDIDATE'),
  decided as (
    select distinct on (x.table_name) x.table_name, x.stage, x.since from said x order by x.table_name, x.stage nulls last, x.since desc nulls last)
  select count(*) filter (where d.stage = 'MIGRATING'), count(*) filter (where d.stage = 'MIGRATED' and not coalesce(t.last_updated > d.since, false)),
    count(*) filter (where d.stage = 'MIGRATED' and t.last_updated > d.since), count(*) filter (where d.stage is null)
  from decided d join a2o.tables t on t.assessment_id = of_assessment and t.database_name = of_database and t.table_name = d.table_name;
  end;
comment on function a2o_private.count_stages(uuid, text, text, text) is 'How many tables of one database of an assessment are migrating, migrated, changed since, and candidates of some job.';
revoke all on function a2o_private.count_stages(uuid, text, text, text) from public;
grant execute on function a2o_private.count_stages(uuid, text, text, text) to a2o_reader;
