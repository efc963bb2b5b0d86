-- A message is leased for a minute, six times what sending may take. The lease is committed before anything is sent, so that a
-- worker that dies on the way leaves at most a message that is sent once more, under the same id.
create or replace function a2o.webhooks_to_serve() returns table (webhook_id uuid, webhook_name text, webhook_format a2o.webhook_format, is_due boolean)
  language sql stable begin atomic
  select w.id, w.webhook_name, w.webhook_format, exists (
    select from a2o.alert_deliveries d
    where d.webhook_id = w.id and d.state = 'PENDING' and d.next_attempt_at <= now() and coalesce(d.leased_until, now()) <= now()
      and (d.event = 'TEST' or w.is_enabled and coalesce(w.held_until, now()) <= now()))
  from a2o.alert_webhooks w
  order by w.webhook_name;
  end;
comment on function a2o.webhooks_to_serve() is E'@behavior -*\nEvery webhook, and whether something is to be sent to it now.';
revoke all on function a2o.webhooks_to_serve() from public;
grant execute on function a2o.webhooks_to_serve() to a2o_worker;

create or replace function a2o.claim_delivery(webhook_id uuid) returns table (delivery_id uuid, attempt integer, event a2o.delivery_event, body text)
  language sql volatile security definer set search_path = pg_catalog, pg_temp
  begin atomic
  update a2o.alert_deliveries d set attempts = d.attempts + 1, last_attempt_at = now(), leased_until = now() + interval '1 minute'
  where d.id = (
    select x.id from a2o.alert_deliveries x
    join a2o.alert_webhooks w on w.id = x.webhook_id
    where x.webhook_id = claim_delivery.webhook_id and x.state = 'PENDING' and x.next_attempt_at <= now() and coalesce(x.leased_until, now()) <= now()
      and (x.event = 'TEST' or w.is_enabled and coalesce(w.held_until, now()) <= now())
      -- What an alert did first is told first.
      and not exists (
        select from a2o.alert_deliveries e
        where e.alert_id = x.alert_id and e.webhook_id = x.webhook_id and e.sequence_number < x.sequence_number and e.state = 'PENDING')
    order by x.event = 'TEST' desc, x.sequence_number
    limit 1 for update of x skip locked)
  returning d.id, d.attempts, d.event, d.payload::text;
  end;
comment on function a2o.claim_delivery(uuid) is E'@behavior -*\nLeases the next message to a webhook, if one is due, and counts the attempt.';
revoke all on function a2o.claim_delivery(uuid) from public;
grant execute on function a2o.claim_delivery(uuid) to a2o_worker;

create or replace function a2o.next_delivery_at(webhook_id uuid) returns timestamptz
  language sql stable begin atomic
  select min(greatest(d.next_attempt_at, d.leased_until, case when d.event <> 'TEST' then w.held_until end))
  from a2o.alert_webhooks w join a2o.alert_deliveries d on d.webhook_id = w.id and d.state = 'PENDING'
  where w.id = next_delivery_at.webhook_id and (w.is_enabled or d.event = 'TEST');
  end;
comment on function a2o.next_delivery_at(uuid) is E'@behavior -*\nWhen the next message to a webhook is due; null when none waits.';
revoke all on function a2o.next_delivery_at(uuid) from public;
grant execute on function a2o.next_delivery_at(uuid) to a2o_worker;
