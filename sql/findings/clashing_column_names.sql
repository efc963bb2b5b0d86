-- Crawlers make such columns from JSON keys that differ in case.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('clashing_column_names', 'MEDIUM', 'Column names that clash in lower case',
  'Two columns have the same name when both are folded to lower case, as Trino does.',
  'Rename one of them when converting.',
  true)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'clashing_column_names', 1) on conflict do nothing;

create or replace function a2o_private.finds_clashing_column_names(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).has_clashing_columns and (facts).table_format <> 'RESOURCE_LINK';
comment on function a2o_private.finds_clashing_column_names(a2o_private.table_facts) is 'Whether the rule clashing_column_names speaks: column names that clash in lower case.';

create or replace function a2o_private.tells_clashing_column_names(facts a2o_private.table_facts) returns text
  language sql stable
  return 'Two columns have the same name in lower case.';
comment on function a2o_private.tells_clashing_column_names(a2o_private.table_facts) is 'The detail of a finding of the rule clashing_column_names.';
