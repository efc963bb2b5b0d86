-- What somebody has to look after.
create or replace function a2o_mcp.list_alerts(
  state a2o.alert_state default null, severity a2o.alert_severity default null, job_id uuid default null, account_id text default null, region text default null,
  "limit" integer default 20, cursor text default null
) returns a2o_mcp.alert_page
  language plpgsql stable as $$
declare
  answer a2o_mcp.alert_page;
  question text := 'alerts' || concat_ws(' ', coalesce(state::text, '-'), coalesce(severity::text, '-'), coalesce(job_id::text, '-'), coalesce(account_id, '-'),
    coalesce(region, '-'));
  after_key text[] := a2o.read_tool_cursor(cursor, question, 3);
begin
  with found as (
    select v.* from a2o.alert_overview v
    where (v.state = list_alerts.state or list_alerts.state is null and v.state <> 'RESOLVED')
      and (list_alerts.severity is null or v.severity >= list_alerts.severity) and (list_alerts.job_id is null or v.job_id = list_alerts.job_id)
      and (list_alerts.account_id is null or v.aws_account_id = list_alerts.account_id) and (list_alerts.region is null or v.region = list_alerts.region)),
  page as (
    select f.* from found f
    where after_key is null
      or (f.severity, f.opened_at) < (after_key[1]::a2o.alert_severity, after_key[2]::timestamptz)
      or (f.severity, f.opened_at) = (after_key[1]::a2o.alert_severity, after_key[2]::timestamptz) and f.alert_id > after_key[3]::uuid
    order by f.severity desc, f.opened_at desc, f.alert_id limit list_alerts."limit" + 1)
  select
    coalesce(array_agg(row(p.alert_id, p.severity, p.state, p.title, left(p.message, 300), p.remedy, p.value, p.threshold, p.unit, p.aws_account_id, p.region,
      p.job_id, p.job_type, p.job_name, p.job_status, p.database_name, p.table_name, p.monitor_name, p.opened_at, p.last_seen_at, p.acknowledged_at,
      p.acknowledged_by, p.acknowledged_note, p.resolved_at, p.resolution, p.is_simulated)::a2o_mcp.alert_line
      order by p.severity desc, p.opened_at desc, p.alert_id), '{}'),
    (select count(*) from found)
  into answer.items, answer.total_count
  from page p;
  select count(*) into answer.open_count from a2o.alerts a
  where a.acknowledged_at is null and a.resolved_at is null
    and (account_id is null or a.aws_account_id = account_id) and (list_alerts.region is null or a.region = list_alerts.region);
  if cardinality(answer.items) > "limit" then
    answer.items := answer.items[:"limit"];
    answer.next_cursor := a2o.write_tool_cursor(question, answer.items["limit"].severity, answer.items["limit"].opened_at::text,
      answer.items["limit"].alert_id::text);
  elsif answer.total_count = 0 then
    answer.message := case
      when not exists (select from a2o.monitors) then 'Nothing is watched: no monitor of yours asks AWS, so no alert can open.'
      when state = 'RESOLVED' or not exists (select from a2o.alerts) then 'No alert fits; none has been opened for what you ask.'
      else 'No alert fits that is still open or acknowledged. state RESOLVED lists what is over.' end;
  end if;
  return answer;
end
$$;
comment on function a2o_mcp.list_alerts(a2o.alert_state, a2o.alert_severity, uuid, text, text, integer, text) is
$$Alerts of the running migration, the gravest and then the newest first: failed or stalled jobs, refused rows, lagging replication, monitors to which AWS does not answer; with what to do and who acknowledged them. Use it for what needs attention now, or with job_id for what went wrong with one job. Alerts are not findings: for what stands in the way of a table in the catalogue use get_findings. It does not acknowledge; an operator does.

@param state Only alerts in this state; OPEN and ACKNOWLEDGED when left out
@param severity Only alerts as grave as this or graver
@param job_id Only alerts about this job; list_migration_jobs has the ids
@param account_id Only this AWS account, twelve digits
@param region Only this AWS region, e.g. us-east-1
@param limit Alerts in one answer [1..50]
@param cursor next_cursor of the answer before, to go on; the other arguments unchanged$$;
revoke all on function a2o_mcp.list_alerts(a2o.alert_state, a2o.alert_severity, uuid, text, text, integer, text) from public;
grant execute on function a2o_mcp.list_alerts(a2o.alert_state, a2o.alert_severity, uuid, text, text, integer, text) to a2o_reader;
