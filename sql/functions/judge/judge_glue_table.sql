-- Everything a verdict needs from one answer of glue:GetTables. jsonb_to_record reads each object once: with the arrow
-- operators a long answer would be decompressed for every field.

-- Judged is what is kept, so that rescore, which has nothing else, comes to the same verdicts.
create or replace function a2o_private.judge_kept(glue_parameters jsonb, table_type text, glue_database jsonb) returns table (
  table_format text, storage_location text, size_bytes bigint, size_source text, row_count bigint, row_count_source text,
  migration_readiness a2o.migration_readiness, notes text[], format_rule text, format_evidence text, readiness_rule text, parameters jsonb, view_text text
)
  language sql stable rows 1 as $$
  select f.table_format, place.location,
    case when f.table_format <> 'RESOURCE_LINK' then size.bytes end,
    case when f.table_format <> 'RESOURCE_LINK' then size.source end,
    rows.count, rows.source, r.migration_readiness,
    a2o_private.note_glue_table(f.table_format, f.rule, r.rule, place.location, said.parameters, size.source, size.bytes, k."IsRegisteredWithLakeFormation")
      || case when k."IcebergTableMetadata" is not null then a2o_private.note_iceberg(k."IcebergTableMetadata") else '{}' end,
    f.rule, f.evidence, r.rule, said.parameters, k."ViewOriginalText"
  from jsonb_to_record(glue_parameters) as k(
      "Parameters" jsonb, "StorageDescriptor.Parameters" jsonb, "SerdeInfo" jsonb, "InputFormat" text, "Location" text,
      "TargetTable" jsonb, "FederatedTable" jsonb, "ViewOriginalText" text, "IsRegisteredWithLakeFormation" boolean, "IcebergTableMetadata" jsonb)
  -- A crawler writes its parameters on the table, on its storage descriptor, or on both; the table's own come first.
  cross join lateral (select
      coalesce(k."StorageDescriptor.Parameters", '{}') || coalesce(k."Parameters", '{}') as parameters,
      k."SerdeInfo" ->> 'SerializationLibrary' as serde, k."SerdeInfo" -> 'Parameters' as serde_parameters,
      nullif(glue_database -> 'TargetDatabase', 'null') as target_database, nullif(glue_database -> 'FederatedDatabase', 'null') as federated_database
    offset 0) as said
  cross join lateral (select nullif(case
      when k."Location" like '%-\_\_PLACEHOLDER\_\_' then said.serde_parameters ->> 'path'
      else coalesce(nullif(k."Location", ''), said.serde_parameters ->> 'path') end, '') as location offset 0) as place
  cross join lateral a2o_private.judge_format(
      table_type, k."TargetTable", k."FederatedTable", said.target_database, said.federated_database,
      k."Parameters", k."StorageDescriptor.Parameters", said.serde_parameters, k."InputFormat", said.serde, place.location) as f
  cross join lateral a2o_private.judge_readiness(f.table_format, f.rule, place.location, nullif(said.parameters ->> 'metadata_location', '')) as r
  cross join lateral a2o_private.read_size(said.parameters) as size
  cross join lateral a2o_private.read_row_count(said.parameters) as rows
$$;
comment on function a2o_private.judge_kept(jsonb, text, jsonb) is
  'Verdicts on a table from what is kept of it (tables.glue_parameters, its type, and the Database of glue:GetDatabases or null): format, size, rows and readiness with their evidence.';

create or replace function a2o_private.judge_glue_table(glue jsonb, glue_database jsonb) returns table (
  database_name text, table_name text, table_format text, storage_location text, size_bytes bigint, size_source text,
  row_count bigint, row_count_source text, partition_keys text[], columns jsonb, column_count integer,
  last_updated timestamptz, migration_readiness a2o.migration_readiness, notes text[], table_type text,
  format_rule text, format_evidence text, readiness_rule text, glue_parameters jsonb, parameters jsonb,
  column_types text, has_clashing_columns boolean, has_unfit_columns boolean
)
  language sql stable rows 1 as $$
  select
    t."DatabaseName", t."Name", j.table_format, j.storage_location, j.size_bytes, j.size_source, j.row_count, j.row_count_source,
    keys.names, live.columns, traits.column_count,
    case when t."UpdateTime" ~ '^(?!0000)\d{4}-\d\d-\d\dT' then t."UpdateTime"::timestamptz end, j.migration_readiness, j.notes,
    t."TableType", j.format_rule, j.format_evidence, j.readiness_rule, kept.glue_parameters, j.parameters,
    traits.column_types, traits.has_clashing_columns, traits.has_unfit_columns
  from jsonb_to_record(glue) as t(
      "DatabaseName" text, "Name" text, "Description" text, "TableType" text, "CreateTime" text, "UpdateTime" text,
      "Parameters" jsonb, "StorageDescriptor" jsonb, "PartitionKeys" jsonb, "TargetTable" jsonb, "FederatedTable" jsonb,
      "ViewOriginalText" text, "ViewDefinition" jsonb, "IsRegisteredWithLakeFormation" boolean,
      "IcebergTableMetadata" jsonb)
  cross join lateral jsonb_to_record(coalesce(t."StorageDescriptor", '{}')) as sd(
      "Columns" jsonb, "Location" text, "InputFormat" text, "OutputFormat" text, "SerdeInfo" jsonb, "Parameters" jsonb)
  cross join lateral (select jsonb_strip_nulls(jsonb_build_object(
      'Parameters', t."Parameters", 'StorageDescriptor.Parameters', sd."Parameters", 'SerdeInfo', sd."SerdeInfo",
      'InputFormat', sd."InputFormat", 'OutputFormat', sd."OutputFormat", 'Location', sd."Location",
      'TargetTable', t."TargetTable", 'FederatedTable', t."FederatedTable", 'ViewOriginalText', t."ViewOriginalText",
      'ViewDefinition', t."ViewDefinition", 'Description', t."Description", 'CreateTime', t."CreateTime",
      'IsRegisteredWithLakeFormation', t."IsRegisteredWithLakeFormation", 'IcebergTableMetadata', t."IcebergTableMetadata")) as glue_parameters offset 0) as kept
  cross join lateral a2o_private.judge_kept(kept.glue_parameters, t."TableType", glue_database) as j
  cross join lateral (
    select coalesce(array_agg(k.key ->> 'Name' order by k.place), '{}') as names
    from jsonb_array_elements(coalesce(t."PartitionKeys", '[]')) with ordinality as k(key, place)) as keys
  cross join lateral a2o_private.read_columns(sd."Columns", t."PartitionKeys", j.table_format, j.parameters, keys.names, j.view_text) as live
  cross join lateral a2o_private.column_traits(live.columns) as traits
$$;
comment on function a2o_private.judge_glue_table(jsonb, jsonb) is
  'One Table of glue:GetTables (and its Database of glue:GetDatabases, or null) read and judged: format, size, rows, columns and readiness with their evidence.';
