-- Definer, because operators change nothing else of a delivery.
create or replace function a2o.retry_deliveries(webhook_id uuid default null, delivery_id uuid default null) returns integer
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  retried integer;
begin
  if retry_deliveries.webhook_id is not null then
    perform a2o_private.operated_webhook(retry_deliveries.webhook_id);
  end if;
  if delivery_id is not null and not exists (
    select from a2o.alert_deliveries d where d.id = delivery_id and d.state = 'DEAD' and d.event <> 'TEST' and a2o_private.may_tell_of(d.aws_account_id)) then
    raise exception 'there is no dead letter % of yours', delivery_id using errcode = 'A2O57', hint = 'Dead letters are the rows of alert_deliveries whose state is DEAD.';
  end if;
  with allowed as (
    select w.id from a2o.alert_webhooks w
    where w.id = coalesce(retry_deliveries.webhook_id, w.id) and a2o_private.may_tell_of(w.aws_account_id)),
  again as (
    update a2o.alert_deliveries d set state = 'PENDING', ended_at = null, attempts = 0, next_attempt_at = now(), leased_until = null
    where d.state = 'DEAD' and d.event <> 'TEST' and d.id = coalesce(retry_deliveries.delivery_id, d.id)
      and (d.webhook_id in (select a.id from allowed a) or retry_deliveries.delivery_id is not null)
    returning d.webhook_id),
  released as (
    update a2o.alert_webhooks w set held_until = null where w.id in (select a.webhook_id from again a) and w.held_until is not null)
  select count(*) into retried from again;
  if retried > 0 then
    perform pg_notify('a2o_deliveries', '');
  end if;
  return retried;
end
$$;
comment on function a2o.retry_deliveries(uuid, uuid) is 'Sends dead letters again, with all attempts before them: all those of the caller, of one webhook, or one. Returns how many. Errors: A2O53 no such webhook, A2O57 no such dead letter.';
revoke all on function a2o.retry_deliveries(uuid, uuid) from public;
grant execute on function a2o.retry_deliveries(uuid, uuid) to a2o_operator;
