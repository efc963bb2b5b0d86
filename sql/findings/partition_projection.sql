-- Source: https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('partition_projection', 'MEDIUM', 'Partition projection',
  'Athena computes the partitions from rules in the tables parameters; the catalog lists none, and no other engine knows the rules.',
  'List the partitions from the bucket when converting; Iceberg needs no projection.',
  true)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'partition_projection', 2) on conflict do nothing;

create or replace function a2o_private.finds_partition_projection(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return lower((facts).parameters ->> 'projection.enabled') = 'true' and (facts).table_format <> 'RESOURCE_LINK';
comment on function a2o_private.finds_partition_projection(a2o_private.table_facts) is 'Whether the rule partition_projection speaks: partition projection.';

create or replace function a2o_private.tells_partition_projection(facts a2o_private.table_facts) returns text
  language sql stable
  return 'Projected columns: ' || coalesce((
    select string_agg(split_part(key, '.', 2), ', ' order by key) from jsonb_object_keys((facts).parameters) as key where key ~ '^projection\..*\.type$'), 'none named') || '.';
comment on function a2o_private.tells_partition_projection(a2o_private.table_facts) is 'The detail of a finding of the rule partition_projection.';
