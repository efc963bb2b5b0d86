-- Readers see the accounts they were given. The roles that record see everything: what they write belongs to whom AWS says.
do $$
declare
  relation text;
begin
  foreach relation in array array['accounts', 'assessments', 'databases', 'database_coverage', 'tables', 'format_rollups',
    'finding_rollups', 'verdict_rollups',
    'assessment_churn', 'assessment_changes', 'migration_jobs', 'migration_progress', 'migration_metrics', 'progress_5_minutes', 'progress_hours',
    'metrics_5_minutes', 'metrics_hours',
    'migration_job_tables', 'migration_job_links', 'migration_rollups', 'stale_migration_rollups', 'monitors', 'monitor_services', 'monitor_usage', 'assessment_schedules', 'alerts'] loop
    execute format('alter table a2o.%I enable row level security', relation);
    execute format('drop policy if exists reads_own_accounts on a2o.%I', relation);
    execute format('create policy reads_own_accounts on a2o.%I for select to a2o_reader
      using (aws_account_id = any ((select a2o_private.visible_accounts())::text[]))', relation);
    execute format('drop policy if exists records_all_accounts on a2o.%I', relation);
    execute format('create policy records_all_accounts on a2o.%I for select to a2o_ingest, a2o_worker using (true)', relation);
    execute format('grant select on a2o.%I to a2o_reader, a2o_ingest, a2o_worker', relation);
  end loop;
end
$$;

-- Policies of a partitioned table do not reach a partition that is named directly; nobody has a grant there, and this is the
-- second lock. finish_assessment and make_history_partitions do the same
-- for the partitions they make.
alter table a2o.tables_shared enable row level security;

-- Column lists carry no account; they are reached through functions that check it.
alter table a2o.column_schemas enable row level security;
-- Grants are the owner's business; `aws2openstack access` runs as the owner.
alter table a2o.account_access enable row level security;

grant select on a2o.format_rules, a2o.readiness_rules, a2o.alert_rules to a2o_reader, a2o_ingest, a2o_worker;
