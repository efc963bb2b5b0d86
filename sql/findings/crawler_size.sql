-- Source: https://docs.aws.amazon.com/glue/latest/dg/table-properties-crawler.html
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('crawler_size', 'INFO', 'Size estimated by a crawler',
  'AWS disclaims the accuracy of what crawlers count: they may read a sample, or may have run long ago.',
  'Measure the prefix (S3 Inventory, Storage Lens) before booking capacity.',
  true)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'crawler_size', 0) on conflict do nothing;

create or replace function a2o_private.finds_crawler_size(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).size_source in ('sizeKey', 'recordCount × averageRecordSize');
comment on function a2o_private.finds_crawler_size(a2o_private.table_facts) is 'Whether the rule crawler_size speaks: size estimated by a crawler.';

create or replace function a2o_private.tells_crawler_size(facts a2o_private.table_facts) returns text
  language sql stable
  return 'The size comes from ' || (facts).size_source || '.';
comment on function a2o_private.tells_crawler_size(a2o_private.table_facts) is 'The detail of a finding of the rule crawler_size.';
