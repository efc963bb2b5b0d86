-- How the format of a table is recognised: the first rule that speaks wins. The order and its reasons: docs/rules.md.
-- One row in format_rules explains each code; a test holds the two together.
create or replace function a2o_private.judge_format(
  table_type text, target_table jsonb, federated_table jsonb, target_database jsonb, federated_database jsonb,
  parameters jsonb, storage_parameters jsonb, serde_parameters jsonb, input_format text, serde text, location text
) returns table (rule text, table_format text, evidence text)
  language sql immutable parallel safe rows 1 as $$
  with said as materialized (
    select
      lower(parameters ->> 'table_type') as open_format,
      lower(parameters ->> 'spark.sql.sources.provider') as provider,
      lower(coalesce(parameters ->> 'classification', storage_parameters ->> 'classification')) as classification,
      lower(coalesce(storage_parameters ->> 'typeOfData', parameters ->> 'typeOfData')) as type_of_data,
      lower(coalesce(parameters ->> 'storage_handler', storage_parameters ->> 'storage_handler')) as storage_handler,
      coalesce(parameters ->> 'connectionName', storage_parameters ->> 'connectionName') as connection_name,
      coalesce(serde_parameters ->> 'field.delim', serde_parameters ->> 'separatorChar', storage_parameters ->> 'delimiter',
        parameters ->> 'delimiter', parameters ->> 'field.delim', serde_parameters ->> 'serialization.format') as delimiter
  ),
  by_file as (
    -- What the files hold, used by the rules for files and for streams alike.
    select case
      when s.provider in ('parquet', 'orc', 'avro', 'json', 'csv', 'text', 'xml')
        then array['fmt-300', upper(s.provider), 'spark.sql.sources.provider=' || s.provider]
      when input_format like 'org.apache.hadoop.hive.ql.io.parquet.%' or input_format like 'parquet.hive.%'
        then array['fmt-310', 'PARQUET', 'InputFormat=' || input_format]
      when input_format like 'org.apache.hadoop.hive.ql.io.orc.%' then array['fmt-311', 'ORC', 'InputFormat=' || input_format]
      when input_format like 'org.apache.hadoop.hive.ql.io.avro.%' then array['fmt-312', 'AVRO', 'InputFormat=' || input_format]
      when input_format like '%.SequenceFileInputFormat' then array['fmt-313', 'SEQUENCEFILE', 'InputFormat=' || input_format]
      when input_format like '%.RCFileInputFormat' then array['fmt-314', 'RCFILE', 'InputFormat=' || input_format]
      when input_format like 'com.amazon.ionhiveserde.%' then array['fmt-315', 'ION', 'InputFormat=' || input_format]
      when input_format like '%.CloudTrailInputFormat' then array['fmt-316', 'CLOUDTRAIL', 'InputFormat=' || input_format]
      when serde like '%.ParquetHiveSerDe' then array['fmt-320', 'PARQUET', 'SerDe=' || serde]
      when serde like '%.OrcSerde' then array['fmt-321', 'ORC', 'SerDe=' || serde]
      when serde like '%.AvroSerDe' then array['fmt-322', 'AVRO', 'SerDe=' || serde]
      when serde like '%.JsonSerDe' then array['fmt-323', 'JSON', 'SerDe=' || serde]
      when serde like '%.OpenCSVSerde' then array['fmt-324', 'CSV', 'SerDe=' || serde]
      when serde like '%.RegexSerDe' then array['fmt-325', 'REGEX', 'SerDe=' || serde]
      when serde like '%.GrokSerDe' then array['fmt-326', 'GROK', 'SerDe=' || serde]
      when serde like '%.XmlSerDe' then array['fmt-327', 'XML', 'SerDe=' || serde]
      when serde like '%.CloudTrailSerde' then array['fmt-328', 'CLOUDTRAIL', 'SerDe=' || serde]
      when serde like 'com.amazon.ionhiveserde.%' then array['fmt-329', 'ION', 'SerDe=' || serde]
      when serde like '%.ColumnarSerDe' or serde like '%.LazyBinaryColumnarSerDe' then array['fmt-330', 'RCFILE', 'SerDe=' || serde]
      when serde like '%.LazySimpleSerDe' and s.classification in ('csv', 'tsv')
        then array['fmt-331', 'CSV', 'SerDe=' || serde || ', classification=' || s.classification]
      when serde like '%.LazySimpleSerDe' and s.delimiter in (',', ';', '|', E'\t', '\t')
        then array['fmt-332', 'CSV', 'SerDe=' || serde || ', delimiter=' || replace(s.delimiter, E'\t', '\t')]
      when serde like '%.LazySimpleSerDe' and coalesce(s.classification, 'unknown') not in ('json', 'parquet', 'orc', 'avro', 'xml', 'ion')
        then array['fmt-333', 'TEXT', 'SerDe=' || serde]
      when s.classification in ('parquet', 'orc', 'avro', 'json', 'csv', 'xml', 'ion', 'cloudtrail')
        then array['fmt-340', upper(s.classification), 'classification=' || s.classification]
      when s.classification = 'tsv' then array['fmt-341', 'CSV', 'classification=tsv']
      end as verdict
    from said s
    offset 0
  ),
  first_that_speaks as (
    select case
      when target_table is not null
        then array['fmt-010', 'RESOURCE_LINK', concat('TargetTable=', target_table ->> 'DatabaseName', '.', target_table ->> 'Name')]
      when target_database is not null
        then array['fmt-011', 'RESOURCE_LINK', concat('TargetDatabase=', target_database ->> 'DatabaseName')]
      when federated_table is not null
        then array['fmt-020', 'FEDERATED', concat('FederatedTable=', federated_table ->> 'Identifier')]
      when federated_database is not null
        then array['fmt-021', 'FEDERATED', concat('FederatedDatabase=', federated_database ->> 'Identifier')]
      when upper(table_type) like '%VIEW' then array['fmt-030', 'VIEW', 'TableType=' || table_type]
      when s.open_format in ('iceberg', 'delta', 'hudi')
        then array['fmt-100', upper(s.open_format), 'table_type=' || (parameters ->> 'table_type')]
      when s.provider in ('iceberg', 'delta', 'hudi')
        then array['fmt-110', upper(s.provider), 'spark.sql.sources.provider=' || (parameters ->> 'spark.sql.sources.provider')]
      when nullif(parameters ->> 'metadata_location', '') is not null
        then array['fmt-120', 'ICEBERG', 'metadata_location=' || (parameters ->> 'metadata_location')]
      when input_format like 'org.apache.iceberg.%' then array['fmt-130', 'ICEBERG', 'InputFormat=' || input_format]
      when input_format like 'org.apache.hudi.%' or input_format like 'com.uber.hoodie.%'
        then array['fmt-131', 'HUDI', 'InputFormat=' || input_format]
      when input_format like 'io.delta.%' then array['fmt-132', 'DELTA', 'InputFormat=' || input_format]
      when input_format like '%.SymlinkTextInputFormat' and (location like '%\_symlink\_format\_manifest%' or s.classification = 'delta')
        then array['fmt-133', 'DELTA', 'InputFormat=' || input_format || ', ' ||
          case when s.classification = 'delta' then 'classification=delta' else 'Location=' || location end]
      when s.storage_handler like '%iceberg%' then array['fmt-140', 'ICEBERG', 'storage_handler=' || s.storage_handler]
      when s.storage_handler like '%hbase%' then array['fmt-141', 'HBASE', 'storage_handler=' || s.storage_handler]
      when s.storage_handler like '%dynamodb%' then array['fmt-142', 'DYNAMODB', 'storage_handler=' || s.storage_handler]
      when s.storage_handler like '%jdbc%' then array['fmt-143', 'JDBC', 'storage_handler=' || s.storage_handler]
      when s.classification = 'dynamodb' then array['fmt-144', 'DYNAMODB', 'classification=dynamodb']
      when s.type_of_data in ('kinesis', 'kafka') then array['fmt-200', coalesce(f.verdict[2], 'UNKNOWN'),
        concat('typeOfData=', s.type_of_data, ', ' || f.verdict[3])]
      when s.classification in ('kinesis', 'kafka') then array['fmt-201', coalesce(f.verdict[2], 'UNKNOWN'),
        concat('classification=', s.classification, ', ' || f.verdict[3])]
      when s.connection_name is not null then array['fmt-210', 'JDBC', 'connectionName=' || s.connection_name]
      when s.classification in ('mysql', 'mariadb', 'postgresql', 'oracle', 'sqlserver', 'db2', 'redshift', 'aurora', 'snowflake',
          'teradata', 'saphana', 'vertica', 'bigquery', 'mongodb', 'documentdb')
        then array['fmt-211', 'JDBC', 'classification=' || s.classification]
      when f.verdict is not null then f.verdict
      else array['fmt-900', 'UNKNOWN', case
        when serde is not null then 'SerDe=' || serde
        when input_format is not null then 'InputFormat=' || input_format
        when s.classification is not null then 'classification=' || s.classification
        else 'no InputFormat, SerDe or classification' end]
      end as verdict
    from said s, by_file f
    offset 0 -- decided once, although three parts of it are used
  )
  select verdict[1], verdict[2], left(verdict[3], 1000) from first_that_speaks
$$;
comment on function a2o_private.judge_format(text, jsonb, jsonb, jsonb, jsonb, jsonb, jsonb, jsonb, text, text, text) is
  'Format of one Glue table: the code of the rule that decided (see format_rules), the format, and the Glue field with its value that decided.';
