-- The runs of a scope that decide how far its tables are: the latest one, and the latest that ended well. Both are the same for
-- every table of the scope.
create or replace function a2o_private.deciding_runs(of_scope uuid)
  returns table (job_id uuid, status a2o.job_status, started_at timestamptz, completed_at timestamptz, is_load boolean)
  language sql stable begin atomic
  select j.id, j.status, j.started_at, j.completed_at, j.job_type = 'DMS' and j.migration_type = 'full-load'
  from ((select x.* from a2o.migration_jobs x where x.scope_id = of_scope and x.started_at is not null order by x.started_at desc limit 1)
    union
    (select x.* from a2o.migration_jobs x where x.scope_id = of_scope and x.status = 'COMPLETED' order by x.started_at desc nulls last limit 1)) as j
  where j.status <> 'PENDING' and (j.status <> 'RUNNING' or j.gone_at is null);
  end;
comment on function a2o_private.deciding_runs(uuid) is 'The runs of a scope that decide how far the tables linked to it are.';
revoke all on function a2o_private.deciding_runs(uuid) from public;
grant execute on function a2o_private.deciding_runs(uuid) to a2o_reader;

-- Where DMS counts the tables of a run one by one, its word on the table decides, not the run's end.
create or replace function a2o_private.run_stage(status a2o.job_status, is_load boolean, table_state text) returns a2o.migration_stage
  language sql immutable parallel safe
  return case
    when table_state ~* 'error|cancelled|does not exist' then null
    when is_load and table_state ~* '^table completed' then 'MIGRATED'::a2o.migration_stage
    when status = 'RUNNING' then 'MIGRATING'::a2o.migration_stage
    when status = 'COMPLETED' then 'MIGRATED'::a2o.migration_stage end;
comment on function a2o_private.run_stage(a2o.job_status, boolean, text) is 'What a run says of a table: MIGRATING, MIGRATED, or null for nothing.';
revoke all on function a2o_private.run_stage(a2o.job_status, boolean, text) from public;
grant execute on function a2o_private.run_stage(a2o.job_status, boolean, text) to a2o_reader;

create or replace function a2o_private.staged_since(
  stage a2o.migration_stage, is_load boolean, started_at timestamptz, completed_at timestamptz, full_load_ended_at timestamptz
) returns timestamptz
  language sql immutable parallel safe
  return case when stage = 'MIGRATING' then started_at when is_load then coalesce(full_load_ended_at, completed_at) else completed_at end;
comment on function a2o_private.staged_since(a2o.migration_stage, boolean, timestamptz, timestamptz, timestamptz) is 'Since when a table is at the stage that a run says.';
revoke all on function a2o_private.staged_since(a2o.migration_stage, boolean, timestamptz, timestamptz, timestamptz) from public;
grant execute on function a2o_private.staged_since(a2o.migration_stage, boolean, timestamptz, timestamptz, timestamptz) to a2o_reader;

-- What each certain link says of its table.
create or replace view a2o_private.link_stages with (security_invoker = true) as
  select l.table_id, l.aws_account_id, l.region, l.database_name, l.table_name, s.stage, r.job_id,
    a2o_private.staged_since(s.stage, r.is_load, r.started_at, r.completed_at, m.full_load_ended_at) as since
  from a2o.migration_job_links l
  cross join lateral a2o_private.deciding_runs(l.scope_id) as r
  left join a2o.migration_job_tables m on m.job_id = r.job_id and m.schema_name = l.source_schema and m.table_name = l.source_table
  cross join lateral (select a2o_private.run_stage(r.status, r.is_load, m.table_state) as stage) as s
  where l.state = 'LINKED' and s.stage is not null;
comment on view a2o_private.link_stages is 'Stage of a table as each of the jobs that are linked to it says: MIGRATING or MIGRATED, since when.';
grant select on a2o_private.link_stages to a2o_reader;
