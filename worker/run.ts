import { join } from "node:path";
import { Logger, run } from "graphile-worker";
import { rolePool } from "../postgres/connect.ts";
import { packageRoot } from "../postgres/package-root.ts";

export interface WorkerOptions {
  /** A login that may become a2o_worker. */
  databaseUrl: string;
  log: (line: string) => void;
}

export interface RunningWorker {
  /** Lets tasks under way finish. */
  stop(): Promise<void>;
}

/** Runs the queue and the crontab, as a2o_worker, until it is stopped. Any number of workers may run side by side. */
export async function startWorker({ databaseUrl, log }: WorkerOptions): Promise<RunningWorker> {
  const pool = rolePool(databaseUrl, "a2o_worker", 4);
  try {
    const runner = await run({
      pgPool: pool,
      taskDirectory: join(import.meta.dirname, "tasks"),
      crontabFile: join(packageRoot, "worker/crontab"),
      // The caller handles signals and stops everything in order.
      noHandleSignals: true,
      logger: new Logger(() => (level, message) => {
        if (level === "error" || level === "warning") log(`worker: ${message}`);
      }),
    });
    return {
      async stop() {
        await runner.stop();
        await pool.end();
      },
    };
  } catch (error) {
    await pool.end();
    throw error;
  }
}
