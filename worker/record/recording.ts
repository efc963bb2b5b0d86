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

/** Which catalog a run reads, so that it can be resumed after its process died. */
export interface RunScope {
  awsAccountId: string;
  region: string;
  /** What the run was asked for; only a run with the same is continued. */
  scope: object;
  /** ISO 8601 with zone: when the reading began. */
  timestamp: string;
}

/** What an earlier, interrupted run has read already. */
export interface ReadBefore {
  /** Databases that are done, with the number of their tables. */
  done: ReadonlyMap<string, number>;
  /** Databases that are not: the token to go on with ('' when no page is left, undefined for the first), and the tables there are. */
  begun: ReadonlyMap<string, { next: string | undefined; names: readonly string[] }>;
}

/** A run that goes on where an interrupted one stopped. */
export interface ResumedRun {
  recording: Recording;
  /** When the first reading began. */
  timestamp: string;
  before: ReadBefore;
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
  /** When a run of the same scope was interrupted that could be resumed instead. */
  readonly interruptedAt: Date | undefined;
  /** Tables that the run had staged when it was taken over. */
  readonly stagedBefore: number;

  private constructor(client: pg.Client, run: Run) {
    this.interruptedAt = run.interrupted_at ?? undefined;
    this.stagedBefore = Number(run.staged_tables ?? 0);
    this.#client = client;
    this.#runId = run.run_id;
    const coverage = ["status", "tables_read", "operation", "error_code", "error_message"];
    this.#glueTables = new StagedRows(client, run.tables_target, ["database_name", "glue", "next_page"]);
    // A database that is there counts as read, so its tables come first.
    const glueColumns = ["database_name", "glue", ...coverage];
    this.#glueDatabases = new StagedRows(client, run.databases_target, glueColumns, this.#glueTables);
    this.#databases = new StagedRows(client, run.databases_target, [
      "database_name",
      "description",
      "location_uri",
      "table_count",
      "extra",
      ...coverage,
    ]);
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

  /**
   * Opens a run. `client` works as a2o_ingest and serves nothing else until the recording is finished or abandoned. A run with a
   * scope that is neither can be resumed for a day.
   */
  static async begin(client: pg.Client, scope?: RunScope): Promise<Recording> {
    const { rows } = await client.query<Run>("select * from a2o.begin_assessment($1, $2, $3, $4)", [
      ...[scope?.awsAccountId ?? null, scope?.region ?? null, scope?.scope ?? null, scope?.timestamp ?? null],
    ]);
    const run = rows[0];
    if (run === undefined) throw new Error("begin_assessment returned nothing");
    return new Recording(client, run);
  }

  /** Takes over the newest interrupted run of this scope; undefined when there is none. */
  static async resume(client: pg.Client, scope: RunScope): Promise<ResumedRun | undefined> {
    const { rows } = await client.query<Run & { read_at: Date }>("select * from a2o.resume_assessment($1, $2, $3)", [
      ...[scope.awsAccountId, scope.region, scope.scope],
    ]);
    const run = rows[0];
    if (run === undefined) return undefined;
    const staged = await client.query<StagedDatabase>("select * from a2o.staged_databases($1)", [run.run_id]);
    const done = new Map<string, number>();
    const begun = new Map<string, { next: string | undefined; names: string[] }>();
    for (const { database_name, is_done, next_page, tables_read, table_names } of staged.rows) {
      if (is_done) done.set(database_name, Number(tables_read));
      else begun.set(database_name, { next: next_page ?? undefined, names: table_names ?? [] });
    }
    return { recording: new Recording(client, run), timestamp: run.read_at.toISOString(), before: { done, begun } };
  }

  get runId(): string {
    return this.#runId;
  }

  /**
   * A table as glue:GetTables gave it, under the name its database has in glue:GetDatabases.
   * @param next with the last table of a page: the token of the next page, or '' when there is none
   */
  glueTable(databaseName: string, table: object, next?: string): Promise<void> | undefined {
    return this.#glueTables.add([databaseName, storableJson(table), next ?? null]);
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
    await this.flush();
    const expected = header.origin === "GLUE" ? this.stagedBefore + this.#glueTables.count : this.#reportedTables.count;
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

  /** Sends what was gathered. */
  async flush(): Promise<void> {
    // One connection, one COPY at a time.
    for (const rows of [this.#databases, this.#glueDatabases, this.#glueTables, this.#reportedTables])
      await rows.flush();
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
  interrupted_at?: Date | null;
  staged_tables?: string;
}

interface StagedDatabase {
  database_name: string;
  is_done: boolean;
  next_page: string | null;
  tables_read: string;
  table_names: string[] | null;
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
