-- What each certain link says of its table. The runs that count are the latest one of the task's scope and the latest that ended
-- well; both are the same for every table of the scope. Where DMS counts the tables of a run one by one, its word on the table
-- decides, not the run's end.
create or replace view a2o_private.link_stages with (security_invoker = true) as
  select l.table_id, l.aws_account_id, l.region, l.database_name, l.table_name, s.stage, r.job_id,
    case when s.stage = 'MIGRATING' then r.started_at when r.is_load then coalesce(m.full_load_ended_at, r.completed_at) else r.completed_at end as since
  from a2o.migration_job_links l
  cross join lateral (
    select j.id as job_id, j.status, j.started_at, j.completed_at, j.job_type = 'DMS' and j.migration_type = 'full-load' as is_load
    from ((select x.* from a2o.migration_jobs x where x.scope_id = l.scope_id and x.started_at is not null order by x.started_at desc limit 1)
      union
      (select x.* from a2o.migration_jobs x where x.scope_id = l.scope_id and x.status = 'COMPLETED' order by x.started_at desc nulls last limit 1)) as j
    where j.status <> 'PENDING' and (j.status <> 'RUNNING' or j.gone_at is null)) as r
  left join a2o.migration_job_tables m on m.job_id = r.job_id and m.schema_name = l.source_schema and m.table_name = l.source_table
  cross join lateral (
    select case
      when m.table_state ~* 'error|cancelled|does not exist' then null
      when r.is_load and m.table_state ~* '^table completed' then 'MIGRATED'
      when r.status = 'RUNNING' then 'MIGRATING'
      when r.status = 'COMPLETED' then 'MIGRATED' end::a2o.migration_stage as stage) as s
  where l.state = 'LINKED' and s.stage is not null;
comment on view a2o_private.link_stages is 'Stage of a table as each of the jobs that are linked to it says: MIGRATING or MIGRATED, since when.';
grant select on a2o_private.link_stages to a2o_reader;
