import { fractionOf } from "../../random.ts";
import type { Attempt, GlueJob, Progress } from "../glue.ts";
import { endsAt, workStartsAt } from "../run.ts";
import type { Series } from "./series.ts";

/** Glue reports every 30 seconds. */
const intervalMs = 30_000;

interface Reading {
  /** The dimension Type. */
  readonly type: "count" | "gauge";
  /** A count, of which what came since the last report is told; or what stands at that moment. */
  readonly counted?: (progress: Progress) => number;
  readonly gauged?: (job: GlueJob, attempt: Attempt, time: number) => number;
}

function wobble(attempt: Attempt, name: string, time: number): number {
  return fractionOf(`${attempt.id}/${name}/${Math.floor(time / intervalMs)}`);
}

/** Source: https://docs.aws.amazon.com/glue/latest/dg/monitoring-awsglue-with-cloudwatch-metrics.html */
const readings: Readonly<Record<string, Reading>> = {
  "glue.driver.aggregate.bytesRead": { type: "count", counted: progress => progress.bytesRead },
  "glue.driver.aggregate.recordsRead": { type: "count", counted: progress => progress.records },
  "glue.driver.aggregate.numCompletedStages": { type: "count", counted: progress => progress.stages },
  "glue.driver.aggregate.numCompletedTasks": { type: "count", counted: progress => progress.tasks },
  "glue.driver.aggregate.numFailedTasks": { type: "count", counted: progress => progress.failedTasks },
  "glue.driver.aggregate.elapsedTime": { type: "count", gauged: () => intervalMs },
  "glue.ALL.s3.filesystem.read_bytes": { type: "gauge", counted: progress => progress.bytesRead },
  "glue.ALL.s3.filesystem.write_bytes": { type: "gauge", counted: progress => progress.bytesWritten },
  "glue.ALL.system.cpuSystemLoad": { type: "gauge", gauged: (_, run, time) => 0.35 + 0.4 * wobble(run, "cpu", time) },
  "glue.ALL.jvm.heap.usage": { type: "gauge", gauged: (_, run, time) => 0.2 + 0.5 * wobble(run, "heap", time) },
  "glue.driver.ExecutorAllocationManager.executors.numberAllExecutors": {
    type: "gauge",
    gauged: job => (job.script.workers ?? 10) - 1,
  },
  "glue.driver.ExecutorAllocationManager.executors.numberMaxNeededExecutors": {
    type: "gauge",
    gauged: (job, run, time) => Math.ceil(((job.script.workers ?? 10) - 1) * (1 + wobble(run, "needed", time))),
  },
};

export const glueMetrics = Object.entries(readings).map(([name, { type }]) => ({ name, type }));

/**
 * The series of one run of a job, or of "ALL" its runs; undefined for a name or type that Glue does not have, and for
 * jobs whose metrics are off.
 */
export function glueSeries(job: GlueJob, name: string, runId: string, type: string): Series | undefined {
  const reading = readings[name];
  if (!job.hasMetrics || !reading || reading.type !== type) return undefined;
  const one = (attempt: Attempt, from: number, to: number): number | undefined => {
    const { run } = attempt;
    if (to <= workStartsAt(run) || from >= endsAt(run) || !job.existsAt(from)) return undefined;
    if (reading.gauged) return reading.gauged(job, attempt, to);
    const count = (time: number): number => reading.counted?.(job.progressAt(run, time)) ?? 0;
    return count(to) - count(from);
  };
  return {
    intervalMs,
    report(from, to) {
      const reports = job
        .attemptsAround(from, to)
        .filter(({ id }) => runId === "ALL" || id === runId)
        .map(attempt => one(attempt, from, to))
        .filter(report => report !== undefined);
      return reports.length === 0 ? undefined : reports.reduce((sum, report) => sum + report, 0);
    },
  };
}
