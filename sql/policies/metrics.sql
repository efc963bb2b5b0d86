-- Every account's rows, but only the columns that can be counted.
do $$
declare
  relation text;
  counted text;
begin
  for relation, counted in values
    ('monitors', 'id, aws_account_id, region, monitor_name, is_paused, is_simulated, created_at, last_succeeded_at, next_poll_at, consecutive_failures, running_jobs'),
    ('monitor_usage', 'monitor_id, day, aws_account_id, operation, calls, errors, throttled, metrics_requested'),
    ('assessments', 'id, aws_account_id, region, timestamp, total_tables, completeness_percent, is_simulated'),
    ('migration_jobs', 'aws_account_id, job_type, status, is_simulated'),
    ('alerts', 'aws_account_id, severity, acknowledged_at, resolved_at, opened_at, is_simulated')
  loop
    execute format('drop policy if exists counts_all_accounts on a2o.%I', relation);
    execute format('create policy counts_all_accounts on a2o.%I for select to a2o_metrics using (true)', relation);
    execute format('grant select (%s) on a2o.%I to a2o_metrics', counted, relation);
  end loop;
end
$$;
