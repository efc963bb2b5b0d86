-- Source: the InputFormats that Hudi's sync tool registers.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('hudi_conversion', 'MEDIUM', 'Hudi to be converted',
  'Hudi keeps several versions of rows in its files, so the files alone are not the table.',
  'Convert the metadata with Apache XTable when the table is copy-on-write; compact and rewrite it when it is merge-on-read.',
  false)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'hudi_conversion', 6) on conflict do nothing;

create or replace function a2o_private.finds_hudi_conversion(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).table_format = 'HUDI';
comment on function a2o_private.finds_hudi_conversion(a2o_private.table_facts) is 'Whether the rule hudi_conversion speaks: hudi to be converted.';

create or replace function a2o_private.tells_hudi_conversion(facts a2o_private.table_facts) returns text
  language sql stable
  return case when (facts).glue ->> 'InputFormat' ~ 'RealtimeInputFormat' then 'Merge-on-read: the real-time view of the table.'
    when (facts).glue ->> 'InputFormat' ~ 'hudi|hoodie' then 'The read-optimised view of the table, or copy-on-write.' else 'Recognised as Hudi.' end;
comment on function a2o_private.tells_hudi_conversion(a2o_private.table_facts) is 'The detail of a finding of the rule hudi_conversion.';
