-- Only what holds files is asked; a stream or a database has a location of another kind.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('not_on_s3', 'HIGH', 'Data outside S3',
  'The location is neither s3:// nor s3a:// nor s3n://, so tools that copy buckets do not reach it.',
  'Copy the data to object storage first, or move it from where it lies with a tool that reads it.',
  false)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'not_on_s3', 4) on conflict do nothing;

create or replace function a2o_private.finds_not_on_s3(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  -- LIKE first: nearly every location is such a one, and a regular expression takes five times as long.
  return not ((facts).storage_location like 's3://%' or (facts).storage_location ~* '^s3[an]?://') and (facts).table_format not in ('VIEW', 'JDBC', 'FEDERATED', 'DYNAMODB', 'HBASE', 'RESOURCE_LINK')
    and not coalesce((facts).format_rule in ('fmt-200', 'fmt-201'), false);
comment on function a2o_private.finds_not_on_s3(a2o_private.table_facts) is 'Whether the rule not_on_s3 speaks: data outside S3.';

create or replace function a2o_private.tells_not_on_s3(facts a2o_private.table_facts) returns text
  language sql stable
  return 'The location is ' || left((facts).storage_location, 200) || '.';
comment on function a2o_private.tells_not_on_s3(a2o_private.table_facts) is 'The detail of a finding of the rule not_on_s3.';
