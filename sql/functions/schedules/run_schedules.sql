-- The worker's side. Any number of workers may call this at once: each due schedule is locked, moved on and handed out once.
create or replace function a2o_private.next_due(schedule a2o.assessment_schedules, after timestamptz) returns timestamptz
  language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  due timestamptz := schedule.next_run_at;
begin
  -- In step with when it was due, not with when a worker came; runs that were missed are not made up for.
  while due <= after loop
    due := a2o.next_run(schedule.every, case when due < after - interval '1 year' then after else due end);
  end loop;
  return due;
end
$$;
comment on function a2o_private.next_due(a2o.assessment_schedules, timestamptz) is 'When a schedule is due after a moment, in step with when it was due before.';
revoke all on function a2o_private.next_due(a2o.assessment_schedules, timestamptz) from public;

create or replace function a2o.take_due_schedules(at timestamptz default now()) returns setof a2o.assessment_schedules
  language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  update a2o.assessment_schedules s
  set next_run_at = a2o_private.next_due(s, at), state = case when s.state = 'RUNNING' then s.state else 'QUEUED' end
  from (
    select d.id from a2o.assessment_schedules d where not d.is_paused and d.next_run_at <= at
    order by d.next_run_at for update skip locked) as due
  where s.id = due.id
  returning s.*
$$;
comment on function a2o.take_due_schedules(timestamptz) is E'@behavior -*\nThe schedules that are due, each handed out once; the caller queues them in the same transaction.';

create or replace function a2o.begin_scheduled_run(schedule_id uuid) returns setof a2o.assessment_schedules
  language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  update a2o.assessment_schedules s set state = 'RUNNING', last_started_at = clock_timestamp(), last_message = null
  where s.id = begin_scheduled_run.schedule_id returning s.*
$$;
comment on function a2o.begin_scheduled_run(uuid) is E'@behavior -*\nNotes that a worker begins a scheduled assessment, and returns what it is to do; no row when the schedule was removed.';

create or replace function a2o.finish_scheduled_run(schedule_id uuid, state a2o.schedule_state, message text default null) returns void
  language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  update a2o.assessment_schedules s
  set state = finish_scheduled_run.state, last_finished_at = clock_timestamp(), last_message = finish_scheduled_run.message,
    last_succeeded_at = case when finish_scheduled_run.state in ('SUCCEEDED', 'PARTIAL') then clock_timestamp() else s.last_succeeded_at end,
    consecutive_failures = case when finish_scheduled_run.state = 'FAILED' then s.consecutive_failures + 1 else 0 end
  where s.id = finish_scheduled_run.schedule_id
$$;
comment on function a2o.finish_scheduled_run(uuid, a2o.schedule_state, text) is E'@behavior -*\nNotes how a scheduled assessment went.';
revoke all on function a2o.take_due_schedules(timestamptz), a2o.begin_scheduled_run(uuid), a2o.finish_scheduled_run(uuid, a2o.schedule_state, text) from public;
grant execute on function a2o.take_due_schedules(timestamptz), a2o.begin_scheduled_run(uuid), a2o.finish_scheduled_run(uuid, a2o.schedule_state, text) to a2o_worker;
