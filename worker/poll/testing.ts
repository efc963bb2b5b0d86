import type { Pool, QueryResultRow } from "pg";
import { defaultAccountId, type Simulator, type SimulatorOptions, startSimulator } from "../../demo/simulator.ts";
import { rolePool } from "../../postgres/connect.ts";
import type { TestDatabase } from "../../test/database.ts";
import { type Polled, pollMonitor, type Query } from "./poll.ts";
import { Sessions } from "./sessions.ts";

export const REGION = "eu-central-1";
export const MINUTE = 60_000;

/** The simulated moment at which tests begin: past, so that nothing lies in the future. */
export const STARTS_AT = new Date("2026-11-01T00:00:00Z");

type Jobs = NonNullable<NonNullable<SimulatorOptions["migration"]>["jobs"]>;

export interface Bench extends AsyncDisposable {
  simulator: Simulator;
  monitorId: string;
  /** Polls now, whenever the next poll would be due. */
  poll(): Promise<Polled | undefined>;
  query: Query;
  pool: Pool;
  /** Rows, as the superuser sees them. */
  rows<Row extends QueryResultRow = Record<string, unknown>>(sql: string, params?: unknown[]): Promise<Row[]>;
  /** The one row of a job by its name, with its newest run. */
  job(name: string): Promise<Record<string, unknown>>;
}

/** A simulator whose clock moves by hand, and a monitor that watches it; earlier monitors and jobs are forgotten. */
export async function watch(db: TestDatabase, jobs: Jobs, options: Partial<SimulatorOptions> = {}): Promise<Bench> {
  const simulator = await startSimulator({
    clock: { startsAt: STARTS_AT, factor: 0 },
    migration: { jobs },
    ...options,
  });
  await db.query("delete from a2o.monitors");
  await db.query("delete from a2o.migration_jobs");
  const [monitor] = await db.query<{ id: string }>("select id from a2o.add_stand_in_monitor($1, $2, $3)", [
    defaultAccountId,
    REGION,
    simulator.url,
  ]);
  const monitorId = monitor?.id ?? "";
  const pool = rolePool(db.url, "a2o_worker", 4);
  const sessions = new Sessions();
  const query: Query = (sql, params) => pool.query(sql, params);
  return {
    simulator,
    monitorId,
    query,
    pool,
    async poll() {
      await db.query("update a2o.monitors set next_poll_at = now() where id = $1", [monitorId]);
      await db.query("update a2o.monitor_services set last_polled_at = null where service = 'CLOUDWATCH'");
      return pollMonitor(monitorId, { query, sessions });
    },
    rows: (sql, params) => db.query(sql, params),
    async job(name) {
      const [row] = await db.query(
        "select * from a2o.migration_jobs where job_name = $1 order by created_at desc limit 1",
        [name],
      );
      if (row === undefined) throw new Error(`no job ${name}`);
      return row;
    },
    async [Symbol.asyncDispose]() {
      sessions.close();
      await simulator.close();
      await pool.end();
    },
  };
}
