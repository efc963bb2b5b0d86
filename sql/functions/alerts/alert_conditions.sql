-- What the rules say of a monitor and its jobs, from what is stored alone: asked twice it answers the same. Times of jobs are
-- compared with AWS's clock, not with ours. Called after every poll, so it reads running jobs, those that ended within a week,
-- and those with an open alert, and two samples of each that loads.
create or replace function a2o_private.job_words(job a2o.migration_jobs) returns text
  language sql immutable parallel safe
  return case job.job_type when 'DMS' then 'DMS task ' when 'DATASYNC' then 'DataSync task ' when 'GLUE_JOB' then 'Glue job ' else '' end
    || coalesce(job.job_name, job.aws_parent_id, job.aws_job_id, job.id::text);
comment on function a2o_private.job_words(a2o.migration_jobs) is 'A job as people call it.';
revoke all on function a2o_private.job_words(a2o.migration_jobs) from public;

-- A counter that says the same at both ends of a time said the same all the time: none of them falls while a job loads.
create or replace function a2o_private.quiet_since(job a2o.migration_jobs, threshold double precision) returns timestamptz
  language sql stable set search_path = pg_catalog, pg_temp
  begin atomic
  select before.sampled_at
  from (select * from a2o.migration_progress p where p.job_id = job.id order by p.sampled_at desc limit 1) as newest
  join lateral (
    select * from a2o.migration_progress p
    where p.job_id = job.id and p.sampled_at <= newest.sampled_at - make_interval(secs => threshold) and p.sampled_at >= coalesce(job.resumed_at, '-infinity')
    order by p.sampled_at desc limit 1) as before on true
  where coalesce(newest.percent, newest.rows_copied, newest.bytes_copied, newest.tables_loaded, newest.files_copied) is not null
    and (newest.percent, newest.rows_copied, newest.bytes_copied, newest.tables_loaded, newest.files_copied)
      is not distinct from (before.percent, before.rows_copied, before.bytes_copied, before.tables_loaded, before.files_copied);
  end;
comment on function a2o_private.quiet_since(a2o.migration_jobs, double precision) is 'A time since when nothing moved, threshold seconds or more before the newest sample; null when something did, or nobody looked so long.';
revoke all on function a2o_private.quiet_since(a2o.migration_jobs, double precision) from public;

create or replace function a2o_private.alert_conditions(monitor a2o.monitors) returns setof a2o_private.alert_condition
  language sql stable set search_path = pg_catalog, pg_temp
  begin atomic
  with aws as (
    select coalesce(max(s.listed_at), now()) as clock from a2o.monitor_services s where s.monitor_id = monitor.id),
  alerted as (
    select distinct a.job_id from a2o.alerts a where a.resolved_at is null and a.aws_account_id = monitor.aws_account_id and a.job_id is not null),
  running as (
    select j as job from a2o.migration_jobs j where j.monitor_id = monitor.id and j.status = 'RUNNING' and j.gone_at is null),
  ended as (
    select j as job from aws, a2o.migration_jobs j
    where j.monitor_id = monitor.id and j.status in ('COMPLETED', 'FAILED') and j.completed_at > aws.clock - interval '7 days'
      and (j.completed_at > aws.clock - interval '1 day' or j.created_at < j.completed_at)
    union
    select j from alerted a join a2o.migration_jobs j on j.id = a.job_id and j.monitor_id = monitor.id and j.status in ('COMPLETED', 'FAILED')),
  -- A later run of the same task that ended is what counts now.
  latest as (
    select e.job from ended e
    where ((e.job).status = 'FAILED' or (e.job).validation_failed_rows > 0 or (e.job).error_rows > 0 or (e.job).tables_errored > 0)
      and not exists (
        select from a2o.migration_jobs r
        where r.aws_account_id = (e.job).aws_account_id and r.region = (e.job).region and r.job_type = (e.job).job_type and r.aws_parent_id = (e.job).aws_parent_id
          and r.started_at > (e.job).started_at and r.status in ('COMPLETED', 'FAILED'))),
  watched as (select r.job, false as is_over from running r union all select l.job, true from latest l),
  measured as (
    select w.job, w.is_over, r.code, r.threshold, r.unit, case r.code
        when 'VALIDATION_ERRORS' then (w.job).validation_failed_rows
        when 'ERROR_ROWS' then (w.job).error_rows
        when 'TABLES_ERRORED' then (w.job).tables_errored
        when 'CDC_LATENCY' then case when (w.job).job_type = 'DMS' and (w.job).migration_type in ('cdc', 'full-load-and-cdc') and not w.is_over then (
          select max(newest.value) from unnest(array['CDCLatencySource', 'CDCLatencyTarget']) as n(name)
          cross join lateral (
            select m.value from a2o.migration_metrics m
            where m.job_id = (w.job).id and m.metric_name = n.name and m.sampled_at > (w.job).observed_at - interval '15 minutes'
            order by m.sampled_at desc limit 1) as newest) end end::double precision as value
    from watched w
    join a2o.alert_rules r on r.is_enabled and r.code in ('VALIDATION_ERRORS', 'ERROR_ROWS', 'TABLES_ERRORED', 'CDC_LATENCY'))
  select r.code, (w.job).id, null::uuid,
    format('%s failed: %s', a2o_private.job_words(w.job), coalesce(nullif((w.job).error_message, ''), (w.job).stop_reason, 'AWS gave no reason.')), null::double precision, (w.job).completed_at
  from watched w join a2o.alert_rules r on r.code = 'JOB_FAILED' and r.is_enabled
  where (w.job).status = 'FAILED'
  union all
  select r.code, (w.job).id, null, format('%s loads, and nothing has moved since %s UTC or before.', a2o_private.job_words(w.job), to_char(q.since at time zone 'UTC', 'YYYY-MM-DD HH24:MI')),
    round(extract(epoch from (w.job).observed_at - q.since)), null
  from watched w join a2o.alert_rules r on r.code = 'JOB_STALLED' and r.is_enabled
  cross join lateral (select a2o_private.quiet_since(w.job, r.threshold) as since) as q
  where not w.is_over and a2o.migration_jobs_phase(w.job) = 'LOADING' and q.since is not null
  union all
  select m.code, (m.job).id, null, a2o_private.job_words(m.job) || case m.code
      when 'VALIDATION_ERRORS' then format(': validation found %s.', case m.value when 1 then '1 row that differs' else m.value || ' rows that differ' end)
      when 'ERROR_ROWS' then format(': the target refused %s of the full load.', case m.value when 1 then '1 row' else m.value || ' rows' end)
      when 'TABLES_ERRORED' then format(': %s failed.', case m.value when 1 then '1 table' else m.value || ' tables' end)
      else format(': changes arrive %s seconds late.', round(m.value)) end, m.value, (m.job).completed_at
  from measured m where m.value > coalesce(m.threshold, 0)
  union all
  select r.code, null, monitor.id, format('Monitor %s (%s) sees nothing: %s', monitor.monitor_name, monitor.region, coalesce(monitor.error_message, monitor.error_code, 'no service answers.')),
    monitor.consecutive_failures, null
  from a2o.alert_rules r
  where r.code = 'MONITOR_BLIND' and r.is_enabled and not monitor.is_paused and monitor.consecutive_failures > r.threshold
    and not exists (select from a2o.monitor_services s where s.monitor_id = monitor.id and s.service <> 'CLOUDWATCH' and s.last_polled_at is not null and not s.is_blind)
  union all
  select r.code, null, monitor.id, format('Monitor %s (%s) is overdue: no worker polls it. What is shown of its jobs may be over.', monitor.monitor_name, monitor.region),
    round(extract(epoch from now() - monitor.late_since)), null
  from a2o.alert_rules r
  where r.code = 'MONITOR_LATE' and r.is_enabled and not monitor.is_paused and monitor.late_since < now() - make_interval(secs => r.threshold);
  end;
comment on function a2o_private.alert_conditions(a2o.monitors) is 'What the enabled rules say of a monitor and its jobs now.';
revoke all on function a2o_private.alert_conditions(a2o.monitors) from public;
