-- A poll is recorded whole or not at all, and once however often it is sent. Polls of one account and region wait for each other
-- here, so that each finds what the one before it left. Definer, because the worker writes no table directly.
create or replace function a2o.record_poll(poll jsonb) returns table (next_poll_at timestamptz, running_jobs integer)
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  monitor a2o.monitors;
  answers a2o_private.job_answer[];
  told jsonb := coalesce(poll -> 'services', '[]');
  failed integer;
  is_late boolean;
  running integer;
  pause integer;
begin
  select * into monitor from a2o.monitors m where m.id = (poll ->> 'monitor_id')::uuid;
  if not found then
    return;
  end if;
  perform pg_advisory_xact_lock(20252, hashtext(monitor.aws_account_id || monitor.region));
  select * into monitor from a2o.monitors m where m.id = (poll ->> 'monitor_id')::uuid for update;
  if not found then
    return;
  end if;
  insert into a2o_private.recorded_polls (poll_id, monitor_id) values ((poll ->> 'poll_id')::uuid, monitor.id) on conflict do nothing;
  if not found then
    return query select monitor.next_poll_at, monitor.running_jobs;
    return;
  end if;
  delete from a2o_private.recorded_polls r where r.monitor_id = monitor.id and r.recorded_at < now() - interval '1 day';

  -- Before anything is written to jobs.
  perform a2o_private.make_history_partitions(a2o_private.months_of_poll(poll));
  answers := a2o_private.resolve_job_answers(monitor, coalesce(poll -> 'jobs', '[]'));
  perform a2o_private.record_jobs(monitor, answers, coalesce((poll ->> 'is_simulated')::boolean, false));
  perform a2o_private.record_job_tables(monitor, answers, coalesce(poll -> 'tables', '[]'));
  perform a2o_private.record_job_metrics(monitor, answers, coalesce(poll -> 'metrics', '[]'));
  perform a2o_private.record_usage(monitor, coalesce(poll -> 'usage', '[]'));

  -- A poll that was overtaken by another says nothing of the monitor's health now.
  is_late := monitor.poll_id is distinct from (poll ->> 'poll_id')::uuid;
  if not is_late then
    perform a2o_private.record_services(monitor, told);
    select count(*) into failed from jsonb_array_elements(told) as s where s ->> 'error_code' is not null;
    select count(*) into running from a2o.migration_jobs j
    where j.monitor_id = monitor.id and j.gone_at is null and (j.status = 'RUNNING' or j.status = 'PENDING' and j.job_type <> 'DMS');
    pause := case when running > 0 then monitor.poll_seconds else monitor.idle_poll_seconds end;
    -- When nothing answers, asking less and less often costs nobody anything.
    if not exists (select from a2o.monitor_services s where s.monitor_id = monitor.id and s.service <> 'CLOUDWATCH' and not s.is_blind) then
      pause := least(monitor.poll_seconds * 2 ^ least(monitor.consecutive_failures, 5), greatest(monitor.poll_seconds, monitor.idle_poll_seconds));
    end if;
    update a2o.monitors m set
      last_polled_at = now(), last_succeeded_at = case when failed = 0 then now() else m.last_succeeded_at end, running_jobs = running,
      is_simulated = coalesce((poll ->> 'is_simulated')::boolean, m.is_simulated), clock_skew_ms = coalesce((poll ->> 'clock_skew_ms')::bigint, m.clock_skew_ms),
      failing_since = case when failed > 0 then coalesce(m.failing_since, now()) end,
      consecutive_failures = case when failed > 0 then m.consecutive_failures + 1 else 0 end,
      error_code = (select s ->> 'error_code' from jsonb_array_elements(told) as s where s ->> 'error_code' is not null limit 1),
      error_message = (select s ->> 'error_message' from jsonb_array_elements(told) as s where s ->> 'error_code' is not null limit 1),
      metrics_until = greatest((poll ->> 'metrics_until')::timestamptz, m.metrics_until), leased_until = null,
      next_poll_at = greatest(now(), m.poll_started_at + make_interval(secs => pause))
    where m.id = monitor.id returning * into monitor;
  end if;
  perform a2o_private.after_poll(monitor.id);
  return query select monitor.next_poll_at, monitor.running_jobs;
end
$$;
comment on function a2o.record_poll(jsonb) is E'@behavior -*\nStores what a poll found: jobs, samples, tables, metrics, health and calls. Returns when the next one is due and how many jobs run; nothing when the monitor is gone. Sent again, it changes nothing.';
revoke all on function a2o.record_poll(jsonb) from public;
grant execute on function a2o.record_poll(jsonb) to a2o_worker;
