-- First values; whoever changed one keeps it.
insert into a2o.finding_limits (name, value, unit, explanation) values
  ('stale_days', 365, 'days', 'stale speaks when a table was not changed for more days before the assessment.'),
  ('tiny_file_bytes', 16777216, 'bytes', 'tiny_files speaks when files hold fewer bytes on average.'),
  ('tiny_file_count', 1000, 'files', 'tiny_files speaks from this number of files on.'),
  ('partition_keys', 4, 'columns', 'many_partition_keys speaks when there are more partition columns.'),
  ('columns', 500, 'columns', 'many_columns speaks when there are more columns.')
on conflict (name) do update set unit = excluded.unit, explanation = excluded.explanation;

create or replace function a2o_private.current_limits() returns a2o_private.finding_limits
  language sql stable
  return (
    select row(
      max(l.value) filter (where l.name = 'stale_days'), max(l.value) filter (where l.name = 'tiny_file_bytes'),
      max(l.value) filter (where l.name = 'tiny_file_count'), max(l.value) filter (where l.name = 'partition_keys'),
      max(l.value) filter (where l.name = 'columns'))::a2o_private.finding_limits
    from a2o.finding_limits l);
comment on function a2o_private.current_limits() is 'The rows of finding_limits as one value; a rule whose limit has no row is silent.';
grant select on a2o.finding_rules, a2o.finding_limits, a2o.effort_weights to a2o_reader, a2o_ingest, a2o_worker;
