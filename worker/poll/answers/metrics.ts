import type { MetricStat } from "@aws-sdk/client-cloudwatch";
import type { JobAnswer } from "./answer.ts";

/** One metric of one job, as it is asked of CloudWatch. */
export interface MetricQuestion {
  /** Position of the job among the poll's answers, from 1. */
  job: number;
  metricName: string;
  /** CloudWatch answers no unit with the data. */
  unit: string;
  stat: MetricStat;
}

/** Seconds between data points: DMS and Glue tell every minute or faster, DataSync every five. */
const PERIOD = 60;

type Wanted = readonly [metricName: string, unit: string, statistic: "Average" | "Sum"];

/** Source: CHAP_Monitoring (Replication task metrics). Bandwidths are in kilobytes. */
const FULL_LOAD: readonly Wanted[] = [
  ["FullLoadThroughputRowsSource", "Count/Second", "Average"],
  ["FullLoadThroughputRowsTarget", "Count/Second", "Average"],
  ["FullLoadThroughputBandwidthSource", "Kilobytes/Second", "Average"],
  ["FullLoadThroughputBandwidthTarget", "Kilobytes/Second", "Average"],
];
const CHANGES: readonly Wanted[] = [
  ["CDCLatencySource", "Seconds", "Average"],
  ["CDCLatencyTarget", "Seconds", "Average"],
  ["CDCIncomingChanges", "Count", "Average"],
];
/** Source: monitor-datasync (CloudWatch metrics for AWS DataSync). */
const DATASYNC: readonly Wanted[] = [
  ["BytesWritten", "Bytes", "Sum"],
  ["FilesTransferred", "Count", "Sum"],
];
/** Source: monitoring-awsglue-with-cloudwatch-metrics. Each tells what came since the last report, so they are summed. */
const GLUE: readonly (readonly [...Wanted, type: "gauge" | "count"])[] = [
  ["glue.ALL.s3.filesystem.read_bytes", "Bytes", "Sum", "gauge"],
  ["glue.ALL.s3.filesystem.write_bytes", "Bytes", "Sum", "gauge"],
  ["glue.driver.aggregate.numCompletedStages", "Count", "Sum", "count"],
];

/** What CloudWatch can tell of a job, and is worth its price. */
export function metricQuestions(answer: JobAnswer, job: number): MetricQuestion[] {
  const ask =
    (namespace: string, dimensions: Record<string, string>) =>
    ([metricName, unit, statistic]: Wanted): MetricQuestion => ({
      job,
      metricName,
      unit,
      stat: {
        Metric: {
          Namespace: namespace,
          MetricName: metricName,
          Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        },
        Period: PERIOD,
        Stat: statistic,
      },
    });
  if (answer.job_type === "DATASYNC") {
    const task = answer.aws_parent_id?.split("/").at(-1) ?? "";
    return DATASYNC.map(ask("AWS/DataSync", { TaskId: task }));
  }
  if (answer.job_type === "GLUE_JOB") {
    const args = answer.details?.Arguments;
    // Without this argument the job reports none, and CloudWatch would bill for finding nothing.
    if (typeof args !== "object" || args === null || !("--enable-metrics" in args)) return [];
    return GLUE.map(([metricName, unit, statistic, type]) =>
      ask("Glue", { JobName: answer.job_name ?? "", JobRunId: answer.aws_job_id, Type: type })([
        metricName,
        unit,
        statistic,
      ]),
    );
  }
  const dimensions = dmsDimensions(answer);
  if (dimensions === undefined) return [];
  const wanted = [
    ...(answer.migration_type === "cdc" || answer.percent === 100 ? [] : FULL_LOAD),
    ...(answer.migration_type === "full-load" ? [] : CHANGES),
  ];
  return wanted.map(ask("AWS/DMS", dimensions));
}

/** The id at the end of a DMS ARN, which CloudWatch knows the task by. */
export const resourceIdOf = (arn: string): string => arn.split(":").at(-1) ?? "";

function dmsDimensions(answer: JobAnswer): Record<string, string> | undefined {
  const { ReplicationInstanceIdentifier: instance, MetricDimensions: found } = answer.details ?? {};
  // What ListMetrics named for a serverless replication.
  if (typeof found === "object" && found !== null) {
    return Object.fromEntries(Object.entries(found).map(([name, value]) => [name, String(value)]));
  }
  // Without the instance's name, which the ARN does not hold, CloudWatch would find nothing and bill for it.
  if (typeof instance !== "string") return undefined;
  return { ReplicationInstanceIdentifier: instance, ReplicationTaskIdentifier: resourceIdOf(answer.aws_job_id) };
}
