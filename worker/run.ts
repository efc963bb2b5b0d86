import { EventEmitter } from "node:events";
import { join } from "node:path";
import { getTasks, Logger, run, type Task, type TaskList, type WorkerEvents } from "graphile-worker";
import type { Pool } from "pg";
import { rolePool } from "../postgres/connect.ts";
import { packageRoot } from "../postgres/package-root.ts";
import { isUnreachable } from "../postgres/unreachable.ts";
import { inSpan } from "../telemetry/span.ts";
import { listenForDeliveries } from "./alerts/wake.ts";
import { type MetricsServer, type MetricsSettings, serveWorkerMetrics } from "./operations/metrics.ts";
import { sessions } from "./poll/sessions.ts";

export interface WorkerOptions {
  /** A login that may become a2o_worker. */
  databaseUrl: string;
  /** Where Prometheus may ask; nowhere when not given. */
  metrics?: MetricsSettings | undefined;
  log: (line: string) => void;
}

export interface RunningWorker {
  /** Address of /metrics, when it is served. */
  metricsUrl: string | undefined;
  /** Looks for monitors that are due now, instead of within a minute. */
  watchNow(): Promise<void>;
  /** Lets tasks under way finish. */
  stop(): Promise<void>;
}

/** Tasks under way at once. Polls wait for AWS most of the time; a long task holds none of them up. */
const CONCURRENCY = 8;

/** Runs the queue and the crontab, as a2o_worker, until it is stopped. Any number of workers may run side by side. */
export async function startWorker({ databaseUrl, metrics, log }: WorkerOptions): Promise<RunningWorker> {
  const pool = rolePool(databaseUrl, "a2o_worker", CONCURRENCY + 3);
  const events: WorkerEvents = new EventEmitter();
  let metricsServer: MetricsServer | undefined;
  // graphile-worker notes that a task is done without waiting for it. Where the server goes away in that moment (a failover), the
  // process would end, and with it all tasks under way; the note is lost either way.
  const surviveLostNotes = (error: unknown) => {
    if (!isUnreachable(error)) throw error;
    log(`worker: A task's end could not be noted: ${error instanceof Error ? error.message : error}`);
  };
  process.on("unhandledRejection", surviveLostNotes);
  try {
    if (metrics !== undefined) metricsServer = await serveWorkerMetrics(metrics, pool, events);
    const runner = await run({
      pgPool: pool,
      events,
      concurrency: CONCURRENCY,
      taskList: await loadTasks(pool),
      crontabFile: join(packageRoot, "worker/crontab"),
      // The caller handles signals and stops everything in order.
      noHandleSignals: true,
      logger: new Logger(() => (level, message) => {
        if (level === "error" || level === "warning") log(`worker: ${message}`);
      }),
    });
    const watchNow = async () => {
      await runner.addJob("monitors/watch", {}, { jobKey: "monitors/watch", maxAttempts: 1 });
    };
    const deliverNow = async () => {
      await runner.addJob("alerts/watch-webhooks", {}, { jobKey: "alerts/watch-webhooks", maxAttempts: 1 });
    };
    const deliveries = listenForDeliveries(pool, deliverNow);
    await watchNow();
    await deliverNow();
    return {
      watchNow,
      metricsUrl: metricsServer?.url,
      async stop() {
        await deliveries.stop();
        await runner.stop();
        sessions.close();
        await metricsServer?.close();
        await pool.end();
        process.off("unhandledRejection", surviveLostNotes);
      },
    };
  } catch (error) {
    process.off("unhandledRejection", surviveLostNotes);
    await metricsServer?.close();
    await pool.end();
    throw error;
  }
}

/** The tasks of the folder, each in a span of its own. */
async function loadTasks(pgPool: Pool): Promise<TaskList> {
  const { tasks } = await getTasks({ pgPool }, join(import.meta.dirname, "tasks"));
  return Object.fromEntries(Object.entries(tasks).map(([name, task]) => [name, task && inTaskSpan(name, task)]));
}

function inTaskSpan(name: string, task: Task): Task {
  return (payload, helpers) => {
    const attributes = { "messaging.destination.name": name, "a2o.task.attempt": helpers.job.attempts };
    return inSpan(`task ${name}`, { kind: "consumer", attributes }, async () => task(payload, helpers));
  };
}
