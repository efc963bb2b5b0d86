-- Definer, because an operator may add an account nobody has seen yet, and writes no table directly. Only the names of
-- credentials are taken. An operator cannot name an endpoint: the worker would send requests wherever a row says.
create or replace function a2o.add_monitor(
  account_id text, region text, services a2o.aws_service[] default array['DMS', 'DATASYNC', 'GLUE']::a2o.aws_service[], monitor_name text default null,
  credentials_kind a2o.credentials_kind default 'DEFAULT', profile_name text default null, role_arn text default null, external_id text default null,
  name_patterns text[] default null, poll_seconds integer default 30, idle_poll_seconds integer default 300, metrics_seconds integer default 60
) returns a2o.monitors
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  if credentials_kind = 'STAND_IN' then
    raise exception 'a stand-in for AWS is added by the owner of the database alone' using errcode = 'A2O33', hint = 'Call add_stand_in_monitor() as a2o_owner.';
  end if;
  return a2o_private.add_monitor(account_id, region, services, monitor_name, credentials_kind, profile_name, role_arn, external_id, null, name_patterns,
    poll_seconds, idle_poll_seconds, metrics_seconds);
end
$$;
comment on function a2o.add_monitor(text, text, a2o.aws_service[], text, a2o.credentials_kind, text, text, text, text[], integer, integer, integer) is
  'Watches the migrations of an account and region. Names where the worker finds credentials (default chain, profile, role with external id); takes none itself. Errors: A2O05 not an account id, A2O31 not your account, A2O32 there is one already, A2O33 the settings do not fit.';
revoke all on function a2o.add_monitor(text, text, a2o.aws_service[], text, a2o.credentials_kind, text, text, text, text[], integer, integer, integer) from public;
grant execute on function a2o.add_monitor(text, text, a2o.aws_service[], text, a2o.credentials_kind, text, text, text, text[], integer, integer, integer) to a2o_operator;

create or replace function a2o.add_stand_in_monitor(
  account_id text, region text, endpoint text, services a2o.aws_service[] default array['DMS', 'DATASYNC', 'GLUE']::a2o.aws_service[],
  monitor_name text default null, poll_seconds integer default 30, idle_poll_seconds integer default 300, metrics_seconds integer default 60
) returns a2o.monitors
  language plpgsql volatile as $$
begin
  return a2o_private.add_monitor(account_id, region, services, monitor_name, 'STAND_IN', null, null, null, endpoint, null, poll_seconds, idle_poll_seconds,
    metrics_seconds);
end
$$;
comment on function a2o.add_stand_in_monitor(text, text, text, a2o.aws_service[], text, integer, integer, integer) is
  E'@behavior -*\nWatches the migrations that a stand-in for AWS tells, such as the simulator; only AWS''s published example keys are ever sent there. The owner''s alone. When there is a monitor of that name, it is pointed at the new endpoint.';
revoke all on function a2o.add_stand_in_monitor(text, text, text, a2o.aws_service[], text, integer, integer, integer) from public;

create or replace function a2o_private.add_monitor(
  account_id text, region text, services a2o.aws_service[], monitor_name text, credentials_kind a2o.credentials_kind, profile_name text, role_arn text,
  external_id text, endpoint text, name_patterns text[], poll_seconds integer, idle_poll_seconds integer, metrics_seconds integer
) returns a2o.monitors
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  added a2o.monitors;
begin
  if account_id = '*' then
    raise exception 'a monitor watches one account' using errcode = 'A2O05', hint = 'Give its twelve digits.';
  end if;
  perform a2o_private.check_account_id(account_id);
  -- Asked of the grants, not of the accounts one sees: this may be the first anybody hears of the account.
  if not a2o_private.may_read_account(account_id)
    and not exists (select from a2o.account_access g where g.member = a2o_private.current_member() and g.aws_account_id in ('*', add_monitor.account_id)) then
    raise exception 'account % is not yours to watch', account_id using errcode = 'A2O31', hint = 'Whoever owns the database grants it: aws2openstack access grant MEMBER ACCOUNT.';
  end if;
  insert into a2o.accounts (aws_account_id) values (account_id) on conflict do nothing;
  insert into a2o.monitors as m (aws_account_id, region, monitor_name, services, name_patterns, credentials_kind, profile_name, role_arn, external_id, endpoint,
    poll_seconds, idle_poll_seconds, metrics_seconds, is_simulated, created_by, next_poll_at)
  values (account_id, add_monitor.region, coalesce(add_monitor.monitor_name, add_monitor.region),
    array(select distinct s from unnest(add_monitor.services) as s order by s), add_monitor.name_patterns, add_monitor.credentials_kind, add_monitor.profile_name,
    add_monitor.role_arn, add_monitor.external_id, add_monitor.endpoint, add_monitor.poll_seconds, add_monitor.idle_poll_seconds, add_monitor.metrics_seconds,
    add_monitor.credentials_kind = 'STAND_IN', coalesce(a2o_private.current_member(), session_user), now())
  on conflict on constraint monitors_aws_account_id_region_monitor_name_key do update set endpoint = excluded.endpoint, services = excluded.services,
    poll_seconds = excluded.poll_seconds, idle_poll_seconds = excluded.idle_poll_seconds, metrics_seconds = excluded.metrics_seconds, next_poll_at = now(), is_paused = false
    where m.credentials_kind = 'STAND_IN' and excluded.credentials_kind = 'STAND_IN'
  returning * into added;
  if added.id is null then
    raise exception 'there is a monitor % of account % in % already', coalesce(monitor_name, region), account_id, region
      using errcode = 'A2O32', hint = 'Give another monitor_name, or remove that one.';
  end if;
  delete from a2o.monitor_services s where s.monitor_id = added.id and not s.service = any (added.services) and s.service <> 'CLOUDWATCH';
  insert into a2o.monitor_services (monitor_id, service, aws_account_id)
  select added.id, s, added.aws_account_id from unnest(added.services || case when added.metrics_seconds is not null then 'CLOUDWATCH'::a2o.aws_service end) as s
  where s is not null on conflict do nothing;
  return added;
exception
  when check_violation or not_null_violation or string_data_right_truncation then
    raise exception 'these settings do not fit together or are out of range: %', sqlerrm using errcode = 'A2O33',
      hint = 'A region such as eu-central-1; DEFAULT without a profile, PROFILE with one, ROLE with a role of the watched account; poll_seconds from 1 to 3600.';
end
$$;
comment on function a2o_private.add_monitor(text, text, a2o.aws_service[], text, a2o.credentials_kind, text, text, text, text, text[], integer, integer, integer) is 'Stores a monitor, with the checks of add_monitor.';
revoke all on function a2o_private.add_monitor(text, text, a2o.aws_service[], text, a2o.credentials_kind, text, text, text, text, text[], integer, integer, integer) from public;
