-- Definers, because operators change nothing else of a monitor: its settings and what polls found are not theirs to write.
create or replace function a2o_private.operated_monitor(monitor_id uuid) returns a2o.monitors
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  found_one a2o.monitors;
begin
  select * into found_one from a2o.monitors m where m.id = operated_monitor.monitor_id for update;
  if not coalesce(a2o_private.may_read_account(coalesce(found_one.aws_account_id, '')), false) or found_one.id is null then
    raise exception 'there is no monitor % of yours', coalesce(monitor_id::text, 'null') using errcode = 'A2O30', hint = 'The view monitor_overview lists them.';
  end if;
  return found_one;
end
$$;
comment on function a2o_private.operated_monitor(uuid) is 'The monitor, locked, if the caller may read its account. Error: A2O30 there is none, or it belongs to another account.';
revoke all on function a2o_private.operated_monitor(uuid) from public;

create or replace function a2o.pause_monitor(monitor_id uuid) returns a2o.monitors
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  monitor a2o.monitors := a2o_private.operated_monitor(monitor_id);
begin
  update a2o.monitors m set is_paused = true where m.id = monitor.id returning * into monitor;
  return monitor;
end
$$;
comment on function a2o.pause_monitor(uuid) is 'Stops polling until resume_monitor; a poll under way still ends. Error: A2O30 no such monitor.';
revoke all on function a2o.pause_monitor(uuid) from public;
grant execute on function a2o.pause_monitor(uuid) to a2o_operator;

create or replace function a2o.resume_monitor(monitor_id uuid) returns a2o.monitors
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  monitor a2o.monitors := a2o_private.operated_monitor(monitor_id);
begin
  update a2o.monitors m set is_paused = false, next_poll_at = now() where m.id = monitor.id and m.is_paused returning * into monitor;
  if not found then
    select * into monitor from a2o.monitors m where m.id = monitor_id;
  end if;
  return monitor;
end
$$;
comment on function a2o.resume_monitor(uuid) is 'Polls again after pause_monitor. Error: A2O30 no such monitor.';
revoke all on function a2o.resume_monitor(uuid) from public;
grant execute on function a2o.resume_monitor(uuid) to a2o_operator;

create or replace function a2o.remove_monitor(monitor_id uuid) returns a2o.monitors
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  monitor a2o.monitors := a2o_private.operated_monitor(monitor_id);
begin
  delete from a2o.monitors m where m.id = monitor.id;
  return monitor;
end
$$;
comment on function a2o.remove_monitor(uuid) is 'Forgets a monitor with its health and its counts of calls; the jobs it saw stay. Error: A2O30 no such monitor.';
revoke all on function a2o.remove_monitor(uuid) from public;
grant execute on function a2o.remove_monitor(uuid) to a2o_operator;
