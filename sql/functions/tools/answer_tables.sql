-- What the MCP tools that answer with tables share: the choice of the assessment, the page, and words for an empty one.
create or replace function a2o.answer_tables(
  assessment_id text, pattern text, formats text[], readiness a2o.migration_readiness[], min_size_gb numeric, database text, page_size integer, cursor text,
  finding text default null
) returns a2o_mcp.table_page
  language plpgsql stable as $$
declare
  answer a2o_mcp.table_page;
  choice record;
  page a2o.table_page;
begin
  answer.items := '{}';
  select * into choice from a2o.choose_assessment(answer_tables.assessment_id);
  answer.assessment_id := choice.chosen;
  answer.message := choice.message;
  if choice.chosen is null then
    return answer;
  end if;
  page := a2o.search_tables(assessment_id => choice.chosen, pattern => answer_tables.pattern, formats => answer_tables.formats,
    readiness => answer_tables.readiness, -- least() passes over a null.
    min_size_bytes => case when min_size_gb is not null then least(ceil(min_size_gb * 1073741824), 9223372036854775807) end::bigint,
    database => answer_tables.database,
    findings => case when finding is not null then array[finding] end, page_size => answer_tables.page_size, cursor => answer_tables.cursor, count_up_to => 10000, max_bytes => 16000);
  answer.total_count := page.total_count;
  answer.total_is_exact := page.total_is_exact;
  answer.next_cursor := page.next_cursor;
  answer.items := array(
    select row(i.database_name, i.table_name, i.table_format, i.migration_readiness, round(i.estimated_size_gb, 3), i.row_count, i.column_count,
      i.partition_keys, i.storage_location, i.last_updated, i.findings, i.notes)::a2o_mcp.found_table
    from unnest(page.items) with ordinality as i order by i.ordinality);
  if page.items = '{}' and cursor is null then
    if database is not null and not exists (select from a2o.databases d where d.assessment_id = choice.chosen and d.database_name = answer_tables.database) then
      answer.message := a2o.suggest_databases(choice.chosen, database);
    else
      answer.message := 'No table fits.'
        || case when pattern !~ '[%_]' then format(' The pattern has no %% in it, so it fits only a table of exactly this name; try %s.', quote_literal('%' || left(pattern, 100) || '%')) else '' end
        || case when min_size_gb > 0 then ' Tables whose size the catalog does not tell never fit min_size_gb; leave it out to see them.' else '' end
        || case when finding is not null and not exists (select from a2o.finding_rules r where r.code = finding)
          then format(' %s is no finding; get_findings names those there are.', quote_literal(left(finding, 60))) else '' end
        || case when formats is not null then ' get_tables_by_format says which formats there are.' else '' end
        || case when (select count(*) from a2o.database_coverage c where c.assessment_id = choice.chosen and c.status <> 'COMPLETE') > 0
          then ' Parts of the catalog could not be read: see get_coverage.' else '' end;
    end if;
  elsif page.next_cursor is not null then
    answer.message := 'There are more: call again with next_cursor as cursor and the other arguments unchanged.';
  end if;
  return answer;
end
$$;
comment on function a2o.answer_tables(text, text, text[], a2o.migration_readiness[], numeric, text, integer, text, text) is E'@behavior -*\nA page of tables as the MCP tools give it. Errors as search_tables.';
revoke all on function a2o.answer_tables(text, text, text[], a2o.migration_readiness[], numeric, text, integer, text, text) from public;
grant execute on function a2o.answer_tables(text, text, text[], a2o.migration_readiness[], numeric, text, integer, text, text) to a2o_reader;
