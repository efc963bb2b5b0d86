-- Its bytes are counted where the target is.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('resource_link', 'INFO', 'Resource link',
  'The entry points to a table of another database or account; it holds nothing.',
  'Assess the account that owns the target, and link to the moved table.',
  false)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'resource_link', 0.25) on conflict do nothing;

create or replace function a2o_private.finds_resource_link(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).table_format = 'RESOURCE_LINK';
comment on function a2o_private.finds_resource_link(a2o_private.table_facts) is 'Whether the rule resource_link speaks: resource link.';

create or replace function a2o_private.tells_resource_link(facts a2o_private.table_facts) returns text
  language sql stable
  return coalesce('It points to ' || nullif(concat_ws('.', (facts).glue #>> '{TargetTable,CatalogId}', (facts).glue #>> '{TargetTable,DatabaseName}', (facts).glue #>> '{TargetTable,Name}'), '') || '.', 'Its database is a link.');
comment on function a2o_private.tells_resource_link(a2o_private.table_facts) is 'The detail of a finding of the rule resource_link.';
