-- The size stays unknown, never zero.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('unbelievable_size', 'LOW', 'Size that cannot be believed',
  'A size is written in the parameters, but it is negative, absurd or no number.',
  'Run the crawler or ANALYZE TABLE again, or measure the prefix.',
  true)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'unbelievable_size', 0.5) on conflict do nothing;

create or replace function a2o_private.finds_unbelievable_size(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).size_bytes is null and (facts).table_format <> 'RESOURCE_LINK'
    and ((facts).parameters ?| array['totalSize', 'sizeKey', 'spark.sql.statistics.totalSize'] or (facts).parameters ?& array['recordCount', 'averageRecordSize']);
comment on function a2o_private.finds_unbelievable_size(a2o_private.table_facts) is 'Whether the rule unbelievable_size speaks: size that cannot be believed.';

create or replace function a2o_private.tells_unbelievable_size(facts a2o_private.table_facts) returns text
  language sql stable
  return 'Parameters: ' || (
    select string_agg(format('%s is %s', key, quote_literal(left((facts).parameters ->> key, 40))), ', ' order by key)
    from unnest(array['totalSize', 'spark.sql.statistics.totalSize', 'sizeKey', 'recordCount', 'averageRecordSize']) as key
    where (facts).parameters ? key) || '.';
comment on function a2o_private.tells_unbelievable_size(a2o_private.table_facts) is 'The detail of a finding of the rule unbelievable_size.';
