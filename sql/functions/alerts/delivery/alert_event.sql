-- What a receiver gets, as it was at the moment of the change: a message that is sent again says the same again.
create or replace function a2o_private.alert_event(alert a2o.alerts, event a2o.delivery_event) returns jsonb
  language sql stable set search_path = pg_catalog, pg_temp
  begin atomic
  select jsonb_build_object(
    'type', 'alert.' || lower(event::text),
    'timestamp', now(),
    'data', jsonb_build_object(
      'alert_id', alert.id, 'rule_code', alert.rule_code, 'severity', alert.severity, 'title', r.title, 'message', alert.message,
      'value', alert.value, 'threshold', alert.threshold, 'unit', r.unit, 'remedy', r.remedy, 'aws_account_id', alert.aws_account_id, 'region', alert.region,
      'opened_at', alert.opened_at, 'resolved_at', case when event = 'RESOLVED' then coalesce(alert.resolved_at, now()) end,
      -- Removed with what it was about, it has none of its own.
      'resolution', case when event = 'RESOLVED' then coalesce(alert.resolution::text, 'REMOVED') end,
      'acknowledged_by', alert.acknowledged_by, 'acknowledged_note', alert.acknowledged_note, 'is_simulated', alert.is_simulated,
      'job', case when j.id is not null then jsonb_build_object('job_id', j.id, 'job_type', j.job_type, 'job_name', j.job_name, 'aws_job_id', j.aws_job_id,
        'console_url', a2o.migration_jobs_console_url(j)) end,
      'monitor', case when m.id is not null then jsonb_build_object('monitor_id', m.id, 'monitor_name', m.monitor_name) end))
  from a2o.alert_rules r
  left join a2o.migration_jobs j on j.id = alert.job_id
  left join a2o.monitors m on m.id = alert.monitor_id
  where r.code = alert.rule_code;
  end;
comment on function a2o_private.alert_event(a2o.alerts, a2o.delivery_event) is 'The message that tells of an alert''s change.';
revoke all on function a2o_private.alert_event(a2o.alerts, a2o.delivery_event) from public;
