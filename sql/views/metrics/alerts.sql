-- What somebody should look after.
create or replace view a2o_metrics.alerts with (security_invoker = true) as
  select a.aws_account_id, a.severity::text as severity, count(*) filter (where a.acknowledged_at is null) as open, count(a.acknowledged_at) as acknowledged,
    extract(epoch from now() - min(a.opened_at))::double precision as oldest_seconds
  from a2o.alerts a
  where a.resolved_at is null
  group by 1, 2;
comment on view a2o_metrics.alerts is 'Alerts that are not over, by account and severity.';
comment on column a2o_metrics.alerts.aws_account_id is 'Account of the subject.';
comment on column a2o_metrics.alerts.severity is 'INFO, WARNING or CRITICAL.';
comment on column a2o_metrics.alerts.open is 'Those that nobody has looked after.';
comment on column a2o_metrics.alerts.acknowledged is 'Those that somebody has, and that hold still.';
comment on column a2o_metrics.alerts.oldest_seconds is 'Since the oldest was opened.';
grant select on a2o_metrics.alerts to a2o_metrics, a2o_worker;
