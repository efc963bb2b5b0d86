-- Everything a verdict needs from one answer of glue:GetTables. jsonb_to_record reads each object once: with the arrow
-- operators a long answer would be decompressed for every field.
create or replace function a2o_private.judge_glue_table(glue jsonb, glue_database jsonb) returns table (
  database_name text, table_name text, table_format text, storage_location text, size_bytes bigint, size_source text,
  row_count bigint, row_count_source text, partition_keys text[], columns jsonb, column_count integer,
  last_updated timestamptz, migration_readiness a2o.migration_readiness, notes text[], table_type text,
  format_rule text, format_evidence text, readiness_rule text, glue_parameters jsonb
)
  language sql stable rows 1 as $$
  select
    t."DatabaseName", t."Name", f.table_format, place.location,
    case when f.table_format <> 'RESOURCE_LINK' then size.bytes end,
    case when f.table_format <> 'RESOURCE_LINK' then size.source end,
    rows.count, rows.source,
    keys.names, live.columns,
    (select count(*)::integer from jsonb_array_elements(live.columns) as c where not (c ->> 'partition')::boolean),
    case when t."UpdateTime" ~ '^(?!0000)\d{4}-\d\d-\d\dT' then t."UpdateTime"::timestamptz end, r.migration_readiness,
    a2o_private.note_glue_table(f.table_format, f.rule, r.rule, place.location, said.parameters, size.source, size.bytes, t."IsRegisteredWithLakeFormation"),
    t."TableType", f.rule, f.evidence, r.rule,
    jsonb_strip_nulls(jsonb_build_object(
      'Parameters', t."Parameters", 'StorageDescriptor.Parameters', sd."Parameters", 'SerdeInfo', sd."SerdeInfo",
      'InputFormat', sd."InputFormat", 'OutputFormat', sd."OutputFormat", 'Location', sd."Location",
      'TargetTable', t."TargetTable", 'FederatedTable', t."FederatedTable", 'ViewOriginalText', t."ViewOriginalText",
      'ViewDefinition', t."ViewDefinition", 'Description', t."Description", 'CreateTime', t."CreateTime",
      'IsRegisteredWithLakeFormation', t."IsRegisteredWithLakeFormation"))
  from jsonb_to_record(glue) as t(
      "DatabaseName" text, "Name" text, "Description" text, "TableType" text, "CreateTime" text, "UpdateTime" text,
      "Parameters" jsonb, "StorageDescriptor" jsonb, "PartitionKeys" jsonb, "TargetTable" jsonb, "FederatedTable" jsonb,
      "ViewOriginalText" text, "ViewDefinition" jsonb, "IsRegisteredWithLakeFormation" boolean)
  cross join lateral jsonb_to_record(coalesce(t."StorageDescriptor", '{}')) as sd(
      "Columns" jsonb, "Location" text, "InputFormat" text, "OutputFormat" text, "SerdeInfo" jsonb, "Parameters" jsonb)
  cross join lateral jsonb_to_record(coalesce(sd."SerdeInfo", '{}')) as serde("SerializationLibrary" text, "Parameters" jsonb)
  cross join lateral jsonb_to_record(coalesce(glue_database, '{}')) as d("TargetDatabase" jsonb, "FederatedDatabase" jsonb)
  -- A crawler writes its parameters on the table, on its storage descriptor, or on both; the table's own come first.
  cross join lateral (select coalesce(sd."Parameters", '{}') || coalesce(t."Parameters", '{}') as parameters offset 0) as said
  cross join lateral (select nullif(case
      when sd."Location" like '%-\_\_PLACEHOLDER\_\_' then serde."Parameters" ->> 'path'
      else coalesce(nullif(sd."Location", ''), serde."Parameters" ->> 'path') end, '') as location offset 0) as place
  cross join lateral a2o_private.judge_format(
      t."TableType", t."TargetTable", t."FederatedTable", d."TargetDatabase", d."FederatedDatabase",
      t."Parameters", sd."Parameters", serde."Parameters", sd."InputFormat", serde."SerializationLibrary", place.location) as f
  cross join lateral a2o_private.judge_readiness(f.table_format, f.rule, place.location, nullif(said.parameters ->> 'metadata_location', '')) as r
  cross join lateral a2o_private.read_size(said.parameters) as size
  cross join lateral a2o_private.read_row_count(said.parameters) as rows
  cross join lateral (
    select coalesce(array_agg(k.key ->> 'Name' order by k.place), '{}') as names
    from jsonb_array_elements(coalesce(t."PartitionKeys", '[]')) with ordinality as k(key, place)) as keys
  cross join lateral a2o_private.read_columns(sd."Columns", t."PartitionKeys", f.table_format, said.parameters, keys.names, t."ViewOriginalText") as live(columns)
$$;
comment on function a2o_private.judge_glue_table(jsonb, jsonb) is
  'One Table of glue:GetTables (and its Database of glue:GetDatabases, or null) read and judged: format, size, rows, columns and readiness with their evidence.';
