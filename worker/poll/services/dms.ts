import {
  DescribeEndpointsCommand,
  DescribeReplicationConfigsCommand,
  DescribeReplicationInstancesCommand,
  DescribeReplicationsCommand,
  DescribeReplicationTableStatisticsCommand,
  DescribeReplicationTasksCommand,
  DescribeTableStatisticsCommand,
  type Endpoint,
} from "@aws-sdk/client-database-migration-service";
import type { AwsSession } from "../../aws/session.ts";
import type { JobAnswer, TableAnswer } from "../answers/answer.ts";
import { answerOfReplication, answerOfTable, answerOfTask, withTables } from "../answers/dms.ts";
import { type Asking, attempt, emptyReading, forEach, pages, type Reading } from "../reading.ts";

/** Calls for single tasks that are under way at once. */
const AT_ONCE = 8;

/** ARNs in one filter. */
const FILTER_VALUES = 50;

/** A task that was deleted since it was listed. */
const GONE = ["ResourceNotFoundFault"];

const isServerless = (arn: string): boolean => arn.includes(":replication-config:");

export async function readDms({ session, plan, openJobs, toDescribe }: Asking): Promise<Reading> {
  const reading = emptyReading("DMS");
  const found = new Map<string, JobAnswer>();
  const listed: string[] = [];
  const list = (answer: JobAnswer) => {
    if (answer.aws_job_id === "" || answer.aws_job_id.length > 255) return;
    listed.push(answer.aws_job_id);
    reading.listedAt = answer.observed_at;
    if (plan.watches(answer.job_name)) found.set(answer.aws_job_id, answer);
  };
  const tasks = await attempt(reading, "dms:DescribeReplicationTasks", async () => {
    await pages(async Marker => {
      const command = new DescribeReplicationTasksCommand({ MaxRecords: 100, WithoutSettings: true, Marker });
      const { output, at } = await session.call(options => session.dms.send(command, options));
      for (const task of output.ReplicationTasks ?? []) list(answerOfTask(task, at));
      reading.listedAt ??= at;
      return output.Marker;
    });
    return true;
  });
  const replications = await attempt(reading, "dms:DescribeReplications", async () => {
    await pages(async Marker => {
      const command = new DescribeReplicationsCommand({ MaxRecords: 100, Marker });
      const { output, at } = await session.call(options => session.dms.send(command, options));
      for (const replication of output.Replications ?? []) list(answerOfReplication(replication, at));
      return output.Marker;
    });
    return true;
  });
  reading.isComplete = tasks === true && replications === true;
  if (tasks !== true && replications !== true) return reading;
  reading.listed = listed;

  const open = new Map(openJobs.map(job => [job.aws_job_id, job]));
  await describe({ session, reading, found, wanted: await toDescribe([...found.keys()]) });
  await nameParts(session, reading, [...found.values()]);
  // Those that ended since the last poll once more: their last figures count.
  const withFigures = [...found.values()].filter(
    ({ status, aws_job_id }) => status === "RUNNING" || (status !== "PENDING" && open.has(aws_job_id)),
  );
  await forEach(withFigures, AT_ONCE, async answer => {
    const operation = isServerless(answer.aws_job_id)
      ? "DescribeReplicationTableStatistics"
      : "DescribeTableStatistics";
    const tables = await attempt(reading, `dms:${operation}`, () => tablesOf(session, answer.aws_job_id), GONE);
    if (tables === undefined) return;
    reading.tables.set(answer.aws_job_id, tables);
    found.set(answer.aws_job_id, withTables(answer, tables));
  });
  reading.jobs = [...found.values()];
  return reading;
}

/** Asks for the table mappings, which are long, of those tasks only that they are not known of. */
async function describe({
  session,
  reading,
  found,
  wanted,
}: {
  session: AwsSession;
  reading: Reading;
  found: Map<string, JobAnswer>;
  wanted: ReadonlySet<string>;
}): Promise<void> {
  const note = (arn: string | undefined, mappings: string | undefined) => {
    const answer = found.get(arn ?? "");
    if (answer !== undefined) answer.details = { ...answer.details, TableMappings: parsed(mappings) };
  };
  for (const arns of chunks([...wanted].filter(arn => !isServerless(arn)))) {
    const filter = { Name: "replication-task-arn", Values: arns };
    await attempt(
      reading,
      "dms:DescribeReplicationTasks",
      () =>
        pages(async Marker => {
          const command = new DescribeReplicationTasksCommand({ MaxRecords: 100, Filters: [filter], Marker });
          const { output } = await session.call(options => session.dms.send(command, options));
          for (const task of output.ReplicationTasks ?? []) note(task.ReplicationTaskArn, task.TableMappings);
          return output.Marker;
        }),
      GONE,
    );
  }
  for (const arns of chunks([...wanted].filter(isServerless))) {
    const filter = { Name: "replication-config-arn", Values: arns };
    await attempt(
      reading,
      "dms:DescribeReplicationConfigs",
      () =>
        pages(async Marker => {
          const command = new DescribeReplicationConfigsCommand({ MaxRecords: 100, Filters: [filter], Marker });
          const { output } = await session.call(options => session.dms.send(command, options));
          for (const config of output.ReplicationConfigs ?? []) note(config.ReplicationConfigArn, config.TableMappings);
          return output.Marker;
        }),
      GONE,
    );
  }
}

/** Names of endpoints and instances; both are asked for once, and again when a task has another one. */
async function nameParts(session: AwsSession, reading: Reading, answers: readonly JobAnswer[]): Promise<void> {
  const arnsIn = (...members: string[]) =>
    answers.flatMap(({ details }) => members.map(member => details?.[member])).filter(arn => typeof arn === "string");
  if (arnsIn("SourceEndpointArn", "TargetEndpointArn").some(arn => !session.known.has(arn))) {
    await attempt(reading, "dms:DescribeEndpoints", () =>
      pages(async Marker => {
        const command = new DescribeEndpointsCommand({ MaxRecords: 100, Marker });
        const { output } = await session.call(options => session.dms.send(command, options));
        for (const endpoint of output.Endpoints ?? []) session.known.set(endpoint.EndpointArn ?? "", textOf(endpoint));
        return output.Marker;
      }),
    );
  }
  if (arnsIn("ReplicationInstanceArn").some(arn => !session.known.has(arn))) {
    await attempt(reading, "dms:DescribeReplicationInstances", () =>
      pages(async Marker => {
        const command = new DescribeReplicationInstancesCommand({ MaxRecords: 100, Marker });
        const { output } = await session.call(options => session.dms.send(command, options));
        for (const instance of output.ReplicationInstances ?? []) {
          session.known.set(instance.ReplicationInstanceArn ?? "", instance.ReplicationInstanceIdentifier ?? "");
        }
        return output.Marker;
      }),
    );
  }
  for (const answer of answers) {
    const nameOf = (member: string) => session.known.get(String(answer.details?.[member] ?? "")) || undefined;
    answer.source = nameOf("SourceEndpointArn");
    answer.target = nameOf("TargetEndpointArn");
    const instance = nameOf("ReplicationInstanceArn");
    if (instance !== undefined) answer.details = { ...answer.details, ReplicationInstanceIdentifier: instance };
  }
}

async function tablesOf(session: AwsSession, arn: string): Promise<TableAnswer[]> {
  const tables: TableAnswer[] = [];
  await pages(async Marker => {
    const page = { MaxRecords: 500, Marker };
    if (isServerless(arn)) {
      const command = new DescribeReplicationTableStatisticsCommand({ ReplicationConfigArn: arn, ...page });
      const { output } = await session.call(options => session.dms.send(command, options));
      tables.push(...(output.ReplicationTableStatistics ?? []).map(answerOfTable));
      return output.Marker;
    }
    const command = new DescribeTableStatisticsCommand({ ReplicationTaskArn: arn, ...page });
    const { output } = await session.call(options => session.dms.send(command, options));
    tables.push(...(output.TableStatistics ?? []).map(answerOfTable));
    return output.Marker;
  });
  return [...new Map(tables.map(table => [JSON.stringify([table.schema_name, table.table_name]), table])).values()];
}

/** `oracle erp-prod (ORCL)` */
function textOf({ EngineName: engine, EndpointIdentifier: name, DatabaseName: database }: Endpoint): string {
  return [engine, name, database ? `(${database})` : ""].filter(part => part).join(" ");
}

function parsed(mappings: string | undefined): unknown {
  try {
    return JSON.parse(mappings ?? "{}");
  } catch {
    return mappings;
  }
}

function chunks(arns: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(arns.length / FILTER_VALUES) }, (_, i) =>
    arns.slice(i * FILTER_VALUES, (i + 1) * FILTER_VALUES),
  );
}
