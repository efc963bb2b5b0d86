-- What is there, and how fresh it is.
create or replace function a2o_mcp_resources.server_status() returns jsonb
  language sql stable as $$
  select jsonb_build_object(
    'server_time', now(),
    'postgresql', current_setting('server_version'),
    'member', (a2o.current_access()).user_name,
    'accounts', (a2o.current_access()).accounts,
    'assessments', (select count(*) from a2o.assessments),
    'newest_assessments', (
      select coalesce(jsonb_agg(jsonb_build_object('assessment_id', n.id, 'aws_account_id', n.aws_account_id, 'region', n.region, 'timestamp', n.timestamp,
        'age_hours', round(extract(epoch from now() - n.timestamp) / 3600, 1), 'total_tables', n.total_tables, 'migration_ready', n.migration_ready,
        'completeness_percent', n.completeness_percent, 'is_simulated', n.is_simulated) order by n.aws_account_id, n.region), '[]')
      from (select * from a2o.newest_assessments order by aws_account_id, region limit 100) as n),
    'monitors', (
      select coalesce(jsonb_agg(jsonb_build_object('monitor', m.monitor_name, 'aws_account_id', m.aws_account_id, 'region', m.region, 'state', m.state,
        'last_succeeded_at', m.last_succeeded_at, 'running_jobs', m.running_jobs, 'error', m.error_message, 'is_simulated', m.is_simulated)
        order by m.aws_account_id, m.region, m.monitor_name), '[]')
      from (select * from a2o.monitor_overview order by aws_account_id, region, monitor_name limit 100) as m),
    'jobs', (
      select coalesce(jsonb_object_agg(j.status, j.count), '{}') from (select status, count(*) as count from a2o.migration_jobs group by status) as j))
$$;
comment on function a2o_mcp_resources.server_status() is
$$What this server has: whose rights you have, the newest assessment of each account and region with its age in hours, what is watched and whether the watching works, and jobs by state.

@title Server status and freshness
@uri a2o://status$$;
revoke all on function a2o_mcp_resources.server_status() from public;
grant execute on function a2o_mcp_resources.server_status() to a2o_reader;
