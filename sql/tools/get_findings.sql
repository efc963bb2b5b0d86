-- What stands in the way, counted.
create or replace function a2o_mcp.get_findings(
  database text default null, severity a2o.finding_severity default null, assessment_id text default null, "limit" integer default 30, cursor text default null
) returns a2o_mcp.finding_page
  language plpgsql stable as $$
declare
  answer a2o_mcp.finding_page;
  choice record;
  question text;
  after_key text[];
begin
  answer.items := '{}';
  select * into choice from a2o.choose_assessment(get_findings.assessment_id);
  answer.assessment_id := choice.chosen;
  answer.message := choice.message;
  if choice.chosen is null then
    return answer;
  end if;
  answer.database_name := database;
  if database is null then
    select e.effort_hours into answer.total_effort_hours from a2o.assessment_effort e where e.assessment_id = choice.chosen;
  else
    select e.effort_hours into answer.total_effort_hours from a2o.database_effort e where e.assessment_id = choice.chosen and e.database_name = get_findings.database;
    if not found then
      answer.message := a2o.suggest_databases(choice.chosen, database);
      return answer;
    end if;
  end if;
  question := 'findings' || choice.chosen || concat_ws(' ', coalesce(severity::text, '-'), database);
  after_key := a2o.read_tool_cursor(cursor, question, 3);
  with found as (
    select f.code, r.severity, r.title, f.table_count, f.database_count, f.table_count * coalesce(w.hours, 0) as effort_hours, r.explanation, r.remedy,
      count(*) over () as total
    from (
      select x.code, sum(x.table_count)::integer as table_count, count(*)::integer as database_count
      from a2o.database_finding_overview x
      where x.assessment_id = choice.chosen and (get_findings.database is null or x.database_name = get_findings.database) group by x.code) as f
    join a2o.finding_rules r on r.code = f.code
    left join a2o.effort_weights w on w.kind = 'FINDING' and w.key = f.code
    where get_findings.severity is null or r.severity = get_findings.severity)
  select coalesce(array_agg(row(p.code, p.severity, p.title, p.table_count, p.database_count, p.effort_hours, p.explanation, p.remedy)::a2o_mcp.finding_line
      order by p.severity desc, p.table_count desc, p.code), '{}'), (select max(f.total) from found f)
  into answer.items, answer.total_count
  from (
    select f.* from found f
    where after_key is null or (f.severity, f.table_count) < (after_key[1]::a2o.finding_severity, after_key[2]::integer)
      or (f.severity, f.table_count) = (after_key[1]::a2o.finding_severity, after_key[2]::integer) and f.code > after_key[3]
    order by f.severity desc, f.table_count desc, f.code limit get_findings."limit" + 1) as p;
  answer.total_count := coalesce(answer.total_count, 0);
  if cardinality(answer.items) > "limit" then
    answer.items := answer.items[:"limit"];
    answer.next_cursor := a2o.write_tool_cursor(question, answer.items["limit"].severity, answer.items["limit"].table_count::text, answer.items["limit"].code);
  elsif answer.total_count = 0 then
    answer.message := case when severity is not null then 'Nothing of this severity was found; leave severity out to see all.'
      when exists (select from a2o.assessments a where a.id = choice.chosen and a.origin = 'REPORT')
        then 'Nothing was found. This assessment came from a report, and many rules need what only Glue tells.'
      else 'Nothing was found that stands in the way.' end;
  end if;
  return answer;
end
$$;
comment on function a2o_mcp.get_findings(text, a2o.finding_severity, text, integer, text) is
$$What stands in the way of moving the tables, rule by rule, the gravest first: how many tables and databases each concerns, why it matters, what to do, and planned hours. Use it for risks, for effort, and to plan waves. For the tables with one finding use search_tables with finding; for the findings on one table use get_table.

@param database Only the database of exactly this name
@param severity Only findings of this severity; HIGH stops a table until somebody decides
@param assessment_id Assessment to look into: an id, latest, previous or latest~2; the newest when left out
@param limit Findings in one answer [1..100]
@param cursor next_cursor of the answer before, to go on; the other arguments unchanged$$;
revoke all on function a2o_mcp.get_findings(text, a2o.finding_severity, text, integer, text) from public;
grant execute on function a2o_mcp.get_findings(text, a2o.finding_severity, text, integer, text) to a2o_reader;
