create or replace function a2o_private.stall_after() returns interval
  language sql immutable parallel safe
  return interval '10 minutes';
comment on function a2o_private.stall_after() is 'A job that loads and moved nothing for so long counts as stalled.';
revoke all on function a2o_private.stall_after() from public;
grant execute on function a2o_private.stall_after() to a2o_reader, a2o_worker;
