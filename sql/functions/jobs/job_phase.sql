-- What a job is at, from AWS's state and what it copied so far.
create or replace function a2o.migration_jobs_phase(job a2o.migration_jobs) returns a2o.job_phase
  language sql immutable parallel safe
  return case
    when job.gone_at is not null and job.status in ('PENDING', 'RUNNING') then 'GONE'
    when job.status in ('COMPLETED', 'FAILED') then 'ENDED'
    when job.status = 'PENDING' then 'WAITING'
    when job.job_type = 'DMS' and (job.migration_type = 'cdc' or job.migration_type = 'full-load-and-cdc' and job.percent = 100) then 'REPLICATING'
    when job.job_type = 'DMS' then case when job.aws_status in ('starting', 'initializing', 'preparing_metadata_resources', 'testing_connection', 'fetching_metadata',
        'calculating_capacity', 'provisioning_capacity', 'replication_starting') then 'PREPARING' else 'LOADING' end
    when job.job_type = 'DATASYNC' then case job.aws_status when 'LAUNCHING' then 'PREPARING' when 'PREPARING' then 'PREPARING' when 'VERIFYING' then 'VERIFYING' else 'LOADING' end
    when job.aws_status = 'STARTING' then 'PREPARING'
    else 'RUNNING' end::a2o.job_phase;
comment on function a2o.migration_jobs_phase(a2o.migration_jobs) is E'@notNull\nWhat the job is at.';
revoke all on function a2o.migration_jobs_phase(a2o.migration_jobs) from public;
grant execute on function a2o.migration_jobs_phase(a2o.migration_jobs) to a2o_reader, a2o_worker;
