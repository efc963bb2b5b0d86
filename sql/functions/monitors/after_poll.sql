-- What follows from a poll, in its transaction.
create or replace function a2o_private.after_poll(monitor_id uuid) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
end
$$;
comment on function a2o_private.after_poll(uuid) is 'Called by record_poll when a poll of this monitor has been recorded, in the same transaction.';
revoke all on function a2o_private.after_poll(uuid) from public;
