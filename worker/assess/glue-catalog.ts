import type pg from "pg";
import { cancelOnAbort } from "../../postgres/connect.ts";
import { type AwsOptions, callerIdentity, explainAwsError, glueClient } from "../aws/clients.ts";
import { isCredentialError } from "../aws/errors.ts";
import { type CatalogProgress, readCatalog } from "../aws/glue-catalog.ts";
import { Recording, type StoredAssessment } from "../record/recording.ts";
import { toolVersion } from "../version.ts";
import { prepareReports, writeReports } from "./reports.ts";

export interface AssessOptions extends AwsOptions {
  /** Directory for the two reports, made when absent; no reports without it. */
  outputDirectory?: string | undefined;
  /** False judges and reports, and stores nothing. */
  keep: boolean;
  signal?: AbortSignal | undefined;
  onProgress?: (progress: CatalogProgress) => void;
  /** Called when AWS is read, before the database judges what came and the reports are written. */
  onRead?: (progress: CatalogProgress) => void;
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
  /** GB of 2^30 bytes; null when no size is known. */
  totalEstimatedSizeGb: number | null;
}

export interface UnreadDatabase {
  databaseName: string;
  status: string;
  errorCode: string | null;
  errorMessage: string | null;
}

/**
 * Reads the Glue Data Catalog of one account and region, lets the database judge it, writes the reports and, when asked to,
 * keeps it. `client` works as a2o_ingest. The reports and the stored assessment come from one transaction.
 * @throws UserError for missing or expired credentials, an unreachable AWS, or reports that cannot be written; the reason of
 *   `signal` when that is aborted. Nothing is stored or written then.
 */
export async function assessGlueCatalog(client: pg.Client, options: AssessOptions): Promise<AssessmentResult> {
  const { signal, outputDirectory } = options;
  const identity = await callerIdentity(options);
  if (outputDirectory !== undefined) await prepareReports(outputDirectory);
  const glue = glueClient(options);
  const timestamp = new Date().toISOString();
  const recording = await Recording.begin(client);
  try {
    const read = await readCatalog(
      glue,
      {
        table: (databaseName, table) => recording.glueTable(databaseName, table),
        database: (name, database, coverage) => recording.glueDatabase(name, database, coverage),
      },
      options,
    ).catch(error => {
      throw isCredentialError(error) ? explainAwsError(error, options) : error;
    });
    options.onRead?.(read);
    const { stored, summary, unread, files } = await cancelOnAbort(client, signal, async () => {
      await client.query("begin");
      const stored = await recording.finish({
        origin: "GLUE",
        timestamp,
        region: options.region,
        awsAccountId: identity.awsAccountId,
        toolVersion,
        isSimulated: identity.isSimulated,
      });
      const summary = await readSummary(client, stored.id);
      const unread = await readUnread(client, stored.id);
      const files = outputDirectory === undefined ? undefined : await writeReports(client, stored.id, outputDirectory);
      return { stored, summary, unread, files };
    });
    await client.query(options.keep ? "commit" : "rollback");
    return {
      ...stored,
      awsAccountId: identity.awsAccountId,
      region: options.region,
      isSimulated: identity.isSimulated,
      summary,
      unread,
      jsonReport: files?.jsonReport,
      markdownReport: files?.markdownReport,
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
       round(total_estimated_size_gb, 2)::float8 as "totalEstimatedSizeGb"
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
