-- Ids for the other tools.
create or replace function a2o_mcp.list_assessments(account_id text default null, region text default null, "limit" integer default 20, cursor text default null)
  returns a2o_mcp.assessment_page
  language plpgsql stable as $$
declare
  answer a2o_mcp.assessment_page;
  after_key text[] := a2o.read_tool_cursor(cursor, 'assessments' || coalesce(account_id, '') || ' ' || coalesce(region, ''), 2);
begin
  select coalesce(array_agg(row(a.id, a.timestamp, a.aws_account_id, a.region, a.is_newest, a.is_simulated, a.total_databases, a.total_tables, a.migration_ready,
      a.needs_conversion, a.unknown, round(a.total_estimated_size_gb, 2), a.completeness_percent)::a2o_mcp.assessment_line order by a.timestamp desc, a.id), '{}')
  into answer.items
  from (
    select o.* from a2o.assessment_overview o
    where (account_id is null or o.aws_account_id = account_id) and (list_assessments.region is null or o.region = list_assessments.region)
      and (after_key is null or o.timestamp < after_key[1]::timestamptz or o.timestamp = after_key[1]::timestamptz and o.id > after_key[2]::uuid)
    order by o.timestamp desc, o.id limit list_assessments."limit" + 1) as a;
  select count(*) into answer.total_count from a2o.assessments o
  where (account_id is null or o.aws_account_id = account_id) and (list_assessments.region is null or o.region = list_assessments.region);
  if cardinality(answer.items) > "limit" then
    answer.items := answer.items[:"limit"];
    answer.next_cursor := a2o.write_tool_cursor('assessments' || coalesce(account_id, '') || ' ' || coalesce(region, ''),
      answer.items["limit"]."timestamp"::text, answer.items["limit"].assessment_id::text);
  elsif answer.total_count = 0 then
    answer.message := coalesce('No assessment fits. There are assessments of: ' || (
      select string_agg(format('%s in %s', n.aws_account_id, n.region), ', ') from (select * from a2o.newest_assessments n order by n.aws_account_id, n.region limit 20) as n) || '.',
      'Nothing has been assessed that you may read. Run `aws2openstack assess glue-catalog`, or ask for access to an account.');
  end if;
  return answer;
end
$$;
comment on function a2o_mcp.list_assessments(text, text, integer, text) is
$$Stored assessments, newest first, with their ids and counts. Use it to find the assessment_id of an earlier state, or to see which accounts and regions were assessed. For the newest of one account and region use get_latest_assessment.

@param account_id Only this AWS account, twelve digits
@param region Only this AWS region, e.g. us-east-1
@param limit Assessments in one answer [1..100]
@param cursor next_cursor of the answer before, to go on; the other arguments unchanged$$;
revoke all on function a2o_mcp.list_assessments(text, text, integer, text) from public;
grant execute on function a2o_mcp.list_assessments(text, text, integer, text) to a2o_reader;
