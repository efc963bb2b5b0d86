-- Relative to the assessment, so that an old assessment does not become stale by itself; limit: stale_days. UpdateTime is that of the entry, not of the files.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('stale', 'LOW', 'Not changed for long',
  'Nobody changed the entry for a long time before the assessment; the data may not be needed any more.',
  'Ask its owner whether it is to be moved, archived or dropped.',
  false)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'stale', 0.25) on conflict do nothing;

create or replace function a2o_private.finds_stale(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).assessed_at - (facts).last_updated > make_interval(days => least(((facts).limits).stale_days, 1000000)::integer);
comment on function a2o_private.finds_stale(a2o_private.table_facts) is 'Whether the rule stale speaks: not changed for long.';

create or replace function a2o_private.tells_stale(facts a2o_private.table_facts) returns text
  language sql stable
  return 'Last changed ' || to_char((facts).last_updated at time zone 'UTC', 'YYYY-MM-DD') || ', ' || extract(day from (facts).assessed_at - (facts).last_updated) || ' days before.';
comment on function a2o_private.tells_stale(a2o_private.table_facts) is 'The detail of a finding of the rule stale.';
