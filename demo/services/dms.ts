import type { Replication, ReplicationInstance, ReplicationTask } from "@aws-sdk/client-database-migration-service";
import { AwsError } from "../errors.ts";
import type { DmsJob } from "../migration/dms.ts";
import { fractionOf } from "../random.ts";
import type { Wire } from "../wire.ts";
import { jsonService } from "./json-service.ts";
import type { PageTokens } from "./page-token.ts";
import { pageByKey } from "./paging.ts";
import type { Answer, Call, Handler, Service, World } from "./service.ts";
import { optionalText } from "./validate.ts";

const operations: Readonly<Record<string, Handler>> = {
  DescribeReplicationTasks: describeReplicationTasks,
  DescribeReplications: describeReplications,
  DescribeReplicationConfigs: describeReplicationConfigs,
  DescribeReplicationInstances: describeReplicationInstances,
  DescribeTableStatistics: (world, tokens, call) =>
    describeTables(world, tokens, call, "ReplicationTaskArn", "TableStatistics"),
  DescribeReplicationTableStatistics: (world, tokens, call) =>
    describeTables(world, tokens, call, "ReplicationConfigArn", "ReplicationTableStatistics"),
  DescribeEndpoints: describeEndpoints,
};

/**
 * The Database Migration Service over AWS JSON 1.1: its tasks, serverless replications and their tables.
 * Source: https://docs.aws.amazon.com/dms/latest/APIReference/API_Operations.html
 */
export function dmsService(world: World): Service {
  return jsonService(world, {
    signingName: "dms",
    targetPrefix: "AmazonDMSv20160101",
    operations,
    tokenRefusal: "InvalidParameterValueException",
    subjectOf({ input }) {
      const resource = input.ReplicationTaskArn ?? input.ReplicationConfigArn;
      return {
        ...(typeof resource === "string" && { resource }),
        ...(typeof input.Marker === "string" && { token: input.Marker }),
      };
    },
    resourceOf: ({ resource }) => resource ?? "*",
  });
}

interface Filter {
  readonly name: string;
  readonly values: readonly string[];
}

/** Throws InvalidParameterValueException for a name that the operation does not filter by. */
function filtersOf(call: Call, names: readonly string[]): Filter[] {
  const filters = call.input.Filters ?? [];
  if (!Array.isArray(filters)) throw new AwsError("SerializationException", "Expected list or null");
  return filters.map((filter: { Name?: unknown; Values?: unknown }) => {
    const { Name: name, Values: values } = filter;
    if (typeof name !== "string" || !names.includes(name)) {
      throw new AwsError(
        "InvalidParameterValueException",
        `Filter name ${String(name)} is not valid. Valid names: ${names.join(", ")}`,
      );
    }
    if (!Array.isArray(values) || values.length === 0) {
      throw new AwsError("InvalidParameterValueException", `Filter ${name} needs values`);
    }
    return { name, values: values.map(String) };
  });
}

function passes(filters: readonly Filter[], wantedOf: (name: string) => readonly string[]): boolean {
  return filters.every(({ name, values }) => wantedOf(name).some(value => values.includes(value)));
}

/** DMS answers pages of 20 to `most` records, 100 when not asked for a number. */
function limitOf(call: Call, most = 100): number {
  const value = call.input.MaxRecords;
  if (value === undefined || value === null) return 100;
  if (typeof value !== "number" || !Number.isInteger(value) || value < 20 || value > most) {
    throw new AwsError(
      "InvalidParameterValueException",
      `The parameter MaxRecords must have a value from 20 to ${most}, not ${String(value)}.`,
    );
  }
  return value;
}

function answerPage<T>(
  tokens: PageTokens,
  call: Call,
  member: string,
  items: readonly T[],
  keyOf: (item: T) => string,
  shown: (item: T) => unknown,
  most?: number,
  more: Readonly<Record<string, unknown>> = {},
): Answer {
  const { Marker: marker, MaxRecords: _, ...asked } = call.input;
  const limit = limitOf(call, most);
  const listing = [call.operation, call.caller.accountId, call.region, JSON.stringify(asked)];
  const after = typeof marker === "string" && marker !== "" ? tokens.readKey(listing, marker) : undefined;
  const page = pageByKey(items, keyOf, limit, after);
  return {
    output: {
      ...more,
      [member]: page.items.map(shown),
      ...(page.last !== undefined && { Marker: tokens.issue(listing, page.last) }),
    },
    items: page.items.length,
  };
}

function jobsOf(world: World, call: Call, kind: "dmsTasks" | "replications"): DmsJob[] {
  return world
    .migrationOf(call.caller.accountId)
    .in(call.region)
    [kind].filter(job => job.existsAt(call.time));
}

function describeReplicationTasks(world: World, tokens: PageTokens, call: Call): Answer {
  const filters = filtersOf(call, [
    "replication-task-arn",
    "replication-task-id",
    "migration-type",
    "endpoint-arn",
    "replication-instance-arn",
  ]);
  const jobs = jobsOf(world, call, "dmsTasks").filter(job =>
    passes(filters, name => {
      if (name === "replication-task-arn") return [job.arn];
      if (name === "replication-task-id") return [job.script.name];
      if (name === "migration-type") return [job.script.type];
      return name === "endpoint-arn" ? [job.sourceEndpointArn, job.targetEndpointArn] : [job.instanceArn];
    }),
  );
  if (jobs.length === 0 && filters.length > 0) throw notFound("No Tasks found matching the filters");
  const withSettings = call.input.WithoutSettings !== true;
  return answerPage(
    tokens,
    call,
    "ReplicationTasks",
    jobs,
    ({ arn }) => arn,
    job => taskOf(job, call.time, withSettings),
  );
}

function notFound(text: string): AwsError {
  return new AwsError("ResourceNotFoundFault", text);
}

function taskOf(job: DmsJob, time: number, withSettings: boolean): Wire<ReplicationTask> {
  const { status, stopReason, failure, stats } = job.stateAt(time);
  const started = job.runAt(time)?.startsAt;
  return {
    ReplicationTaskIdentifier: job.script.name,
    SourceEndpointArn: job.sourceEndpointArn,
    TargetEndpointArn: job.targetEndpointArn,
    ReplicationInstanceArn: job.instanceArn,
    MigrationType: job.script.type,
    // AWS leaves out "information about settings"; whether the mappings are among it, it does not say, so do not rely on them.
    ...(withSettings && { TableMappings: job.tableMappings, ReplicationTaskSettings: job.settings }),
    Status: status,
    ...(failure !== undefined && { LastFailureMessage: failure }),
    ...(stopReason !== undefined && { StopReason: stopReason }),
    ReplicationTaskCreationDate: job.life.from / 1000,
    ...(started !== undefined && { ReplicationTaskStartDate: started / 1000 }),
    ReplicationTaskArn: job.arn,
    ...(stats && { ReplicationTaskStats: stats }),
  };
}

function describeReplications(world: World, tokens: PageTokens, call: Call): Answer {
  const jobs = replicationsOf(world, call);
  return answerPage(
    tokens,
    call,
    "Replications",
    jobs,
    ({ arn }) => arn,
    job => replicationOf(job, call.time),
  );
}

function replicationsOf(world: World, call: Call): DmsJob[] {
  const filters = filtersOf(call, ["replication-config-arn", "replication-config-id"]);
  const jobs = jobsOf(world, call, "replications").filter(job =>
    passes(filters, name => [name === "replication-config-arn" ? job.arn : job.script.name]),
  );
  if (jobs.length === 0 && filters.length > 0) throw notFound("No replications found matching the filters");
  return jobs;
}

function replicationOf(job: DmsJob, time: number): Wire<Replication> {
  const { status, stopReason, failure, stats } = job.stateAt(time);
  const provision = job.provisionAt(time);
  const started = job.runAt(time)?.startsAt;
  return {
    ReplicationConfigIdentifier: job.script.name,
    ReplicationConfigArn: job.arn,
    SourceEndpointArn: job.sourceEndpointArn,
    TargetEndpointArn: job.targetEndpointArn,
    ReplicationType: job.script.type,
    Status: status,
    ProvisionData: {
      ProvisionState: provision.state,
      ...(provision.units > 0 && { ProvisionedCapacityUnits: provision.units }),
    },
    ...(stopReason !== undefined && { StopReason: stopReason }),
    FailureMessages: failure === undefined ? [] : [failure],
    ...(stats && { ReplicationStats: stats }),
    ...(started !== undefined && { StartReplicationType: "start-replication" }),
    ReplicationCreateTime: job.life.from / 1000,
    ReplicationUpdateTime: (started ?? job.life.from) / 1000,
    ...(stats?.StopDate !== undefined && { ReplicationLastStopTime: stats.StopDate }),
  };
}

/** The definition of serverless replications: DescribeReplications tells neither mappings nor settings. */
function describeReplicationConfigs(world: World, tokens: PageTokens, call: Call): Answer {
  return answerPage(
    tokens,
    call,
    "ReplicationConfigs",
    replicationsOf(world, call),
    ({ arn }) => arn,
    job => ({
      ReplicationConfigIdentifier: job.script.name,
      ReplicationConfigArn: job.arn,
      SourceEndpointArn: job.sourceEndpointArn,
      TargetEndpointArn: job.targetEndpointArn,
      ReplicationType: job.script.type,
      ComputeConfig: { MinCapacityUnits: 1, MaxCapacityUnits: 16, MultiAZ: false },
      ReplicationSettings: job.settings,
      TableMappings: job.tableMappings,
      ReplicationConfigCreateTime: job.life.from / 1000,
      ReplicationConfigUpdateTime: job.life.from / 1000,
    }),
  );
}

function describeReplicationInstances(world: World, tokens: PageTokens, call: Call): Answer {
  const filters = filtersOf(call, [
    "replication-instance-arn",
    "replication-instance-id",
    "replication-instance-class",
    "engine-version",
  ]);
  const byArn = new Map(jobsOf(world, call, "dmsTasks").map(job => [job.instanceArn, job]));
  const instances = [...byArn.values()]
    .map(job => instanceOf(job, call.region))
    .filter(instance =>
      passes(filters, name => {
        if (name === "replication-instance-arn") return [instance.ReplicationInstanceArn ?? ""];
        if (name === "replication-instance-id") return [instance.ReplicationInstanceIdentifier ?? ""];
        return [(name === "engine-version" ? instance.EngineVersion : instance.ReplicationInstanceClass) ?? ""];
      }),
    )
    .toSorted((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
  return answerPage(tokens, call, "ReplicationInstances", instances, keyOf, instance => instance);
}

function keyOf(instance: Wire<ReplicationInstance>): string {
  return instance.ReplicationInstanceArn ?? "";
}

function instanceOf(job: DmsJob, region: string): Wire<ReplicationInstance> {
  return {
    ReplicationInstanceIdentifier: job.instanceName,
    ReplicationInstanceClass: "dms.r6i.xlarge",
    ReplicationInstanceStatus: "available",
    AllocatedStorage: 200,
    InstanceCreateTime: job.place.origin / 1000 - 90 * 86_400,
    AvailabilityZone: `${region}${"abc"[Math.floor(fractionOf(job.instanceArn) * 3)] ?? "a"}`,
    MultiAZ: false,
    EngineVersion: "3.6.1",
    AutoMinorVersionUpgrade: true,
    PubliclyAccessible: false,
    ReplicationInstanceArn: job.instanceArn,
  };
}

function describeEndpoints(world: World, tokens: PageTokens, call: Call): Answer {
  const filters = filtersOf(call, ["endpoint-arn", "endpoint-type", "endpoint-id", "engine-name"]);
  const jobs = [...jobsOf(world, call, "dmsTasks"), ...jobsOf(world, call, "replications")];
  const endpoints = new Map<string, Record<string, string>>();
  for (const job of jobs) {
    endpoints.set(job.sourceEndpointArn, endpointOf(job.sourceEndpointArn, job.engine, "source"));
    endpoints.set(job.targetEndpointArn, endpointOf(job.targetEndpointArn, "s3", "target"));
  }
  const shown = [...endpoints.values()]
    .filter(endpoint =>
      passes(filters, name => {
        if (name === "endpoint-arn") return [endpoint.EndpointArn ?? ""];
        if (name === "endpoint-type") return [(endpoint.EndpointType ?? "").toLowerCase()];
        return [(name === "endpoint-id" ? endpoint.EndpointIdentifier : endpoint.EngineName) ?? ""];
      }),
    )
    .toSorted((left, right) => ((left.EndpointArn ?? "") < (right.EndpointArn ?? "") ? -1 : 1));
  return answerPage(
    tokens,
    call,
    "Endpoints",
    shown,
    endpoint => endpoint.EndpointArn ?? "",
    endpoint => endpoint,
  );
}

function endpointOf(arn: string, engine: string, type: "source" | "target"): Record<string, string> {
  return {
    EndpointIdentifier: type === "source" ? `${engine}-source` : "lakehouse-target",
    EndpointType: type.toUpperCase(),
    EngineName: engine,
    Status: "active",
    EndpointArn: arn,
  };
}

function describeTables(
  world: World,
  tokens: PageTokens,
  call: Call,
  arnMember: "ReplicationTaskArn" | "ReplicationConfigArn",
  listMember: string,
): Answer {
  const arn = optionalText(call.input, arnMember);
  if (arn === undefined)
    throw new AwsError("InvalidParameterValueException", `The parameter ${arnMember} must be given.`);
  const kind = arnMember === "ReplicationTaskArn" ? "dmsTasks" : "replications";
  const job = jobsOf(world, call, kind).find(candidate => candidate.arn === arn);
  if (!job) throw notFound(kind === "dmsTasks" ? `Task not found: ${arn}` : `Replication not found: ${arn}`);
  const filters = filtersOf(call, ["schema-name", "table-name", "table-state"]);
  // Before its first start DMS has not looked at the source yet and knows no table.
  const tables = (job.stateAt(call.time).stats ? job.tablesAt(call.time) : [])
    .filter(table =>
      passes(filters, name => [
        (name === "schema-name" ? table.SchemaName : name === "table-name" ? table.TableName : table.TableState) ?? "",
      ]),
    )
    .map(table => ({ key: JSON.stringify([table.SchemaName, table.TableName]), table }))
    .toSorted((left, right) => (left.key < right.key ? -1 : 1));
  return answerPage(
    tokens,
    call,
    listMember,
    tables,
    ({ key }) => key,
    ({ table }) => table,
    500,
    { [arnMember]: arn },
  );
}
