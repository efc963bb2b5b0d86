-- How many migrations there are in each state.
create or replace view a2o_metrics.jobs with (security_invoker = true) as
  select j.aws_account_id, j.job_type, j.status::text as status, count(*) as jobs
  from a2o.migration_jobs j
  group by 1, 2, 3;
comment on view a2o_metrics.jobs is 'Migration jobs by account, type and status.';
comment on column a2o_metrics.jobs.aws_account_id is 'Account of the jobs.';
comment on column a2o_metrics.jobs.job_type is 'DMS, DATASYNC, GLUE_JOB or COPY.';
comment on column a2o_metrics.jobs.status is 'Status, as in migration_jobs.';
comment on column a2o_metrics.jobs.jobs is 'How many.';
grant select on a2o_metrics.jobs to a2o_metrics, a2o_worker;
