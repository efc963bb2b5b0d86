-- Webhooks with how they are, for the command line and the dashboard.
-- Example:
--   select webhook_name, webhook_format, minimum_severity, state from alert_webhook_overview order by webhook_name;
create or replace view a2o.alert_webhook_overview with (security_invoker = true) as
  select w.id as webhook_id, w.webhook_name, w.webhook_format, w.minimum_severity, w.aws_account_id,
    case when not w.is_enabled then 'PAUSED' when w.failing_since is not null then 'FAILING' when w.last_succeeded_at is not null then 'DELIVERING' else 'UNTRIED' end::a2o.webhook_state as state,
    coalesce(d.pending, 0) as pending, coalesce(d.dead, 0) as dead, w.last_succeeded_at, w.failing_since, w.consecutive_failures, w.error_code, w.error_message,
    w.held_until, w.created_at, w.created_by
  from a2o.alert_webhooks w
  left join lateral (
    select count(*) filter (where x.state = 'PENDING') as pending, count(*) filter (where x.state = 'DEAD') as dead
    from a2o.alert_deliveries x where x.webhook_id = w.id and x.state in ('PENDING', 'DEAD') and x.event <> 'TEST') as d on true;
comment on view a2o.alert_webhook_overview is E'@primaryKey webhook_id\nWebhooks, how they are, and what waits for them.';
comment on column a2o.alert_webhook_overview.webhook_id is 'alert_webhooks.id.';
comment on column a2o.alert_webhook_overview.webhook_name is E'@notNull\nName; its variables are ALERT_WEBHOOK_…_URL and ALERT_WEBHOOK_…_SECRET.';
comment on column a2o.alert_webhook_overview.state is E'@notNull\nHow it is.';
comment on column a2o.alert_webhook_overview.pending is E'@notNull\nMessages that wait to be sent.';
comment on column a2o.alert_webhook_overview.dead is E'@notNull\nMessages that were given up.';
comment on column a2o.alert_webhook_overview.aws_account_id is 'Only alerts of this account; null tells of all accounts.';
grant select on a2o.alert_webhook_overview to a2o_reader, a2o_worker;
