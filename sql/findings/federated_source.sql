-- FederatedTable, or FederatedDatabase of its database.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('federated_source', 'HIGH', 'Federated table',
  'The data lies outside this catalog, behind a connection.',
  'Move it from its source, or connect the source to the target engine.',
  false)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'federated_source', 8) on conflict do nothing;

create or replace function a2o_private.finds_federated_source(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).table_format = 'FEDERATED';
comment on function a2o_private.finds_federated_source(a2o_private.table_facts) is 'Whether the rule federated_source speaks: federated table.';

create or replace function a2o_private.tells_federated_source(facts a2o_private.table_facts) returns text
  language sql stable
  return coalesce('It comes from ' || ((facts).glue #>> '{FederatedTable,ConnectionName}') || '.', 'Its source is federated.');
comment on function a2o_private.tells_federated_source(a2o_private.table_facts) is 'The detail of a finding of the rule federated_source.';
