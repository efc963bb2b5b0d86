-- The seed's tool.
create or replace function a2o_mcp.query_tables_by_readiness(
  status a2o.migration_readiness, database text default null, assessment_id text default null, "limit" integer default 25, cursor text default null
) returns a2o_mcp.table_page
  language sql stable as $$
  select * from a2o.answer_tables(assessment_id, null, null, array[status], null, database, "limit", cursor)
$$;
comment on function a2o_mcp.query_tables_by_readiness(a2o.migration_readiness, text, text, integer, text) is
$$Tables with one verdict, largest first: READY (Iceberg on S3), NEEDS_CONVERSION (to be converted, rewritten or exported) or UNKNOWN (the catalog does not say enough). Use it to list what is to be done; notes say why. For counts alone use get_latest_assessment or get_database_summary.

@param status The verdict
@param database Only tables of the database of exactly this name
@param assessment_id Assessment to look into: an id, latest, previous or latest~2; the newest when left out
@param limit Tables in one answer [1..100]
@param cursor next_cursor of the answer before, to go on; the other arguments unchanged$$;
revoke all on function a2o_mcp.query_tables_by_readiness(a2o.migration_readiness, text, text, integer, text) from public;
grant execute on function a2o_mcp.query_tables_by_readiness(a2o.migration_readiness, text, text, integer, text) to a2o_reader;
