-- Iceberg leaves dropped columns in Glue with iceberg.field.current=false. Delta and others registered by Spark show one
-- placeholder column; then, and only then, the schema Spark wrote is used (Hudi's is often cut off). A view without columns
-- has them in its definition. Returns a table of one row, because only such functions are inlined when they hold a sub-select.
create or replace function a2o_private.read_columns(
  glue_columns jsonb, glue_partition_keys jsonb, table_format text, parameters jsonb, partition_names text[], view_text text
) returns table (columns jsonb)
  language sql stable rows 1 as $$
  select coalesce(
    case when jsonb_array_length(glue_columns) = 1
        and glue_columns -> 0 ->> 'Name' in ('col', 'dummy') and glue_columns -> 0 ->> 'Type' in ('array<string>', 'string')
        and table_format <> 'HUDI'
      then a2o_private.spark_columns(parameters, partition_names) end,
    nullif(coalesce(own.columns, '[]') || coalesce(keys.columns, '[]'), '[]'),
    case when table_format = 'VIEW' then a2o_private.presto_view_columns(view_text) end,
    '[]')
  from (
    select jsonb_agg(jsonb_build_object('name', c."Name", 'type', c."Type", 'comment', c."Comment", 'partition', false)) as columns
    from jsonb_to_recordset(glue_columns) as c("Name" text, "Type" text, "Comment" text, "Parameters" jsonb)
    where c."Parameters" ->> 'iceberg.field.current' is distinct from 'false') as own,
  (
    select jsonb_agg(jsonb_build_object('name', c."Name", 'type', c."Type", 'comment', c."Comment", 'partition', true)) as columns
    from jsonb_to_recordset(glue_partition_keys) as c("Name" text, "Type" text, "Comment" text)) as keys
  offset 0 -- put together once, however often the caller uses it
$$;
comment on function a2o_private.read_columns(jsonb, jsonb, text, jsonb, text[], text) is 'Live columns of a Glue table as [{name, type, comment, partition}], partition keys last.';

create or replace function a2o_private.column_traits(columns jsonb) returns table (
  column_count integer, column_types text, has_clashing_columns boolean, has_unfit_columns boolean)
  language sql stable rows 1 as $$
  select coalesce(count(*) filter (where not c.partition), 0)::integer, lower(string_agg(c.type, E'\n')), count(distinct lower(c.name)) < count(c.name),
    coalesce(bool_or(c.name is null or c.name !~ '^[^[:cntrl:][:space:]]([^[:cntrl:]]*[^[:cntrl:][:space:]])?$'), false)
  from jsonb_to_recordset(columns) as c(name text, type text, partition boolean)
$$;
comment on function a2o_private.column_traits(jsonb) is 'What finding rules ask about columns [{name, type, comment, partition}]; column_count leaves the partition keys out.';
