import type pg from "pg";
import { UserError } from "../../postgres/user-error.ts";
import type { JsonObject, JsonValue, ReportedDatabase, ReportMetadata, ReportSummary } from "../report/format.ts";
import { openReport, readReport } from "../report/read.ts";
import { type Coverage, type CoverageStatus, Recording, type StoredAssessment } from "./recording.ts";

/** Characters of JSON under top-level keys that no column holds; they are kept in memory until the end. */
const OTHER_LIMIT = 16 * 1024 * 1024;

export interface IngestedReport extends StoredAssessment {
  databases: number;
  tables: number;
  /** Where the report contradicts itself, one sentence each; what its lists hold was stored. */
  warnings: string[];
}

/**
 * Stores a phase 1 report file (`-` is standard input), whole or not at all. `client` works as a2o_ingest.
 * @throws ReportError naming file, place and expectation when the report is not one; UserError from the recording.
 */
export async function ingestReport(client: pg.Client, path: string, name = path): Promise<IngestedReport> {
  const recording = await Recording.begin(client);
  try {
    const report = new ReportParts(name);
    const { databases, tables } = await readReport(openReport(path), name, {
      metadata: metadata => report.takeMetadata(metadata),
      summary: summary => report.takeSummary(summary),
      database: database => report.takeDatabase(database),
      table: table => {
        report.count(table);
        return recording.reportedTable(table);
      },
      other: (key, value, index) => report.takeOther(key, value, index),
    });
    await report.stageDatabases(recording);
    const stored = await recording.finish(report.header());
    return { ...stored, databases, tables, warnings: report.warnings(databases, tables) };
  } finally {
    await recording.abandon();
  }
}

interface Counted {
  is_iceberg: boolean;
  migration_readiness: "READY" | "NEEDS_CONVERSION" | "UNKNOWN";
}

/** What a report says besides its tables, gathered until its end: its sections may come in any order. */
class ReportParts {
  readonly #name: string;
  #metadata: ReportMetadata | undefined;
  #summary: ReportSummary | undefined;
  readonly #databases = new Map<string, ReportedDatabase>();
  readonly #unread: JsonObject[] = [];
  /** A map, because a key may be called __proto__. */
  readonly #other = new Map<string, JsonValue>();
  #otherSize = 0;
  readonly #counted = { iceberg_tables: 0, READY: 0, NEEDS_CONVERSION: 0, UNKNOWN: 0 };

  constructor(name: string) {
    this.#name = name;
  }

  takeMetadata(metadata: ReportMetadata): void {
    this.#metadata = metadata;
  }

  takeSummary(summary: ReportSummary): void {
    this.#summary = summary;
  }

  takeDatabase(database: ReportedDatabase): void {
    if (this.#databases.has(database.database_name)) {
      throw new UserError(
        `${this.#name}: databases: ${JSON.stringify(database.database_name)} occurs more than once.`,
        "Each database may occur once in a report.",
      );
    }
    this.#databases.set(database.database_name, database);
  }

  count(table: Counted): void {
    if (table.is_iceberg) this.#counted.iceberg_tables++;
    this.#counted[table.migration_readiness]++;
  }

  takeOther(key: string, value: JsonValue, index: number | null): void {
    if (key === "unread") {
      if (index !== null && isObject(value)) this.#unread.push(value);
      else if (!Array.isArray(value) || value.length > 0) {
        throw new UserError(
          `${this.#name}: unread${index === null ? "" : `[${index}]`}: expected ${index === null ? "a list of objects" : "an object"} as aws2openstack writes it, found ${JSON.stringify(value).slice(0, 60)}.`,
          "It tells what could not be read. Remove it from the report when another tool wrote it.",
        );
      }
      return;
    }
    this.#otherSize += JSON.stringify(value).length;
    if (this.#otherSize > OTHER_LIMIT) {
      throw new UserError(
        `${this.#name}: ${key}: more than 16 MB under keys that this version does not know.`,
        "Remove them from the report, or ingest it with the version that wrote it.",
      );
    }
    const list = this.#other.get(key);
    if (index !== null && Array.isArray(list)) list.push(value);
    else this.#other.set(key, index === null ? value : [value]);
  }

  async stageDatabases(recording: Recording): Promise<void> {
    const unread = new Map(this.#unread.map(entry => [text(entry.database_name) ?? "", coverageFrom(entry)]));
    // The list of databases itself (""), and databases that it lacks.
    for (const [name, coverage] of unread) {
      if (!this.#databases.has(name)) await recording.reportedDatabase(name, UNLISTED, coverage);
    }
    for (const [name, database] of this.#databases) {
      const complete: Coverage = { status: "COMPLETE", tablesRead: database.table_count };
      await recording.reportedDatabase(name, database, unread.get(name) ?? complete);
    }
  }

  header() {
    const metadata = this.#metadata;
    const summary = this.#summary;
    if (metadata === undefined || summary === undefined) throw new Error("the reader passed an incomplete report");
    const { assessment_id, is_simulated, report_version, origin, databases_complete, completeness_percent, ...extra } =
      metadata.extra;
    const { sized_tables, ...summaryExtra } = summary.extra;
    const reported: JsonObject = Object.fromEntries(this.#other);
    if (Object.keys(extra).length > 0) reported.assessment_metadata = extra;
    if (Object.keys(summaryExtra).length > 0) reported.summary = summaryExtra;
    return {
      origin: "REPORT" as const,
      timestamp: metadata.timestamp,
      region: metadata.region,
      awsAccountId: metadata.aws_account_id,
      toolVersion: metadata.tool_version,
      isSimulated: is_simulated === true,
      reported,
      assessmentId: typeof assessment_id === "string" && UUID.test(assessment_id) ? assessment_id : undefined,
    };
  }

  warnings(databases: number, tables: number): string[] {
    const counted: Record<string, number> = {
      total_databases: databases,
      total_tables: tables,
      iceberg_tables: this.#counted.iceberg_tables,
      migration_ready: this.#counted.READY,
      needs_conversion: this.#counted.NEEDS_CONVERSION,
      unknown: this.#counted.UNKNOWN,
    };
    const summary: Record<string, unknown> = { ...this.#summary };
    return Object.entries(counted)
      .filter(([key, count]) => summary[key] !== count)
      .map(
        ([key, count]) =>
          `${this.#name}: summary.${key} says ${summary[key]}, but the report holds ${count}; ${count} was stored.`,
      );
  }
}

const UNLISTED = { description: null, location_uri: null, table_count: null, extra: {} };
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const STATUSES: readonly string[] = ["COMPLETE", "PARTIAL", "DENIED", "THROTTLED", "FAILED"];

function isStatus(value: unknown): value is CoverageStatus {
  return typeof value === "string" && STATUSES.includes(value);
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function coverageFrom(entry: JsonObject): Coverage {
  return {
    status: isStatus(entry.status) ? entry.status : "FAILED",
    tablesRead: typeof entry.tables_read === "number" && Number.isInteger(entry.tables_read) ? entry.tables_read : 0,
    operation: text(entry.operation),
    errorCode: text(entry.error_code),
    errorMessage: text(entry.error_message),
  };
}
