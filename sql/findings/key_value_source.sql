-- See fmt-141, fmt-142 and fmt-144.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('key_value_source', 'HIGH', 'Data in DynamoDB or HBase',
  'The entry describes a table of a key-value store; there are no files to copy.',
  'Export it (DynamoDB export to S3, HBase snapshot) and decide which store replaces it.',
  false)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'key_value_source', 8) on conflict do nothing;

create or replace function a2o_private.finds_key_value_source(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).table_format in ('DYNAMODB', 'HBASE');
comment on function a2o_private.finds_key_value_source(a2o_private.table_facts) is 'Whether the rule key_value_source speaks: data in DynamoDB or HBase.';

create or replace function a2o_private.tells_key_value_source(facts a2o_private.table_facts) returns text
  language sql stable
  return 'The data lies in ' || case (facts).table_format when 'HBASE' then 'HBase' else 'DynamoDB' end || '.';
comment on function a2o_private.tells_key_value_source(a2o_private.table_facts) is 'The detail of a finding of the rule key_value_source.';
