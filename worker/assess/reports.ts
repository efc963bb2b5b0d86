import { mkdtemp, rename, rm, rmdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type pg from "pg";
import { makeDirectories } from "../../postgres/server/files.ts";
import { errorCode, fileErrorReason, UserError } from "../../postgres/user-error.ts";
import { formatOf, writeMarkdownReport, writeReport } from "../report/write.ts";

/** How the whole of an assessment is written, which is the ending of its file too. */
export const ASSESSMENT_FORMATS = ["json", "ndjson", "json.gz", "ndjson.gz"] as const;
export type AssessmentFormat = (typeof ASSESSMENT_FORMATS)[number];

export const JSON_REPORT = "glue-catalog-assessment.json";
export const MARKDOWN_REPORT = "glue-catalog-assessment.md";

export function jsonReportName(format: AssessmentFormat = "json"): string {
  return format === "json" ? JSON_REPORT : `glue-catalog-assessment.${format}`;
}

export interface ReportFiles {
  /** In whichever of the formats was asked for. */
  jsonReport: string;
  markdownReport: string;
}

/**
 * Makes the directory, and makes sure before a long reading that the reports can be written there.
 * @throws UserError
 */
export async function prepareReports(directory: string, format?: AssessmentFormat): Promise<void> {
  await inWords(directory, async () => {
    await makeDirectories(directory);
    await rmdir(await mkdtemp(join(directory, ".writing-")));
    for (const name of [jsonReportName(format), MARKDOWN_REPORT]) {
      const there = await stat(join(directory, name)).catch(() => undefined);
      if (there?.isDirectory()) throw new UserError(`${join(directory, name)} is a directory.`, ADVICE);
    }
  });
}

/**
 * Writes both reports of an assessment; earlier ones are replaced only when both new ones are whole. `client` must be in the
 * transaction that sees the assessment.
 * @throws UserError when they cannot be written
 */
export async function writeReports(
  client: pg.Client,
  assessmentId: string,
  directory: string,
  format?: AssessmentFormat,
): Promise<ReportFiles> {
  const name = jsonReportName(format);
  const files = { jsonReport: join(directory, name), markdownReport: join(directory, MARKDOWN_REPORT) };
  await inWords(directory, async () => {
    const unfinished = await mkdtemp(join(directory, ".writing-"));
    try {
      await writeReport(client, assessmentId, { format: formatOf(name) ?? "json" }, join(unfinished, name));
      await writeMarkdownReport(client, assessmentId, join(unfinished, MARKDOWN_REPORT));
      await rename(join(unfinished, name), files.jsonReport);
      await rename(join(unfinished, MARKDOWN_REPORT), files.markdownReport);
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
  });
  return files;
}

const ADVICE = "Choose another --output-dir.";

async function inWords<T>(directory: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const cause = error instanceof UserError && error.cause !== undefined ? error.cause : error;
    const reason = fileErrorReason(cause) ?? errorCode(cause);
    if (!(cause instanceof Error) || !("syscall" in cause) || reason === undefined) throw error;
    throw new UserError(`The reports cannot be written to ${directory}: ${reason}.`, ADVICE, { cause });
  }
}
