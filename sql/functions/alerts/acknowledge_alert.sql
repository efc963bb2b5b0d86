-- Definers, because operators change nothing else of an alert.
create or replace function a2o_private.operated_alert(alert_id uuid) returns a2o.alerts
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  found_one a2o.alerts;
begin
  select * into found_one from a2o.alerts a where a.id = operated_alert.alert_id for update;
  if not coalesce(a2o_private.may_read_account(coalesce(found_one.aws_account_id, '')), false) or found_one.id is null then
    raise exception 'there is no alert % of yours', coalesce(alert_id::text, 'null') using errcode = 'A2O50', hint = 'The view alert_overview lists them.';
  end if;
  return found_one;
end
$$;
comment on function a2o_private.operated_alert(uuid) is 'The alert, locked, if the caller may read its account. Error: A2O50 there is none, or it belongs to another account.';
revoke all on function a2o_private.operated_alert(uuid) from public;

create or replace function a2o.acknowledge_alert(alert_id uuid, note text default null) returns a2o.alerts
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  alert a2o.alerts := a2o_private.operated_alert(alert_id);
  -- Then nothing but this can end it.
  is_over boolean := exists (
    select from a2o.migration_jobs j where j.id = alert.job_id and (j.status in ('COMPLETED', 'FAILED') or j.gone_at is not null or j.monitor_id is null));
begin
  if length(note) > 2000 then
    raise exception 'a note has 2,000 characters at most' using errcode = 'A2O52', hint = 'Shorten it.';
  end if;
  if alert.resolved_at is not null and alert.acknowledged_at is null then
    raise exception 'alert % is over', alert_id using errcode = 'A2O51', hint = 'It was resolved ' || to_char(alert.resolved_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI "UTC."');
  end if;
  update a2o.alerts a set acknowledged_at = coalesce(a.acknowledged_at, now()), acknowledged_by = coalesce(a.acknowledged_by, a2o_private.current_member(), session_user),
    acknowledged_note = coalesce(nullif(trim(note), ''), a.acknowledged_note),
    resolved_at = coalesce(a.resolved_at, case when is_over then now() end),
    resolution = coalesce(a.resolution, case when is_over then 'ACKNOWLEDGED'::a2o.alert_resolution end)
  where a.id = alert.id returning * into alert;
  return alert;
end
$$;
comment on function a2o.acknowledge_alert(uuid, text) is 'Takes an alert on, with a note if there is one to make; resolves it when its job is over. Doing so again changes the note alone. Errors: A2O50 no such alert, A2O51 it is over, A2O52 the note is too long.';
revoke all on function a2o.acknowledge_alert(uuid, text) from public;
grant execute on function a2o.acknowledge_alert(uuid, text) to a2o_operator;

create or replace function a2o.unacknowledge_alert(alert_id uuid) returns a2o.alerts
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  alert a2o.alerts := a2o_private.operated_alert(alert_id);
begin
  if alert.resolution = 'CLEARED' or alert.resolved_at is not null and exists (
    select from a2o.alerts a where a.rule_code = alert.rule_code and a.job_id = alert.job_id and a.resolved_at is null) then
    raise exception 'alert % is over', alert_id using errcode = 'A2O51', hint = 'Nothing is left to acknowledge.';
  end if;
  update a2o.alerts a set acknowledged_at = null, acknowledged_by = null, acknowledged_note = null, resolved_at = null, resolution = null
  where a.id = alert.id returning * into alert;
  return alert;
end
$$;
comment on function a2o.unacknowledge_alert(uuid) is 'Takes acknowledge_alert back; what it resolved is open again. Errors: A2O50 no such alert, A2O51 it is over.';
revoke all on function a2o.unacknowledge_alert(uuid) from public;
grant execute on function a2o.unacknowledge_alert(uuid) to a2o_operator;
