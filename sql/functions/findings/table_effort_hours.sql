-- Invoker: weights are for every reader, and the row is the caller's own.
create or replace function a2o.table_effort_hours(assessment_id uuid, database_name text, table_name text) returns numeric
  language sql stable
  return (
    select (select coalesce(sum(w.hours), 0) from a2o.effort_weights w
      where (w.kind, w.key) in (('READINESS', t.migration_readiness::text), ('FORMAT', t.table_format)) or w.kind = 'FINDING' and w.key = any (t.findings))
    from a2o.tables t
    where t.assessment_id = table_effort_hours.assessment_id and t.database_name = table_effort_hours.database_name
      and t.table_name = table_effort_hours.table_name);
comment on function a2o.table_effort_hours(uuid, text, text) is 'Estimated hours of work to move one table, by effort_weights; null when there is no such table.';
revoke all on function a2o.table_effort_hours(uuid, text, text) from public;
grant execute on function a2o.table_effort_hours(uuid, text, text) to a2o_reader, a2o_ingest;
