-- What follows from a poll, in its transaction: whoever sees the change sees the alert.
create or replace function a2o_private.after_poll(monitor_id uuid) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  monitor a2o.monitors;
begin
  update a2o.monitors m set late_since = null where m.id = after_poll.monitor_id and m.late_since is not null;
  select * into monitor from a2o.monitors m where m.id = after_poll.monitor_id;
  perform a2o_private.link_jobs(monitor.aws_account_id, monitor.region);
  perform a2o_private.refresh_migration_rollups(monitor.aws_account_id, monitor.region);
  perform a2o_private.evaluate_alerts(monitor);
end
$$;
comment on function a2o_private.after_poll(uuid) is 'Called by record_poll when a poll of this monitor has been recorded, in the same transaction.';
revoke all on function a2o_private.after_poll(uuid) from public;
