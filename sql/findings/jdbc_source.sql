-- See fmt-143, fmt-210 and fmt-211.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('jdbc_source', 'HIGH', 'Data in a database',
  'The entry describes a table of a database that is reached through JDBC; there are no files to copy.',
  'Export it with DMS or Spark, or move the database itself and connect Trino to it.',
  false)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'jdbc_source', 8) on conflict do nothing;

create or replace function a2o_private.finds_jdbc_source(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).table_format = 'JDBC';
comment on function a2o_private.finds_jdbc_source(a2o_private.table_facts) is 'Whether the rule jdbc_source speaks: data in a database.';

create or replace function a2o_private.tells_jdbc_source(facts a2o_private.table_facts) returns text
  language sql stable
  return coalesce('Connection ' || ((facts).parameters ->> 'connectionName') || '.', 'It is reached through JDBC.');
comment on function a2o_private.tells_jdbc_source(a2o_private.table_facts) is 'The detail of a finding of the rule jdbc_source.';
