-- Opens what began, keeps what holds, resolves what ended. Whoever calls holds the lock of the monitor's account and region.
create or replace function a2o_private.evaluate_alerts(monitor a2o.monitors) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  conditions a2o_private.alert_condition[] := array(select c from a2o_private.alert_conditions(monitor) as c);
begin
  update a2o.alerts a set resolved_at = now(), resolution = 'CLEARED'
  where a.resolved_at is null
    and (a.monitor_id = monitor.id or a.job_id is not null and a.aws_account_id = monitor.aws_account_id
      and exists (select from a2o.migration_jobs j where j.id = a.job_id and j.monitor_id = monitor.id))
    and not exists (select from unnest(conditions) as c where c.rule_code = a.rule_code and coalesce(c.job_id, c.monitor_id) = coalesce(a.job_id, a.monitor_id));

  update a2o.alerts a set message = c.message, value = c.value, last_seen_at = now(), job_completed_at = c.completed_at,
    -- Whoever acknowledged it while the job ran need not do so again when it ends.
    resolved_at = case when c.completed_at is not null and a.acknowledged_at is not null then now() end,
    resolution = case when c.completed_at is not null and a.acknowledged_at is not null then 'ACKNOWLEDGED'::a2o.alert_resolution end
  from unnest(conditions) as c
  where a.resolved_at is null and a.rule_code = c.rule_code and coalesce(a.job_id, a.monitor_id) = coalesce(c.job_id, c.monitor_id)
    -- One that only goes on costs a write every five minutes.
    and ((a.message, a.value, a.job_completed_at) is distinct from (c.message, c.value, c.completed_at) or a.last_seen_at < now() - interval '5 minutes');

  insert into a2o.alerts (rule_code, aws_account_id, region, job_id, monitor_id, severity, message, value, threshold, job_completed_at, is_simulated)
  select r.code, monitor.aws_account_id, monitor.region, c.job_id, c.monitor_id, r.severity, c.message, c.value, r.threshold, c.completed_at,
    coalesce(j.is_simulated, monitor.is_simulated)
  from unnest(conditions) as c
  join a2o.alert_rules r on r.code = c.rule_code
  left join a2o.migration_jobs j on j.id = c.job_id
  where not exists (
    select from a2o.alerts a where a.rule_code = c.rule_code and a.job_id = c.job_id and a.resolution = 'ACKNOWLEDGED' and a.job_completed_at = c.completed_at)
  on conflict (rule_code, coalesce(job_id, monitor_id)) where resolved_at is null do nothing;
end
$$;
comment on function a2o_private.evaluate_alerts(a2o.monitors) is 'Opens, keeps and resolves the alerts of a monitor and its jobs.';
revoke all on function a2o_private.evaluate_alerts(a2o.monitors) from public;
