-- The seed's tool.
create or replace function a2o_mcp.get_tables_by_format(assessment_id text default null) returns a2o_mcp.format_page
  language plpgsql stable as $$
declare
  answer a2o_mcp.format_page;
  choice record;
begin
  select * into choice from a2o.choose_assessment(get_tables_by_format.assessment_id);
  answer.assessment_id := choice.chosen;
  answer.message := choice.message;
  -- A report may bring any number of formats of its own.
  select coalesce(array_agg(row(f.table_format, f.tables, round(100.0 * f.tables / nullif(f.all_tables, 0), 2), f.ready, f.needs, f.unknown, f.sized,
      round(a2o.bytes_to_gb(f.bytes), 3))::a2o_mcp.format_line order by f.tables desc, f.table_format) filter (where f.place <= 100), '{}'), count(*)
  into answer.items, answer.total_count
  from (
    select r.table_format, sum(r.table_count) as tables, sum(sum(r.table_count)) over () as all_tables,
      coalesce(sum(r.table_count) filter (where r.migration_readiness = 'READY'), 0) as ready,
      coalesce(sum(r.table_count) filter (where r.migration_readiness = 'NEEDS_CONVERSION'), 0) as needs,
      coalesce(sum(r.table_count) filter (where r.migration_readiness = 'UNKNOWN'), 0) as unknown, sum(r.sized_tables) as sized,
      -- Not least(): it passes over a null, and unknown sizes would become the largest one.
      case when sum(r.size_bytes) > 9223372036854775807 then 9223372036854775807 else sum(r.size_bytes) end::bigint as bytes, row_number() over (order by sum(r.table_count) desc, r.table_format) as place
    from a2o.format_rollups r where r.assessment_id = choice.chosen group by r.table_format) as f;
  if answer.total_count = 0 and choice.chosen is not null then
    answer.message := 'No table was read. get_coverage says what could not be read, and why.';
  end if;
  return answer;
end
$$;
comment on function a2o_mcp.get_tables_by_format(text) is
$$Tables counted by format, most tables first, with readiness and known size of each. Use it for questions about the mix of formats. For the tables themselves use search_tables with format. Sizes are in GB of 2^30 bytes and cover tables_with_known_size only.

@param assessment_id Assessment to look into: an id, latest, previous or latest~2; the newest when left out$$;
revoke all on function a2o_mcp.get_tables_by_format(text) from public;
grant execute on function a2o_mcp.get_tables_by_format(text) to a2o_reader;
