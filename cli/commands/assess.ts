import { join } from "node:path";
import { defineCommand } from "citty";
import type pg from "pg";
import { describeUrl, withClient } from "../../postgres/connect.ts";
import { UserError } from "../../postgres/user-error.ts";
import { type AssessmentResult, type AssessOptions, assessGlueCatalog } from "../../worker/assess/glue-catalog.ts";
import {
  abortOnSignals,
  commonArgs,
  databaseUrl,
  ExitCode,
  Interrupted,
  jsonArg,
  openEmbedded,
  say,
  tell,
  UsageError,
} from "../common.ts";
import { ProgressLine } from "../progress.ts";
import { count, share, size } from "../text.ts";

const glueCatalog = defineCommand({
  meta: { name: "glue-catalog", description: "Read an AWS Glue Data Catalog, judge it, and write the reports" },
  args: {
    region: { type: "string", description: "AWS region, or several separated by commas", valueHint: "eu-central-1" },
    profile: { type: "string", description: "AWS profile to use", valueHint: "name" },
    "output-dir": { type: "string", description: "Directory for the JSON and Markdown reports", valueHint: "dir" },
    "save-to-db": { type: "boolean", description: "Store the assessment (always done when DATABASE_URL is set)" },
    ...jsonArg,
    ...commonArgs,
  },
  async run({ args }) {
    const regions = regionsOf(args.region ?? process.env.AWS_REGION);
    const outputDirectory = args["output-dir"];
    if (outputDirectory === undefined || outputDirectory === "") {
      throw new UsageError(
        "--output-dir is missing.",
        "It names the directory for the reports, e.g. --output-dir reports",
      );
    }
    const { signal, dispose } = abortOnSignals();
    try {
      const results: AssessmentResult[] = [];
      for (const region of regions) {
        if (!args.json) say(`Starting Glue Catalog assessment for region: ${region}`);
        const result = await assessRegion({
          region,
          profile: args.profile,
          // Several regions would overwrite each other's reports.
          outputDirectory: regions.length === 1 ? outputDirectory : join(outputDirectory, region),
          keep: args["save-to-db"] === true || databaseUrl() !== undefined,
          signal,
        });
        results.push(result);
        if (!args.json) printResult(result);
      }
      if (args.json) say(JSON.stringify(regions.length === 1 ? results[0] : results, null, 2));
      return results.some(result => result.unread.length > 0) ? ExitCode.partial : ExitCode.ok;
    } catch (error) {
      throw signal.aborted ? new Interrupted() : error;
    } finally {
      dispose();
    }
  },
});

export default defineCommand({
  meta: { name: "assess", description: "Assess a catalog: glue-catalog" },
  subCommands: { "glue-catalog": glueCatalog },
});

interface KeptResult extends AssessmentResult {
  /** Where it was stored; undefined when only reports were written. */
  storedIn?: string;
}

/** The database judges in every case. One that cannot be reached costs a warning, never the reports: the embedded one judges then. */
async function assessRegion(options: AssessOptions): Promise<KeptResult> {
  const url = databaseUrl();
  if (options.keep && url !== undefined) {
    try {
      return { ...(await withProgress(url, options)), storedIn: describeUrl(url) };
    } catch (error) {
      if (options.signal?.aborted || !isDatabaseError(error)) throw error;
      tell(
        `Warning: nothing was saved to ${describeUrl(url)}: ${error instanceof Error ? error.message : String(error)}`,
      );
      if (error instanceof UserError && error.advice !== undefined) tell(error.advice);
      const report = join(options.outputDirectory ?? ".", "glue-catalog-assessment.json");
      tell(`The reports are written all the same. Once the database is back: aws2openstack ingest ${report}`);
      return assessOnEmbedded({ ...options, keep: false });
    }
  }
  return assessOnEmbedded(options);
}

async function assessOnEmbedded(options: AssessOptions): Promise<KeptResult> {
  const storage = await openEmbedded();
  try {
    const result = await withProgress(storage.url, options);
    return options.keep ? { ...result, storedIn: storage.description } : result;
  } finally {
    await storage.release();
  }
}

async function withProgress(url: string, options: AssessOptions): Promise<AssessmentResult> {
  const line = new ProgressLine();
  try {
    return await withClient(url, { role: "a2o_ingest", purpose: "assess" }, (client: pg.Client) =>
      assessGlueCatalog(client, { ...options, onProgress: progress => line.update(progress) }),
    );
  } finally {
    line.clear();
  }
}

/** Errors of the connection or of the schema, as against AWS's and those of the file system. */
function isDatabaseError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const cause: unknown = error instanceof UserError ? error.cause : error;
  if (cause instanceof Error && "severity" in cause) return true;
  const text = `${error.message} ${cause instanceof Error ? cause.message : ""}`;
  return (
    (error instanceof UserError && /PostgreSQL|database|DATABASE_URL|Database/.test(error.message)) ||
    /Connection terminated|Client has encountered a connection error|not queryable/.test(text)
  );
}

function regionsOf(text: string | undefined): string[] {
  const regions = [
    ...new Set(
      (text ?? "")
        .split(",")
        .map(region => region.trim())
        .filter(region => region !== ""),
    ),
  ];
  if (regions.length === 0)
    throw new UsageError("--region is missing.", "Name the region of the catalog, e.g. --region eu-central-1");
  for (const region of regions) {
    if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) {
      throw new UsageError(`${region} is no AWS region.`, "Regions look like eu-central-1 or us-gov-west-1.");
    }
  }
  return regions;
}

function printResult(result: KeptResult): void {
  const { summary } = result;
  say(
    `Found ${count(summary.totalDatabases)} databases with ${count(summary.totalTables)} tables in account ${result.awsAccountId}${result.isSimulated ? " (simulated)" : ""}`,
  );
  say("");
  say(
    `  Ready             ${count(summary.migrationReady).padStart(9)}  ${share(summary.migrationReady, summary.totalTables)}`,
  );
  say(
    `  Needs conversion  ${count(summary.needsConversion).padStart(9)}  ${share(summary.needsConversion, summary.totalTables)}`,
  );
  say(`  Unknown           ${count(summary.unknown).padStart(9)}  ${share(summary.unknown, summary.totalTables)}`);
  say(`  Known size        ${size(summary.totalEstimatedSizeGb).padStart(9)}`);
  say("");
  for (const database of result.unread.slice(0, 10)) {
    const name = database.databaseName === "" ? "the list of databases" : database.databaseName;
    tell(`Not read in full: ${name} (${database.status}): ${database.errorCode}: ${database.errorMessage}`);
  }
  if (result.unread.length > 10) tell(`…and ${count(result.unread.length - 10)} more; the reports list them all.`);
  if (result.storedIn !== undefined) {
    say(
      result.isNew ? `Saved to ${result.storedIn}: ${result.id}` : `Saved already in ${result.storedIn}: ${result.id}`,
    );
  }
  say(
    result.unread.length === 0
      ? "Assessment complete"
      : "Assessment complete, except for what is named above (exit code 3)",
  );
  say(`  JSON report:     ${result.jsonReport}`);
  say(`  Markdown report: ${result.markdownReport}`);
}
