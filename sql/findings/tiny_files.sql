-- Limits: tiny_file_count, tiny_file_bytes.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('tiny_files', 'MEDIUM', 'Probably many tiny files',
  'The crawler or Hive counted many files with little in each; engines then spend their time on opening files.',
  'Compact while converting: write files of 128 to 512 MB.',
  true)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'tiny_files', 1) on conflict do nothing;

create or replace function a2o_private.finds_tiny_files(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return coalesce(a2o_private.parse_count((facts).parameters ->> 'objectCount'), a2o_private.parse_count((facts).parameters ->> 'numFiles')) >= ((facts).limits).tiny_file_count
    and (facts).size_bytes < ((facts).limits).tiny_file_bytes * coalesce(a2o_private.parse_count((facts).parameters ->> 'objectCount'), a2o_private.parse_count((facts).parameters ->> 'numFiles')) and (facts).table_format <> 'RESOURCE_LINK';
comment on function a2o_private.finds_tiny_files(a2o_private.table_facts) is 'Whether the rule tiny_files speaks: probably many tiny files.';

create or replace function a2o_private.tells_tiny_files(facts a2o_private.table_facts) returns text
  language sql stable
  return coalesce(a2o_private.parse_count((facts).parameters ->> 'objectCount'), a2o_private.parse_count((facts).parameters ->> 'numFiles')) || ' files, ' || (facts).size_bytes / nullif(coalesce(a2o_private.parse_count((facts).parameters ->> 'objectCount'), a2o_private.parse_count((facts).parameters ->> 'numFiles')), 0) || ' bytes in each on average.';
comment on function a2o_private.tells_tiny_files(a2o_private.table_facts) is 'The detail of a finding of the rule tiny_files.';
