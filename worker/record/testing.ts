import { setTimeout as sleep } from "node:timers/promises";
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

/** Rows of each relation of our schemas: equal before and after when nothing was stored and nothing left behind. */
export async function everything(db: TestDatabase): Promise<Record<string, number>> {
  const relations = await db.query<{ name: string }>(
    `select c.relnamespace::regnamespace || '.' || c.relname as name from pg_class c
     where c.relnamespace in ('a2o'::regnamespace, 'a2o_private'::regnamespace) and c.relkind in ('r', 'p')`,
  );
  const counts = await db.query<{ name: string; rows: number }>(
    relations.map(({ name }) => `select '${name}' as name, count(*)::int as rows from ${name}`).join(" union all "),
  );
  return Object.fromEntries(counts.map(({ name, rows }) => [name, rows]).sort());
}

/** Everything that is counted twice must agree: totals, databases and roll-ups with the tables themselves. */
export async function contradictions(db: TestDatabase): Promise<unknown[]> {
  const whole = `count(*)::int as tables, count(*) filter (where is_iceberg)::int as iceberg,
    count(*) filter (where migration_readiness = 'READY')::int as ready,
    count(*) filter (where migration_readiness = 'NEEDS_CONVERSION')::int as needs,
    count(*) filter (where migration_readiness = 'UNKNOWN')::int as unknown, count(size_bytes)::int as sized,
    case when sum(size_bytes) > 9223372036854775807 then 9223372036854775807 else sum(size_bytes) end::bigint as bytes`;
  return db.query(
    `(select 'assessment' as what, a.id::text from a2o.assessments a left join (select assessment_id, ${whole} from a2o.tables group by 1) t
        on t.assessment_id = a.id
      where (a.total_tables, a.iceberg_tables, a.migration_ready, a.needs_conversion, a.unknown, a.sized_tables, a.total_size_bytes)
        is distinct from (coalesce(t.tables, 0), coalesce(t.iceberg, 0), coalesce(t.ready, 0), coalesce(t.needs, 0), coalesce(t.unknown, 0), coalesce(t.sized, 0), t.bytes)
        or a.total_databases <> (select count(*) from a2o.databases d where d.assessment_id = a.id)
        or a.databases_complete <> (select count(*) from a2o.database_coverage c where c.assessment_id = a.id and c.status = 'COMPLETE'))
     union all
     (select 'database', d.database_name from a2o.databases d
      left join (select assessment_id, database_name, ${whole} from a2o.tables group by 1, 2) t using (assessment_id, database_name)
      join a2o.assessments a on a.id = d.assessment_id
      where (d.iceberg_tables, d.migration_ready, d.needs_conversion, d.unknown, d.sized_tables, d.size_bytes)
        is distinct from (coalesce(t.iceberg, 0), coalesce(t.ready, 0), coalesce(t.needs, 0), coalesce(t.unknown, 0), coalesce(t.sized, 0), t.bytes)
        or a.origin = 'GLUE' and d.table_count <> coalesce(t.tables, 0))
     union all
     (select 'roll-up', coalesce(r.table_format, t.table_format) from a2o.format_rollups r
      full join (select assessment_id, table_format, migration_readiness, ${whole} from a2o.tables group by 1, 2, 3) t
        using (assessment_id, table_format, migration_readiness)
      where (r.table_count, r.sized_tables, r.size_bytes) is distinct from (t.tables, t.sized, t.bytes))
     union all
     (select 'table without database', t.table_name from a2o.tables t left join a2o.databases d on d.id = t.database_id
      where (d.assessment_id, d.database_name) is distinct from (t.assessment_id, t.database_name))
     union all
     (select 'row without assessment', x.what from (
        select assessment_id, 'tables' as what from a2o.tables union all select assessment_id, 'databases' from a2o.databases
        union all select assessment_id, 'coverage' from a2o.database_coverage union all select assessment_id, 'rollups' from a2o.format_rollups) x
      where not exists (select from a2o.assessments a where a.id = x.assessment_id))
     union all
     (select 'table without columns', t.table_name from a2o.tables t left join a2o.column_schemas s on s.schema_hash = t.column_schema_hash
      where t.column_schema_hash is not null and s.schema_hash is null)`,
  );
}

/** Waits until a session has ended on the server. */
export async function gone(db: TestDatabase, pid: number): Promise<void> {
  while ((await db.query("select from pg_stat_activity where pid = $1", [pid])).length > 0) await sleep(5);
}

/** The server's process of a session. */
export function pidOf(session: Client): number {
  if ("processID" in session && typeof session.processID === "number") return session.processID;
  throw new Error("the session has no process id");
}
