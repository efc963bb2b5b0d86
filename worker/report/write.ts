import type pg from "pg";
import { UserError } from "../../postgres/user-error.ts";
import { type CsvSheet, csvReport } from "./formats/csv.ts";
import { htmlReport } from "./formats/html/report.ts";
import { jsonReport, ndjsonReport } from "./formats/json.ts";
import { markdownReport } from "./formats/markdown.ts";
import { isGzip, type Output, write } from "./formats/output.ts";
import { xlsxReport } from "./formats/xlsx/report.ts";

export const REPORT_FORMATS = ["json", "ndjson", "md", "csv", "html", "xlsx"] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export interface ReportOptions {
  format: ReportFormat;
  /** What of it, where a format holds one table: tables when not given. */
  sheet?: CsvSheet | undefined;
  /** How many tables the inventory of an HTML report holds. */
  maxTables?: number | undefined;
}

/**
 * Writes a stored assessment in one of the formats, in flat memory at any size. A file appears whole or not at all, gzipped
 * when its name ends in `.gz`. `client` must be in a transaction.
 * @throws UserError when there is no such assessment or the file cannot be written
 */
export async function writeReport(
  client: pg.Client,
  assessmentId: string,
  options: ReportOptions,
  output: Output,
): Promise<void> {
  const { rowCount } = await client.query("select from a2o.assessments where id = $1", [assessmentId]);
  if (rowCount === 0) {
    throw new UserError(`There is no assessment ${assessmentId}.`, "See them with: aws2openstack list");
  }
  await write(output, chunksOf(client, assessmentId, options));
}

function chunksOf(
  client: pg.Client,
  assessmentId: string,
  { format, sheet = "tables", maxTables }: ReportOptions,
): AsyncIterable<string | Uint8Array> {
  switch (format) {
    case "json":
      return jsonReport(client, assessmentId);
    case "ndjson":
      return ndjsonReport(client, assessmentId);
    case "md":
      return markdownReport(client, assessmentId);
    case "csv":
      return csvReport(client, assessmentId, sheet);
    case "html":
      return htmlReport(client, assessmentId, maxTables);
    case "xlsx":
      return xlsxReport(client, assessmentId);
  }
}

/** True for what a terminal cannot show. */
export function isBinary(format: ReportFormat): boolean {
  return format === "xlsx";
}

const ENDINGS: Record<string, ReportFormat> = {
  json: "json",
  ndjson: "ndjson",
  jsonl: "ndjson",
  md: "md",
  markdown: "md",
  csv: "csv",
  html: "html",
  htm: "html",
  xlsx: "xlsx",
};

/** The format that the name of a file promises, `.gz` left aside. */
export function formatOf(path: string): ReportFormat | undefined {
  const ending = /\.([a-z]+)$/i.exec(isGzip(path) ? path.slice(0, -3) : path)?.[1];
  return ending === undefined ? undefined : ENDINGS[ending.toLowerCase()];
}

/** Writes the phase 1 JSON report, indented by 2, under the conditions of `writeReport`. */
export async function writeJsonReport(client: pg.Client, assessmentId: string, path: string): Promise<void> {
  await writeReport(client, assessmentId, { format: "json" }, path);
}

/** Writes the Markdown report, under the conditions of `writeReport`. */
export async function writeMarkdownReport(client: pg.Client, assessmentId: string, path: string): Promise<void> {
  await writeReport(client, assessmentId, { format: "md" }, path);
}
