-- Statistics may be older than the data.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('empty_table', 'INFO', 'Empty table',
  'The catalog says that there are no rows, or no bytes.',
  'Create it empty in the target, or drop it.',
  false)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'empty_table', 0) on conflict do nothing;

create or replace function a2o_private.finds_empty_table(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return ((facts).size_bytes = 0 or (facts).row_count = 0) and (facts).table_format <> 'RESOURCE_LINK';
comment on function a2o_private.finds_empty_table(a2o_private.table_facts) is 'Whether the rule empty_table speaks: empty table.';

create or replace function a2o_private.tells_empty_table(facts a2o_private.table_facts) returns text
  language sql stable
  return concat_ws(', ', (facts).row_count || ' rows', (facts).size_bytes || ' bytes') || '.';
comment on function a2o_private.tells_empty_table(a2o_private.table_facts) is 'The detail of a finding of the rule empty_table.';
