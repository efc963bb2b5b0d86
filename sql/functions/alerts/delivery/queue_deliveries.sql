-- The messages stand or fall with the change they tell of.
create or replace function a2o_private.queue_delivery(alert a2o.alerts, event a2o.delivery_event) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  insert into a2o.alert_deliveries (webhook_id, alert_id, aws_account_id, event, payload)
  select w.id, alert.id, alert.aws_account_id, queue_delivery.event, a2o_private.alert_event(alert, queue_delivery.event)
  from a2o.alert_webhooks w
  where w.is_enabled and alert.severity >= w.minimum_severity and coalesce(w.aws_account_id, alert.aws_account_id) = alert.aws_account_id
    -- Whoever was not told of the beginning is not told of the end.
    and (queue_delivery.event = 'OPENED' or w.created_at <= alert.opened_at);
  if found then
    -- One notification for each transaction, however many messages.
    perform pg_notify('a2o_deliveries', '');
  end if;
end
$$;
comment on function a2o_private.queue_delivery(a2o.alerts, a2o.delivery_event) is 'Writes the messages to those webhooks that are told of an alert, and wakes the workers at the commit.';
revoke all on function a2o_private.queue_delivery(a2o.alerts, a2o.delivery_event) from public;

create or replace function a2o_private.queue_deliveries() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  case tg_op
    when 'INSERT' then perform a2o_private.queue_delivery(new, 'OPENED');
    when 'UPDATE' then perform a2o_private.queue_delivery(new, case when new.resolved_at is null then 'OPENED' else 'RESOLVED' end::a2o.delivery_event);
    else perform a2o_private.queue_delivery(old, 'RESOLVED');
  end case;
  return null;
end
$$;
comment on function a2o_private.queue_deliveries() is 'Trigger: has webhooks told of an alert that was opened, resolved, opened again, or removed while it was open.';
revoke all on function a2o_private.queue_deliveries() from public;
