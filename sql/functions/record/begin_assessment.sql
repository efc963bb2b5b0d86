-- Staging is one set of unlogged tables for each run: runs cannot mix, nothing is written to the log, and dropping it costs
-- nothing. The session's advisory lock tells a run under way from one that died. toast_tuple_target: what fits into a page is
-- not compressed, because it is read soon and once.
create or replace function a2o.begin_assessment(
  aws_account_id text default null, region text default null, scope jsonb default null, read_at timestamptz default null
) returns table (run_id uuid, databases_target text, tables_target text, reported_tables_target text, interrupted_at timestamptz)
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  run a2o_private.runs;
  stage text;
begin
  perform a2o_private.forget_abandoned_runs();
  insert into a2o_private.runs (run_id, aws_account_id, region, scope, read_at, kept_until)
  values (gen_random_uuid(), begin_assessment.aws_account_id, begin_assessment.region, begin_assessment.scope, begin_assessment.read_at,
    case when begin_assessment.aws_account_id is not null then now() + interval '24 hours' end)
  returning * into run;
  perform pg_advisory_lock(20250, run.lock_key);
  stage := a2o_private.run_prefix(run.run_id);
  execute format('create unlogged table a2o_private.%I (
      database_name text not null, glue jsonb, description text, location_uri text, table_count integer, status a2o.coverage_status not null,
      tables_read integer not null, operation text, error_code text, error_message text, extra jsonb)', stage || 'databases');
  execute format('create unlogged table a2o_private.%I (database_name text not null, glue jsonb not null, next_page text)
    with (toast_tuple_target = 8160)', stage || 'tables');
  execute format('create unlogged table a2o_private.%I (
      database_name text not null, table_name text not null, table_format text not null, storage_location text, estimated_size_gb double precision,
      partition_keys text[] not null, column_count integer not null, last_updated timestamptz, is_iceberg boolean not null,
      migration_readiness a2o.migration_readiness not null, notes text[] not null, extra jsonb not null)', stage || 'reported_tables');
  execute format('grant insert on a2o_private.%I, a2o_private.%I, a2o_private.%I to a2o_ingest',
    stage || 'databases', stage || 'tables', stage || 'reported_tables');
  return query select run.run_id,
    format('a2o_private.%I', stage || 'databases'), format('a2o_private.%I', stage || 'tables'), format('a2o_private.%I', stage || 'reported_tables'),
    (select max(r.started_at) from a2o_private.runs r
      where r.run_id <> run.run_id and a2o_private.is_resumable(r) and a2o_private.run_holder(r.lock_key) is null
        and (r.aws_account_id, r.region, r.scope) = (run.aws_account_id, run.region, run.scope));
end
$$;
comment on function a2o.begin_assessment(text, text, jsonb, timestamptz) is
  E'@behavior -*\nOpens a run: returns its id and the staging tables to COPY into, and when a run of the same scope was interrupted that could be resumed instead. The run lives as long as the session; finish_assessment stores it whole. One that names its account is kept for a day when the session ends before.';
revoke all on function a2o.begin_assessment(text, text, jsonb, timestamptz) from public;
grant execute on function a2o.begin_assessment(text, text, jsonb, timestamptz) to a2o_ingest;

create or replace function a2o_private.run_prefix(run_id uuid) returns text
  language sql immutable parallel safe
  return 'run_' || replace(run_id::text, '-', '') || '_';
comment on function a2o_private.run_prefix(uuid) is 'First part of the names of a run''s staging tables.';

-- Read from pg_locks, because an advisory lock can be taken again by the session that has it.
create or replace function a2o_private.run_holder(lock_key integer) returns integer
  language sql volatile set search_path = pg_catalog, pg_temp as $$
  select l.pid from pg_locks l
  where l.locktype = 'advisory' and l.database = (select d.oid from pg_database d where d.datname = current_database())
    and l.classid = 20250 and l.objid = run_holder.lock_key::oid and l.objsubid = 2 and l.granted
$$;
comment on function a2o_private.run_holder(integer) is 'Process id of the session that records a run; null when it is gone.';

create or replace function a2o_private.drop_run(run_id uuid) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  stage text := a2o_private.run_prefix(run_id);
begin
  execute format('drop table if exists a2o_private.%I, a2o_private.%I, a2o_private.%I',
    stage || 'databases', stage || 'tables', stage || 'reported_tables');
  delete from a2o_private.runs r where r.run_id = drop_run.run_id;
end
$$;
comment on function a2o_private.drop_run(uuid) is 'Drops the staging tables of a run and forgets it.';

-- A run is overtaken when another one of its account and region was stored.
create or replace function a2o_private.is_resumable(run a2o_private.runs) returns boolean
  language sql stable
  return coalesce(run.kept_until > now(), false) and not exists (
    select from a2o.assessments a
    where a.aws_account_id = run.aws_account_id and a.region = run.region and a.created_at > run.started_at);
comment on function a2o_private.is_resumable(a2o_private.runs) is 'Whether a run whose session is gone can still be continued.';

create or replace function a2o_private.forget_abandoned_runs() returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  abandoned a2o_private.runs;
begin
  -- A run's row becomes visible only when its session has the lock.
  for abandoned in select * from a2o_private.runs r where not a2o_private.is_resumable(r) loop
    if a2o_private.run_holder(abandoned.lock_key) is null and pg_try_advisory_xact_lock(20250, abandoned.lock_key) then
      perform a2o_private.drop_run(abandoned.run_id);
    end if;
  end loop;
end
$$;
comment on function a2o_private.forget_abandoned_runs() is 'Drops what runs left behind whose session is gone, and that nobody can want to resume.';

create or replace function a2o.abandon_assessment(run_id uuid) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  run a2o_private.runs;
  holder integer;
begin
  select * into run from a2o_private.runs r where r.run_id = abandon_assessment.run_id;
  holder := a2o_private.run_holder(run.lock_key);
  if not found or holder <> pg_backend_pid() then
    return;
  end if;
  perform a2o_private.drop_run(run.run_id);
  -- Held on until the transaction ends: nobody else is to clear, or wait for, what is being dropped here. A run whose end was
  -- rolled back has its row again, but not its lock.
  perform pg_advisory_xact_lock(20250, run.lock_key);
  if holder is not null then
    perform pg_advisory_unlock(20250, run.lock_key);
  end if;
end
$$;
comment on function a2o.abandon_assessment(uuid) is E'@behavior -*\nEnds a run of this session and drops what it staged. Nothing happens when there is no such run, or another session is recording it.';
revoke all on function a2o.abandon_assessment(uuid) from public;
grant execute on function a2o.abandon_assessment(uuid) to a2o_ingest;

create or replace function a2o.forget_abandoned_runs() returns void
  language sql volatile security definer set search_path = pg_catalog, pg_temp
  as $$ select a2o_private.forget_abandoned_runs() $$;
comment on function a2o.forget_abandoned_runs() is E'@behavior -*\nDrops what recordings left behind whose session is gone. The worker calls it every hour.';
revoke all on function a2o.forget_abandoned_runs() from public;
grant execute on function a2o.forget_abandoned_runs() to a2o_worker;
