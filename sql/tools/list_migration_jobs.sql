-- Migrations as AWS tells them.
create or replace function a2o_mcp.list_migration_jobs(
  status a2o.job_status default null, account_id text default null, region text default null, "limit" integer default 20, cursor text default null
) returns a2o_mcp.job_page
  language plpgsql stable as $$
declare
  answer a2o_mcp.job_page;
  question text := 'jobs' || concat_ws(' ', coalesce(status::text, '-'), coalesce(account_id, '-'), coalesce(region, '-'));
  after_key text[] := a2o.read_tool_cursor(cursor, question, 2);
begin
  select coalesce(array_agg(row(j.id, j.job_type, j.status, j.aws_status, j.aws_job_id, j.aws_account_id, j.region, t.database_name, t.table_name, j.started_at,
      j.completed_at, round(extract(epoch from j.completed_at - j.started_at) / 60, 1), j.rows_copied, round(a2o.bytes_to_gb(j.bytes_copied), 3),
      left(j.error_message, 200), j.is_simulated)::a2o_mcp.job_line order by j.sorted_at desc, j.id), '{}')
  into answer.items
  from (
    select m.*, coalesce(m.started_at, m.created_at) as sorted_at from a2o.migration_jobs m
    where (list_migration_jobs.status is null or m.status = list_migration_jobs.status) and (account_id is null or m.aws_account_id = account_id)
      and (list_migration_jobs.region is null or m.region = list_migration_jobs.region)
      and (after_key is null or coalesce(m.started_at, m.created_at) < after_key[1]::timestamptz
        or coalesce(m.started_at, m.created_at) = after_key[1]::timestamptz and m.id > after_key[2]::uuid)
    order by coalesce(m.started_at, m.created_at) desc, m.id limit list_migration_jobs."limit" + 1) as j
  left join lateral (
    select x.database_name, x.table_name from a2o.newest_assessments n join a2o.tables x on x.assessment_id = n.id and x.id = j.table_id
    where n.aws_account_id = j.aws_account_id and n.region = j.region limit 1) as t on j.table_id is not null;
  select count(*) into answer.total_count from a2o.migration_jobs m
  where (list_migration_jobs.status is null or m.status = list_migration_jobs.status) and (account_id is null or m.aws_account_id = account_id)
    and (list_migration_jobs.region is null or m.region = list_migration_jobs.region);
  if cardinality(answer.items) > "limit" then
    answer.items := answer.items[:"limit"];
    answer.next_cursor := a2o.write_tool_cursor(question,
      (select coalesce(m.started_at, m.created_at)::text from a2o.migration_jobs m where m.id = answer.items["limit"].job_id), answer.items["limit"].job_id::text);
  elsif answer.total_count = 0 then
    answer.message := case when exists (select from a2o.migration_jobs) then 'No job fits; leave out status, account_id or region.'
      else 'No migration job is known. Jobs appear once DMS, DataSync or Glue are watched.' end;
  end if;
  return answer;
end
$$;
comment on function a2o_mcp.list_migration_jobs(a2o.job_status, text, text, integer, text) is
$$Migration jobs of DMS, DataSync and Glue, latest first, with state, duration, what was copied, AWS's error, and the table a job moves when it is known. Use it for what is running or why something failed. It does not start, stop or change jobs.

@param status Only jobs in this state
@param account_id Only this AWS account, twelve digits
@param region Only this AWS region, e.g. us-east-1
@param limit Jobs in one answer [1..50]
@param cursor next_cursor of the answer before, to go on; the other arguments unchanged$$;
revoke all on function a2o_mcp.list_migration_jobs(a2o.job_status, text, text, integer, text) from public;
grant execute on function a2o_mcp.list_migration_jobs(a2o.job_status, text, text, integer, text) to a2o_reader;
