-- The evidence of fmt-900 stands in tables.format_evidence.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('unknown_format', 'HIGH', 'Format not recognised',
  'No rule recognises the format: the catalog says too little, or something unusual.',
  'Look at the files and set classification or the SerDe in Glue, then assess again.',
  false)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'unknown_format', 4) on conflict do nothing;

create or replace function a2o_private.finds_unknown_format(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).table_format = 'UNKNOWN';
comment on function a2o_private.finds_unknown_format(a2o_private.table_facts) is 'Whether the rule unknown_format speaks: format not recognised.';

create or replace function a2o_private.tells_unknown_format(facts a2o_private.table_facts) returns text
  language sql stable
  return 'The catalog does not say what the data is.';
comment on function a2o_private.tells_unknown_format(a2o_private.table_facts) is 'The detail of a finding of the rule unknown_format.';
