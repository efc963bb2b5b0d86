import { GetMetricDataCommand, ListMetricsCommand } from "@aws-sdk/client-cloudwatch";
import {
  DescribeEndpointsCommand,
  DescribeReplicationConfigsCommand,
  DescribeReplicationInstancesCommand,
  DescribeReplicationsCommand,
  DescribeReplicationTableStatisticsCommand,
  DescribeReplicationTasksCommand,
  DescribeTableStatisticsCommand,
} from "@aws-sdk/client-database-migration-service";
import {
  DescribeTaskCommand,
  DescribeTaskExecutionCommand,
  ListLocationsCommand,
  ListTaskExecutionsCommand,
  ListTasksCommand,
} from "@aws-sdk/client-datasync";
import { GetJobRunsCommand, GetJobsCommand } from "@aws-sdk/client-glue";
import { isDenied } from "../aws/errors.ts";
import type { AwsSession } from "../aws/session.ts";
import type { WatchedService } from "./plan.ts";
import { type Failure, failureOf } from "./reading.ts";

/** Whether AWS lets the monitor's credentials do one thing that polls do. */
export interface PermissionCheck {
  /** As IAM names it: `dms:DescribeReplicationTasks`. */
  action: string;
  outcome: "ALLOWED" | "DENIED" | "FAILED";
  failure: Failure | undefined;
}

type Options = { abortSignal?: AbortSignal };
type Probe = readonly [action: string, send: (session: AwsSession, options: Options) => Promise<unknown>];

/** An ARN of something that is not there: whoever may ask is told so, whoever may not is denied. */
const arn = ({ options: { region, awsAccountId } }: AwsSession, service: string, resource: string) =>
  `arn:aws:${service}:${region}:${awsAccountId}:${resource}`;
const NO_DMS_ID = "A2OTESTAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const NO_TASK = "task/task-00000000000000000";

const PROBES: Record<WatchedService | "CLOUDWATCH", readonly Probe[]> = {
  DMS: [
    ["DescribeReplicationTasks", ({ dms }, o) => dms.send(new DescribeReplicationTasksCommand({ MaxRecords: 20 }), o)],
    ["DescribeReplications", ({ dms }, o) => dms.send(new DescribeReplicationsCommand({ MaxRecords: 20 }), o)],
    [
      "DescribeReplicationConfigs",
      ({ dms }, o) => dms.send(new DescribeReplicationConfigsCommand({ MaxRecords: 20 }), o),
    ],
    [
      "DescribeReplicationInstances",
      ({ dms }, o) => dms.send(new DescribeReplicationInstancesCommand({ MaxRecords: 20 }), o),
    ],
    ["DescribeEndpoints", ({ dms }, o) => dms.send(new DescribeEndpointsCommand({ MaxRecords: 20 }), o)],
    [
      "DescribeTableStatistics",
      (session, o) =>
        session.dms.send(
          new DescribeTableStatisticsCommand({ ReplicationTaskArn: arn(session, "dms", `task:${NO_DMS_ID}`) }),
          o,
        ),
    ],
    [
      "DescribeReplicationTableStatistics",
      (session, o) =>
        session.dms.send(
          new DescribeReplicationTableStatisticsCommand({
            ReplicationConfigArn: arn(session, "dms", `replication-config:${NO_DMS_ID}`),
          }),
          o,
        ),
    ],
  ],
  DATASYNC: [
    ["ListTasks", ({ datasync }, o) => datasync.send(new ListTasksCommand({ MaxResults: 1 }), o)],
    ["ListTaskExecutions", ({ datasync }, o) => datasync.send(new ListTaskExecutionsCommand({ MaxResults: 1 }), o)],
    ["ListLocations", ({ datasync }, o) => datasync.send(new ListLocationsCommand({ MaxResults: 1 }), o)],
    [
      "DescribeTask",
      (session, o) => session.datasync.send(new DescribeTaskCommand({ TaskArn: arn(session, "datasync", NO_TASK) }), o),
    ],
    [
      "DescribeTaskExecution",
      (session, o) =>
        session.datasync.send(
          new DescribeTaskExecutionCommand({
            TaskExecutionArn: arn(session, "datasync", `${NO_TASK}/execution/exec-00000000000000000`),
          }),
          o,
        ),
    ],
  ],
  GLUE: [
    ["GetJobs", ({ glue }, o) => glue.send(new GetJobsCommand({ MaxResults: 1 }), o)],
    [
      "GetJobRuns",
      ({ glue }, o) => glue.send(new GetJobRunsCommand({ JobName: "aws2openstack-test", MaxResults: 1 }), o),
    ],
  ],
  CLOUDWATCH: [
    [
      "GetMetricData",
      ({ cloudwatch }, o) =>
        cloudwatch.send(
          new GetMetricDataCommand({
            StartTime: new Date(Date.now() - 600_000),
            EndTime: new Date(),
            MetricDataQueries: [
              {
                Id: "test",
                MetricStat: {
                  Metric: { Namespace: "AWS/DMS", MetricName: "CPUUtilization" },
                  Period: 60,
                  Stat: "Average",
                },
              },
            ],
          }),
          o,
        ),
    ],
    ["ListMetrics", ({ cloudwatch }, o) => cloudwatch.send(new ListMetricsCommand({ Namespace: "AWS/DMS" }), o)],
  ],
};

/** What AWS answers when it lets somebody ask about something that is not there. */
const NOT_THERE = new Set(["ResourceNotFoundFault", "InvalidRequestException", "EntityNotFoundException"]);

/** Asks for everything that polls of these services ask for; it costs one metric. */
export async function checkPermissions(
  session: AwsSession,
  services: readonly WatchedService[],
): Promise<PermissionCheck[]> {
  const prefixes = { DMS: "dms", DATASYNC: "datasync", GLUE: "glue", CLOUDWATCH: "cloudwatch" } as const;
  const checks: PermissionCheck[] = [];
  for (const service of [...services, "CLOUDWATCH"] as const) {
    for (const [operation, send] of PROBES[service]) {
      const action = `${prefixes[service]}:${operation}`;
      try {
        await session.call(options => send(session, options));
        checks.push({ action, outcome: "ALLOWED", failure: undefined });
      } catch (error) {
        const failure = failureOf(error, action);
        const outcome = NOT_THERE.has(failure.code) ? "ALLOWED" : isDenied(error) ? "DENIED" : "FAILED";
        checks.push({ action, outcome, failure: outcome === "ALLOWED" ? undefined : failure });
      }
    }
  }
  return checks;
}

/** The IAM policy that allows these actions; none of them can be narrowed down to single resources in full. */
export function policyFor(actions: readonly string[]): object {
  return {
    Version: "2012-10-17",
    Statement: [{ Sid: "Aws2OpenstackMonitor", Effect: "Allow", Action: actions.toSorted(), Resource: "*" }],
  };
}

/** Every action that watching these services needs. */
export function actionsFor(services: readonly WatchedService[]): string[] {
  const prefixes = { DMS: "dms", DATASYNC: "datasync", GLUE: "glue", CLOUDWATCH: "cloudwatch" } as const;
  return ([...services, "CLOUDWATCH"] as const).flatMap(service =>
    PROBES[service].map(([operation]) => `${prefixes[service]}:${operation}`),
  );
}
