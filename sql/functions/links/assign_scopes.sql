-- What a job says it moves, and nothing that changes from run to run without moving other tables.
create or replace function a2o_private.job_definition(job a2o.migration_jobs) returns jsonb
  language sql stable set search_path = pg_catalog, pg_temp
  return jsonb_strip_nulls(case job.job_type
    when 'DMS' then coalesce(job.details -> 'TableMappings', '{}')
    when 'DATASYNC' then jsonb_build_object('source', job.source, 'Includes', job.details -> 'Includes', 'Excludes', job.details -> 'Excludes')
    when 'GLUE_JOB' then jsonb_build_object('Arguments', (
      select jsonb_object_agg(a.argument, job.details -> 'Arguments' -> a.argument) from a2o_private.glue_arguments(job.details -> 'Arguments') a))
    else jsonb_build_object('job', job.id) end);
comment on function a2o_private.job_definition(a2o.migration_jobs) is 'The part of what AWS tells of a job that says which tables it moves.';
revoke all on function a2o_private.job_definition(a2o.migration_jobs) from public;

-- Cheap when every job has its scope: an index knows those that have none.
create or replace function a2o_private.assign_scopes(account_id text, in_region text) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from a2o.migration_jobs j where j.aws_account_id = account_id and j.region = in_region and j.scope_id is null) then
    return;
  end if;
  with bare as (
    select j.id, j.job_type, coalesce(j.aws_parent_id, j.aws_job_id, j.id::text) as task, a2o_private.job_definition(j) as definition
    from a2o.migration_jobs j where j.aws_account_id = account_id and j.region = in_region and j.scope_id is null),
  placed as materialized (
    select b.*, md5(account_id || ' ' || in_region || ' ' || b.job_type || ' ' || length(b.task)::text || ' ' || b.task || ' ' || b.definition::text)::uuid as scope_id from bare b),
  added as (
    insert into a2o_private.job_scopes as s (id, aws_account_id, region, job_type, task, definition)
    select distinct on (p.scope_id) p.scope_id, account_id, in_region, p.job_type, p.task, p.definition from placed p order by p.scope_id
    on conflict do nothing
    returning s.*),
  -- What a person decided about a task goes on to hold when its definition is changed. A Glue job that is given other arguments
  -- moves other tables.
  kept as (
    insert into a2o.migration_job_links (scope_id, database_name, table_name, table_id, aws_account_id, region, state, source, source_schema, source_table, evidence, decided_by, decided_at)
    select a.id, l.database_name, l.table_name, l.table_id, l.aws_account_id, l.region, l.state, l.source, l.source_schema, l.source_table, l.evidence, l.decided_by, l.decided_at
    from added a
    cross join lateral (
      select b.id from a2o_private.job_scopes b
      where b.aws_account_id = account_id and b.region = in_region and b.job_type = a.job_type and b.task = a.task order by b.created_at desc limit 1) as before
    join a2o.migration_job_links l on l.scope_id = before.id and l.source = 'PERSON'
    where a.job_type in ('DMS', 'DATASYNC')
    on conflict do nothing)
  update a2o.migration_jobs j set scope_id = p.scope_id from placed p where j.id = p.id;
end
$$;
comment on function a2o_private.assign_scopes(text, text) is 'Gives the jobs of an account and region that have none a scope: what they say they move.';
revoke all on function a2o_private.assign_scopes(text, text) from public;
