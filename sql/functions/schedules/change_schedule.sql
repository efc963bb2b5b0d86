-- An unknown schedule and one of a foreign account are told apart by neither words nor effect.
create or replace function a2o_private.own_schedule(schedule_id uuid) returns a2o.assessment_schedules
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  schedule a2o.assessment_schedules;
begin
  select * into schedule from a2o.assessment_schedules s where s.id = own_schedule.schedule_id for update;
  if not coalesce(a2o_private.may_read_account(coalesce(schedule.aws_account_id, '')), false) or schedule.id is null then
    raise exception 'there is no schedule % that is yours', coalesce(schedule_id::text, 'null')
      using errcode = 'A2O43', hint = 'assessment_schedules lists yours; on the command line: aws2openstack assess schedules list';
  end if;
  return schedule;
end
$$;
comment on function a2o_private.own_schedule(uuid) is 'The schedule, locked, if the caller may read its account. Error: A2O43 there is none.';

create or replace function a2o.pause_schedule(schedule_id uuid) returns a2o.assessment_schedules
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  schedule a2o.assessment_schedules := a2o_private.own_schedule(schedule_id);
begin
  update a2o.assessment_schedules s set is_paused = true where s.id = schedule.id returning * into schedule;
  return schedule;
end
$$;
comment on function a2o.pause_schedule(uuid) is 'Stops a scheduled assessment until it is resumed; one under way goes on. Error: A2O43 no such schedule.';

create or replace function a2o.resume_schedule(schedule_id uuid) returns a2o.assessment_schedules
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  schedule a2o.assessment_schedules := a2o_private.own_schedule(schedule_id);
begin
  -- What was missed meanwhile is not made up for.
  update a2o.assessment_schedules s set is_paused = false, next_run_at = greatest(s.next_run_at, a2o_private.next_due(s, now()))
  where s.id = schedule.id returning * into schedule;
  return schedule;
end
$$;
comment on function a2o.resume_schedule(uuid) is 'Lets a paused schedule go on. Error: A2O43 no such schedule.';

create or replace function a2o.remove_schedule(schedule_id uuid) returns a2o.assessment_schedules
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  schedule a2o.assessment_schedules := a2o_private.own_schedule(schedule_id);
begin
  delete from a2o.assessment_schedules s where s.id = schedule.id;
  return schedule;
end
$$;
comment on function a2o.remove_schedule(uuid) is 'Ends a scheduled assessment; what it stored stays. Error: A2O43 no such schedule.';
revoke all on function a2o.pause_schedule(uuid), a2o.resume_schedule(uuid), a2o.remove_schedule(uuid), a2o_private.own_schedule(uuid) from public;
grant execute on function a2o.pause_schedule(uuid), a2o.resume_schedule(uuid), a2o.remove_schedule(uuid) to a2o_operator, a2o_ingest;
