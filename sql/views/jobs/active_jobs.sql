-- What runs, waits, or ended within the last hour, one row each, with pace, estimate and doubt. A job that loads and whose
-- samples say the same for ten minutes is stalled; one that nobody could ask about is not known to be.
-- Example:
--   select job_type, job_name, phase, percent, pg_size_pretty(bytes_copied) as copied
--   from active_jobs order by job_type, job_name limit 4;
create or replace view a2o.active_jobs with (security_invoker = true) as
  select j.id as job_id, j.aws_account_id, j.region, j.job_type, j.job_name, j.aws_job_id, j.aws_parent_id, j.status, j.aws_status, f.phase, j.is_simulated, j.monitor_id,
    j.table_id, j.migration_type, j.stop_reason, j.error_code, j.error_message, j.source, j.target, j.percent, j.rows_copied, j.bytes_copied, j.bytes_total, j.files_copied,
    j.files_total, j.tables_loaded, j.tables_loading, j.tables_queued, j.tables_errored, j.error_rows, j.validation_failed_rows, j.started_at, j.completed_at, j.elapsed_ms,
    j.last_seen_at, p.samples, p.rows_per_second, p.bytes_per_second, p.percent_per_hour,
    case when not coalesce(q.is_stalled, false) then p.eta_at end as eta_at, case when not coalesce(q.is_stalled, false) then p.eta_earliest_at end as eta_earliest_at,
    case when not coalesce(q.is_stalled, false) then p.eta_latest_at end as eta_latest_at, case when not coalesce(q.is_stalled, false) then p.eta_confidence end as eta_confidence,
    q.is_stalled, case when q.is_stalled then p.quiet_since end as stalled_since,
    j.status in ('PENDING', 'RUNNING') and j.gone_at is null and coalesce(j.last_seen_at < now() - greatest(interval '2 minutes', 3 * make_interval(secs =>
      coalesce(case when m.running_jobs > 0 then m.poll_seconds else m.idle_poll_seconds end, 30))), true) as is_stale,
    a2o.migration_jobs_console_url(j) as console_url
  from a2o.migration_jobs j
  left join a2o.monitors m on m.id = j.monitor_id
  cross join lateral (select a2o.migration_jobs_phase(j) as phase) as f
  left join lateral a2o_private.job_pace(case when j.status = 'RUNNING' and j.gone_at is null then j.id end, j.started_at, j.percent, f.phase = 'LOADING') as p on true
  cross join lateral (
    select case when f.phase = 'LOADING' and p.quiet_since is not null then p.sampled_at - p.quiet_since >= a2o_private.stall_after() end as is_stalled) as q
  where j.status in ('PENDING', 'RUNNING') and (j.gone_at is null or j.gone_at > now() - interval '1 hour') or j.completed_at > now() - interval '1 hour';
comment on view a2o.active_jobs is E'@primaryKey job_id\nMigrations that run, wait, or ended within the last hour, with progress, pace and estimated end as far as AWS gives grounds for them.';
comment on column a2o.active_jobs.job_id is 'migration_jobs.id.';
comment on column a2o.active_jobs.phase is E'@notNull\nWhat it is at.';
comment on column a2o.active_jobs.samples is 'Samples of the last 15 minutes that pace and estimate rest on, 30 at most; null when there are none.';
comment on column a2o.active_jobs.rows_per_second is 'Rows copied in a second, over those samples.';
comment on column a2o.active_jobs.bytes_per_second is 'Bytes copied in a second, over those samples.';
comment on column a2o.active_jobs.percent_per_hour is 'Points of progress in an hour, over those samples.';
comment on column a2o.active_jobs.eta_at is 'When the load will be done at the pace of those samples; null without a denominator from AWS, while it is stalled, and for changes that are replicated without end.';
comment on column a2o.active_jobs.eta_earliest_at is 'The same at the faster of the two halves of those samples.';
comment on column a2o.active_jobs.eta_latest_at is 'The same at the slower of the two; null when nothing moved in one of them.';
comment on column a2o.active_jobs.eta_confidence is 'How even that pace was: HIGH: ten samples, both halves within 20%. MEDIUM: four, within half. LOW: fewer or uneven ones, or only the pace since the start.';
comment on column a2o.active_jobs.is_stalled is 'True when it loads and nothing moved for ten minutes though AWS answered; null when that cannot be told.';
comment on column a2o.active_jobs.stalled_since is 'When something last moved, six hours back at most; null unless stalled.';
comment on column a2o.active_jobs.is_stale is E'@notNull\nTrue when AWS has not been heard about it for three polls: what is shown may be over.';
comment on column a2o.active_jobs.console_url is 'The job in AWS''s console; null for a simulated one.';
grant select on a2o.active_jobs to a2o_reader, a2o_worker;
