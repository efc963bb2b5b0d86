-- The seed's tool, with the database that its own example asks for.
create or replace function a2o_mcp.search_tables(
  pattern text, format a2o_mcp.table_format default null, min_size_gb numeric default null, database text default null, assessment_id text default null,
  "limit" integer default 25, cursor text default null, finding text default null
) returns a2o_mcp.table_page
  language sql stable as $$
  select * from a2o.answer_tables(assessment_id, pattern, case when format is not null then array[format::text] end, null, min_size_gb, database, "limit", cursor, finding)
$$;
comment on function a2o_mcp.search_tables(text, a2o_mcp.table_format, numeric, text, text, integer, text, text) is
$$Finds tables by name, format, size, database and finding, largest first; all conditions in one call. For "Parquet tables larger than 100 GB in the analytics database": pattern %, format PARQUET, min_size_gb 100, database analytics. Not for counts (get_tables_by_format, get_database_summary), nor for the largest of all tables (get_largest_tables).

@param pattern SQL LIKE pattern for the whole table name, capitals and small letters alike: % stands for any characters, _ for one. % alone fits every table; 'events%' those that start with events
@param format Only tables of this format
@param min_size_gb Only tables of at least so many GB (2^30 bytes); tables of unknown size do not fit then [0..]
@param database Only tables of the database of exactly this name
@param assessment_id Assessment to look into: an id, latest, previous or latest~2; the newest when left out
@param limit Tables in one answer [1..100]
@param cursor next_cursor of the answer before, to go on; the other arguments unchanged
@param finding Only tables with this finding, by its code as get_findings tells it, e.g. nested_types$$;
revoke all on function a2o_mcp.search_tables(text, a2o_mcp.table_format, numeric, text, text, integer, text, text) from public;
grant execute on function a2o_mcp.search_tables(text, a2o_mcp.table_format, numeric, text, text, integer, text, text) to a2o_reader;
