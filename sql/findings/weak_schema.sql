-- Parquet, ORC and Avro carry their schema.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('weak_schema', 'MEDIUM', 'Text files without a schema of their own',
  'CSV, JSON and the like do not hold types: what the catalog declares may not fit what the files hold.',
  'Read a sample with the declared types before converting, and decide what happens to rows that do not fit.',
  false)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'weak_schema', 2) on conflict do nothing;

create or replace function a2o_private.finds_weak_schema(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).table_format in ('CSV', 'JSON', 'TEXT', 'REGEX', 'GROK', 'XML');
comment on function a2o_private.finds_weak_schema(a2o_private.table_facts) is 'Whether the rule weak_schema speaks: text files without a schema of their own.';

create or replace function a2o_private.tells_weak_schema(facts a2o_private.table_facts) returns text
  language sql stable
  return 'The files are ' || (facts).table_format || ': their types are only declared in the catalog.';
comment on function a2o_private.tells_weak_schema(a2o_private.table_facts) is 'The detail of a finding of the rule weak_schema.';
