-- Whoever writes samples marks their hours, in the same transaction. The hours are written in one order, so that two writers
-- wait for each other and never for good.
create or replace function a2o_private.mark_stale_hours() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into a2o_private.stale_hours as s (kind, job_id, hour_at)
  select distinct tg_argv[0]::a2o_private.sample_kind, c.job_id, date_trunc('hour', c.sampled_at, 'UTC') from changed c order by 1, 2, 3
  on conflict (kind, job_id, hour_at) do update set touched_at = clock_timestamp();
  return null;
end
$$;
comment on function a2o_private.mark_stale_hours() is 'Trigger: marks the hours of new and changed samples, of the kind in its argument, as not rolled up.';
revoke all on function a2o_private.mark_stale_hours() from public;

create or replace trigger mark_new_hours after insert on a2o.migration_progress
  referencing new table as changed for each statement execute function a2o_private.mark_stale_hours('PROGRESS');
create or replace trigger mark_changed_hours after update on a2o.migration_progress
  referencing new table as changed for each statement execute function a2o_private.mark_stale_hours('PROGRESS');
create or replace trigger mark_new_hours after insert on a2o.migration_metrics
  referencing new table as changed for each statement execute function a2o_private.mark_stale_hours('METRICS');
create or replace trigger mark_changed_hours after update on a2o.migration_metrics
  referencing new table as changed for each statement execute function a2o_private.mark_stale_hours('METRICS');
