-- Sums of believable sizes may still pass what a bigint holds.
create or replace function a2o_private.saturated(sum numeric) returns bigint
  language sql immutable parallel safe
  return case when sum > 9223372036854775807 then 9223372036854775807 else sum end::bigint;
comment on function a2o_private.saturated(numeric) is 'A sum as bigint, at most the largest one; null stays null.';
grant execute on function a2o_private.saturated(numeric) to a2o_reader, a2o_ingest, a2o_worker;
