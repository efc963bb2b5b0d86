-- See fmt-200 and fmt-201.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('stream', 'HIGH', 'Stream',
  'The entry describes a Kinesis or Kafka stream: records pass through and nothing stays.',
  'Move producers and consumers to a Kafka in the target, with a time when both run.',
  false)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'stream', 16) on conflict do nothing;

create or replace function a2o_private.finds_stream(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return coalesce((facts).format_rule in ('fmt-200', 'fmt-201'), false);
comment on function a2o_private.finds_stream(a2o_private.table_facts) is 'Whether the rule stream speaks: stream.';

create or replace function a2o_private.tells_stream(facts a2o_private.table_facts) returns text
  language sql stable
  return 'Recognised as a stream by ' || (facts).format_rule || '.';
comment on function a2o_private.tells_stream(a2o_private.table_facts) is 'The detail of a finding of the rule stream.';
