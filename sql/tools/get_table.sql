-- One table, with why.
create or replace function a2o_mcp.get_table(database_name text, table_name text, assessment_id text default null) returns a2o_mcp.table_details
  language plpgsql stable as $$
declare
  answer a2o_mcp.table_details;
  choice record;
  t a2o.tables;
  near text;
begin
  select * into choice from a2o.choose_assessment(get_table.assessment_id);
  answer.assessment_id := choice.chosen;
  answer.message := choice.message;
  if choice.chosen is null then
    return answer;
  end if;
  select * into t from a2o.tables x where x.assessment_id = choice.chosen and x.database_name = get_table.database_name and x.table_name = get_table.table_name;
  if not found then
    if not exists (select from a2o.databases d where d.assessment_id = choice.chosen and d.database_name = get_table.database_name) then
      answer.message := a2o.suggest_databases(choice.chosen, database_name);
    else
      select string_agg(f.table_name, ', ') into near
      from a2o.search_tables(assessment_id => choice.chosen, database => get_table.database_name, sort => 'NAME', page_size => 5,
        pattern => '%' || regexp_replace(left(get_table.table_name, 40), '([\\%_])', '\\\1', 'g') || '%') as page, unnest(page.items) as f;
      answer.message := format('There is no table %s in %s.', quote_literal(left(table_name, 100)), quote_ident(left(database_name, 100)))
        || coalesce(' Names that contain it: ' || near || '.', ' search_tables finds tables by a part of their name.');
    end if;
    return answer;
  end if;
  answer.database_name := t.database_name;
  answer.table_name := t.table_name;
  answer.table_id := t.id;
  answer.table_format := t.table_format;
  answer.format_rule := t.format_rule;
  answer.format_evidence := left(t.format_evidence, 300);
  answer.migration_readiness := t.migration_readiness;
  answer.readiness_rule := t.readiness_rule;
  answer.readiness_reason := coalesce((select r.explanation from a2o.readiness_rules r where r.code = t.readiness_rule), 'The report brought this verdict.');
  answer.table_type := t.table_type;
  answer.storage_location := left(t.storage_location, 1000);
  answer.size_gb := round(t.estimated_size_gb, 3);
  answer.size_source := t.size_source;
  answer.row_count := t.row_count;
  answer.row_count_source := t.row_count_source;
  answer.last_updated := t.last_updated;
  answer.effort_hours := a2o.table_effort_hours(t.assessment_id, t.database_name, t.table_name);
  answer.findings := array(
    select row(f.code, f.severity, f.title, left(f.detail, 500), f.remedy)::a2o_mcp.table_finding
    from a2o.findings f where f.assessment_id = t.assessment_id and f.database_name = t.database_name and f.table_name = t.table_name
    order by f.severity desc, f.code);
  answer.columns := array(
    select row(c.column_name, left(c.data_type, 200), c.is_partition_key, left(c.comment, 200))::a2o_mcp.table_column
    from a2o.table_columns(t.assessment_id, t.database_name, t.table_name) as c where c.place <= 200 order by c.place);
  answer.column_count := t.column_count + cardinality(t.partition_keys);
  answer.notes := t.notes;
  select m.stage, m.decided_at, m.migrated_at into answer.migration_stage, answer.migration_decided_at, answer.migrated_at
  from a2o.table_migrations m
  where m.assessment_id = t.assessment_id and m.database_name = t.database_name and m.table_name = t.table_name;
  answer.jobs := array(
    select row(l.job_id, l.job_type, l.job_name, l.job_status, l.state, l.source, l.started_at, l.completed_at, l.is_simulated)::a2o_mcp.table_job
    from a2o.job_links l where l.table_id = t.id and l.state <> 'REJECTED'
    order by l.state, l.started_at desc nulls last, l.job_id limit 10);
  return answer;
end
$$;
comment on function a2o_mcp.get_table(text, text, text) is
$$Everything known of one table: its format and verdict, each with the rule and the Glue parameter that decided, size and row count with their source, columns, findings with what to do, and how far its migration is (ASSESSED, MIGRATING, MIGRATED, CHANGED_SINCE) with the jobs that move it. Use it for "why is this table not ready?" and "has this table been moved?". To find a table by a part of its name use search_tables. A wrong name gets the nearest names in message.

@param database_name Exact name of the database
@param table_name Exact name of the table
@param assessment_id Assessment to look into: an id, latest, previous or latest~2; the newest when left out$$;
revoke all on function a2o_mcp.get_table(text, text, text) from public;
grant execute on function a2o_mcp.get_table(text, text, text) to a2o_reader;
