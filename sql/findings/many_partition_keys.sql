-- glue:GetTables does not tell the number of partitions; limit: partition_keys.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('many_partition_keys', 'LOW', 'Many partition columns',
  'Many partition columns make many small partitions, and Iceberg keeps statistics for each.',
  'Choose fewer columns, or transforms such as day and bucket, when converting.',
  false)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'many_partition_keys', 1) on conflict do nothing;

create or replace function a2o_private.finds_many_partition_keys(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return cardinality((facts).partition_keys) > ((facts).limits).partition_keys;
comment on function a2o_private.finds_many_partition_keys(a2o_private.table_facts) is 'Whether the rule many_partition_keys speaks: many partition columns.';

create or replace function a2o_private.tells_many_partition_keys(facts a2o_private.table_facts) returns text
  language sql stable
  return 'Partitioned by ' || cardinality((facts).partition_keys) || ' columns: ' || left(array_to_string((facts).partition_keys, ', '), 200) || '.';
comment on function a2o_private.tells_many_partition_keys(a2o_private.table_facts) is 'The detail of a finding of the rule many_partition_keys.';
