-- Definer, because column lists carry no account: many tables share one. The account of the assessment is checked first.
create or replace function a2o.table_columns(assessment_id uuid, database_name text, table_name text)
  returns table (place integer, column_name text, data_type text, is_partition_key boolean, comment text)
  language plpgsql stable rows 20 security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform a2o_private.readable_assessment(assessment_id);
  return query
    select c.place::integer, c.col ->> 'name', c.col ->> 'type', coalesce((c.col ->> 'partition')::boolean, false), nullif(c.col ->> 'comment', '')
    from a2o.tables t
    join a2o.column_schemas s on s.schema_hash = t.column_schema_hash
    cross join lateral jsonb_array_elements(s.columns) with ordinality as c(col, place)
    where t.assessment_id = table_columns.assessment_id and t.database_name = table_columns.database_name and t.table_name = table_columns.table_name
    order by c.place;
end
$$;
comment on function a2o.table_columns(uuid, text, text) is 'Live columns of one table of an assessment, in order, partition keys last. None for a table that came from a report, which does not tell them. Error: A2O12 no such assessment.';
revoke all on function a2o.table_columns(uuid, text, text) from public;
grant execute on function a2o.table_columns(uuid, text, text) to a2o_reader, a2o_ingest;
