-- What the numbers do not cover.
create or replace function a2o_mcp.get_coverage(assessment_id text default null, "limit" integer default 25, cursor text default null) returns a2o_mcp.coverage_page
  language plpgsql stable as $$
declare
  answer a2o_mcp.coverage_page;
  choice record;
  after_key text[];
begin
  answer.items := '{}';
  select * into choice from a2o.choose_assessment(get_coverage.assessment_id);
  answer.assessment_id := choice.chosen;
  answer.message := choice.message;
  if choice.chosen is null then
    return answer;
  end if;
  after_key := a2o.read_tool_cursor(cursor, 'coverage' || choice.chosen, 1);
  select a.total_databases, a.databases_complete, a.completeness_percent
  into answer.total_databases, answer.databases_read_in_full, answer.completeness_percent
  from a2o.assessments a where a.id = choice.chosen;
  select coalesce(array_agg(row(c.database_name, c.status, c.tables_read, c.operation, c.error_code, left(c.error_message, 200))::a2o_mcp.coverage_line
    order by c.database_name), '{}')
  into answer.items
  from (
    select v.* from a2o.database_coverage v
    where v.assessment_id = choice.chosen and v.status <> 'COMPLETE' and (after_key is null or v.database_name > after_key[1])
    order by v.database_name limit get_coverage."limit" + 1) as c;
  select count(*) into answer.total_count from a2o.database_coverage v where v.assessment_id = choice.chosen and v.status <> 'COMPLETE';
  if cardinality(answer.items) > "limit" then
    answer.items := answer.items[:"limit"];
    answer.next_cursor := a2o.write_tool_cursor('coverage' || choice.chosen, answer.items["limit"].database_name);
  elsif answer.total_count = 0 then
    answer.message := 'Every database was read in full.';
  end if;
  return answer;
end
$$;
comment on function a2o_mcp.get_coverage(text, integer, text) is
$$How much of the catalog could be read, and each database that could not be read in full, with AWS's error. Use it before calling a total complete, or when a database seems to have too few tables.

@param assessment_id Assessment to look into: an id, latest, previous or latest~2; the newest when left out
@param limit Databases in one answer [1..100]
@param cursor next_cursor of the answer before, to go on; the other arguments unchanged$$;
revoke all on function a2o_mcp.get_coverage(text, integer, text) from public;
grant execute on function a2o_mcp.get_coverage(text, integer, text) to a2o_reader;
