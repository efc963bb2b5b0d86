-- Athena keeps a view as /* Presto View: … */; Spark leaves its version and the namespace; Hive leaves plain text.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('view_rewrite', 'MEDIUM', 'View to be rewritten for Trino',
  'A view is SQL in the dialect of the engine that made it: Athena and Presto, Hive or Spark. Trino reads the first nearly as it is, the others not.',
  'Rewrite the SQL for Trino and create the view there, after the tables it reads have moved.',
  false)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'view_rewrite', 4) on conflict do nothing;

create or replace function a2o_private.finds_view_rewrite(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).table_format = 'VIEW';
comment on function a2o_private.finds_view_rewrite(a2o_private.table_facts) is 'Whether the rule view_rewrite speaks: view to be rewritten for Trino.';

create or replace function a2o_private.tells_view_rewrite(facts a2o_private.table_facts) returns text
  language sql stable
  return case
    when (facts).glue ->> 'ViewOriginalText' ~ '^\s*/\*\s*Presto' then 'Its SQL is in the dialect of Athena and Presto.'
    when (facts).glue -> 'ViewDefinition' is not null then coalesce('Its SQL is in the dialect of ' || (
      select string_agg(distinct initcap(dialect #>> '{}'), ', ')
      from jsonb_path_query((facts).glue, '$.ViewDefinition.Representations[*].Dialect') as dialect) || '.', 'Its definition is kept by Glue.')
    when (facts).parameters ? 'spark.sql.create.version' or (facts).parameters ? 'view.catalogAndNamespace.numParts' then 'Its SQL is in the dialect of Spark.'
    when (facts).glue ->> 'ViewOriginalText' <> '' then 'Its SQL is in the dialect of Hive.'
    else 'The dialect of its SQL is not known.' end;
comment on function a2o_private.tells_view_rewrite(a2o_private.table_facts) is 'The detail of a finding of the rule view_rewrite.';
