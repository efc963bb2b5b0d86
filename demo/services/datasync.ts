import { AwsError } from "../errors.ts";
import type { DataSyncJob } from "../migration/datasync.ts";
import { endsAt, type RunPlan } from "../migration/run.ts";
import { jsonService } from "./json-service.ts";
import type { PageTokens } from "./page-token.ts";
import { pageByKey } from "./paging.ts";
import type { Answer, Call, Handler, Service, World } from "./service.ts";
import { optionalText } from "./validate.ts";

const operations: Readonly<Record<string, Handler>> = {
  ListTasks: listTasks,
  DescribeTask: describeTask,
  ListTaskExecutions: listTaskExecutions,
  DescribeTaskExecution: describeTaskExecution,
  ListLocations: listLocations,
  DescribeLocationS3: describeLocationS3,
  DescribeLocationObjectStorage: describeLocationObjectStorage,
};

/**
 * DataSync over AWS JSON 1.1: its tasks, their executions and locations.
 * Source: https://docs.aws.amazon.com/datasync/latest/userguide/API_Operations.html
 */
export function dataSyncService(world: World): Service {
  return jsonService(world, {
    signingName: "datasync",
    targetPrefix: "FmrsService",
    operations,
    tokenRefusal: "InvalidRequestException",
    subjectOf({ input }) {
      const resource = input.TaskExecutionArn ?? input.TaskArn ?? input.LocationArn;
      return {
        ...(typeof resource === "string" && { resource }),
        ...(typeof input.NextToken === "string" && { token: input.NextToken }),
      };
    },
    resourceOf: ({ resource }, region, accountId) => resource ?? `arn:aws:datasync:${region}:${accountId}:task/*`,
  });
}

function jobsOf(world: World, call: Call): DataSyncJob[] {
  return world
    .migrationOf(call.caller.accountId)
    .in(call.region)
    .dataSyncTasks.filter(job => job.existsAt(call.time));
}

function invalid(text: string): AwsError {
  return new AwsError("InvalidRequestException", text);
}

function requiredArn(call: Call, member: string): string {
  const arn = optionalText(call.input, member);
  if (arn === undefined) throw invalid(`Invalid parameter: ${member} must be given.`);
  return arn;
}

function findTask(world: World, call: Call, arn: string): DataSyncJob {
  const job = jobsOf(world, call).find(candidate => candidate.arn === arn);
  if (!job) throw invalid(`Request parameters contain an unknown task: ${arn}`);
  return job;
}

function answerPage<T>(
  tokens: PageTokens,
  call: Call,
  member: string,
  items: readonly T[],
  keyOf: (item: T) => string,
  shown: (item: T) => unknown,
): Answer {
  const { NextToken: token, MaxResults: limit = 100, ...asked } = call.input;
  if (typeof limit !== "number" || !Number.isInteger(limit) || limit < 0 || limit > 100) {
    throw invalid(`Invalid parameter: MaxResults must be from 0 to 100, not ${String(limit)}.`);
  }
  const listing = [call.operation, call.caller.accountId, call.region, JSON.stringify(asked)];
  const after = typeof token === "string" && token !== "" ? tokens.readKey(listing, token) : undefined;
  const page = pageByKey(items, keyOf, limit || 100, after);
  return {
    output: {
      [member]: page.items.map(shown),
      ...(page.last !== undefined && { NextToken: tokens.issue(listing, page.last) }),
    },
    items: page.items.length,
  };
}

function taskStatus(job: DataSyncJob, time: number): "AVAILABLE" | "RUNNING" | "QUEUED" {
  const run = job.newestAt(time);
  if (!run || time >= endsAt(run)) return "AVAILABLE";
  return job.statusAt(run, time) === "QUEUED" ? "QUEUED" : "RUNNING";
}

function listTasks(world: World, tokens: PageTokens, call: Call): Answer {
  const filters = call.input.Filters ?? [];
  if (!Array.isArray(filters)) throw new AwsError("SerializationException", "Expected list or null");
  const jobs = jobsOf(world, call).filter(job =>
    filters.every((filter: { Name?: string; Operator?: string; Values?: string[] }) => {
      if (filter.Name !== "LocationId" || !["Equals", "In"].includes(filter.Operator ?? "")) {
        throw invalid("The simulator filters tasks by LocationId only, with Equals or In");
      }
      return [job.sourceArn, job.destinationArn].some(arn => filter.Values?.includes(arn));
    }),
  );
  return answerPage(
    tokens,
    call,
    "Tasks",
    jobs,
    ({ arn }) => arn,
    job => ({
      TaskArn: job.arn,
      Status: taskStatus(job, call.time),
      Name: job.script.name,
      TaskMode: job.mode,
    }),
  );
}

function describeTask(world: World, _tokens: PageTokens, call: Call): Answer {
  const job = findTask(world, call, requiredArn(call, "TaskArn"));
  const status = taskStatus(job, call.time);
  const run = job.newestAt(call.time);
  return {
    output: {
      TaskArn: job.arn,
      Status: status,
      Name: job.script.name,
      ...(run && status !== "AVAILABLE" && { CurrentTaskExecutionArn: job.executionArn(run) }),
      SourceLocationArn: job.sourceArn,
      DestinationLocationArn: job.destinationArn,
      Options: job.options,
      Excludes: [],
      Includes: [],
      CreationTime: job.life.from / 1000,
      TaskMode: job.mode,
    },
    items: 1,
  };
}

interface Execution {
  readonly job: DataSyncJob;
  readonly run: RunPlan;
}

/** Executions have no order to rely on; as AWS names none, they are listed by ARN. */
function listTaskExecutions(world: World, tokens: PageTokens, call: Call): Answer {
  const arn = optionalText(call.input, "TaskArn");
  const jobs = arn === undefined ? jobsOf(world, call) : [findTask(world, call, arn)];
  const executions = jobs
    .flatMap(job => job.executionsAt(call.time).map(run => ({ job, run, arn: job.executionArn(run) })))
    .toSorted((left, right) => (left.arn < right.arn ? -1 : 1));
  return answerPage(
    tokens,
    call,
    "TaskExecutions",
    executions,
    execution => execution.arn,
    execution => ({
      TaskExecutionArn: execution.arn,
      Status: execution.job.statusAt(execution.run, call.time),
      TaskMode: execution.job.mode,
    }),
  );
}

function findExecution(world: World, call: Call, arn: string): Execution {
  const [taskArn = ""] = arn.split("/execution/");
  const job = findTask(world, call, taskArn);
  const run = job.executionsAt(call.time).find(candidate => job.executionArn(candidate) === arn);
  if (!run) throw invalid(`Request parameters contain an unknown task execution: ${arn}`);
  return { job, run };
}

function describeTaskExecution(world: World, _tokens: PageTokens, call: Call): Answer {
  const { job, run } = findExecution(world, call, requiredArn(call, "TaskExecutionArn"));
  return { output: { ...job.executionAt(run, call.time) }, items: 1 };
}

function listLocations(world: World, tokens: PageTokens, call: Call): Answer {
  const locations = jobsOf(world, call)
    .flatMap(job => [
      { LocationArn: job.sourceArn, LocationUri: job.script.source },
      { LocationArn: job.destinationArn, LocationUri: job.destinationUri },
    ])
    .toSorted((left, right) => (left.LocationArn < right.LocationArn ? -1 : 1));
  return answerPage(
    tokens,
    call,
    "Locations",
    locations,
    ({ LocationArn }) => LocationArn,
    location => location,
  );
}

function describeLocationS3(world: World, _tokens: PageTokens, call: Call): Answer {
  const arn = requiredArn(call, "LocationArn");
  const job = jobsOf(world, call).find(candidate => candidate.sourceArn === arn);
  if (!job) throw invalid(`Request parameters contain an unknown location: ${arn}`);
  return {
    output: {
      LocationArn: arn,
      LocationUri: job.script.source,
      S3StorageClass: "STANDARD",
      S3Config: { BucketAccessRoleArn: `arn:aws:iam::${call.caller.accountId}:role/DataSyncBucketAccess` },
      CreationTime: job.life.from / 1000,
    },
    items: 1,
  };
}

function describeLocationObjectStorage(world: World, _tokens: PageTokens, call: Call): Answer {
  const arn = requiredArn(call, "LocationArn");
  const job = jobsOf(world, call).find(candidate => candidate.destinationArn === arn);
  if (!job) throw invalid(`Request parameters contain an unknown location: ${arn}`);
  return {
    output: {
      LocationArn: arn,
      LocationUri: job.destinationUri,
      ServerPort: 443,
      ServerProtocol: "HTTPS",
      AgentArns: [],
      CreationTime: job.life.from / 1000,
    },
    items: 1,
  };
}
