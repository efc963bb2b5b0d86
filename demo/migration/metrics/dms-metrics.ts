import { fractionOf } from "../../random.ts";
import type { DmsJob } from "../dms.ts";
import { workStartsAt } from "../run.ts";
import type { Series } from "./series.ts";

const minute = 60_000;

/** Reading runs so much ahead of writing. */
const ahead = 3_000;

/** What a DMS task's metric of a name was over an interval in which the task worked. */
type Reading = (job: DmsJob, from: number, to: number) => number;

function loadRate(what: "rows" | "bytes", shift: number): Reading {
  return (job, from, to) => {
    const run = job.runAt(to);
    if (!run) return 0;
    const since = Math.max(from, workStartsAt(run) - shift);
    const moved = job.loadedAt(to + shift)[what] - job.loadedAt(since + shift)[what];
    // A later start begins from nothing again.
    return Math.max(0, moved) / ((to - from) / 1000) / (what === "bytes" ? 1024 : 1);
  };
}

function changeRate(side: "source" | "target", bytesPerRow = 1): Reading {
  return (job, from, to) => {
    const run = job.runAt(to);
    const changes = run && job.changesOf(run);
    if (!changes) return 0;
    const count = (time: number): number => (side === "source" ? changes.madeBy(time) : changes.appliedBy(time));
    return ((count(to) - count(from)) / ((to - from) / 1000)) * bytesPerRow;
  };
}

function ofChanges(reading: (changes: NonNullable<ReturnType<DmsJob["changesOf"]>>, time: number) => number): Reading {
  return (job, _from, to) => {
    const run = job.runAt(to);
    const changes = run && job.changesOf(run);
    return changes?.isOnAt(to) ? reading(changes, to) : 0;
  };
}

const waiting = ofChanges((changes, time) => Math.max(0, Math.round(changes.madeBy(time) - changes.appliedBy(time))));

/** Source: https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Monitoring.html (replication task metrics) */
const readings: Readonly<Record<string, Reading>> = {
  FullLoadThroughputBandwidthSource: loadRate("bytes", ahead),
  FullLoadThroughputBandwidthTarget: loadRate("bytes", 0),
  FullLoadThroughputRowsSource: loadRate("rows", ahead),
  FullLoadThroughputRowsTarget: loadRate("rows", 0),
  CDCIncomingChanges: waiting,
  CDCChangesMemorySource: ofChanges(() => 0),
  CDCChangesMemoryTarget: (job, from, to) => Math.min(5_000, waiting(job, from, to)),
  CDCChangesDiskSource: ofChanges(() => 0),
  CDCChangesDiskTarget: (job, from, to) => Math.max(0, waiting(job, from, to) - 5_000),
  CDCThroughputBandwidthSource: changeRate("source", 0.3),
  CDCThroughputBandwidthTarget: changeRate("target", 0.3),
  CDCThroughputRowsSource: changeRate("source"),
  CDCThroughputRowsTarget: changeRate("target"),
  CDCLatencySource: ofChanges((changes, time) => changes.sourceLatencyAt(time)),
  CDCLatencyTarget: ofChanges((changes, time) => changes.targetLatencyAt(time)),
  CPUUtilization: (job, _from, to) => 20 + 30 * fractionOf(`${job.arn}/cpu/${to}`),
};

export const dmsMetricNames = Object.keys(readings);

/** The series of a task's metric; undefined for a name that DMS does not have. */
export function dmsSeries(job: DmsJob, name: string): Series | undefined {
  const reading = readings[name];
  return (
    reading && {
      intervalMs: minute,
      report: (from, to) => (job.isWorkingAt(to - 1) ? reading(job, from, to) : undefined),
    }
  );
}

/**
 * The dimensions that CloudWatch knows a task by: its instance's name, which is not in the task's ARN, and the resource id
 * at the ARN's end. For serverless replications AWS's guide names no dimension: ask ListMetrics.
 */
export function dmsDimensions(job: DmsJob): Record<string, string> {
  return job.script.isServerless
    ? { ReplicationConfigIdentifier: job.resourceId }
    : { ReplicationInstanceIdentifier: job.instanceName, ReplicationTaskIdentifier: job.resourceId };
}
