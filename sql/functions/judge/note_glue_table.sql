-- The sentences of the reports' Notes column. Inlined, and so without a sub-select, and no more than stable, as concat_ws is.
create or replace function a2o_private.note_glue_table(
  table_format text, format_rule text, readiness_rule text, location text, parameters jsonb,
  size_source text, size_bytes bigint, is_lake_formation boolean
) returns text[]
  language sql stable parallel safe
  return array_remove(array[
    case readiness_rule
      when 'rdy-010' then 'Resource link: its target decides, and its bytes are counted there.'
      when 'rdy-020' then 'The catalog does not say what the data is.'
      when 'rdy-031' then 'A stream, not files: its producers and consumers have to move.'
      when 'rdy-040' then 'No storage location.'
      when 'rdy-110' then 'Iceberg, but not on S3.' end,
    case table_format
      when 'VIEW' then 'View: its SQL has to be rewritten for the target engine.'
      when 'JDBC' then 'The data lies in a database and has to be exported.'
      when 'FEDERATED' then 'Federated: the data lies outside this catalog.'
      when 'DYNAMODB' then 'The data lies in DynamoDB and has to be exported.'
      when 'HBASE' then 'The data lies in HBase and has to be exported.'
      when 'DELTA' then 'Delta Lake: convert in place or rewrite as Iceberg.'
      when 'HUDI' then 'Hudi: convert in place or rewrite as Iceberg.' end,
    case when location !~* '^s3[an]?://' and table_format not in ('VIEW', 'JDBC', 'FEDERATED', 'DYNAMODB', 'HBASE', 'RESOURCE_LINK')
        and format_rule not in ('fmt-200', 'fmt-201') then 'Not on S3: ' || split_part(location, ':', 1) || '.' end,
    case when size_source in ('sizeKey', 'recordCount × averageRecordSize') then 'Size estimated by a crawler.' end,
    case when size_bytes is null and table_format <> 'RESOURCE_LINK'
        and (parameters ?| array['totalSize', 'sizeKey', 'spark.sql.statistics.totalSize'] or parameters ?& array['recordCount', 'averageRecordSize']) then
      'Size unknown: ' || concat_ws(', ',
        'totalSize is ' || quote_literal(left(parameters ->> 'totalSize', 40)),
        'spark.sql.statistics.totalSize is ' || quote_literal(left(parameters ->> 'spark.sql.statistics.totalSize', 40)),
        'sizeKey is ' || quote_literal(left(parameters ->> 'sizeKey', 40)),
        'recordCount is ' || quote_literal(left(parameters ->> 'recordCount', 40)),
        'averageRecordSize is ' || quote_literal(left(parameters ->> 'averageRecordSize', 40))) || '.' end,
    case when parameters ->> 'projection.enabled' ilike 'true' then 'Partition projection: the partitions are rules in Athena, not entries in the catalog.' end,
    case when is_lake_formation then 'Governed by Lake Formation: its permissions have to be rebuilt.' end
  ], null);
comment on function a2o_private.note_glue_table(text, text, text, text, jsonb, text, bigint, boolean) is 'What a person should know about a table, one sentence each.';
