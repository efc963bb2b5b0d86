-- Database and table are folded together, across the whole assessment.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('name_clash', 'HIGH', 'Name clashes in lower case',
  'Another table of the catalog has the same name when both are folded to lower case, as Trino and the Hive metastore do.',
  'Rename one of them.',
  false)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'name_clash', 1) on conflict do nothing;

create or replace function a2o_private.finds_name_clash(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).has_clashing_name;
comment on function a2o_private.finds_name_clash(a2o_private.table_facts) is 'Whether the rule name_clash speaks: name clashes in lower case.';

create or replace function a2o_private.tells_name_clash(facts a2o_private.table_facts) returns text
  language sql stable
  return 'Another entry has the same name in lower case.';
comment on function a2o_private.tells_name_clash(a2o_private.table_facts) is 'The detail of a finding of the rule name_clash.';
