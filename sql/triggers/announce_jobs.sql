-- Listeners hear of a job when it appears or its state changes; of samples they hear once a poll, by its monitor.
create or replace function a2o_private.announce_changed_jobs() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform a2o_private.announce('job', c.aws_account_id, case when c.siblings <= 100 then c.id end)
  from (
    select distinct n.aws_account_id, n.id, count(*) over (partition by n.aws_account_id) as siblings from changed n join before o on o.id = n.id
    where (n.status, n.aws_status, n.error_message, n.gone_at, n.table_id) is distinct from (o.status, o.aws_status, o.error_message, o.gone_at, o.table_id)) as c;
  return null;
end
$$;
comment on function a2o_private.announce_changed_jobs() is 'Trigger: announces jobs whose state, error or table changed; more than 100 of an account at once are not named.';
revoke all on function a2o_private.announce_changed_jobs() from public;

create or replace trigger announce_new_jobs after insert on a2o.migration_jobs
  referencing new table as changed for each statement execute function a2o_private.announce_changed('job');
create or replace trigger announce_changed_jobs after update on a2o.migration_jobs
  referencing old table as before new table as changed for each statement execute function a2o_private.announce_changed_jobs();
