/**
 * History: charting a year of one of two hundred jobs against charting an hour of its samples, and what rolling up costs. Stored
 * is what a worker leaves after a year of a poll every 30 seconds: samples as long as the retention keeps them, roll-ups of all
 * of it.
 */
import pg from "pg";
import { defaultAccountId } from "../demo/simulator.ts";
import { type Bench, count, type Figure, median, run } from "./frame.ts";
import { withServer } from "./server.ts";

const METRICS = ["FullLoadThroughputRowsTarget", "CDCLatencySource"];

export const bench: Bench = {
  name: "history",
  async measure({ quick }) {
    const jobs = quick ? 5 : 200;
    return withServer(async ({ url }) => {
      const owner = new pg.Client({ connectionString: url });
      await owner.connect();
      try {
        // As long as the retention keeps samples; a tenth of it for the quick one.
        const days = await daysKept(owner, quick ? 0.1 : 1);
        // Keys are not checked row by row, and hours that are stored rolled up not marked.
        await owner.query("set session_replication_role = replica");
        await store(owner, jobs, days);
        await owner.query("set session_replication_role = origin");
        await owner.query("set role a2o_owner");
        return [...(await measureCharts(owner, jobs)), ...(await measureRollUp(owner, jobs))];
      } finally {
        await owner.end();
      }
    });
  },
};

async function daysKept(owner: pg.Client, share: number): Promise<number> {
  const { rows } = await owner.query<{ days: number }>(
    "select extract(day from keep_for)::int as days from a2o.retention where what = 'migration_progress'",
  );
  return Math.ceil((rows[0]?.days ?? 30) * share);
}

/** A year until now: raw samples of the last `days`, roll-ups for every step of the year as roll_up_history would have made them. */
async function store(owner: pg.Client, jobs: number, days: number): Promise<void> {
  const query = (sql: string, params: unknown[] = []) => owner.query(sql, params);
  await query(
    "select a2o_private.make_history_partitions(array(select generate_series(now() - interval '13 months', now(), interval '1 month')))",
  );
  await query("insert into a2o.accounts (aws_account_id) values ($1) on conflict do nothing", [defaultAccountId]);
  await query(
    `insert into a2o.migration_jobs (job_type, aws_job_id, job_name, aws_account_id, region, status, started_at)
     select 'DMS', 'arn:' || n, 'job-' || n, $1, 'eu-central-1', 'RUNNING', now() - interval '1 year' from generate_series(1, $2) n`,
    [defaultAccountId, jobs],
  );
  const since = "date_trunc('hour', now(), 'UTC') - interval '1 year'";
  for (const [table, width] of [
    ["progress_5_minutes", "5 minutes"],
    ["progress_hours", "1 hour"],
  ]) {
    await query(
      `insert into a2o.${table} (job_id, step_at, aws_account_id, samples, first_sampled_at, last_sampled_at, percent, percent_min, percent_max, percent_avg,
         rows_copied, rows_copied_min, rows_copied_max, rows_copied_avg)
       select j.id, s, $1, extract(epoch from interval '${width}') / 30, s, s + interval '${width}' - interval '30 seconds', 50, 50, 50, 50, n, n, n, n
       from a2o.migration_jobs j, generate_series(${since}, date_trunc('hour', now(), 'UTC') - interval '${width}', interval '${width}') with ordinality as g(s, n)`,
      [defaultAccountId],
    );
  }
  for (const [table, width] of [
    ["metrics_5_minutes", "5 minutes"],
    ["metrics_hours", "1 hour"],
  ]) {
    // Five-minute metrics of a month: enough for what is charted here, which reads the hours.
    const from = table === "metrics_hours" ? since : "date_trunc('hour', now(), 'UTC') - interval '30 days'";
    await query(
      `insert into a2o.${table} (job_id, metric_name, step_at, aws_account_id, unit, samples, value_avg, value_min, value_max, value_last, last_sampled_at)
       select j.id, m, s, $1, 'Count', extract(epoch from interval '${width}') / 60, 5, 1, 9, 4, s
       from a2o.migration_jobs j, unnest($2::text[]) as m, generate_series(${from}, date_trunc('hour', now(), 'UTC') - interval '${width}', interval '${width}') as s`,
      [defaultAccountId, METRICS],
    );
  }
  // Day by day, so that no transaction is large.
  for (let day = days; day > 0; day--) {
    await query(
      `insert into a2o.migration_progress (job_id, sampled_at, aws_account_id, percent, rows_copied)
       select j.id, s, $1, 50, n from a2o.migration_jobs j, generate_series(date_trunc('hour', now(), 'UTC') - make_interval(days => $2),
         date_trunc('hour', now(), 'UTC') - make_interval(days => $2 - 1) - interval '30 seconds', interval '30 seconds') with ordinality as g(s, n)`,
      [defaultAccountId, day],
    );
  }
  await query("analyze a2o.migration_progress");
  for (const table of ["progress_5_minutes", "progress_hours", "metrics_hours"]) await query(`analyze a2o.${table}`);
}

async function measureCharts(owner: pg.Client, jobs: number): Promise<Figure[]> {
  const { rows: ids } = await owner.query<{ id: string }>("select id from a2o.migration_jobs order by id limit 15");
  const { rows: sizes } = await owner.query<{ samples: string; size: string }>(
    "select count(*)::text as samples, '' as size from a2o.migration_progress",
  );
  const samples = Number(sizes[0]?.samples);
  const timed = async (sql: string) => {
    const times: number[] = [];
    for (const [i, { id }] of ids.entries()) {
      const startedAt = performance.now();
      await owner.query(sql, [id]);
      if (i >= 3) times.push(performance.now() - startedAt);
    }
    return median(times);
  };
  const hour = await timed("select * from a2o.job_progress($1, now() - interval '1 hour', now(), 240)");
  const day = await timed("select * from a2o.job_progress($1, now() - interval '1 day', now(), 240)");
  const year = await timed("select * from a2o.job_progress($1, now() - interval '1 year', now(), 240)");
  const metrics = await timed("select * from a2o.job_metrics($1, now() - interval '1 year', now(), 240)");
  const floor = { what: "an hour of its samples", value: hour };
  const what = `of ${count(jobs)} jobs with ${count(samples)} samples and a year of roll-ups`;
  return [
    { what: `chart a year of one job ${what}`, value: year, unit: "ms", floor, limit: 20 },
    { what: "chart a day of it", value: day, unit: "ms", floor, limit: 5 },
    { what: "chart a year of its two metrics", value: metrics, unit: "ms", floor, limit: 40 },
  ];
}

/** An hour of samples of every job, rolled up at once, against the insertion of these samples. */
async function measureRollUp(owner: pg.Client, jobs: number): Promise<Figure[]> {
  await owner.query("delete from a2o_private.stale_hours");
  let startedAt = performance.now();
  await owner.query(
    `insert into a2o.migration_progress (job_id, sampled_at, aws_account_id, percent, rows_copied)
     select j.id, s, $1, 50, n from a2o.migration_jobs j, generate_series(date_trunc('hour', now(), 'UTC') + interval '1 hour',
       date_trunc('hour', now(), 'UTC') + interval '2 hours' - interval '30 seconds', interval '30 seconds') with ordinality as g(s, n)`,
    [defaultAccountId],
  );
  const inserted = (performance.now() - startedAt) / 1000;
  startedAt = performance.now();
  let hours = 0;
  for (;;) {
    const { rows } = await owner.query<{ hours: number }>("select a2o.roll_up_history() as hours");
    if ((rows[0]?.hours ?? 0) === 0) break;
    hours += rows[0]?.hours ?? 0;
  }
  if (hours !== jobs) throw new Error(`${hours} hours were rolled up instead of ${jobs}`);
  return [
    {
      ...{
        what: `roll up an hour of ${count(jobs)} jobs, ${count(jobs * 120)} samples`,
        value: (performance.now() - startedAt) / 1000,
        unit: "s",
      },
      ...{ floor: { what: "inserting them", value: inserted }, limit: 3 },
    },
  ];
}

if (import.meta.main) await run([bench]);
