import type { ReplicationTask } from "@aws-sdk/client-database-migration-service";
import { AwsError } from "../../errors.ts";
import type { DmsJob } from "../../migration/dms.ts";
import type { Wire } from "../../wire.ts";
import type { PageTokens } from "../page-token.ts";
import type { Answer, Call, World } from "../service.ts";
import { optionalText } from "../validate.ts";
import { answerPage, filtersOf, jobsOf, notFound, passes } from "./listing.ts";

/** DescribeReplicationTasks. */
export function describeReplicationTasks(world: World, tokens: PageTokens, call: Call): Answer {
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

/** DescribeTableStatistics and DescribeReplicationTableStatistics. */
export function describeTables(
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
