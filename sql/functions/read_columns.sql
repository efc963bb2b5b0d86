-- Iceberg leaves dropped columns in Glue with iceberg.field.current=false. Delta and others registered by Spark show one
-- placeholder column; then, and only then, the schema Spark wrote is used (Hudi's is often cut off). A view without columns
-- has them in its definition.
create or replace function a2o_private.read_columns(
  glue_columns jsonb, glue_partition_keys jsonb, table_format text, parameters jsonb, partition_names text[], view_text text
) returns jsonb
  language sql immutable
  return coalesce(
    case when jsonb_array_length(glue_columns) = 1
        and glue_columns -> 0 ->> 'Name' in ('col', 'dummy') and glue_columns -> 0 ->> 'Type' in ('array<string>', 'string')
        and table_format <> 'HUDI'
      then a2o_private.spark_columns(parameters, partition_names) end,
    (select jsonb_agg(jsonb_build_object('name', c.col ->> 'Name', 'type', c.col ->> 'Type', 'comment', c.col ->> 'Comment', 'partition', c.is_key)
        order by c.is_key, c.place)
      from (
        select e.col, e.place, false as is_key from jsonb_array_elements(coalesce(glue_columns, '[]')) with ordinality as e(col, place)
        where e.col #>> '{Parameters,iceberg.field.current}' is distinct from 'false'
        union all
        select e.col, e.place, true from jsonb_array_elements(coalesce(glue_partition_keys, '[]')) with ordinality as e(col, place)) as c),
    case when table_format = 'VIEW' then a2o_private.presto_view_columns(view_text) end,
    '[]');
comment on function a2o_private.read_columns(jsonb, jsonb, text, jsonb, text[], text) is 'Live columns of a Glue table as [{name, type, comment, partition}], partition keys last.';
