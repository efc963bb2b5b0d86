-- Limit: columns.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('many_columns', 'LOW', 'Very many columns',
  'Very wide tables make large metadata and slow planning.',
  'Split the table, or fold rarely used columns into a struct or map.',
  false)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'many_columns', 1) on conflict do nothing;

create or replace function a2o_private.finds_many_columns(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).column_count > ((facts).limits).columns;
comment on function a2o_private.finds_many_columns(a2o_private.table_facts) is 'Whether the rule many_columns speaks: very many columns.';

create or replace function a2o_private.tells_many_columns(facts a2o_private.table_facts) returns text
  language sql stable
  return (facts).column_count || ' columns.';
comment on function a2o_private.tells_many_columns(a2o_private.table_facts) is 'The detail of a finding of the rule many_columns.';
