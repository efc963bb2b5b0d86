import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import {
  DatabaseMigrationServiceClient,
  DescribeReplicationTasksCommand,
  DescribeTableStatisticsCommand,
  type ReplicationTask,
  type TableStatistics,
} from "@aws-sdk/client-database-migration-service";
import { DataSyncClient } from "@aws-sdk/client-datasync";
import { type Database, GlueClient, paginateGetDatabases, paginateGetTables, type Table } from "@aws-sdk/client-glue";
import type { JobScript } from "./migration/scripts.ts";
import { demoCredentials, type Simulator, startSimulator } from "./simulator.ts";

/** How a test's clients differ from one that gives up at the first error. */
export interface ClientOptions {
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  maxAttempts?: number;
}

function configOf(simulator: Simulator, region: string, options: ClientOptions) {
  const { credentials = demoCredentials, maxAttempts = 1 } = options;
  return { endpoint: simulator.url, region, credentials, maxAttempts };
}

/** A real DMS client. */
export function dmsClient(simulator: Simulator, region = "eu-central-1", options: ClientOptions = {}) {
  return new DatabaseMigrationServiceClient(configOf(simulator, region, options));
}

/** A real DataSync client. */
export function dataSyncClient(simulator: Simulator, region = "eu-central-1", options: ClientOptions = {}) {
  return new DataSyncClient(configOf(simulator, region, options));
}

/** A real CloudWatch client. */
export function cloudWatchClient(simulator: Simulator, region = "eu-central-1", options: ClientOptions = {}) {
  return new CloudWatchClient(configOf(simulator, region, options));
}

/** A real Glue client that gives up at the first error, so that a test sees it. */
export function glueClient(simulator: Simulator, region = "eu-central-1", options: ClientOptions = {}): GlueClient {
  return new GlueClient(configOf(simulator, region, options));
}

/** Every database that the client can list. */
export async function listDatabases(client: GlueClient, pageSize?: number): Promise<Database[]> {
  const databases: Database[] = [];
  const pages = paginateGetDatabases({ client, ...(pageSize !== undefined && { pageSize }) }, {});
  for await (const page of pages) databases.push(...(page.DatabaseList ?? []));
  return databases;
}

/** Every table of a database. */
export async function listTables(client: GlueClient, databaseName: string, pageSize?: number): Promise<Table[]> {
  const tables: Table[] = [];
  const pages = paginateGetTables(
    { client, ...(pageSize !== undefined && { pageSize }) },
    { DatabaseName: databaseName },
  );
  for await (const page of pages) tables.push(...(page.TableList ?? []));
  return tables;
}

/** When {@link simulate} begins. */
export const startsAt = new Date("2026-11-25T00:00:00Z");

/** A simulator of these jobs whose clock stands at {@link startsAt} and moves only by hand. */
export function simulate(...jobs: JobScript[]): Promise<Simulator> {
  return startSimulator({ clock: { startsAt, factor: 0 }, migration: { jobs } });
}

/** The only DMS task. */
export async function taskOf(simulator: Simulator): Promise<ReplicationTask> {
  const { ReplicationTasks: tasks = [] } = await dmsClient(simulator).send(new DescribeReplicationTasksCommand({}));
  const [task] = tasks;
  if (!task) throw new Error("no task");
  return task;
}

/** The tables of the only DMS task. */
export async function tablesOf(simulator: Simulator): Promise<TableStatistics[]> {
  const { ReplicationTaskArn: arn } = await taskOf(simulator);
  const answer = await dmsClient(simulator).send(new DescribeTableStatisticsCommand({ ReplicationTaskArn: arn }));
  return answer.TableStatistics ?? [];
}
