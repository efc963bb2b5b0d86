-- Errors that occur more than once rarely read the same: identifiers, numbers and paths are taken out before counting.
-- Example:
--   select job_type, failures, left(error_pattern, 90) as error_pattern
--   from migration_errors order by failures desc, job_type, 3 limit 3;
create or replace view a2o.migration_errors with (security_invoker = true) as
  select j.aws_account_id, j.region, j.job_type, e.error_pattern, count(*)::integer as failures, max(coalesce(j.completed_at, j.started_at, j.created_at)) as last_seen_at,
    (array_agg(j.error_message order by coalesce(j.completed_at, j.started_at, j.created_at) desc))[1] as newest_message,
    (array_agg(j.id order by coalesce(j.completed_at, j.started_at, j.created_at) desc))[1] as newest_job_id
  from a2o.migration_jobs j
  cross join lateral (
    select coalesce(left(regexp_replace(regexp_replace(left(j.error_message, 2000), '(arn:\S+|s3[an]?://\S+|[0-9a-f]{8}-[0-9a-f-]{27})', '…', 'gi'), '\d+', '…', 'g'), 200), '') as error_pattern) as e
  where j.status = 'FAILED'
  group by j.aws_account_id, j.region, j.job_type, e.error_pattern;
comment on view a2o.migration_errors is E'@primaryKey aws_account_id,region,job_type,error_pattern\nWhy migrations failed: messages that differ only in identifiers, paths and numbers are counted together. An empty pattern stands for failures that AWS gave no words for.';
comment on column a2o.migration_errors.error_pattern is 'The message with … for what differs.';
comment on column a2o.migration_errors.failures is E'@notNull\nJobs that failed this way.';
comment on column a2o.migration_errors.last_seen_at is 'When the latest of them ended.';
comment on column a2o.migration_errors.newest_message is 'AWS''s words in the latest of them.';
comment on column a2o.migration_errors.newest_job_id is 'The latest of them.';
grant select on a2o.migration_errors to a2o_reader;
