-- Whatever is counted about the tables of an assessment: one pass over them, from whose few groups everything is summed. source is a
-- relation or a query in brackets that holds this assessment alone: a condition would make a table without statistics be read by
-- its index.
create or replace function a2o_private.write_rollups(assessment_id uuid, aws_account_id text, source text) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  execute format($sql$
    with grouped as materialized (
      select t.database_name, t.table_format, t.migration_readiness, t.is_iceberg, t.findings, count(*) as tables, count(t.size_bytes) as sized,
        sum(t.size_bytes) as bytes
      from %1$s t group by 1, 2, 3, 4, 5),
    counted as materialized (
      select g.database_name, g.table_format, g.migration_readiness, g.is_iceberg, sum(g.tables) as tables, sum(g.sized) as sized, sum(g.bytes) as bytes
      from grouped g group by 1, 2, 3, 4),
    findings as (
      insert into a2o.finding_rollups (assessment_id, database_name, code, aws_account_id, table_count, sized_tables)
      select $1, g.database_name, code, $2, sum(g.tables), sum(g.sized) from grouped g cross join lateral unnest(g.findings) as code group by 2, 3),
    formats as (
      insert into a2o.format_rollups (assessment_id, table_format, migration_readiness, aws_account_id, table_count, sized_tables, size_bytes)
      select $1, table_format, migration_readiness, $2, sum(tables), sum(sized), a2o_private.saturated(sum(bytes)) from counted group by 2, 3),
    verdicts as (
      insert into a2o.verdict_rollups (assessment_id, database_name, table_format, migration_readiness, aws_account_id, table_count)
      select $1, database_name, table_format, migration_readiness, $2, sum(tables) from counted group by 2, 3, 4),
    by_database as (
      select database_name, sum(tables) filter (where is_iceberg) as iceberg, sum(tables) filter (where migration_readiness = 'READY') as ready,
        sum(tables) filter (where migration_readiness = 'NEEDS_CONVERSION') as needs, sum(tables) filter (where migration_readiness = 'UNKNOWN') as unknown,
        sum(bytes) as bytes, sum(sized) as sized, sum(tables) as tables
      from counted group by database_name),
    databases as (
      update a2o.databases d set iceberg_tables = coalesce(c.iceberg, 0), migration_ready = coalesce(c.ready, 0), needs_conversion = coalesce(c.needs, 0),
        unknown = coalesce(c.unknown, 0), size_bytes = a2o_private.saturated(c.bytes), sized_tables = coalesce(c.sized, 0)
      from a2o.databases x left join by_database c on c.database_name = x.database_name
      where x.assessment_id = $1 and d.assessment_id = x.assessment_id and d.database_name = x.database_name)
    update a2o.assessments a set total_tables = coalesce(c.tables, 0), iceberg_tables = coalesce(c.iceberg, 0), migration_ready = coalesce(c.ready, 0),
      needs_conversion = coalesce(c.needs, 0), unknown = coalesce(c.unknown, 0), total_size_bytes = a2o_private.saturated(c.bytes), sized_tables = coalesce(c.sized, 0)
    from (
      select sum(tables) as tables, sum(iceberg) as iceberg, sum(ready) as ready, sum(needs) as needs, sum(unknown) as unknown, sum(bytes) as bytes, sum(sized) as sized
      from by_database) as c
    where a.id = $1 $sql$, source)
  using assessment_id, aws_account_id;
end
$$;
comment on function a2o_private.write_rollups(uuid, text, text) is 'Counts the tables of an assessment, which are all of source, into the assessment, its databases and all roll-ups.';
revoke all on function a2o_private.write_rollups(uuid, text, text) from public;
