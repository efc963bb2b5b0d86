-- In-place conversion leaves the data files where they are.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('delta_conversion', 'MEDIUM', 'Delta Lake to be converted',
  'Trino and Spark can read Delta, but the lakehouse holds Iceberg.',
  'Convert in place (Sparks snapshot and migrate procedures, or Apache XTable), or rewrite as Iceberg with CREATE TABLE AS.',
  false)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'delta_conversion', 4) on conflict do nothing;

create or replace function a2o_private.finds_delta_conversion(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).table_format = 'DELTA';
comment on function a2o_private.finds_delta_conversion(a2o_private.table_facts) is 'Whether the rule delta_conversion speaks: delta Lake to be converted.';

create or replace function a2o_private.tells_delta_conversion(facts a2o_private.table_facts) returns text
  language sql stable
  return 'Recognised as Delta Lake' || coalesce(' by ' || (facts).format_rule, '') || '.';
comment on function a2o_private.tells_delta_conversion(a2o_private.table_facts) is 'The detail of a finding of the rule delta_conversion.';
