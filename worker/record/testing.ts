import { Client } from "pg";
import type { TestDatabase } from "../../test/database.ts";
import { type AssessmentHeader, type Coverage, Recording, type StoredAssessment } from "./recording.ts";

/** A connection of a login that records, as the command line has one. Ends with `close`. */
export async function ingestClient(db: TestDatabase): Promise<Client> {
  const client = new Client({ connectionString: db.urlFor(await db.createLogin("a2o_ingest")) });
  // Tests end sessions from the server's side.
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

export interface CatalogDatabase {
  name: string;
  /** As glue:GetDatabases; null for the list of databases itself. */
  glue?: object | null;
  tables?: object[];
  coverage?: Coverage;
}

export const glueHeader: AssessmentHeader = {
  origin: "GLUE",
  timestamp: "2026-01-09T12:34:56.123456Z",
  region: "eu-west-1",
  awsAccountId: "111111111111",
  toolVersion: "0.1.0",
  isSimulated: false,
};

/** A Parquet table on S3 as glue:GetTables. */
export function glueTable(name: string, changes: object = {}): object {
  return {
    Name: name,
    TableType: "EXTERNAL_TABLE",
    Parameters: { totalSize: "1024" },
    StorageDescriptor: {
      Columns: [{ Name: "id", Type: "bigint" }],
      Location: `s3://lake/${name}/`,
      InputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    },
    ...changes,
  };
}

export async function stageCatalog(recording: Recording, catalog: readonly CatalogDatabase[]): Promise<void> {
  for (const { name, glue = { Name: name }, tables = [], coverage } of catalog) {
    for (const table of tables) await recording.glueTable(name, table);
    await recording.glueDatabase(name, glue, coverage ?? { status: "COMPLETE", tablesRead: tables.length });
  }
}

/** Records one assessment from what Glue would say. */
export async function recordCatalog(
  client: Client,
  catalog: readonly CatalogDatabase[],
  header: Partial<AssessmentHeader> = {},
): Promise<StoredAssessment> {
  const recording = await Recording.begin(client);
  try {
    await stageCatalog(recording, catalog);
    return await recording.finish({ ...glueHeader, ...header });
  } finally {
    await recording.abandon();
  }
}

/** Rows of every stored table and the names of all relations of our schemas: equal before and after when nothing was left. */
export async function everything(db: TestDatabase): Promise<Record<string, number>> {
  const relations = await db.query<{ name: string; rows: string }>(
    `select c.relnamespace::regnamespace || '.' || c.relname as name,
       (xpath('/row/n/text()', query_to_xml('select count(*) as n from ' || c.oid::regclass, false, true, '')))[1]::text as rows
     from pg_class c
     where c.relnamespace in ('a2o'::regnamespace, 'a2o_private'::regnamespace) and c.relkind in ('r', 'p')
     order by name`,
  );
  return Object.fromEntries(relations.map(({ name, rows }) => [name, Number(rows)]));
}
