-- Monitors that nobody polls have no poll to be judged in. A worker that comes back after a night finds all of them overdue: they
-- count as late only when a living worker has seen them so for long enough. Definer, as record_poll.
create or replace function a2o.check_monitors() returns integer
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  monitor a2o.monitors;
  is_late boolean;
  checked integer := 0;
begin
  for monitor in select * from a2o.monitors m order by m.id loop
    is_late := not monitor.is_paused
      and coalesce(monitor.next_poll_at, monitor.created_at) < now() - greatest(interval '2 minutes', 3 * make_interval(secs => monitor.poll_seconds));
    continue when not is_late and monitor.late_since is null
      and not exists (select from a2o.alerts a where a.monitor_id = monitor.id and a.resolved_at is null);
    -- One that is being recorded is not late.
    continue when not pg_try_advisory_xact_lock(20252, hashtext(monitor.aws_account_id || monitor.region));
    update a2o.monitors m set late_since = case when is_late then coalesce(m.late_since, now()) end where m.id = monitor.id returning * into monitor;
    continue when not found;
    perform a2o_private.evaluate_alerts(monitor);
    checked := checked + 1;
  end loop;
  return checked;
end
$$;
comment on function a2o.check_monitors() is E'@behavior -*\nOpens and resolves the alerts of monitors that nobody polls; returns how many it looked at. The worker calls it every minute.';
revoke all on function a2o.check_monitors() from public;
grant execute on function a2o.check_monitors() to a2o_worker;
