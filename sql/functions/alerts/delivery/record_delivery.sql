-- Twice as long after every attempt, from 5 seconds to 6 hours, and shortened at random by up to half, so that messages that
-- failed together do not come back together. What the receiver asks for counts where it is longer, up to a day.
create or replace function a2o_private.retry_after(attempts integer, asked_seconds double precision) returns interval
  language sql volatile
  return make_interval(secs => greatest(
    least(5 * power(2::double precision, least(greatest(attempts, 1), 30) - 1), 21600) * (0.5 + random() / 2),
    least(coalesce(asked_seconds, 0), 86400)));
comment on function a2o_private.retry_after(integer, double precision) is 'How long to wait after so many attempts in vain, when the receiver asked for so many seconds.';
revoke all on function a2o_private.retry_after(integer, double precision) from public;

create or replace function a2o.record_delivery(delivery_id uuid, attempt integer, outcome jsonb) returns table (state a2o.delivery_state, was_failing boolean, next_attempt_at timestamptz)
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  delivery a2o.alert_deliveries;
  webhook a2o.alert_webhooks;
  has_arrived boolean := coalesce((outcome ->> 'has_arrived')::boolean, false);
  asked_seconds double precision := outcome ->> 'retry_seconds';
  pause interval;
begin
  -- The webhook first, as everybody does.
  select w.* into webhook from a2o.alert_deliveries d join a2o.alert_webhooks w on w.id = d.webhook_id where d.id = record_delivery.delivery_id for no key update of w;
  select * into delivery from a2o.alert_deliveries d where d.id = record_delivery.delivery_id for update;
  -- Answers of a worker that was taken for dead meanwhile: that it arrived is true, that it failed is no longer its business.
  if not found or delivery.state = 'DELIVERED' or not has_arrived and (delivery.state <> 'PENDING' or delivery.attempts <> attempt) then
    return;
  end if;
  pause := a2o_private.retry_after(delivery.attempts, asked_seconds);
  update a2o.alert_deliveries d set
    state = case when has_arrived then 'DELIVERED' when d.attempts >= webhook.max_attempts or d.event = 'TEST' then 'DEAD' else 'PENDING' end::a2o.delivery_state,
    ended_at = case when has_arrived or d.attempts >= webhook.max_attempts or d.event = 'TEST' then now() end,
    next_attempt_at = now() + pause, leased_until = null, http_status = (outcome ->> 'http_status')::integer,
    error_code = outcome ->> 'error_code', error_message = outcome ->> 'error_message'
  where d.id = delivery.id returning * into delivery;
  if has_arrived then
    update a2o.alert_webhooks w set last_succeeded_at = now(), failing_since = null, consecutive_failures = 0, error_code = null, error_message = null, held_until = null
    where w.id = webhook.id;
  else
    update a2o.alert_webhooks w set failing_since = coalesce(w.failing_since, now()), consecutive_failures = w.consecutive_failures + 1,
      error_code = outcome ->> 'error_code', error_message = outcome ->> 'error_message',
      -- A receiver that is down is not asked once for each message. One that refuses a message may take the next.
      held_until = case when (outcome ->> 'is_down')::boolean then greatest(w.held_until, now() + greatest(least(pause, interval '5 minutes'), make_interval(secs => least(coalesce(asked_seconds, 0), 86400))))
        else w.held_until end
    where w.id = webhook.id;
  end if;
  return query select delivery.state, webhook.failing_since is not null, delivery.next_attempt_at;
end
$$;
comment on function a2o.record_delivery(uuid, integer, jsonb) is E'@behavior -*\nStores how an attempt went: {has_arrived, is_down, http_status, retry_seconds, error_code, error_message}.';
revoke all on function a2o.record_delivery(uuid, integer, jsonb) from public;
grant execute on function a2o.record_delivery(uuid, integer, jsonb) to a2o_worker;

create or replace function a2o.record_webhook_settings(webhook_id uuid, problem text) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  if problem is null then
    update a2o.alert_webhooks w set failing_since = null, error_code = null, error_message = null
    where w.id = record_webhook_settings.webhook_id and w.error_code = 'SETTINGS';
    return;
  end if;
  update a2o.alert_webhooks w set failing_since = coalesce(w.failing_since, now()), error_code = 'SETTINGS', error_message = problem
  where w.id = record_webhook_settings.webhook_id and (w.error_code, w.error_message) is distinct from ('SETTINGS', problem);
  -- Messages wait until it is mended; whoever tries it waits for an answer.
  update a2o.alert_deliveries d set state = 'DEAD', ended_at = now(), error_code = 'SETTINGS', error_message = problem
  where d.webhook_id = record_webhook_settings.webhook_id and d.state = 'PENDING' and d.event = 'TEST';
end
$$;
comment on function a2o.record_webhook_settings(uuid, text) is E'@behavior -*\nStores what is wrong with the address or secret that the worker has for a webhook; null when nothing is. Nothing is sent, and no message is lost, until it is mended.';
revoke all on function a2o.record_webhook_settings(uuid, text) from public;
grant execute on function a2o.record_webhook_settings(uuid, text) to a2o_worker;
