-- Glue accepts such names; Trino, Spark and Iceberg readers stumble over them in different places.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('unfit_column_names', 'MEDIUM', 'Column names that engines refuse',
  'A column has no name, or one with control characters or with space at its begin or end.',
  'Rename the columns when converting.',
  true)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'unfit_column_names', 1) on conflict do nothing;

create or replace function a2o_private.finds_unfit_column_names(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).has_unfit_columns and (facts).table_format <> 'RESOURCE_LINK';
comment on function a2o_private.finds_unfit_column_names(a2o_private.table_facts) is 'Whether the rule unfit_column_names speaks: column names that engines refuse.';

create or replace function a2o_private.tells_unfit_column_names(facts a2o_private.table_facts) returns text
  language sql stable
  return 'A column name is empty, holds control characters, or begins or ends with space.';
comment on function a2o_private.tells_unfit_column_names(a2o_private.table_facts) is 'The detail of a finding of the rule unfit_column_names.';
