-- What an export of migrations holds: what AWS said of each job, not what we work out from it.
-- Example:
--   select job_type, job_name, status, started_at, bytes_copied
--   from job_export where status = 'COMPLETED' order by started_at, job_name limit 3;
create or replace view a2o.job_export with (security_invoker = true) as
  select j.aws_account_id, j.region, j.job_type, j.job_name, j.aws_job_id, j.status, j.aws_status, j.started_at, j.completed_at, j.percent, j.rows_copied,
    j.bytes_copied, j.bytes_total, j.files_copied, j.files_total, j.tables_loaded, j.tables_errored, j.error_rows, j.validation_failed_rows, j.source,
    j.target, j.stop_reason, j.error_code, j.error_message, j.is_simulated, j.table_id, j.id as job_id
  from a2o.migration_jobs j;
comment on view a2o.job_export is E'@behavior -*\nMigrations as exports show them.';
grant select on a2o.job_export to a2o_reader;
