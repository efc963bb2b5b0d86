-- How a catalog developed.
create or replace function a2o_mcp.get_trends(account_id text default null, region text default null, "limit" integer default 20, cursor text default null)
  returns a2o_mcp.trend_page
  language plpgsql stable as $$
declare
  answer a2o_mcp.trend_page;
  catalogs record;
  after_key text[];
begin
  answer.items := '{}';
  select count(*) as count, min(n.aws_account_id) as account, min(n.region) as region,
    string_agg(format('%s in %s', n.aws_account_id, n.region), ', ') filter (where n.place <= 20) as choices
  into catalogs
  from (
    select a.aws_account_id, a.region, row_number() over (order by a.aws_account_id, a.region) as place from a2o.newest_assessments a
    where (account_id is null or a.aws_account_id = account_id) and (get_trends.region is null or a.region = get_trends.region)) as n;
  if catalogs.count = 0 then
    answer.message := coalesce('No assessment fits. There are assessments of: ' || (
      select string_agg(format('%s in %s', n.aws_account_id, n.region), ', ') from (select * from a2o.newest_assessments n order by n.aws_account_id, n.region limit 20) as n) || '.',
      'Nothing has been assessed that you may read.');
    return answer;
  elsif catalogs.count > 1 then
    answer.message := format('There are %s accounts and regions; say which one with account_id and region: %s.', catalogs.count, catalogs.choices);
    return answer;
  end if;
  answer.aws_account_id := catalogs.account;
  answer.region := catalogs.region;
  after_key := a2o.read_tool_cursor(cursor, 'trends' || catalogs.account || ' ' || catalogs.region, 2);
  select coalesce(array_agg(row(t.assessment_id, t.timestamp, t.total_tables, t.migration_ready, t.needs_conversion, t.unknown, t.ready_percent,
      round(t.total_estimated_size_gb, 2), t.completeness_percent, t.tables_added, t.tables_removed, t.tables_changed,
      array(
        select row(o.table_format, o.table_count)::a2o_mcp.format_count from a2o.format_overview o where o.assessment_id = t.assessment_id
        order by o.table_count desc, o.table_format limit 8)
      )::a2o_mcp.trend_point order by t.timestamp desc, t.assessment_id), '{}')
  into answer.items
  from (
    select o.* from a2o.assessment_trend o
    where o.aws_account_id = catalogs.account and o.region = catalogs.region
      and (after_key is null or o.timestamp < after_key[1]::timestamptz or o.timestamp = after_key[1]::timestamptz and o.assessment_id > after_key[2]::uuid)
    order by o.timestamp desc, o.assessment_id limit get_trends."limit" + 1) as t;
  select count(*) into answer.total_count from a2o.assessments a where a.aws_account_id = catalogs.account and a.region = catalogs.region;
  if cardinality(answer.items) > "limit" then
    answer.items := answer.items[:"limit"];
    answer.next_cursor := a2o.write_tool_cursor('trends' || catalogs.account || ' ' || catalogs.region,
      answer.items["limit"]."timestamp"::text, answer.items["limit"].assessment_id::text);
  elsif answer.total_count = 1 then
    answer.message := 'There is one assessment so far; a trend needs a second one.';
  end if;
  return answer;
end
$$;
comment on function a2o_mcp.get_trends(text, text, integer, text) is
$$How a catalog developed: readiness, size, mix of formats (the eight with most tables) and churn, one point for each assessment, newest first. Added, removed and changed are against the assessment before. Use compare_assessments for which tables changed.

@param account_id AWS account, twelve digits; may be left out when there is one
@param region AWS region, e.g. us-east-1; may be left out when there is one
@param limit Points in one answer [1..50]
@param cursor next_cursor of the answer before, to go on; the other arguments unchanged$$;
revoke all on function a2o_mcp.get_trends(text, text, integer, text) from public;
grant execute on function a2o_mcp.get_trends(text, text, integer, text) to a2o_reader;
