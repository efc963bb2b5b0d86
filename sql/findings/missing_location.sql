-- Iceberg's metadata_location is a place as well.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('missing_location', 'HIGH', 'No storage location',
  'The format holds files, and the catalog does not say where.',
  'Ask the owner of the table; drop the entry when nobody misses it.',
  false)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'missing_location', 2) on conflict do nothing;

create or replace function a2o_private.finds_missing_location(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).storage_location is null and coalesce((facts).parameters ->> 'metadata_location', '') = ''
    and (facts).table_format not in ('VIEW', 'JDBC', 'FEDERATED', 'DYNAMODB', 'HBASE', 'RESOURCE_LINK', 'UNKNOWN') and not coalesce((facts).format_rule in ('fmt-200', 'fmt-201'), false);
comment on function a2o_private.finds_missing_location(a2o_private.table_facts) is 'Whether the rule missing_location speaks: no storage location.';

create or replace function a2o_private.tells_missing_location(facts a2o_private.table_facts) returns text
  language sql stable
  return 'The catalog names no place for this ' || (facts).table_format || ' table.';
comment on function a2o_private.tells_missing_location(a2o_private.table_facts) is 'The detail of a finding of the rule missing_location.';
