-- How migrations went, for each account, region and service.
-- Example:
--   select region, job_type, jobs, completed, failed, success_percent, round(average_seconds / 60) as average_minutes
--   from migration_history order by region, job_type;
create or replace view a2o.migration_history with (security_invoker = true) as
  select j.aws_account_id, j.region, j.job_type, count(*)::integer as jobs,
    count(*) filter (where j.status = 'PENDING')::integer as pending, count(*) filter (where j.status = 'RUNNING')::integer as running,
    count(*) filter (where j.status = 'COMPLETED')::integer as completed, count(*) filter (where j.status = 'FAILED')::integer as failed,
    round(100.0 * count(*) filter (where j.status = 'COMPLETED') / nullif(count(*) filter (where j.status in ('COMPLETED', 'FAILED')), 0), 2) as success_percent,
    round(extract(epoch from avg(j.completed_at - j.started_at) filter (where j.status = 'COMPLETED')), 1) as average_seconds,
    a2o_private.saturated(sum(j.rows_copied)) as rows_copied, a2o_private.saturated(sum(j.bytes_copied)) as bytes_copied,
    min(j.started_at) as first_started_at, max(j.completed_at) as last_completed_at
  from a2o.migration_jobs j
  group by j.aws_account_id, j.region, j.job_type;
comment on view a2o.migration_history is E'@primaryKey aws_account_id,region,job_type\nHow migrations went, for each account, region and service.';
comment on column a2o.migration_history.jobs is E'@notNull\nAll jobs.';
comment on column a2o.migration_history.pending is E'@notNull\nJobs that have not started.';
comment on column a2o.migration_history.running is E'@notNull\nJobs under way.';
comment on column a2o.migration_history.completed is E'@notNull\nJobs that ended well.';
comment on column a2o.migration_history.failed is E'@notNull\nJobs that failed.';
comment on column a2o.migration_history.success_percent is 'Share of ended jobs that ended well, 0 to 100; null when none has ended.';
comment on column a2o.migration_history.average_seconds is 'How long those took that ended well, on average; null when none did.';
comment on column a2o.migration_history.rows_copied is 'Rows copied by all of them, where AWS counts rows.';
comment on column a2o.migration_history.bytes_copied is 'Bytes copied by all of them, where AWS counts bytes.';
grant select on a2o.migration_history to a2o_reader;
