-- The seed's tool.
create or replace function a2o_mcp.get_database_summary(database_name text, assessment_id text default null) returns a2o_mcp.database_summary
  language plpgsql stable as $$
declare
  answer a2o_mcp.database_summary;
  choice record;
begin
  select * into choice from a2o.choose_assessment(get_database_summary.assessment_id);
  answer.assessment_id := choice.chosen;
  answer.message := choice.message;
  if choice.chosen is null then
    return answer;
  end if;
  select d.assessment_id, d.database_name, left(d.description, 2000), d.table_count, d.iceberg_tables, d.migration_ready, d.needs_conversion, d.unknown, d.ready_percent,
    d.sized_tables, round(d.estimated_size_gb, 3), d.coverage, left(concat_ws(': ', d.failed_operation, d.error_code, d.error_message), 500),
    case when d.coverage <> 'COMPLETE' then 'This database could not be read in full, so the numbers are a lower bound.' end
  into answer
  from a2o.database_overview d where d.assessment_id = choice.chosen and d.database_name = get_database_summary.database_name;
  if not found then
    answer.assessment_id := choice.chosen;
    answer.message := a2o.suggest_databases(choice.chosen, database_name);
  end if;
  answer.coverage_error := nullif(answer.coverage_error, '');
  return answer;
end
$$;
comment on function a2o_mcp.get_database_summary(text, text) is
$$One database in numbers: tables, readiness, Iceberg tables, known size, and how far it could be read. Sizes are in GB of 2^30 bytes. For its tables use search_tables or query_tables_by_readiness with database. A wrong name gets the nearest names in message.

@param database_name Exact name of the database
@param assessment_id Assessment to look into: an id, latest, previous or latest~2; the newest when left out$$;
revoke all on function a2o_mcp.get_database_summary(text, text) from public;
grant execute on function a2o_mcp.get_database_summary(text, text) to a2o_reader;
