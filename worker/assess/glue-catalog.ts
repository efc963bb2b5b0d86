import { join } from "node:path";
import type pg from "pg";
import { type AwsOptions, callerIdentity, glueClient } from "../aws/clients.ts";
import { type CatalogProgress, readCatalog } from "../aws/glue-catalog.ts";
import { Recording, type StoredAssessment } from "../record/recording.ts";
import { writeJsonReport, writeMarkdownReport } from "../report/write.ts";
import { toolVersion } from "../version.ts";

export interface AssessOptions extends AwsOptions {
  /** Directory for the two reports, made when absent; no reports without it. */
  outputDirectory?: string | undefined;
  /** False judges and reports, and stores nothing. */
  keep: boolean;
  signal?: AbortSignal | undefined;
  onProgress?: (progress: CatalogProgress) => void;
  concurrency?: number;
}

export interface AssessmentResult extends StoredAssessment {
  awsAccountId: string;
  region: string;
  isSimulated: boolean;
  summary: AssessmentSummary;
  /** Databases that could not be read in full; the name '' stands for the list of databases. */
  unread: UnreadDatabase[];
  jsonReport: string | undefined;
  markdownReport: string | undefined;
}

export interface AssessmentSummary {
  totalDatabases: number;
  totalTables: number;
  icebergTables: number;
  migrationReady: number;
  needsConversion: number;
  unknown: number;
  /** GB of 2^30 bytes, as PostgreSQL's decimal text; null when no size is known. */
  totalEstimatedSizeGb: string | null;
}

export interface UnreadDatabase {
  databaseName: string;
  status: string;
  errorCode: string | null;
  errorMessage: string | null;
}

export const JSON_REPORT = "glue-catalog-assessment.json";
export const MARKDOWN_REPORT = "glue-catalog-assessment.md";

/**
 * Reads the Glue Data Catalog of one account and region, lets the database judge it, writes the reports and, when asked to,
 * keeps it. `client` works as a2o_ingest. The reports and the stored assessment come from one transaction.
 * @throws UserError for missing credentials, an unreachable AWS, or reports that cannot be written.
 */
export async function assessGlueCatalog(client: pg.Client, options: AssessOptions): Promise<AssessmentResult> {
  const identity = await callerIdentity(options);
  const glue = glueClient(options);
  const timestamp = new Date().toISOString();
  const recording = await Recording.begin(client);
  try {
    await readCatalog(
      glue,
      {
        table: (databaseName, table) => recording.glueTable(databaseName, table),
        database: (name, database, coverage) => recording.glueDatabase(name, database, coverage),
      },
      options,
    );
    await client.query("begin");
    const stored = await recording.finish({
      origin: "GLUE",
      timestamp,
      region: options.region,
      awsAccountId: identity.awsAccountId,
      toolVersion,
      isSimulated: identity.isSimulated,
    });
    const [summary, unread] = [await readSummary(client, stored.id), await readUnread(client, stored.id)];
    const directory = options.outputDirectory;
    const jsonReport = directory === undefined ? undefined : join(directory, JSON_REPORT);
    const markdownReport = directory === undefined ? undefined : join(directory, MARKDOWN_REPORT);
    if (jsonReport !== undefined) await writeJsonReport(client, stored.id, jsonReport);
    if (markdownReport !== undefined) await writeMarkdownReport(client, stored.id, markdownReport);
    await client.query(options.keep ? "commit" : "rollback");
    const { awsAccountId, isSimulated } = identity;
    return {
      ...stored,
      awsAccountId,
      region: options.region,
      isSimulated,
      summary,
      unread,
      jsonReport,
      markdownReport,
    };
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  } finally {
    glue.destroy();
    await recording.abandon();
  }
}

async function readSummary(client: pg.Client, id: string): Promise<AssessmentSummary> {
  const { rows } = await client.query<AssessmentSummary>(
    `select total_databases as "totalDatabases", total_tables as "totalTables", iceberg_tables as "icebergTables",
       migration_ready as "migrationReady", needs_conversion as "needsConversion", unknown,
       round(total_estimated_size_gb, 2) as "totalEstimatedSizeGb"
     from a2o.assessments where id = $1`,
    [id],
  );
  const summary = rows[0];
  if (summary === undefined) throw new Error(`assessment ${id} is not there`);
  return summary;
}

async function readUnread(client: pg.Client, id: string): Promise<UnreadDatabase[]> {
  const { rows } = await client.query<UnreadDatabase>(
    `select database_name as "databaseName", status, error_code as "errorCode", error_message as "errorMessage"
     from a2o.database_coverage where assessment_id = $1 and status <> 'COMPLETE' order by database_name`,
    [id],
  );
  return rows;
}
