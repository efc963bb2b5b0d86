-- The two ways rows come into an assessment's own table: judged from Glue's answers, or as a report brought them.
create or replace function a2o_private.fill_from_glue(stage text, target text, assessment_id uuid, aws_account_id text, region text) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  execute format($sql$
    with staged as materialized (
      -- AWS may repeat a table when a page token is repeated or the catalog changes between pages; the later answer stands.
      -- A linked database answers with its target's name, so the name it was asked by is the one that counts.
      select distinct on (database_name, glue ->> 'Name') database_name, glue
      from a2o_private.%1$I order by database_name, glue ->> 'Name', glue ->> 'UpdateTime' desc nulls last),
    judged as materialized (
      select j.*, sha256(convert_to(j.columns::text, 'UTF8')) as schema_hash, s.database_name as listed_database
      from staged s
      left join a2o_private.%2$I d using (database_name)
      cross join lateral a2o_private.judge_glue_table(s.glue, d.glue) as j),
    kept_schemas as (
      insert into a2o.column_schemas (schema_hash, columns)
      select distinct on (schema_hash) schema_hash, columns from judged order by schema_hash
      on conflict do nothing)
    insert into a2o_private.%3$I (assessment_id, database_name, table_name, id, database_id, aws_account_id, table_format, storage_location, size_bytes,
      partition_keys, column_count, last_updated, is_iceberg, migration_readiness, notes, table_type, row_count, row_count_source, size_source,
      format_rule, format_evidence, readiness_rule, glue_parameters, column_schema_hash, content_hash)
    select $1, listed_database, table_name, a2o.table_identity($2, $3, listed_database, table_name), a2o_private.database_identity($1, listed_database),
      $2, table_format, storage_location, size_bytes, partition_keys, column_count, last_updated, table_format = 'ICEBERG', migration_readiness,
      notes, table_type, row_count, row_count_source, size_source, format_rule, format_evidence, readiness_rule, glue_parameters, schema_hash,
      sha256(convert_to(row(table_format, storage_location, size_bytes, partition_keys, column_count, extract(epoch from last_updated),
        migration_readiness, table_type, row_count, schema_hash)::text, 'UTF8'))
    from judged $sql$, stage || 'tables', stage || 'databases', target)
  using assessment_id, aws_account_id, region;
end
$$;
comment on function a2o_private.fill_from_glue(text, text, uuid, text, text) is 'Judges the staged Glue answers of a run into a table of the shape of tables.';

create or replace function a2o_private.fill_from_report(stage text, target text, assessment_id uuid, aws_account_id text, region text) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  execute format($sql$
    insert into a2o_private.%2$I (assessment_id, database_name, table_name, id, database_id, aws_account_id, table_format, storage_location, size_bytes,
      partition_keys, column_count, last_updated, is_iceberg, migration_readiness, notes, table_type, row_count, row_count_source, size_source,
      format_rule, format_evidence, readiness_rule, reported, content_hash)
    select $1, database_name, table_name, a2o.table_identity($2, $3, database_name, table_name), a2o_private.database_identity($1, database_name),
      $2, table_format, nullif(storage_location, ''), bytes, partition_keys, column_count, last_updated, is_iceberg, migration_readiness, notes,
      extra ->> 'table_type', a2o_private.parse_bigint(extra ->> 'row_count'), extra ->> 'row_count_source',
      case when bytes is not null then coalesce(extra ->> 'size_source', 'reported') end,
      extra ->> 'format_rule', extra ->> 'format_evidence', extra ->> 'readiness_rule',
      extra - array['size_bytes', 'size_source', 'row_count', 'row_count_source', 'table_type', 'format_rule', 'format_evidence', 'readiness_rule'],
      sha256(convert_to(row(table_format, storage_location, bytes, partition_keys, column_count, extract(epoch from last_updated),
        migration_readiness, extra ->> 'table_type', a2o_private.parse_bigint(extra ->> 'row_count'), null::bytea)::text, 'UTF8'))
    from (
      select *, coalesce(a2o_private.parse_bigint(extra ->> 'size_bytes'), round(estimated_size_gb * 1073741824.0)::bigint) as bytes
      from a2o_private.%1$I) as r $sql$, stage || 'reported_tables', target)
  using assessment_id, aws_account_id, region;
end
$$;
comment on function a2o_private.fill_from_report(text, text, uuid, text, text) is 'Copies the staged rows of a report, verdicts and all, into a table of the shape of tables.';

create or replace function a2o_private.hash_assessment(
  stage text, target text, "timestamp" timestamptz, region text, aws_account_id text, tool_version text, is_simulated boolean, reported jsonb
) returns bytea
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  hash bytea;
begin
  -- Only what a report tells goes in, so that an assessment and its own report are recognised as the same: neither origin, nor
  -- what Glue said. XOR of row hashes does not depend on the order of rows, and no key occurs twice.
  execute format($sql$
    select sha256(convert_to(row(extract(epoch from $1), $2, $3, $4, $5, nullif($6, '{}'),
      d.count, d.hash_a, d.hash_b, u.hash, t.count, t.hash_a, t.hash_b)::text, 'UTF8'))
    from (
      select count(*) as count, bit_xor(hashtextextended(line, 1)) as hash_a, bit_xor(hashtextextended(line, 2)) as hash_b
      from (
        select row(database_name, coalesce(description, glue ->> 'Description'), coalesce(location_uri, glue ->> 'LocationUri'),
          table_count, nullif(extra, '{}'))::text as line
        from a2o_private.%1$I where database_name <> '') as databases) as d,
    (
      select bit_xor(hashtextextended(row(database_name, status, tables_read, operation, error_code, error_message)::text, 1)) as hash
      from a2o_private.%1$I where status <> 'COMPLETE') as u,
    (
      select count(*) as count, bit_xor(hashtextextended(line, 1)) as hash_a, bit_xor(hashtextextended(line, 2)) as hash_b
      from (
        select row(database_name, table_name, table_format, storage_location, size_bytes, size_source, row_count, row_count_source,
          partition_keys, column_count, extract(epoch from last_updated), is_iceberg, migration_readiness, notes, table_type,
          format_rule, format_evidence, readiness_rule, nullif(reported, '{}'))::text as line
        from a2o_private.%2$I) as rows) as t $sql$, stage || 'databases', target)
  using "timestamp", region, aws_account_id, tool_version, is_simulated, reported into hash;
  return hash;
end
$$;
comment on function a2o_private.hash_assessment(text, text, timestamptz, text, text, text, boolean, jsonb) is 'SHA-256 over everything a report of the assessment tells.';
