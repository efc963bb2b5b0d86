-- "What is the largest Parquet table?"
create or replace function a2o_mcp.get_largest_tables(
  format a2o_mcp.table_format default null, database text default null, assessment_id text default null, "limit" integer default 10, cursor text default null
) returns a2o_mcp.table_page
  language sql stable as $$
  select * from a2o.answer_tables(assessment_id, null, case when format is not null then array[format::text] end, null, 0, database, "limit", cursor)
$$;
comment on function a2o_mcp.get_largest_tables(a2o_mcp.table_format, text, text, integer, text) is
$$The largest tables whose size is known, largest first, of all formats and databases or of one. Use it for "what is the largest Parquet table?". total_count leaves out tables of unknown size. To find tables by name use search_tables.

@param format Only tables of this format
@param database Only tables of the database of exactly this name
@param assessment_id Assessment to look into: an id, latest, previous or latest~2; the newest when left out
@param limit Tables in one answer [1..100]
@param cursor next_cursor of the answer before, to go on; the other arguments unchanged$$;
revoke all on function a2o_mcp.get_largest_tables(a2o_mcp.table_format, text, text, integer, text) from public;
grant execute on function a2o_mcp.get_largest_tables(a2o_mcp.table_format, text, text, integer, text) to a2o_reader;
