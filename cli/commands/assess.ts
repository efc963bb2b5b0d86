import { join } from "node:path";
import { defineCommand } from "citty";
import type pg from "pg";
import { describeUrl, isDatabaseError, withClient } from "../../postgres/connect.ts";
import { UserError } from "../../postgres/user-error.ts";
import { type AssessmentResult, type AssessOptions, assessGlueCatalog } from "../../worker/assess/glue-catalog.ts";
import { JSON_REPORT } from "../../worker/assess/reports.ts";
import {
  abortOnSignals,
  commonArgs,
  databaseUrl,
  ExitCode,
  Interrupted,
  jsonArg,
  openEmbedded,
  say,
  sayJson,
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
    const results: KeptResult[] = [];
    try {
      for (const region of regions) {
        if (!args.json)
          say(`${results.length === 0 ? "" : "\n"}Starting Glue Catalog assessment for region: ${region}`);
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
        tellUnread(result);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
      const done = results.map(result => result.region).join(", ");
      throw new Interrupted(
        done === "" ? "Interrupted; nothing was stored or written." : `Interrupted; ${done} was done before.`,
      );
    } finally {
      dispose();
      // What is done is done, even when a later region failed.
      if (args.json && results.length > 0) sayJson(results.map(forJson));
    }
    return results.some(result => result.unread.length > 0) ? ExitCode.partial : ExitCode.ok;
  },
});

export default defineCommand({
  meta: { name: "assess", description: "Assess a catalog: glue-catalog" },
  subCommands: { "glue-catalog": glueCatalog },
});

/** How many databases that could not be read are named one by one. */
const UNREAD_SHOWN = 10;

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
        error instanceof UserError
          ? `Warning: nothing is saved. ${error.message}`
          : `Warning: nothing is saved to ${describeUrl(url)}: ${error instanceof Error ? error.message : String(error)}.`,
      );
      if (error instanceof UserError && error.advice !== undefined) tell(error.advice);
      const report = join(options.outputDirectory ?? ".", JSON_REPORT);
      tell(`The reports are written all the same. To store them later: aws2openstack ingest ${quoted(report)}`);
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
      assessGlueCatalog(client, {
        ...options,
        onProgress: progress => line.update(progress),
        onRead: ({ tables }) => line.show(`Judging ${count(tables)} tables and writing the reports`),
      }),
    );
  } finally {
    line.clear();
  }
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
    if (!/^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/.test(region)) {
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
  if (result.storedIn !== undefined) {
    say(
      result.isNew ? `Saved to ${result.storedIn}: ${result.id}` : `Saved already in ${result.storedIn}: ${result.id}`,
    );
  }
  say(
    result.unread.length === 0
      ? "Assessment complete"
      : `Assessment complete, except for ${unreadParts(result)} (exit code 3)`,
  );
  say(`  JSON report:     ${result.jsonReport}`);
  say(`  Markdown report: ${result.markdownReport}`);
}

function tellUnread(result: AssessmentResult): void {
  for (const { databaseName, status, errorCode, errorMessage } of result.unread.slice(0, UNREAD_SHOWN)) {
    const name = databaseName === "" ? "the list of databases" : databaseName;
    tell(`Not read in full: ${name} (${status.toLowerCase()}): ${errorCode}: ${errorMessage}`);
  }
  if (result.unread.length > UNREAD_SHOWN) {
    tell(`and ${count(result.unread.length - UNREAD_SHOWN)} more; the reports name them all.`);
  }
}

/** `3 databases`, `a part of the list of databases` */
function unreadParts({ unread }: AssessmentResult): string {
  const databases = unread.filter(({ databaseName }) => databaseName !== "").length;
  const list = databases < unread.length ? ["a part of the list of databases"] : [];
  return [...(databases === 0 ? [] : [databases === 1 ? "1 database" : `${count(databases)} databases`]), ...list].join(
    " and ",
  );
}

function forJson({ id, storedIn, isNew, ...rest }: KeptResult) {
  return { assessmentId: id, storedIn: storedIn ?? null, isNew, ...rest };
}

/** As a shell takes it for one word. */
function quoted(path: string): string {
  return /^[\w./@:+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
