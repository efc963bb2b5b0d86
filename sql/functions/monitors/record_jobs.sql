-- Answers may be old: a worker was held up, or AWS answered from a copy that lagged behind. What an answer may change is decided
-- by what it says, not by when it comes:
-- * one given before the newest that counted changes nothing; its sample is true all the same and is kept at its own time;
-- * one given later that counts less time or fewer bytes than was known tells of the past: it changes nothing and is no sample;
-- * a job that has ended begins again only where AWS says that it was started after it ended (DMS: resumed).
create or replace function a2o_private.record_jobs(monitor a2o.monitors, answers a2o_private.job_answer[], simulated boolean) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  -- Jobs as they were before this poll.
  before a2o.migration_jobs[];
begin
  select array_agg(j) into before from a2o.migration_jobs j where j.id in (select a.id from unnest(answers) as a);

  -- A run before this one that never told its key makes room for the one that has not told it yet.
  update a2o.migration_jobs j set run_key = '- ' || to_char(a.observed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
  from unnest(answers) as a
  where a.is_new and a.run_key = '' and j.aws_account_id = monitor.aws_account_id and j.region = monitor.region and j.job_type = a.job_type
    and j.aws_job_id = a.aws_job_id and j.run_key = '';

  -- A later run tells that an earlier one, whose end nobody saw, is over.
  update a2o.migration_jobs j set gone_at = a.observed_at
  from unnest(answers) as a
  where a.is_new and j.aws_account_id = monitor.aws_account_id and j.region = monitor.region and j.job_type = a.job_type and j.aws_job_id = a.aws_job_id
    and j.status in ('PENDING', 'RUNNING') and j.gone_at is null;

  insert into a2o.migration_jobs (id, job_type, aws_job_id, run_key, aws_account_id, region, monitor_id, is_simulated, status, aws_status, started_at, resumed_at, completed_at,
    aws_parent_id, job_name, migration_type, stop_reason, error_code, error_message, percent, rows_copied, bytes_copied, bytes_total, files_copied, files_total,
    tables_loaded, tables_loading, tables_queued, tables_errored, error_rows, validation_failed_rows, elapsed_ms, source, target, details, observed_at, last_seen_at)
  select a.id, a.job_type, a.aws_job_id, a.run_key, monitor.aws_account_id, monitor.region, monitor.id, simulated, coalesce(a.status, 'PENDING'), a.aws_status, a.started_at,
    a.resumed_at, a.completed_at, a.aws_parent_id, a.job_name, a.migration_type, a.stop_reason, a.error_code, a.error_message, a.percent, a.rows_copied, a.bytes_copied,
    a.bytes_total, a.files_copied, a.files_total, a.tables_loaded, a.tables_loading, a.tables_queued, a.tables_errored, a.error_rows, a.validation_failed_rows,
    a.elapsed_ms, a.source, a.target, a.details, a.observed_at, a.observed_at
  from unnest(answers) as a where a.is_new and a.id is not null
  -- The queue's order must not decide which of two monitors of one account saw a job first.
  order by a.job_type, a.aws_job_id, a.run_key;

  update a2o.migration_jobs j set
    run_key = a.run_key, monitor_id = coalesce(j.monitor_id, monitor.id), status = coalesce(a.status, j.status), aws_status = a.aws_status,
    started_at = coalesce(a.started_at, j.started_at), resumed_at = coalesce(a.resumed_at, j.resumed_at), completed_at = case when a.status is null then j.completed_at else a.completed_at end,
    aws_parent_id = coalesce(a.aws_parent_id, j.aws_parent_id), job_name = coalesce(a.job_name, j.job_name), migration_type = coalesce(a.migration_type, j.migration_type),
    stop_reason = a.stop_reason, error_code = a.error_code, error_message = a.error_message, percent = a.percent,
    -- What this poll did not ask, or was refused, stays known.
    rows_copied = coalesce(a.rows_copied, j.rows_copied), bytes_copied = coalesce(a.bytes_copied, j.bytes_copied), bytes_total = coalesce(a.bytes_total, j.bytes_total),
    files_copied = coalesce(a.files_copied, j.files_copied), files_total = coalesce(a.files_total, j.files_total), tables_loaded = coalesce(a.tables_loaded, j.tables_loaded),
    tables_loading = coalesce(a.tables_loading, j.tables_loading), tables_queued = coalesce(a.tables_queued, j.tables_queued),
    tables_errored = coalesce(a.tables_errored, j.tables_errored), error_rows = coalesce(a.error_rows, j.error_rows),
    validation_failed_rows = coalesce(a.validation_failed_rows, j.validation_failed_rows), elapsed_ms = coalesce(a.elapsed_ms, j.elapsed_ms),
    source = coalesce(a.source, j.source), target = coalesce(a.target, j.target), details = j.details || a.details, observed_at = a.observed_at,
    last_seen_at = greatest(j.last_seen_at, a.observed_at), gone_at = null, is_simulated = simulated
  from unnest(answers) as a join unnest(before) as b on b.id = a.id
  where j.id = a.id and a2o_private.is_news(b, a);

  insert into a2o.migration_progress (job_id, sampled_at, aws_account_id, percent, rows_copied, bytes_copied, bytes_total, tables_loaded, tables_total, files_copied, elapsed_ms)
  select a.id, a.observed_at, monitor.aws_account_id, a.percent, a.rows_copied,
    -- Glue's bytes come from CloudWatch, as far as it has told them.
    case when a.job_type = 'GLUE_JOB' then b.bytes_copied else a.bytes_copied end, a.bytes_total, a.tables_loaded, a.tables_total, a.files_copied, a.elapsed_ms
  from unnest(answers) as a left join unnest(before) as b on b.id = a.id
  where a.id is not null and case
    when b.id is null then a.status = 'RUNNING'
    when a.observed_at < b.observed_at then a.status = 'RUNNING' and a.observed_at < coalesce(b.completed_at, 'infinity')
    when not a2o_private.is_news(b, a) then false
    -- The last one tells how far it came.
    else a.status = 'RUNNING' or a.status in ('COMPLETED', 'FAILED') and b.status in ('PENDING', 'RUNNING') end
  on conflict do nothing;
end
$$;
comment on function a2o_private.record_jobs(a2o.monitors, a2o_private.job_answer[], boolean) is 'Stores what the answers tell of jobs that is news, and a sample of each that runs.';
revoke all on function a2o_private.record_jobs(a2o.monitors, a2o_private.job_answer[], boolean) from public;

create or replace function a2o_private.is_news(job a2o.migration_jobs, answer a2o_private.job_answer) returns boolean
  language sql immutable parallel safe
  return coalesce(answer.observed_at >= job.observed_at, true)
    and coalesce(answer.resumed_at >= job.resumed_at, true)
    and (coalesce(answer.resumed_at > job.resumed_at, false)
      or coalesce(answer.elapsed_ms >= job.elapsed_ms, true) and (job.job_type <> 'DATASYNC' or coalesce(answer.bytes_copied >= job.bytes_copied, true)))
    and (job.status not in ('COMPLETED', 'FAILED') or answer.status in ('COMPLETED', 'FAILED')
      or answer.status in ('PENDING', 'RUNNING') and job.job_type = 'DMS' and coalesce(answer.resumed_at > job.completed_at, false));
comment on function a2o_private.is_news(a2o.migration_jobs, a2o_private.job_answer) is 'Whether an answer may change what is known of a job.';
revoke all on function a2o_private.is_news(a2o.migration_jobs, a2o_private.job_answer) from public;

create or replace function a2o_private.record_job_tables(monitor a2o.monitors, answers a2o_private.job_answer[], job_tables jsonb) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  insert into a2o.migration_job_tables as t (job_id, schema_name, table_name, aws_account_id, table_state, full_load_rows, full_load_error_rows, full_load_started_at,
    full_load_ended_at, inserts, updates, deletes, ddls, validation_state, validation_pending_records, validation_failed_records, validation_suspended_records,
    validation_details, updated_at, observed_at)
  select distinct on (a.id, x.schema_name, x.table_name) a.id, x.schema_name, x.table_name, monitor.aws_account_id, x.table_state, x.full_load_rows, x.full_load_error_rows,
    x.full_load_started_at, x.full_load_ended_at, x.inserts, x.updates, x.deletes, x.ddls, x.validation_state, x.validation_pending_records, x.validation_failed_records,
    x.validation_suspended_records, x.validation_details, x.updated_at, a.observed_at
  from jsonb_array_elements(job_tables) as e
  join unnest(answers) with ordinality as a on a.ordinality = (e ->> 'job')::integer
  cross join lateral jsonb_populate_recordset(null::a2o.migration_job_tables, e -> 'tables') as x
  where a.id is not null
  order by a.id, x.schema_name, x.table_name
  on conflict (job_id, schema_name, table_name) do update set table_state = excluded.table_state, full_load_rows = excluded.full_load_rows,
    full_load_error_rows = excluded.full_load_error_rows, full_load_started_at = excluded.full_load_started_at, full_load_ended_at = excluded.full_load_ended_at,
    inserts = excluded.inserts, updates = excluded.updates, deletes = excluded.deletes, ddls = excluded.ddls, validation_state = excluded.validation_state,
    validation_pending_records = excluded.validation_pending_records, validation_failed_records = excluded.validation_failed_records,
    validation_suspended_records = excluded.validation_suspended_records, validation_details = excluded.validation_details, updated_at = excluded.updated_at,
    observed_at = excluded.observed_at
  where t.observed_at <= excluded.observed_at and coalesce(excluded.updated_at >= t.updated_at, true)
    -- A table that rests costs no write.
    and (t.table_state, t.full_load_rows, t.full_load_error_rows, t.full_load_ended_at, t.inserts, t.updates, t.deletes, t.ddls, t.validation_state,
        t.validation_pending_records, t.validation_failed_records, t.validation_suspended_records, t.validation_details)
      is distinct from (excluded.table_state, excluded.full_load_rows, excluded.full_load_error_rows, excluded.full_load_ended_at, excluded.inserts, excluded.updates,
        excluded.deletes, excluded.ddls, excluded.validation_state, excluded.validation_pending_records, excluded.validation_failed_records,
        excluded.validation_suspended_records, excluded.validation_details);
end
$$;
comment on function a2o_private.record_job_tables(a2o.monitors, a2o_private.job_answer[], jsonb) is 'Stores the statistics of the tables of DMS tasks: [{job: position among the answers, tables: […]}].';
revoke all on function a2o_private.record_job_tables(a2o.monitors, a2o_private.job_answer[], jsonb) from public;

create or replace function a2o_private.record_job_metrics(monitor a2o.monitors, answers a2o_private.job_answer[], metrics jsonb) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  -- The latest minutes come again with more in them; a value that stays costs no write.
  insert into a2o.migration_metrics as m (job_id, metric_name, sampled_at, aws_account_id, value, unit)
  select distinct on (a.id, e ->> 'metric_name', p ->> 0) a.id, e ->> 'metric_name', (p ->> 0)::timestamptz, monitor.aws_account_id, (p ->> 1)::double precision, e ->> 'unit'
  from jsonb_array_elements(metrics) as e
  join unnest(answers) with ordinality as a on a.ordinality = (e ->> 'job')::integer
  cross join lateral jsonb_array_elements(e -> 'points') as p
  where a.id is not null and (p ->> 0)::timestamptz >= coalesce(a.started_at - interval '1 minute', '-infinity')
  on conflict (job_id, metric_name, sampled_at) do update set value = excluded.value, unit = excluded.unit where m.value <> excluded.value;

  -- Glue counts in its metrics what it wrote since the last report. What is no longer kept stays counted.
  update a2o.migration_jobs j set bytes_copied = greatest(j.bytes_copied, s.bytes)
  from (
    select a.id, a2o_private.saturated(sum(m.value)::numeric) as bytes
    from unnest(answers) as a join a2o.migration_metrics m on m.job_id = a.id and m.metric_name = 'glue.ALL.s3.filesystem.write_bytes'
    where a.job_type = 'GLUE_JOB' and exists (
      select from jsonb_array_elements(metrics) as e where (e ->> 'job')::integer > 0 and e ->> 'metric_name' = 'glue.ALL.s3.filesystem.write_bytes')
    group by a.id) as s
  where j.id = s.id and coalesce(j.bytes_copied < s.bytes, s.bytes is not null);
end
$$;
comment on function a2o_private.record_job_metrics(a2o.monitors, a2o_private.job_answer[], jsonb) is 'Stores CloudWatch''s data points: [{job: position among the answers, metric_name, unit, points: [[time, value], …]}].';
revoke all on function a2o_private.record_job_metrics(a2o.monitors, a2o_private.job_answer[], jsonb) from public;
