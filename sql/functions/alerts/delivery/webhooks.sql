-- Definers, because operators write no table directly. Neither takes an address: the worker would send wherever a row says.
create or replace function a2o_private.may_tell_of(account_id text) returns boolean
  language sql stable
  return coalesce(
    pg_has_role(a2o_private.asking_role(), 'a2o_owner', 'usage')
      or exists (select from a2o.account_access g where g.member = a2o_private.current_member() and g.aws_account_id in ('*', account_id))
      or account_id is not null and a2o_private.may_read_account(account_id), false);
comment on function a2o_private.may_tell_of(text) is 'Whether the caller may have alerts of an account sent somewhere; null asks for all accounts.';
revoke all on function a2o_private.may_tell_of(text) from public;

create or replace function a2o_private.operated_webhook(webhook_id uuid) returns a2o.alert_webhooks
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  found_one a2o.alert_webhooks;
begin
  select * into found_one from a2o.alert_webhooks w where w.id = operated_webhook.webhook_id for no key update;
  if not a2o_private.may_tell_of(found_one.aws_account_id) or found_one.id is null then
    raise exception 'there is no webhook % of yours', coalesce(webhook_id::text, 'null') using errcode = 'A2O53', hint = 'The view alert_webhook_overview lists them.';
  end if;
  return found_one;
end
$$;
comment on function a2o_private.operated_webhook(uuid) is 'The webhook, locked, if the caller may read its account, or all accounts when it tells of all. Error: A2O53 there is none, or it is not theirs.';
revoke all on function a2o_private.operated_webhook(uuid) from public;

create or replace function a2o.add_webhook(
  webhook_name text, webhook_format a2o.webhook_format default 'GENERIC', minimum_severity a2o.alert_severity default 'WARNING', account_id text default null
) returns a2o.alert_webhooks
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  added a2o.alert_webhooks;
begin
  if account_id is not null then
    perform a2o_private.check_account_id(account_id);
  end if;
  if not a2o_private.may_tell_of(nullif(account_id, '*')) then
    raise exception '%', coalesce('account ' || nullif(account_id, '*') || ' is not yours to tell of', 'not all accounts are yours to tell of')
      using errcode = 'A2O55', hint = 'Name an account of yours, or have whoever owns the database grant it: aws2openstack access grant MEMBER ACCOUNT.';
  end if;
  if account_id <> '*' then
    insert into a2o.accounts (aws_account_id) values (account_id) on conflict do nothing;
  end if;
  insert into a2o.alert_webhooks (webhook_name, webhook_format, minimum_severity, aws_account_id, created_by)
  values (add_webhook.webhook_name, add_webhook.webhook_format, add_webhook.minimum_severity, nullif(account_id, '*'), coalesce(a2o_private.current_member(), session_user))
  on conflict on constraint alert_webhooks_webhook_name_key do nothing returning * into added;
  if added.id is null then
    raise exception 'there is a webhook % already', webhook_name using errcode = 'A2O54', hint = 'Give another name, or remove that one.';
  end if;
  return added;
exception
  when check_violation or not_null_violation then
    raise exception '% is no name for a webhook', coalesce(quote_literal(webhook_name), 'null') using errcode = 'A2O56',
      hint = 'Lower-case letters, digits and _, a letter first, 40 at most: its variables are ALERT_WEBHOOK_…_URL and ALERT_WEBHOOK_…_SECRET.';
end
$$;
comment on function a2o.add_webhook(text, a2o.webhook_format, a2o.alert_severity, text) is
  'Tells a webhook of alerts from now on, of one account or, without account_id, of all. Its address and secret are for the worker''s environment: ALERT_WEBHOOK_…_URL and ALERT_WEBHOOK_…_SECRET. Errors: A2O05 not an account id, A2O54 there is one of that name, A2O55 the account is not yours, A2O56 not a name.';
revoke all on function a2o.add_webhook(text, a2o.webhook_format, a2o.alert_severity, text) from public;
grant execute on function a2o.add_webhook(text, a2o.webhook_format, a2o.alert_severity, text) to a2o_operator;

create or replace function a2o.pause_webhook(webhook_id uuid) returns a2o.alert_webhooks
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  webhook a2o.alert_webhooks := a2o_private.operated_webhook(webhook_id);
begin
  update a2o.alert_webhooks w set is_enabled = false where w.id = webhook.id returning * into webhook;
  return webhook;
end
$$;
comment on function a2o.pause_webhook(uuid) is 'Sends nothing until resume_webhook: what waits goes on waiting, and alerts of that time are not told. Error: A2O53 no such webhook.';
revoke all on function a2o.pause_webhook(uuid) from public;
grant execute on function a2o.pause_webhook(uuid) to a2o_operator;

create or replace function a2o.resume_webhook(webhook_id uuid) returns a2o.alert_webhooks
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  webhook a2o.alert_webhooks := a2o_private.operated_webhook(webhook_id);
begin
  update a2o.alert_webhooks w set is_enabled = true, held_until = null where w.id = webhook.id returning * into webhook;
  perform pg_notify('a2o_deliveries', '');
  return webhook;
end
$$;
comment on function a2o.resume_webhook(uuid) is 'Sends again after pause_webhook. Error: A2O53 no such webhook.';
revoke all on function a2o.resume_webhook(uuid) from public;
grant execute on function a2o.resume_webhook(uuid) to a2o_operator;

create or replace function a2o.remove_webhook(webhook_id uuid) returns a2o.alert_webhooks
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  webhook a2o.alert_webhooks := a2o_private.operated_webhook(webhook_id);
begin
  delete from a2o.alert_webhooks w where w.id = webhook.id;
  return webhook;
end
$$;
comment on function a2o.remove_webhook(uuid) is 'Forgets a webhook with all its messages, sent or not. Error: A2O53 no such webhook.';
revoke all on function a2o.remove_webhook(uuid) from public;
grant execute on function a2o.remove_webhook(uuid) to a2o_operator;

create or replace function a2o.test_webhook(webhook_id uuid) returns a2o.alert_deliveries
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  webhook a2o.alert_webhooks := a2o_private.operated_webhook(webhook_id);
  written a2o.alert_deliveries;
begin
  insert into a2o.alert_deliveries (webhook_id, aws_account_id, event, payload)
  values (webhook.id, webhook.aws_account_id, 'TEST', jsonb_build_object('type', 'webhook.test', 'timestamp', now(), 'data', jsonb_build_object('webhook_name', webhook.webhook_name)))
  returning * into written;
  perform pg_notify('a2o_deliveries', '');
  return written;
end
$$;
comment on function a2o.test_webhook(uuid) is 'Has the worker send a test message once, even while the webhook is paused; the delivery tells how it went. Error: A2O53 no such webhook.';
revoke all on function a2o.test_webhook(uuid) from public;
grant execute on function a2o.test_webhook(uuid) to a2o_operator;
