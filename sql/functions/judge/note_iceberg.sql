-- Not inlined, so it is called only for tables whose metadata was asked for (assess --iceberg-metadata).
create or replace function a2o_private.note_iceberg(metadata jsonb) returns text[]
  language sql immutable parallel safe as $$
  with fields as (
    select f ->> 'Id' as id, f ->> 'Name' as name
    from jsonb_array_elements(case when jsonb_typeof(metadata #> '{Schemas,0,Fields}') = 'array' then metadata #> '{Schemas,0,Fields}' else '[]' end) as f),
  partitions as (
    select string_agg(case when p.field ->> 'Transform' = 'identity' then s.name else (p.field ->> 'Transform') || '(' || s.name || ')' end, ', ' order by p.place) as listed
    from jsonb_array_elements(case when jsonb_typeof(metadata #> '{PartitionSpecs,0,Fields}') = 'array' then metadata #> '{PartitionSpecs,0,Fields}' else '[]' end)
      with ordinality as p(field, place)
    join fields s on s.id = p.field ->> 'SourceId')
  select array_remove(array[
    nullif(concat_ws(', ', 'Iceberg format version ' || (metadata ->> 'FormatVersion'), 'partitioned by ' || partitions.listed), '') || '.'], null)
  from partitions
$$;
comment on function a2o_private.note_iceberg(jsonb) is 'A sentence on what Glue keeps of an Iceberg table''s own metadata: its format version, and how it is partitioned.';
