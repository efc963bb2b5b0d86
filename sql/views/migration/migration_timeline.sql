-- Migrations day by day (UTC), for the timeline chart. A job counts on the day it started and on the day it ended.
-- Example:
--   select day, region, job_type, started, completed, failed
--   from migration_timeline where job_type = 'DMS' order by day desc, region limit 4;
create or replace view a2o.migration_timeline with (security_invoker = true) as
  select e.day, j.aws_account_id, j.region, j.job_type, count(*) filter (where e.event = 'STARTED')::integer as started,
    count(*) filter (where e.event = 'COMPLETED')::integer as completed, count(*) filter (where e.event = 'FAILED')::integer as failed,
    a2o_private.saturated(sum(j.bytes_copied) filter (where e.event <> 'STARTED')) as bytes_copied
  from a2o.migration_jobs j
  cross join lateral (
    select (j.started_at at time zone 'UTC')::date, 'STARTED' where j.started_at is not null
    union all
    select (j.completed_at at time zone 'UTC')::date, j.status::text where j.completed_at is not null and j.status in ('COMPLETED', 'FAILED')) as e(day, event)
  group by e.day, j.aws_account_id, j.region, j.job_type;
comment on view a2o.migration_timeline is E'@primaryKey day,aws_account_id,region,job_type\nMigrations day by day (UTC).';
comment on column a2o.migration_timeline.day is 'Day in UTC.';
comment on column a2o.migration_timeline.started is E'@notNull\nJobs that started that day.';
comment on column a2o.migration_timeline.completed is E'@notNull\nJobs that ended well that day.';
comment on column a2o.migration_timeline.failed is E'@notNull\nJobs that failed that day.';
comment on column a2o.migration_timeline.bytes_copied is 'Bytes copied by the jobs that ended that day.';
grant select on a2o.migration_timeline to a2o_reader;
