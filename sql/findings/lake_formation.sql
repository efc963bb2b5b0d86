-- Glue says so in IsRegisteredWithLakeFormation.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('lake_formation', 'MEDIUM', 'Governed by Lake Formation',
  'Who may see which columns and rows is decided in Lake Formation, and does not move with the data.',
  'Export the grants and data filters and rebuild them in the target (Trino access control, Ranger or OPA).',
  true)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'lake_formation', 3) on conflict do nothing;

create or replace function a2o_private.finds_lake_formation(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return ((facts).glue ->> 'IsRegisteredWithLakeFormation')::boolean;
comment on function a2o_private.finds_lake_formation(a2o_private.table_facts) is 'Whether the rule lake_formation speaks: governed by Lake Formation.';

create or replace function a2o_private.tells_lake_formation(facts a2o_private.table_facts) returns text
  language sql stable
  return 'The location is registered with Lake Formation.';
comment on function a2o_private.tells_lake_formation(a2o_private.table_facts) is 'The detail of a finding of the rule lake_formation.';
