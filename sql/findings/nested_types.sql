-- A view's columns follow from the tables it reads.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('nested_types', 'LOW', 'Nested types',
  'Structs, maps and arrays convert, but their fields may be told apart by case or by position in ways that engines read differently.',
  'Compare a sample of nested values before and after the conversion.',
  true)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'nested_types', 0.5) on conflict do nothing;

create or replace function a2o_private.finds_nested_types(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).table_format not in ('ICEBERG', 'RESOURCE_LINK', 'VIEW') and (facts).column_types ~ '\m(struct|map|array)\s*<';
comment on function a2o_private.finds_nested_types(a2o_private.table_facts) is 'Whether the rule nested_types speaks: nested types.';

create or replace function a2o_private.tells_nested_types(facts a2o_private.table_facts) returns text
  language sql stable
  return 'Types: ' || (
    select string_agg(distinct found[1], ', ' order by found[1])
    from regexp_matches((facts).column_types, '\m(struct|map|array)\s*<', 'g') as found) || '.';
comment on function a2o_private.tells_nested_types(a2o_private.table_facts) is 'The detail of a finding of the rule nested_types.';
