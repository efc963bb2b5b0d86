import { rmdir } from "node:fs/promises";
import type pg from "pg";
import { cancelOnAbort } from "../../postgres/connect.ts";
import { UserError } from "../../postgres/user-error.ts";
import { type AwsOptions, callerIdentity } from "../aws/clients.ts";
import { isCredentialError } from "../aws/errors.ts";
import { explainAwsError, listingDenied } from "../aws/explain.ts";
import { type CatalogProgress, readCatalog } from "../aws/glue-catalog.ts";
import { GlueSession } from "../aws/glue-session.ts";
import { type Coverage, Recording, type ResumedRun, type StoredAssessment } from "../record/recording.ts";
import { toolVersion } from "../version.ts";
import { type Account, callerIn } from "./account.ts";
import { type AssessmentFormat, prepareReports, writeReports } from "./reports.ts";
import { databaseFilter, everything, isPartial, reportedScope, type Scope } from "./scope.ts";

export interface AssessOptions extends AwsOptions {
  /** Who reads; found out and used as long as it lasts when left out. */
  account?: Account | undefined;
  /** Directory for the two reports, made when absent; no reports without it. */
  outputDirectory?: string | undefined;
  /** How the report of the whole is written; JSON when left out. */
  format?: AssessmentFormat | undefined;
  /** False judges and reports, and stores nothing. */
  keep: boolean;
  /** Which part of the catalog; all of it when left out. */
  scope?: Scope | undefined;
  /** True goes on with an interrupted run of the same account, region and scope, when there is one. */
  resume?: boolean | undefined;
  /** True keeps what was read for a day when the run is interrupted. */
  isResumable?: boolean | undefined;
  /** True throws EmptyCatalog for a catalog without a database, and stores nothing. */
  skipEmpty?: boolean | undefined;
  /** When it is said to be made; now when left out. Only a stand-in can tell what a catalog was like earlier. */
  at?: Date | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: (progress: CatalogProgress) => void;
  /** Called before AWS is read, with the run that goes on or could have gone on. */
  onBegin?: (run: { resumedTables: number | undefined; interruptedAt: Date | undefined }) => void;
  /** Called when AWS is read, before the database judges what came and the reports are written. */
  onRead?: (progress: CatalogProgress) => void;
  /** Called when the run failed, with the number of tables that can be resumed with. */
  onKept?: (tables: number) => void;
  concurrency?: number;
}

/** There is no database, and nobody asked for this region by name. */
export class EmptyCatalog extends UserError {}

export interface AssessmentResult extends StoredAssessment {
  awsAccountId: string;
  region: string;
  /** ARN of the caller that read it. */
  callerArn: string;
  isSimulated: boolean;
  /** True when it went on with an interrupted run. */
  isResumed: boolean;
  summary: AssessmentSummary;
  /** Answers that AWS throttled. */
  throttled: number;
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
 * @throws UserError for missing or expired credentials, an unreachable AWS, a catalog that may not be listed, or reports that
 *   cannot be written; the reason of `signal` when that is aborted. Nothing is stored or written then.
 */
export async function assessGlueCatalog(client: pg.Client, options: AssessOptions): Promise<AssessmentResult> {
  const { signal, outputDirectory, account, scope = everything } = options;
  const caller = await (account === undefined ? callerIdentity(options) : callerIn(options.region, account));
  if (outputDirectory !== undefined) await prepareReports(outputDirectory, options.format);
  const glue = new GlueSession(options, account?.credentials);
  const { recording, timestamp, before } = await openRun(client, caller.awsAccountId, options);
  let tablesRead = 0;
  let isStored = false;
  try {
    let listGap: Coverage | undefined;
    const read = await readCatalog(
      glue,
      {
        table: (databaseName, table, next) => recording.glueTable(databaseName, table, next),
        database(name, database, coverage) {
          if (name === "") listGap = coverage;
          return recording.glueDatabase(name, database, coverage);
        },
      },
      {
        ...options,
        onProgress(progress) {
          tablesRead = progress.tables;
          options.onProgress?.(progress);
        },
        isWanted: databaseFilter(scope),
        federated: !scope.ownCatalogOnly,
        icebergMetadata: scope.icebergMetadata,
        before,
      },
    ).catch(error => {
      throw isCredentialError(error) ? explainAwsError(error, options) : error;
    });
    if (read.databases === 0) {
      refuseUnlisted(listGap, options, caller.awsAccountId);
      if (options.skipEmpty === true || isPartial(scope)) {
        if (outputDirectory !== undefined) await rmdir(outputDirectory).catch(() => undefined);
        throw emptyCatalog(options);
      }
    }
    options.onRead?.(read);
    const { stored, summary, unread, files } = await cancelOnAbort(client, signal, async () => {
      await client.query("begin");
      const stored = await recording.finish({
        origin: "GLUE",
        timestamp,
        region: options.region,
        awsAccountId: caller.awsAccountId,
        toolVersion,
        isSimulated: caller.isSimulated,
        reported: reportedScope(scope),
      });
      const summary = await readSummary(client, stored.id);
      const unread = await readUnread(client, stored.id);
      const files =
        outputDirectory === undefined
          ? undefined
          : await writeReports(client, stored.id, outputDirectory, options.format);
      return { stored, summary, unread, files };
    });
    await client.query(options.keep ? "commit" : "rollback");
    isStored = true;
    return {
      ...stored,
      awsAccountId: caller.awsAccountId,
      callerArn: caller.arn,
      region: options.region,
      isSimulated: caller.isSimulated,
      isResumed: before !== undefined,
      summary,
      throttled: read.throttled,
      unread,
      jsonReport: files?.jsonReport,
      markdownReport: files?.markdownReport,
    };
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  } finally {
    glue.destroy();
    if (!isStored && options.isResumable === true && tablesRead > 0) {
      await recording.flush().catch(() => undefined);
      options.onKept?.(tablesRead);
    } else await recording.abandon();
  }
}

async function openRun(
  client: pg.Client,
  awsAccountId: string,
  options: AssessOptions,
): Promise<Omit<ResumedRun, "before"> & Partial<ResumedRun>> {
  const timestamp = (options.at ?? new Date()).toISOString();
  const run = { awsAccountId, region: options.region, scope: { ...(options.scope ?? everything) }, timestamp };
  const resumed = options.resume === true ? await Recording.resume(client, run) : undefined;
  if (resumed !== undefined) {
    options.onBegin?.({ resumedTables: resumed.recording.stagedBefore, interruptedAt: undefined });
    return resumed;
  }
  const recording = await Recording.begin(client, options.isResumable === true ? run : undefined);
  options.onBegin?.({ resumedTables: undefined, interruptedAt: recording.interruptedAt });
  return { recording, timestamp };
}

function emptyCatalog({ region, skipEmpty, scope = everything }: AssessOptions): UserError {
  if (skipEmpty === true) return new EmptyCatalog(`There is no database in ${region} that is wanted.`);
  return new UserError(
    `No database in ${region} fits ${[...scope.databases.map(name => `--database ${name}`), ...scope.excludedDatabases.map(name => `--exclude-database ${name}`)].join(" ")}.`,
    "See the names without these options. In a pattern, * stands for any text; names of federated catalogs begin with catalog/.",
  );
}

/** A catalog that could not even be listed is no assessment: it would stand as the newest one, and empty. */
function refuseUnlisted(gap: Coverage | undefined, { region }: AssessOptions, awsAccountId: string): void {
  if (gap === undefined) return;
  const message = gap.errorMessage ?? gap.errorCode ?? gap.status;
  if (gap.status === "DENIED") throw listingDenied(region, awsAccountId, message);
  throw new UserError(
    `The databases of account ${awsAccountId} in ${region} could not be listed: ${gap.errorCode}: ${message}`,
    "Try again; with --debug it says more.",
  );
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
