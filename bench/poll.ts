/**
 * Polling: how many calls to AWS one poll needs for 10, 100 and 1,000 running jobs, how long it takes, whether a worker that is
 * killed again and again loses or doubles anything, and how quick active_jobs is over many samples.
 */
import { Pool } from "pg";
import { defaultAccountId, startSimulator } from "../demo/simulator.ts";
import { rolePool } from "../postgres/connect.ts";
import { compareWithLog, killWorkers } from "../worker/poll/killing.helpers.ts";
import { pollMonitor, type Query } from "../worker/poll/poll.ts";
import { METRICS_A_CALL } from "../worker/poll/services/cloudwatch.ts";
import { Sessions } from "../worker/poll/sessions.ts";
import { type Bench, count, type Figure, median, run } from "./frame.ts";
import { withServer } from "./server.ts";

const REGION = "eu-central-1";

/** Seconds from one poll to the next while something runs. */
const RHYTHM = 30;

export const bench: Bench = {
  name: "poll",
  async measure({ quick }) {
    const figures: Figure[] = [];
    for (const jobs of quick ? [10, 100] : [10, 100, 1_000]) figures.push(...(await measurePolls(jobs, quick ? 3 : 7)));
    figures.push(...(await measureKills(quick ? 12_000 : 300_000)), ...(await measureActiveJobs(quick ? 120 : 2_880)));
    return figures;
  },
};

async function measurePolls(running: number, rounds: number): Promise<Figure[]> {
  const simulator = await startSimulator({ migration: { fleet: { running } } });
  try {
    return await withServer(async ({ url }) => {
      const pool = rolePool(url, "a2o_worker", 4);
      const owner = new Pool({ connectionString: url, max: 1 });
      const sessions = new Sessions();
      try {
        const { rows } = await owner.query<{ id: string }>("select id from a2o.add_stand_in_monitor($1, $2, $3)", [
          defaultAccountId,
          REGION,
          simulator.url,
        ]);
        const id = rows[0]?.id ?? "";
        const query: Query = (sql, params) => pool.query(sql, params);
        const seconds: number[] = [];
        const processor: number[] = [];
        let calls = 0;
        let least = 0;
        // The first ones discover what there is, and its history.
        for (let i = -2; i < rounds; i++) {
          // Due again, and with CloudWatch: the dearest poll there is.
          await owner.query("update a2o.monitors set next_poll_at = now()");
          await owner.query("update a2o.monitor_services set last_polled_at = null where service = 'CLOUDWATCH'");
          simulator.clearRequests();
          const startedAt = performance.now();
          const used = process.cpuUsage();
          const polled = await pollMonitor(id, { query, sessions });
          if (polled === undefined || polled.failures.length > 0)
            throw new Error(`a poll failed: ${JSON.stringify(polled)}`);
          if (i < 0) continue;
          seconds.push((performance.now() - startedAt) / 1000);
          const { user, system } = process.cpuUsage(used);
          processor.push((user + system) / 1e6);
          calls = simulator.counters.total;
          least = leastCalls(running, simulator.counters.metrics);
        }
        const what = `poll of ${count(running)} running jobs`;
        return [
          {
            ...{ what: `${what}: calls to AWS`, value: calls, unit: "calls", limit: 1.05 },
            floor: { what: "one for each page, job and 500 metrics", value: least },
          },
          { what: `${what}, simulator included`, value: median(seconds), unit: "s", limit: RHYTHM },
          {
            what: `${what}: processor time of Node.js, simulator included`,
            value: median(processor),
            unit: "s",
            limit: RHYTHM,
          },
        ];
      } finally {
        sessions.close();
        await pool.end();
        await owner.end();
      }
    });
  } finally {
    await simulator.close();
  }
}

/**
 * What no client of these APIs can do without: AWS answers the tables of one task, one execution, or the runs of one job in a call;
 * a page for each 100 of what it lists, one for the serverless replications even if there are none; and 500 metrics in a call.
 */
function leastCalls(running: number, metrics: number): number {
  // As the fleet is made: four DMS tasks, three DataSync tasks with an execution, three Glue jobs of every ten.
  const [tasks, executions, glueJobs] = [0.4 * running, 0.3 * running, 0.3 * running];
  const lists = [tasks, 1, executions, executions, glueJobs].map(items => Math.ceil(items / 100));
  return running + lists.reduce((sum, calls) => sum + calls, 0) + Math.ceil(metrics / METRICS_A_CALL);
}

async function measureKills(milliseconds: number): Promise<Figure[]> {
  const jobs = Array.from({ length: 20 }, (_, i) => ({
    kind: "datasync" as const,
    name: `copy-${i}`,
    source: `s3://lake/${i}/`,
    bytes: 9_000_000_000_000,
    files: 1_000,
    // Long past its preparation, and far from its end.
    runs: [{ startsAfter: -200, minutes: 600 }],
  }));
  const simulator = await startSimulator({ migration: { jobs }, keepAnswers: true, logCapacity: 1_000_000 });
  try {
    return await withServer(async ({ url }) => {
      const owner = new Pool({ connectionString: url, max: 1 });
      try {
        await owner.query("select a2o.add_stand_in_monitor($1, $2, $3, '{DATASYNC}', 'killed', 1, 1, 1)", [
          defaultAccountId,
          REGION,
          simulator.url,
        ]);
        const { kills } = await killWorkers({ databaseUrl: url, milliseconds, betweenKills: 4_000 });
        const rows = async <Row extends object>(sql: string, params?: unknown[]) =>
          (await owner.query<Row & Record<string, unknown>>(sql, params)).rows as Row[];
        const found = await compareWithLog(rows, simulator, jobs.length);
        const what = `${count(kills)} kills in ${milliseconds / 1000} s`;
        return [
          {
            what: `${what}: samples recorded`,
            value: found.samples,
            unit: "samples",
            floor: { what: "20 in each recorded poll", value: 20 * found.polls },
            limit: 1,
          },
          {
            what: `${what}: samples lost or doubled`,
            value: found.unfounded + found.miscounted.length,
            unit: "samples",
            limit: 0,
          },
        ];
      } finally {
        await owner.end();
      }
    });
  } finally {
    await simulator.close();
  }
}

async function measureActiveJobs(samples: number): Promise<Figure[]> {
  return withServer(async ({ url }) => {
    const owner = new Pool({ connectionString: url, max: 1 });
    try {
      await owner.query("insert into a2o.accounts (aws_account_id) values ($1)", [defaultAccountId]);
      await owner.query(
        `insert into a2o.migration_jobs (job_type, aws_job_id, job_name, aws_account_id, region, status, aws_status, started_at, last_seen_at)
         select 'DATASYNC', 'job-' || i, 'job-' || i, $1, $2, 'RUNNING', 'TRANSFERRING', now() - interval '2 days', now() from generate_series(1, 1000) i`,
        [defaultAccountId, REGION],
      );
      await owner.query(
        `insert into a2o.migration_progress (job_id, sampled_at, aws_account_id, bytes_copied, bytes_total)
         select j.id, now() - make_interval(secs => 30 * s), $1, 1000000 - s, 2000000 from a2o.migration_jobs j, generate_series(0, $2::integer - 1) s`,
        [defaultAccountId, samples],
      );
      await owner.query("analyze a2o.migration_jobs");
      await owner.query("analyze a2o.migration_progress");
      const times: number[] = [];
      for (let i = -1; i < 5; i++) {
        const startedAt = performance.now();
        await owner.query("select * from a2o.active_jobs");
        if (i >= 0) times.push(performance.now() - startedAt);
      }
      return [
        {
          what: `active_jobs: 1,000 running jobs with ${count(samples)} samples each`,
          value: median(times),
          unit: "ms",
          limit: 1_500,
        },
      ];
    } finally {
      await owner.end();
    }
  });
}

if (import.meta.main) await run([bench]);
