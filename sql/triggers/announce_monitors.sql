-- Every poll ends in an update of its monitor: that is how listeners hear of new samples. The start of a poll changes nothing.
create or replace function a2o_private.announce_monitor() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform a2o_private.announce('monitor', coalesce(new.aws_account_id, old.aws_account_id), coalesce(new.id, old.id));
  return null;
end
$$;
comment on function a2o_private.announce_monitor() is 'Trigger: announces a monitor that was added, changed, polled or removed.';
revoke all on function a2o_private.announce_monitor() from public;

create or replace trigger announce_monitor after insert or delete on a2o.monitors
  for each row execute function a2o_private.announce_monitor();
create or replace trigger announce_polled_monitor after update on a2o.monitors for each row
  when (old.last_polled_at is distinct from new.last_polled_at or old.is_paused <> new.is_paused or old.endpoint is distinct from new.endpoint)
  execute function a2o_private.announce_monitor();
