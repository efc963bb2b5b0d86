-- Where a person looks at the job in AWS's console. A partition of its own has a console of its own.
create or replace function a2o.migration_jobs_console_url(job a2o.migration_jobs) returns text
  language sql immutable parallel safe
  return case when job.is_simulated then null else
    format(case when job.region like 'cn-%' then 'https://%1$s.console.amazonaws.cn/' when job.region like 'us-gov-%' then 'https://%1$s.console.amazonaws-us-gov.com/'
      else 'https://%1$s.console.aws.amazon.com/' end, job.region)
    || case
      when job.job_type = 'DMS' and job.aws_job_id like '%:replication-config:%' then
        format('dms/v2/home?region=%s#serverlessReplicationDetails/%s', job.region, split_part(job.aws_job_id, ':', 7))
      when job.job_type = 'DMS' then format('dms/v2/home?region=%s#taskDetails/%s', job.region, job.job_name)
      when job.job_type = 'DATASYNC' then format('datasync/home?region=%s#/history/%s/%s', job.region,
        split_part(split_part(job.aws_job_id, '/', 2), '/', 1), split_part(job.aws_job_id, '/', 4))
      when job.job_type = 'GLUE_JOB' then format('gluestudio/home?region=%s#/job/%s/run/%s', job.region, job.aws_parent_id, job.aws_job_id)
    end end;
comment on function a2o.migration_jobs_console_url(a2o.migration_jobs) is 'The job in AWS''s console; null for a simulated one.';
revoke all on function a2o.migration_jobs_console_url(a2o.migration_jobs) from public;
grant execute on function a2o.migration_jobs_console_url(a2o.migration_jobs) to a2o_reader, a2o_worker;
