-- Which job an answer speaks of. DataSync executions and Glue runs have a name of their own. The runs of a DMS task share its
-- ARN and are told apart by the moment of their fresh start (run_key): until AWS tells that moment, the run has the empty key.
create or replace function a2o_private.resolve_job_answers(monitor a2o.monitors, jobs jsonb) returns a2o_private.job_answer[]
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  answers a2o_private.job_answer[];
begin
  with incoming as (
    select e.ordinality as position, r.*, row_number() over (partition by r.job_type, r.aws_job_id order by r.observed_at desc, e.ordinality desc) as told
    from jsonb_array_elements(jobs) with ordinality as e cross join lateral jsonb_populate_record(null::a2o_private.job_answer, e.value) as r),
  placed as (
    select i.*, exact.id as exact_id, newest.id as newest_id, newest.run_key as newest_key, newest.status as newest_status, newest.completed_at as newest_completed_at
    from incoming i
    left join a2o.migration_jobs exact on exact.aws_account_id = monitor.aws_account_id and exact.region = monitor.region and exact.job_type = i.job_type
      and exact.aws_job_id = i.aws_job_id and exact.run_key = i.run_key
    left join lateral (
      select j.* from a2o.migration_jobs j
      where j.aws_account_id = monitor.aws_account_id and j.region = monitor.region and j.job_type = i.job_type and j.aws_job_id = i.aws_job_id
      order by j.created_at desc, j.run_key desc limit 1) as newest on true),
  decided as (
    select p.*, case
        when p.exact_id is not null then p.exact_id
        when p.newest_id is null then null
        -- The run that was waiting, or starting, has got its key.
        when p.run_key is not null and p.newest_key = '' and (p.newest_status in ('PENDING', 'RUNNING') or p.resumed_at <= p.newest_completed_at) then p.newest_id
        when p.run_key is not null then null
        -- No key: of the run that is known, unless that is over and this one started later.
        when p.newest_status in ('COMPLETED', 'FAILED') and p.status in ('PENDING', 'RUNNING') and p.resumed_at > p.newest_completed_at then null
        else p.newest_id end as found_id
    from placed p)
  select array_agg(row(case when not d.is_obsolete then coalesce(d.found_id, gen_random_uuid()) end, d.found_id is null, d.job_type, d.aws_job_id, coalesce(d.run_key, case when d.found_id is not null then d.newest_key end, ''),
      d.observed_at, d.status, d.aws_status, d.started_at, d.resumed_at, d.completed_at, d.aws_parent_id, d.job_name, d.migration_type, d.stop_reason, d.error_code,
      d.error_message, d.percent, d.rows_copied, d.bytes_copied, d.bytes_total, d.files_copied, d.files_total, d.tables_loaded, d.tables_loading, d.tables_queued,
      d.tables_errored, d.tables_total, d.error_rows, d.validation_failed_rows, d.elapsed_ms, d.source, d.target, coalesce(d.details, '{}'))::a2o_private.job_answer
    order by d.position)
  into answers
  -- An old answer about a run before the known ones tells nothing that is needed, nor does the same job twice: no id.
  from (select x.*, x.told > 1 or coalesce(x.found_id is null and x.run_key < x.newest_key, false) as is_obsolete from decided x) as d;
  return coalesce(answers, '{}');
end
$$;
comment on function a2o_private.resolve_job_answers(a2o.monitors, jsonb) is 'The answers of a poll, each with the id of its job, or with a new one; without an id when a later run of the same task is known, or a later answer.';
revoke all on function a2o_private.resolve_job_answers(a2o.monitors, jsonb) from public;
