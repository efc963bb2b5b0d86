create or replace function a2o_private.record_services(monitor a2o.monitors, services jsonb) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  -- Jobs that a complete list names are there, those that two in a row do not name were deleted. Lists lag: one is not enough.
  update a2o.migration_jobs j set last_seen_at = x.listed_at
  from jsonb_to_recordset(services) as x(service a2o.aws_service, listed_at timestamptz, listed text[])
  where x.listed is not null and j.aws_account_id = monitor.aws_account_id and j.region = monitor.region and j.status in ('PENDING', 'RUNNING')
    and j.job_type = case x.service when 'GLUE' then 'GLUE_JOB' else x.service::text end and j.aws_job_id = any (x.listed) and j.last_seen_at < x.listed_at and j.gone_at is null;
  update a2o.migration_jobs j set gone_at = x.listed_at
  from jsonb_to_recordset(services) as x(service a2o.aws_service, listed_at timestamptz, is_complete boolean, listed text[])
  join a2o.monitor_services s on s.monitor_id = monitor.id and s.service = x.service
  where x.is_complete and x.listed is not null and x.listed_at > s.listed_at and j.monitor_id = monitor.id and j.status in ('PENDING', 'RUNNING') and j.gone_at is null
    and j.job_type = case x.service when 'GLUE' then 'GLUE_JOB' else x.service::text end and not j.aws_job_id = any (x.listed) and j.last_seen_at < s.listed_at;

  insert into a2o.monitor_services as s (monitor_id, service, aws_account_id, last_polled_at, last_succeeded_at, failing_since, consecutive_failures, operation, error_code,
    error_message, is_blind, jobs_listed, listed_at)
  select monitor.id, x.service, monitor.aws_account_id, now(), case when x.error_code is null then now() end, case when x.error_code is not null then now() end,
    case when x.error_code is null then 0 else 1 end, x.operation, x.error_code, x.error_message, coalesce(x.is_blind, false), cardinality(x.listed),
    case when x.is_complete then x.listed_at end
  from jsonb_to_recordset(services) as x(service a2o.aws_service, listed_at timestamptz, is_complete boolean, is_blind boolean, listed text[], operation text, error_code text, error_message text)
  on conflict (monitor_id, service) do update set last_polled_at = now(), last_succeeded_at = coalesce(excluded.last_succeeded_at, s.last_succeeded_at),
    failing_since = case when excluded.error_code is not null then coalesce(s.failing_since, now()) end,
    consecutive_failures = case when excluded.error_code is null then 0 else s.consecutive_failures + 1 end,
    operation = excluded.operation, error_code = excluded.error_code, error_message = excluded.error_message, is_blind = excluded.is_blind,
    jobs_listed = coalesce(excluded.jobs_listed, s.jobs_listed), listed_at = greatest(excluded.listed_at, s.listed_at);
end
$$;
comment on function a2o_private.record_services(a2o.monitors, jsonb) is 'Stores how each service answered, and marks jobs that are no longer listed.';
revoke all on function a2o_private.record_services(a2o.monitors, jsonb) from public;

create or replace function a2o_private.record_usage(monitor a2o.monitors, used jsonb) returns void
  language sql volatile set search_path = pg_catalog, pg_temp as $$
  insert into a2o.monitor_usage as u (monitor_id, day, operation, aws_account_id, calls, errors, throttled, metrics_requested)
  select monitor.id, (now() at time zone 'UTC')::date, x.operation, monitor.aws_account_id, x.calls, x.errors, x.throttled, x.metrics_requested
  from jsonb_to_recordset(used) as x(operation text, calls bigint, errors bigint, throttled bigint, metrics_requested bigint)
  on conflict (monitor_id, day, operation) do update set calls = u.calls + excluded.calls, errors = u.errors + excluded.errors,
    throttled = u.throttled + excluded.throttled, metrics_requested = u.metrics_requested + excluded.metrics_requested
$$;
comment on function a2o_private.record_usage(a2o.monitors, jsonb) is 'Adds the calls of a poll to the day''s.';
revoke all on function a2o_private.record_usage(a2o.monitors, jsonb) from public;
