import { type Database, GlueClient, paginateGetDatabases, paginateGetTables, type Table } from "@aws-sdk/client-glue";
import { demoCredentials, type Simulator } from "./simulator.ts";

/** A real Glue client that gives up at the first error, so that a test sees it. */
export function glueClient(
  simulator: Simulator,
  region = "eu-central-1",
  options: {
    credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
    maxAttempts?: number;
  } = {},
): GlueClient {
  const { credentials = demoCredentials, maxAttempts = 1 } = options;
  return new GlueClient({ endpoint: simulator.url, region, credentials, maxAttempts });
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
