-- Spark keeps the real schema of a table it registered under a placeholder in spark.sql.sources.schema, or cut into
-- spark.sql.sources.schema.part.0 … (numParts). Source: HiveExternalCatalog.scala of Apache Spark.
create or replace function a2o_private.spark_type(type jsonb) returns text
  language plpgsql immutable parallel safe as $$
begin
  if jsonb_typeof(type) = 'string' then
    return type #>> '{}';
  end if;
  return case type ->> 'type'
    when 'array' then 'array<' || a2o_private.spark_type(type -> 'elementType') || '>'
    when 'map' then 'map<' || a2o_private.spark_type(type -> 'keyType') || ',' || a2o_private.spark_type(type -> 'valueType') || '>'
    when 'struct' then 'struct<' || coalesce((
      select string_agg((f.field ->> 'name') || ':' || a2o_private.spark_type(f.field -> 'type'), ',' order by f.place)
      from jsonb_array_elements(type -> 'fields') with ordinality as f(field, place)), '') || '>'
    else coalesce(type ->> 'type', 'unknown') end;
end
$$;
comment on function a2o_private.spark_type(jsonb) is 'A Spark JSON type in Hive''s notation, e.g. array<struct<a:int>>.';

-- Not parallel safe: before version 17, PostgreSQL refuses the exception block in a parallel query.
create or replace function a2o_private.spark_columns(parameters jsonb, partition_names text[]) returns jsonb
  language plpgsql immutable as $$
declare
  parts bigint := least(a2o_private.parse_count(parameters ->> 'spark.sql.sources.schema.numParts'), 10000);
  schema_text text := coalesce(parameters ->> 'spark.sql.sources.schema', (
    select string_agg(parameters ->> ('spark.sql.sources.schema.part.' || i), '' order by i)
    from generate_series(0, parts - 1) as i
    -- A missing part in the middle could leave JSON that is well-formed and wrong.
    having count(parameters ->> ('spark.sql.sources.schema.part.' || i)) = parts));
  fields jsonb;
begin
  fields := schema_text::jsonb -> 'fields';
  return (
    select jsonb_agg(jsonb_build_object(
        'name', f.field ->> 'name', 'type', a2o_private.spark_type(f.field -> 'type'),
        'comment', f.field #>> '{metadata,comment}', 'partition', coalesce(f.field ->> 'name' = any (partition_names), false))
      order by f.place)
    from jsonb_array_elements(fields) with ordinality as f(field, place));
exception when data_exception or program_limit_exceeded or statement_too_complex then
  return null; -- cut off or not JSON: the placeholder's own column is all there is
end
$$;
comment on function a2o_private.spark_columns(jsonb, text[]) is 'Columns [{name, type, comment, partition}] from the schema Spark wrote into table parameters; null when there is none or it is cut off.';
