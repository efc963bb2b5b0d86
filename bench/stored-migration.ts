import type pg from "pg";

/**
 * Stores two hundred jobs of a watched account, forty of them running, each with two hours of 30-second samples and metrics,
 * DMS tasks with tables. Gives one that runs.
 */
export async function storeMigration(owner: pg.Client, account: string, region: string): Promise<string> {
  await owner.query("insert into a2o.accounts (aws_account_id) values ($1) on conflict do nothing", [account]);
  await owner.query(
    `insert into a2o.monitors (aws_account_id, region, monitor_name, services, credentials_kind, last_polled_at, last_succeeded_at)
     values ($1, $2, 'bench', '{DMS,DATASYNC,GLUE}', 'DEFAULT', now(), now())`,
    [account, region],
  );
  await owner.query(
    `insert into a2o.migration_jobs (job_type, aws_job_id, run_key, job_name, aws_account_id, region, monitor_id, status, started_at, completed_at,
       percent, rows_copied, bytes_copied, bytes_total, error_message, observed_at, last_seen_at)
     select (array['DMS', 'DATASYNC', 'GLUE_JOB'])[1 + i % 3], 'job-' || i, 'run', 'job_' || i, $1, $2, m.id, s.status::a2o.job_status,
       now() - interval '2 hours' - s.age, case when s.age > interval '0' then now() - s.age end, case when i % 3 < 2 then least(i, 100) end,
       i * 1000000, i * 1000000000::bigint, 400000000000, case when s.status = 'FAILED' then 'Failed to write to the target.' end, now(), now()
     from generate_series(1, 200) i, a2o.monitors m,
       lateral (select case when i <= 40 then 'RUNNING' when i % 8 = 0 then 'FAILED' else 'COMPLETED' end as status,
         case when i <= 40 then interval '0' else i * interval '3 hours' end as age) s`,
    [account, region],
  );
  await owner.query(
    `insert into a2o.migration_progress (job_id, sampled_at, aws_account_id, percent, rows_copied, bytes_copied, bytes_total)
     select j.id, now() - n * interval '30 seconds', j.aws_account_id, j.percent * (240 - n) / 240, j.rows_copied / 240 * (240 - n),
       j.bytes_copied / 240 * (240 - n), j.bytes_total
     from a2o.migration_jobs j, generate_series(0, 239) n where j.status = 'RUNNING'`,
  );
  await owner.query(
    `insert into a2o.migration_metrics (job_id, metric_name, sampled_at, aws_account_id, value)
     select j.id, metric, now() - n * interval '1 minute', j.aws_account_id, n
     from a2o.migration_jobs j, generate_series(0, 119) n,
       unnest(array['CDCLatencySource', 'CDCLatencyTarget', 'FullLoadThroughputRowsTarget', 'FullLoadThroughputBandwidthTarget']) metric
     where j.status = 'RUNNING'`,
  );
  await owner.query(
    `insert into a2o.migration_job_tables (job_id, schema_name, table_name, aws_account_id, table_state, full_load_rows, observed_at)
     select j.id, 'sales', 'table_' || n, j.aws_account_id, 'Table completed', n * 1000, now()
     from a2o.migration_jobs j, generate_series(1, 100) n where j.job_type = 'DMS'`,
  );
  const { rows } = await owner.query("select id from a2o.migration_jobs where job_name = 'job_3'");
  return rows[0].id;
}
