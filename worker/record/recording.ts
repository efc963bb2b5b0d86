import type pg from "pg";
import { errorCode, UserError } from "../../postgres/user-error.ts";
import type { ReportedDatabase, ReportedTable } from "../report/format.ts";
import { StagedRows } from "./staging.ts";

export type CoverageStatus = "COMPLETE" | "PARTIAL" | "DENIED" | "THROTTLED" | "FAILED";

/** How far a database could be read. The empty database name stands for the list of databases itself. */
export interface Coverage {
  status: CoverageStatus;
  tablesRead: number;
  /** AWS operation that failed, e.g. `glue:GetTables`. */
  operation?: string | undefined;
  errorCode?: string | undefined;
  errorMessage?: string | undefined;
}

export interface AssessmentHeader {
  origin: "GLUE" | "REPORT";
  /** ISO 8601 with zone. */
  timestamp: string;
  region: string;
  awsAccountId: string;
  toolVersion: string;
  isSimulated: boolean;
  /** What a report holds that has no column. */
  reported?: object;
  /** Id to store it under, when a report names one. */
  assessmentId?: string | undefined;
}

export interface StoredAssessment {
  id: string;
  /** False when the same content was stored before; `id` is that assessment's. */
  isNew: boolean;
}

/**
 * One assessment on its way into the database: rows go to staging tables of the run's own, `finish` judges and stores all of
 * them in one statement. Nothing is visible before, and nothing is left when the session ends without it.
 */
export class Recording {
  readonly #client: pg.Client;
  readonly #runId: string;
  readonly #databases: StagedRows;
  readonly #glueDatabases: StagedRows;
  readonly #glueTables: StagedRows;
  readonly #reportedTables: StagedRows;

  private constructor(client: pg.Client, run: Run) {
    this.#client = client;
    this.#runId = run.run_id;
    const coverage = ["status", "tables_read", "operation", "error_code", "error_message"];
    this.#glueDatabases = new StagedRows(client, run.databases_target, ["database_name", "glue", ...coverage]);
    this.#databases = new StagedRows(client, run.databases_target, [
      "database_name",
      "description",
      "location_uri",
      "table_count",
      "extra",
      ...coverage,
    ]);
    this.#glueTables = new StagedRows(client, run.tables_target, ["database_name", "glue"]);
    this.#reportedTables = new StagedRows(client, run.reported_tables_target, [
      "database_name",
      "table_name",
      "table_format",
      "storage_location",
      "estimated_size_gb",
      "partition_keys",
      "column_count",
      "last_updated",
      "is_iceberg",
      "migration_readiness",
      "notes",
      "extra",
    ]);
  }

  /** Opens a run. `client` works as a2o_ingest and serves nothing else until the recording is finished or abandoned. */
  static async begin(client: pg.Client): Promise<Recording> {
    const { rows } = await client.query<Run>("select * from a2o.begin_assessment()");
    const run = rows[0];
    if (run === undefined) throw new Error("begin_assessment returned nothing");
    return new Recording(client, run);
  }

  /** A table as glue:GetTables gave it, under the name its database has in glue:GetDatabases. */
  glueTable(databaseName: string, table: object): Promise<void> | undefined {
    return this.#glueTables.add([databaseName, storableJson(table)]);
  }

  /** A database as glue:GetDatabases gave it, once it is known how far it could be read. */
  glueDatabase(databaseName: string, database: object | null, coverage: Coverage): Promise<void> | undefined {
    const glue = database === null ? null : storableJson(database);
    return this.#glueDatabases.add([databaseName, glue, ...coverageValues(coverage)]);
  }

  reportedDatabase(
    name: string,
    database: Pick<ReportedDatabase, "description" | "location_uri" | "extra"> & { table_count: number | null },
    coverage: Coverage,
  ): Promise<void> | undefined {
    return this.#databases.add([
      name,
      database.description,
      database.location_uri,
      database.table_count,
      JSON.stringify(database.extra),
      ...coverageValues(coverage),
    ]);
  }

  reportedTable(table: ReportedTable): Promise<void> | undefined {
    return this.#reportedTables.add([
      table.database_name,
      table.table_name,
      table.table_format,
      table.storage_location,
      table.estimated_size_gb,
      table.partition_keys,
      table.column_count,
      table.last_updated,
      table.is_iceberg,
      table.migration_readiness,
      table.notes,
      JSON.stringify(table.extra),
    ]);
  }

  /**
   * Stores the assessment, whole.
   * @throws UserError when the run is not this session's (A2O01), the server restarted meanwhile (A2O02), a table occurs twice (A2O03), or a report names the id of
   *   an assessment with other content (A2O04).
   */
  async finish(header: AssessmentHeader): Promise<StoredAssessment> {
    // One connection, one COPY at a time.
    for (const rows of [this.#databases, this.#glueDatabases, this.#glueTables, this.#reportedTables])
      await rows.flush();
    const expected = header.origin === "GLUE" ? this.#glueTables.count : this.#reportedTables.count;
    try {
      const { rows } = await this.#client.query<{ id: string; is_new: boolean }>(
        "select id, is_new from a2o.finish_assessment($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        [
          this.#runId,
          header.origin,
          header.timestamp,
          header.region,
          header.awsAccountId,
          header.toolVersion,
          header.isSimulated,
          header.reported ?? {},
          expected,
          header.assessmentId ?? null,
        ],
      );
      const stored = rows[0];
      if (stored === undefined) throw new Error("finish_assessment returned nothing");
      return { id: stored.id, isNew: stored.is_new };
    } catch (error) {
      throw asUserError(error);
    }
  }

  /** Drops what was staged. Safe at any time, also after `finish`. */
  async abandon(): Promise<void> {
    await this.#client.query("select a2o.abandon_assessment($1)", [this.#runId]).catch(() => undefined);
  }
}

interface Run {
  run_id: string;
  databases_target: string;
  tables_target: string;
  reported_tables_target: string;
}

function coverageValues(coverage: Coverage) {
  return [
    coverage.status,
    coverage.tablesRead,
    coverage.operation ?? null,
    coverage.errorCode ?? null,
    coverage.errorMessage ?? null,
  ] as const;
}

/** Our SQL errors (A2Oxx) carry their own hint. */
function asUserError(error: unknown): unknown {
  if (!errorCode(error)?.startsWith("A2O") || !(error instanceof Error)) return error;
  const hint = "hint" in error && typeof error.hint === "string" ? error.hint : undefined;
  return new UserError(error.message, hint, { cause: error });
}

const UNSTORABLE = /\\u0000|\\ud[89a-f]/i;

/** JSON that jsonb takes: PostgreSQL refuses NUL and lone surrogates, which become U+FFFD. */
export function storableJson(value: object): string {
  const json = JSON.stringify(value);
  if (!UNSTORABLE.test(json)) return json;
  return JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item === "string") return storableText(item);
    if (typeof item !== "object" || item === null || Array.isArray(item)) return item;
    return Object.fromEntries(Object.entries(item).map(([key, inner]) => [storableText(key), inner]));
  });
}

function storableText(text: string): string {
  return text.toWellFormed().replaceAll("\u0000", "\ufffd");
}
