import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import {
  DatabaseMigrationServiceClient,
  DescribeEndpointsCommand,
  DescribeReplicationInstancesCommand,
  DescribeReplicationTasksCommand,
} from "@aws-sdk/client-database-migration-service";
import { DataSyncClient, ListTaskExecutionsCommand, ListTasksCommand } from "@aws-sdk/client-datasync";
import { GetDatabasesCommand, GetJobsCommand, GetTablesCommand, GlueClient } from "@aws-sdk/client-glue";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fromNodeProviderChain } from "@aws-sdk/credential-providers";
import { SIMULATOR_HEADER } from "../../worker/aws/clients.ts";
import { awsErrorCode, awsErrorMessage, isDenied } from "../../worker/aws/errors.ts";
import { type Found, failed, ok, skipped, warning } from "./check.ts";

/** Seconds: AWS refuses signatures that are 5 minutes off. */
const REFUSED_SKEW = 300;
const SKEW = 30;

export interface AwsChecks {
  region: string | undefined;
  profile: string | undefined;
}

type Call = [action: string, call: () => Promise<unknown>];

/** Asks AWS who we are and what we may, by calls that read a page of names at most. */
export async function* checkAws({ region, profile }: AwsChecks): AsyncGenerator<Found> {
  if (region === undefined) {
    yield skipped("identity", "No region is named, so AWS was not asked: add --region eu-central-1, and --profile");
    return;
  }
  const configuration = {
    region,
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 3000, requestTimeout: 10_000, throwOnRequestTimeout: true },
    credentials: fromNodeProviderChain(profile === undefined ? {} : { profile }),
  };
  const identity = await whoAmI(new STSClient(configuration));
  yield* identity.found;
  if (!identity.isKnown) return;

  const glue = new GlueClient(configuration);
  const dms = new DatabaseMigrationServiceClient(configuration);
  const datasync = new DataSyncClient(configuration);
  const cloudwatch = new CloudWatchClient(configuration);
  try {
    yield* permissions("may assess", assessing(glue), failed, "To assess catalogs");
    yield* permissions("may monitor", monitoring(glue, dms, datasync, cloudwatch), warning, "To monitor migrations");
  } finally {
    for (const client of [glue, dms, datasync, cloudwatch]) client.destroy();
  }
}

function assessing(glue: GlueClient): Call[] {
  // Being told that there is no such database is an answer, too.
  let database = "aws2openstack_doctor";
  return [
    [
      "glue:GetDatabases",
      async () => {
        const { DatabaseList } = await glue.send(new GetDatabasesCommand({ MaxResults: 1 }));
        database = DatabaseList?.[0]?.Name ?? database;
      },
    ],
    ["glue:GetTables", () => glue.send(new GetTablesCommand({ DatabaseName: database, MaxResults: 1 }))],
  ];
}

function monitoring(
  glue: GlueClient,
  dms: DatabaseMigrationServiceClient,
  datasync: DataSyncClient,
  cloudwatch: CloudWatchClient,
): Call[] {
  const now = Date.now();
  const Metric = { Namespace: "aws2openstack", MetricName: "None" };
  const metrics = new GetMetricDataCommand({
    StartTime: new Date(now - 60_000),
    EndTime: new Date(now),
    MetricDataQueries: [{ Id: "none", MetricStat: { Metric, Period: 60, Stat: "Sum" } }],
  });
  const tasks = new DescribeReplicationTasksCommand({ MaxRecords: 100, WithoutSettings: true });
  return [
    ["dms:DescribeReplicationTasks", () => dms.send(tasks)],
    ["dms:DescribeReplicationInstances", () => dms.send(new DescribeReplicationInstancesCommand({ MaxRecords: 100 }))],
    ["dms:DescribeEndpoints", () => dms.send(new DescribeEndpointsCommand({ MaxRecords: 100 }))],
    ["datasync:ListTasks", () => datasync.send(new ListTasksCommand({ MaxResults: 1 }))],
    ["datasync:ListTaskExecutions", () => datasync.send(new ListTaskExecutionsCommand({ MaxResults: 1 }))],
    ["glue:GetJobs", () => glue.send(new GetJobsCommand({ MaxResults: 1 }))],
    ["cloudwatch:GetMetricData", () => cloudwatch.send(metrics)],
  ];
}

/** Each call is allowed, denied, or fails in another way; the denied ones make one statement to copy. */
async function* permissions(
  name: string,
  calls: readonly Call[],
  refused: typeof failed,
  purpose: string,
): AsyncGenerator<Found> {
  const denied: string[] = [];
  const allowed: string[] = [];
  for (const [action, call] of calls) {
    const error: unknown = await call().then(
      () => undefined,
      error => error,
    );
    if (error === undefined || /NotFound/.test(awsErrorCode(error))) allowed.push(action);
    else if (isDenied(error)) denied.push(action);
    else {
      const fix = "Try again: the network, an endpoint or AWS itself may be in the way.";
      yield warning(name, `${action}: ${awsErrorCode(error)}: ${awsErrorMessage(error)}`, fix);
    }
  }
  if (allowed.length > 0) yield ok(name, `Allowed: ${allowed.join(", ")}`);
  if (denied.length === 0) return;
  const statement = JSON.stringify({ Effect: "Allow", Action: denied, Resource: "*" });
  const isCatalog = denied.some(action => /^glue:Get(Databases|Tables)$/.test(action));
  const lakeFormation = isCatalog ? " Where Lake Formation rules, grant DESCRIBE on the databases, too." : "";
  yield refused(
    name,
    `Denied: ${denied.join(", ")}`,
    `${purpose}, add to the IAM policy: ${statement}.${lakeFormation}`,
  );
}

async function whoAmI(sts: STSClient): Promise<{ found: Found[]; isKnown: boolean }> {
  let date: string | undefined;
  let isSimulated = false;
  sts.middlewareStack.add(
    next => async args => {
      const result = await next(args);
      const headers = isRecord(result.response) ? result.response.headers : undefined;
      if (isRecord(headers)) {
        date = typeof headers.date === "string" ? headers.date : undefined;
        isSimulated = SIMULATOR_HEADER in headers;
      }
      return result;
    },
    { step: "deserialize", priority: "low", name: "noticeDate" },
  );
  const before = Date.now();
  try {
    const { Arn, Account } = await sts.send(new GetCallerIdentityCommand({}));
    const who = ok("identity", `${Arn} in account ${Account}${isSimulated ? " (simulated)" : ""}`);
    return { found: [who, ...clock(date, before)], isKnown: true };
  } catch (error) {
    return { found: [noIdentity(error), ...clock(date, before)], isKnown: false };
  } finally {
    sts.destroy();
  }
}

function noIdentity(error: unknown): Found {
  const code = awsErrorCode(error);
  const words = `${code}: ${awsErrorMessage(error)}`;
  if (code === "CredentialsProviderError") {
    return failed(
      "identity",
      "There are no AWS credentials",
      "Sign in (aws sso login, aws configure), or name a --profile.",
    );
  }
  if (code.startsWith("Expired")) {
    return failed("identity", `The credentials have expired: ${words}`, "Sign in again, e.g. aws sso login.");
  }
  if (/Signature|ClientToken|UnrecognizedClient|TimeTooSkewed/.test(code)) {
    return failed("identity", `AWS refused the credentials: ${words}`, "Check the keys, and this machine's clock.");
  }
  return failed("identity", `AWS does not answer: ${words}`, "Check --region, the network and a proxy (HTTPS_PROXY).");
}

function clock(date: string | undefined, before: number): Found[] {
  const there = date === undefined ? Number.NaN : Date.parse(date);
  if (Number.isNaN(there)) return [];
  const skew = Math.round((there - (before + Date.now()) / 2) / 1000);
  if (Math.abs(skew) < SKEW) return [ok("clock", "This machine's clock agrees with AWS's")];
  const text = `This machine's clock is ${Math.abs(skew)} s ${skew > 0 ? "behind" : "ahead of"} AWS's`;
  return [(Math.abs(skew) >= REFUSED_SKEW ? failed : warning)("clock", text, "Set it, e.g. timedatectl set-ntp true.")];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
