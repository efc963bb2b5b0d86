-- Monitors with their state and what they cost this month; the health of each service stands in monitor_services.
-- Example:
--   select aws_account_id, region, is_paused, running_jobs
--   from monitor_overview order by region;
create or replace view a2o.monitor_overview with (security_invoker = true) as
  select m.id as monitor_id, m.aws_account_id, m.region, m.monitor_name, m.services, m.name_patterns, m.credentials_kind, m.profile_name, m.role_arn,
    m.external_id is not null as has_external_id, m.endpoint, m.poll_seconds, m.idle_poll_seconds, m.metrics_seconds, m.is_paused, m.is_simulated,
    case when m.is_paused then 'PAUSED'
      when coalesce(m.next_poll_at, m.created_at) < now() - greatest(interval '2 minutes', 3 * make_interval(secs => m.poll_seconds)) then 'LATE'
      when m.last_polled_at is null then 'WAITING'
      when m.consecutive_failures = 0 then 'WATCHING'
      when h.answering = 0 then 'BLIND'
      else 'DEGRADED' end::a2o.monitor_state as state,
    m.created_at, m.last_polled_at, m.last_succeeded_at, m.next_poll_at, m.failing_since, m.consecutive_failures, m.error_code, m.error_message, m.running_jobs,
    m.clock_skew_ms, coalesce(u.calls, 0) as calls_this_month, coalesce(u.throttled, 0) as throttled_this_month,
    coalesce(u.metrics_requested, 0) as metrics_this_month, a2o.metrics_price_usd(coalesce(u.metrics_requested, 0)) as metrics_usd_this_month
  from a2o.monitors m
  left join lateral (
    select count(*) filter (where s.last_polled_at is not null and not s.is_blind) as answering
    from a2o.monitor_services s where s.monitor_id = m.id and s.service <> 'CLOUDWATCH') as h on true
  left join lateral (
    select sum(x.calls)::bigint as calls, sum(x.throttled)::bigint as throttled, sum(x.metrics_requested)::bigint as metrics_requested
    from a2o.monitor_usage x where x.monitor_id = m.id and x.day >= date_trunc('month', now() at time zone 'UTC')::date) as u on true;
comment on view a2o.monitor_overview is E'@primaryKey monitor_id\nMonitors with their state, and what they asked of AWS this month (UTC).';
comment on column a2o.monitor_overview.monitor_id is 'monitors.id.';
comment on column a2o.monitor_overview.has_external_id is E'@notNull\nTrue when an external id is given with the role.';
comment on column a2o.monitor_overview.state is E'@notNull\nWhether it sees what it is to watch.';
comment on column a2o.monitor_overview.calls_this_month is E'@notNull\nRequests to AWS this month (UTC).';
comment on column a2o.monitor_overview.throttled_this_month is E'@notNull\nThose of them that AWS throttled.';
comment on column a2o.monitor_overview.metrics_this_month is E'@notNull\nMetrics asked of CloudWatch this month (UTC).';
comment on column a2o.monitor_overview.metrics_usd_this_month is E'@notNull\nWhat CloudWatch bills for them at its list price, in US dollars.';
grant select on a2o.monitor_overview to a2o_reader, a2o_worker;
