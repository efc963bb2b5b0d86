import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { QueryResultRow } from "pg";
import type { Simulator } from "../../demo/simulator.ts";

type Rows = <Row extends QueryResultRow>(sql: string, params?: unknown[]) => Promise<Row[]>;

/** Copies that run from before the simulator starts until long after a test, by a clock that goes with ours. */
export function longCopies(count: number) {
  return Array.from({ length: count }, (_, i) => ({
    kind: "datasync" as const,
    name: `copy-${i}`,
    source: `s3://lake/${i}/`,
    bytes: 900_000_000_000,
    files: 1_000,
    runs: [{ startsAfter: -10, minutes: 60 }],
  }));
}

/** Two workers side by side, one of which is killed with SIGKILL and replaced again and again. */
export async function killWorkers({
  databaseUrl,
  milliseconds,
  betweenKills,
}: {
  databaseUrl: string;
  milliseconds: number;
  /** Milliseconds between two kills, on average. */
  betweenKills: number;
}): Promise<{ kills: number }> {
  const start = () =>
    fork(join(import.meta.dirname, "worker.fixture.ts"), {
      env: { ...process.env, DATABASE_URL: databaseUrl },
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
  const workers: ChildProcess[] = [start(), start()];
  const until = Date.now() + milliseconds;
  let kills = 0;
  try {
    while (Date.now() < until) {
      await sleep(betweenKills * (0.5 + Math.random()));
      const which = kills % workers.length;
      const victim = workers[which];
      if (victim === undefined) break;
      const gone = once(victim, "exit");
      victim.kill("SIGKILL");
      await gone;
      workers[which] = start();
      kills++;
    }
  } finally {
    await Promise.all(
      workers.map(async worker => {
        if (worker.exitCode !== null || worker.signalCode !== null) return;
        const gone = once(worker, "exit");
        worker.kill("SIGTERM");
        await Promise.race([gone, sleep(20_000).then(() => worker.kill("SIGKILL"))]);
      }),
    );
  }
  return { kills };
}

export interface Comparison {
  /** Polls that were recorded. */
  polls: number;
  /** Samples that were recorded, of all jobs. */
  samples: number;
  /** Jobs whose samples are not as many as the recorded polls that told of them. */
  miscounted: string[];
  /** Samples that no answer of the simulator gave, or that two samples share. */
  unfounded: number;
}

/**
 * Compares what is stored of so many DataSync executions, which ran all the time, with what the simulator says it answered. A poll that was
 * recorded has one sample of each; each sample is one answer, and no answer is two samples.
 */
export async function compareWithLog(rows: Rows, simulator: Simulator, executions: number): Promise<Comparison> {
  const answered = new Map<string, number>();
  for (const { operation, outcome, output } of simulator.requests) {
    if (operation !== "DescribeTaskExecution" || outcome !== "ok" || output === undefined) continue;
    const key = `${String(output.TaskExecutionArn)} ${String(output.BytesWritten)}`;
    answered.set(key, (answered.get(key) ?? 0) + 1);
  }
  const [{ polls } = { polls: 0 }] = await rows<{ polls: number }>(
    "select count(*)::int as polls from a2o_private.recorded_polls",
  );
  const samples = await rows<{ job: string; bytes: string }>(
    `select j.aws_job_id as job, p.bytes_copied::text as bytes
     from a2o.migration_progress p join a2o.migration_jobs j on j.id = p.job_id where j.job_type = 'DATASYNC'`,
  );
  const counts = new Map<string, number>();
  let unfounded = 0;
  for (const { job, bytes } of samples) {
    counts.set(job, (counts.get(job) ?? 0) + 1);
    const left = answered.get(`${job} ${bytes}`) ?? 0;
    if (left === 0) unfounded++;
    answered.set(`${job} ${bytes}`, left - 1);
  }
  const miscounted = [...counts]
    .filter(([, count]) => count !== polls)
    .map(([job, count]) => `${job}: ${count} of ${polls}`);
  if (counts.size !== executions) miscounted.push(`${counts.size} of ${executions} executions have samples`);
  return { polls, samples: samples.length, miscounted, unfounded };
}
