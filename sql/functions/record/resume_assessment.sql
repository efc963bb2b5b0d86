-- What a run staged outlives its session and its process: the tables are unlogged but ordinary. Each page ends with a row that
-- names the next page, and every batch of rows is a transaction of its own, so that what is staged tells how far the run came.
-- When the server itself crashed, PostgreSQL has emptied the tables, and the run begins from the start.
create or replace function a2o.resume_assessment(aws_account_id text, region text, scope jsonb)
  returns table (run_id uuid, databases_target text, tables_target text, reported_tables_target text, read_at timestamptz, staged_tables bigint)
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  run a2o_private.runs;
  stage text;
begin
  for run in
    select * from a2o_private.runs r
    where (r.aws_account_id, r.region, r.scope) = (resume_assessment.aws_account_id, resume_assessment.region, resume_assessment.scope)
      and a2o_private.is_resumable(r)
    order by r.started_at desc
  loop
    continue when a2o_private.run_holder(run.lock_key) is not null or not pg_try_advisory_lock(20250, run.lock_key);
    stage := a2o_private.run_prefix(run.run_id);
    -- What could not be read is tried again.
    execute format('delete from a2o_private.%I where status <> %L', stage || 'databases', 'COMPLETE');
    execute format('select count(*) from a2o_private.%I', stage || 'tables') into staged_tables;
    run_id := run.run_id;
    databases_target := format('a2o_private.%I', stage || 'databases');
    tables_target := format('a2o_private.%I', stage || 'tables');
    reported_tables_target := format('a2o_private.%I', stage || 'reported_tables');
    read_at := run.read_at;
    update a2o_private.runs r set kept_until = now() + interval '24 hours' where r.run_id = run.run_id;
    return next;
    return;
  end loop;
end
$$;
comment on function a2o.resume_assessment(text, text, jsonb) is
  E'@behavior -*\nTakes over the newest interrupted run of an account, region and scope, with what it staged; no row when there is none.';
revoke all on function a2o.resume_assessment(text, text, jsonb) from public;
grant execute on function a2o.resume_assessment(text, text, jsonb) to a2o_ingest;

create or replace function a2o.staged_databases(run_id uuid)
  returns table (database_name text, is_done boolean, next_page text, tables_read bigint, table_names text[])
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  stage text := a2o_private.run_prefix(staged_databases.run_id);
begin
  if not exists (select from a2o_private.runs r
      where r.run_id = staged_databases.run_id and a2o_private.run_holder(r.lock_key) = pg_backend_pid()) then
    raise exception 'this session has no run %', run_id using errcode = 'A2O01', hint = 'Take it over with resume_assessment() in this session.';
  end if;
  -- Rows were appended one after the other, so their places tell the order.
  return query execute format($sql$
    with done as (select d.database_name, max(d.tables_read)::bigint as tables_read from a2o_private.%1$I d group by 1)
    select d.database_name, true, null, d.tables_read, null::text[] from done d
    union all
    select t.database_name, false, (array_agg(t.next_page order by t.ctid desc) filter (where t.next_page is not null))[1], count(*),
      array_agg(t.glue ->> 'Name')
    from a2o_private.%2$I t
    where not exists (select from done d where d.database_name = t.database_name)
    group by t.database_name $sql$, stage || 'databases', stage || 'tables');
end
$$;
comment on function a2o.staged_databases(uuid) is
  E'@behavior -*\nHow far a run of this session has come: databases that are done, and those that are begun, with the page to go on with and the tables there are. Error: A2O01 no such run in this session.';
revoke all on function a2o.staged_databases(uuid) from public;
grant execute on function a2o.staged_databases(uuid) to a2o_ingest;
