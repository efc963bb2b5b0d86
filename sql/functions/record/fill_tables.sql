-- The two ways rows come into an assessment's own table: judged from Glue's answers, or as a report brought them. Both look for
-- findings on the way. offset 0 keeps facts together, so that nothing is computed twice.
create or replace function a2o_private.fill_from_glue(stage text, target text, assessment_id uuid, aws_account_id text, region text, "timestamp" timestamptz) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp set enable_memoize = off as $$
begin
  execute format($sql$
    with named as materialized (
      select s.ctid as place, s.database_name, s.glue ->> 'Name' as table_name, s.glue ->> 'UpdateTime' as updated from a2o_private.%1$I s),
    folded as materialized (
      -- Only a name that is not in lower case can clash with another.
      select lower(n.database_name) as database_name, lower(n.table_name) as table_name
      from named n
      where (lower(n.database_name), lower(n.table_name)) in (
        select lower(m.database_name), lower(m.table_name) from named m
        where m.database_name <> lower(m.database_name) or m.table_name <> lower(m.table_name))
      group by 1, 2
      having count(distinct (n.database_name, n.table_name)) > 1),
    newest as (
      -- AWS may repeat a table when a page token is repeated or the catalog changes between pages; the later answer stands.
      -- A linked database answers with its target's name, so the name it was asked by is the one that counts.
      select distinct on (database_name, table_name) place, database_name, table_name from named order by database_name, table_name, updated desc nulls last),
    judged as materialized (
      select j.*, sha256(convert_to(j.columns::text, 'UTF8')) as schema_hash, n.database_name as listed_database,
        (lower(n.database_name), lower(n.table_name)) in (select f.database_name, f.table_name from folded f) as has_clashing_name
      from newest n
      join a2o_private.%1$I s on s.ctid = n.place
      left join a2o_private.%2$I d on d.database_name = n.database_name
      cross join lateral a2o_private.judge_glue_table(s.glue, d.glue) as j),
    kept_schemas as (
      insert into a2o.column_schemas (schema_hash, columns)
      select distinct on (schema_hash) schema_hash, columns from judged order by schema_hash
      on conflict do nothing)
    insert into a2o_private.%3$I (assessment_id, database_name, table_name, id, database_id, aws_account_id, table_format, storage_location, size_bytes,
      partition_keys, column_count, last_updated, is_iceberg, migration_readiness, notes, findings, table_type, row_count, row_count_source, size_source,
      format_rule, format_evidence, readiness_rule, glue_parameters, column_schema_hash, content_hash)
    select $1, listed_database, table_name, a2o.table_identity($2, $3, listed_database, table_name), a2o_private.database_identity($1, listed_database),
      $2, table_format, storage_location, size_bytes, partition_keys, column_count, last_updated, table_format = 'ICEBERG', migration_readiness,
      notes, %4$s, table_type, row_count, row_count_source, size_source, format_rule, format_evidence, readiness_rule, glue_parameters, schema_hash,
      a2o_private.hash_table(table_format, storage_location, size_bytes, partition_keys, column_count, last_updated, migration_readiness, table_type, row_count, schema_hash)
    from judged
    cross join lateral (select row($4, $5, table_format, format_rule, readiness_rule, storage_location, size_bytes, size_source, row_count,
      partition_keys, column_count, last_updated, parameters, glue_parameters, column_types, has_clashing_columns, has_unfit_columns,
      has_clashing_name)::a2o_private.table_facts as facts) as f $sql$,
    stage || 'tables', stage || 'databases', target, a2o_private.findings_expression('GLUE'))
  using assessment_id, aws_account_id, region, "timestamp", a2o_private.current_limits();
end
$$;
comment on function a2o_private.fill_from_glue(text, text, uuid, text, text, timestamptz) is 'Judges the staged Glue answers of a run into a table of the shape of tables.';

create or replace function a2o_private.fill_from_report(stage text, target text, assessment_id uuid, aws_account_id text, region text, "timestamp" timestamptz) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  execute format($sql$
    with folded as materialized (
      select lower(n.database_name) as database_name, lower(n.table_name) as table_name
      from a2o_private.%1$I n
      where (lower(n.database_name), lower(n.table_name)) in (
        select lower(m.database_name), lower(m.table_name) from a2o_private.%1$I m
        where m.database_name <> lower(m.database_name) or m.table_name <> lower(m.table_name))
      group by 1, 2
      having count(distinct (n.database_name, n.table_name)) > 1),
    -- Once for each database, not for each table.
    identities as materialized (
      select d.database_name as of_database, a2o_private.database_identity($1, d.database_name) as database_id
      from (select distinct n.database_name from a2o_private.%1$I n) as d)
    insert into a2o_private.%2$I (assessment_id, database_name, table_name, id, database_id, aws_account_id, table_format, storage_location, size_bytes,
      partition_keys, column_count, last_updated, is_iceberg, migration_readiness, notes, findings, table_type, row_count, row_count_source, size_source,
      format_rule, format_evidence, readiness_rule, reported, content_hash)
    select $1, database_name, table_name, a2o.table_identity($2, $3, database_name, table_name), database_id,
      $2, table_format, location, bytes, partition_keys, column_count, last_updated, is_iceberg, migration_readiness, notes, %3$s,
      table_type, rows, extra ->> 'row_count_source',
      case when bytes is not null then coalesce(extra ->> 'size_source', 'reported') end,
      extra ->> 'format_rule', extra ->> 'format_evidence', extra ->> 'readiness_rule',
      case when extra = '{}' then extra else
        extra - array['size_bytes', 'size_source', 'row_count', 'row_count_source', 'table_type', 'format_rule', 'format_evidence', 'readiness_rule'] end,
      a2o_private.hash_table(table_format, location, bytes, partition_keys, column_count, last_updated, migration_readiness, table_type, rows, null)
    from (
      select *, coalesce(a2o_private.parse_bigint(extra ->> 'size_bytes'), round(estimated_size_gb * 1073741824.0)::bigint) as bytes,
        nullif(storage_location, '') as location, a2o_private.parse_bigint(extra ->> 'row_count') as rows, extra ->> 'table_type' as table_type,
        (lower(database_name), lower(table_name)) in (select f.database_name, f.table_name from folded f) as has_clashing_name
      from a2o_private.%1$I offset 0) as r
    join identities on of_database = database_name
    cross join lateral (select row($4, $5, table_format, extra ->> 'format_rule', extra ->> 'readiness_rule', location, bytes, extra ->> 'size_source', rows,
      partition_keys, column_count, last_updated, null, null, null, null, null, has_clashing_name)::a2o_private.table_facts as facts) as f $sql$,
    stage || 'reported_tables', target, a2o_private.findings_expression('REPORT'))
  using assessment_id, aws_account_id, region, "timestamp", a2o_private.current_limits();
end
$$;
comment on function a2o_private.fill_from_report(text, text, uuid, text, text, timestamptz) is 'Copies the staged rows of a report, verdicts and all, into a table of the shape of tables.';

-- Two 64-bit hashes of the values as they are: nothing is put into words for it. What a server of another kind would hash
-- differently is only compared column by column.
create or replace function a2o_private.hash_table(
  table_format text, storage_location text, size_bytes bigint, partition_keys text[], column_count integer, last_updated timestamptz,
  migration_readiness a2o.migration_readiness, table_type text, row_count bigint, schema_hash bytea
) returns bytea
  language sql immutable parallel safe
  return int8send(hash_record_extended(row(table_format, storage_location, size_bytes, partition_keys, column_count, last_updated,
      migration_readiness, table_type, row_count, schema_hash), 1))
    || int8send(hash_record_extended(row(table_format, storage_location, size_bytes, partition_keys, column_count, last_updated,
      migration_readiness, table_type, row_count, schema_hash), 2));
comment on function a2o_private.hash_table(text, text, bigint, text[], integer, timestamptz, a2o.migration_readiness, text, bigint, bytea) is 'tables.content_hash: 128 bits of what a table is.';

-- Only what a report tells goes in, so that an assessment and its own report are recognised as the same: neither origin, nor
-- what Glue said, nor findings. XOR of row hashes does not depend on the order of rows, and no key occurs twice.
create or replace function a2o_private.hash_assessment(
  databases text, coverage text, target text, "timestamp" timestamptz, region text, aws_account_id text, tool_version text, is_simulated boolean, reported jsonb
) returns bytea
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  hash bytea;
begin
  execute format($sql$
    select sha256(convert_to(row(extract(epoch from $1), $2, $3, $4, $5, nullif($6, '{}'),
      d.count, d.hash_a, d.hash_b, u.hash, t.count, t.hash_a, t.hash_b)::text, 'UTF8'))
    from (
      select count(*) as count, bit_xor(hashtextextended(line, 1)) as hash_a, bit_xor(hashtextextended(line, 2)) as hash_b
      from (select row(database_name, description, location_uri, table_count, nullif(reported, '{}'))::text as line from (%1$s) as stored) as databases) as d,
    (
      select bit_xor(hashtextextended(row(database_name, status, tables_read, operation, error_code, error_message)::text, 1)) as hash
      from (%2$s) as covered where status <> 'COMPLETE') as u,
    (
      select count(*) as count, bit_xor(hash_record_extended(line, 1)) as hash_a, bit_xor(hash_record_extended(line, 2)) as hash_b
      from (
        -- The readiness as text: the hash of an enum is not the same in every database.
        select row(database_name, table_name, table_format, storage_location, size_bytes, size_source, row_count, row_count_source,
          partition_keys, column_count, last_updated, is_iceberg, migration_readiness::text, notes, table_type,
          format_rule, format_evidence, readiness_rule, nullif(reported, '{}')) as line
        from (%3$s) as kept offset 0) as rows) as t $sql$, databases, coverage, target)
  using "timestamp", region, aws_account_id, tool_version, is_simulated, reported into hash;
  return hash;
end
$$;
comment on function a2o_private.hash_assessment(text, text, text, timestamptz, text, text, text, boolean, jsonb) is 'SHA-256 over everything a report of the assessment tells. Its databases, coverage and tables are queries.';
