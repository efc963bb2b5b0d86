-- A table that is Iceberg already holds what it holds. A word before a colon is the name of a field, not a type.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('unsupported_types', 'MEDIUM', 'Types that Iceberg lacks',
  'Iceberg has no char, varchar, tinyint, smallint, interval or union type.',
  'Map them when converting: char and varchar to string, tinyint and smallint to int; split unions and intervals into columns.',
  true)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'unsupported_types', 1) on conflict do nothing;

create or replace function a2o_private.finds_unsupported_types(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).table_format not in ('ICEBERG', 'RESOURCE_LINK')
    and (facts).column_types ~ '\m(char|varchar|tinyint|smallint|byte|short|uniontype|interval\w*|void|null)\M(?!\s*:)';
comment on function a2o_private.finds_unsupported_types(a2o_private.table_facts) is 'Whether the rule unsupported_types speaks: types that Iceberg lacks.';

create or replace function a2o_private.tells_unsupported_types(facts a2o_private.table_facts) returns text
  language sql stable
  return 'Types: ' || (
    select string_agg(distinct found[1], ', ' order by found[1])
    from regexp_matches((facts).column_types, '\m(char|varchar|tinyint|smallint|byte|short|uniontype|interval\w*|void|null)\M(?!\s*:)', 'g') as found) || '.';
comment on function a2o_private.tells_unsupported_types(a2o_private.table_facts) is 'The detail of a finding of the rule unsupported_types.';
