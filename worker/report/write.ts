import { createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type pg from "pg";
import { UserError } from "../../postgres/user-error.ts";

/** Rows fetched at once. */
const FETCH = 2000;

/**
 * Writes the phase 1 JSON report of a stored assessment, indented by 2, in flat memory. The file appears whole or not at all.
 * `client` must be in a transaction.
 * @throws UserError when there is no such assessment or the file cannot be written.
 */
export async function writeJsonReport(client: pg.Client, assessmentId: string, path: string): Promise<void> {
  await writeWhole(path, jsonReport(client, assessmentId));
}

/** Writes the Markdown report, under the same conditions as the JSON one. */
export async function writeMarkdownReport(client: pg.Client, assessmentId: string, path: string): Promise<void> {
  await writeWhole(path, markdownReport(client, assessmentId));
}

async function* jsonReport(client: pg.Client, assessmentId: string): AsyncGenerator<string> {
  const { rows } = await client.query<{ header: Record<string, unknown> | null }>(
    "select a2o.report_header($1) as header",
    [assessmentId],
  );
  const header = rows[0]?.header;
  if (header === null || header === undefined) throw unknownAssessment(assessmentId);
  yield "{\n";
  for (const [key, value] of Object.entries(header)) yield `  ${JSON.stringify(key)}: ${indented(value, 2)},\n`;
  yield '  "databases": ';
  yield* list(rowsOf(client, "select element as value from a2o.report_databases($1) as element", assessmentId));
  yield ',\n  "tables": ';
  yield* list(rowsOf(client, "select element as value from a2o.report_tables($1) as element", assessmentId));
  yield "\n}\n";
}

async function* list(batches: AsyncGenerator<unknown[]>): AsyncGenerator<string> {
  let opened = false;
  for await (const batch of batches) {
    yield (opened ? ",\n    " : "[\n    ") + batch.map(value => indented(value, 4)).join(",\n    ");
    opened = true;
  }
  yield opened ? "\n  ]" : "[]";
}

function indented(value: unknown, spaces: number): string {
  return JSON.stringify(value, null, 2).replaceAll("\n", `\n${" ".repeat(spaces)}`);
}

async function* markdownReport(client: pg.Client, assessmentId: string): AsyncGenerator<string> {
  let empty = true;
  for await (const batch of rowsOf(client, "select line as value from a2o.report_markdown($1) as line", assessmentId)) {
    empty = false;
    yield `${batch.join("\n")}\n`;
  }
  if (empty) throw unknownAssessment(assessmentId);
}

async function* rowsOf(client: pg.Client, sql: string, assessmentId: string): AsyncGenerator<unknown[]> {
  await client.query(`declare report no scroll cursor for ${sql}`, [assessmentId]);
  for (;;) {
    const { rows } = await client.query<{ value: unknown }>(`fetch ${FETCH} from report`);
    if (rows.length > 0) yield rows.map(row => row.value);
    if (rows.length < FETCH) break;
  }
  await client.query("close report");
}

function unknownAssessment(assessmentId: string): UserError {
  return new UserError(`There is no assessment ${assessmentId}.`, "See them with: aws2openstack list");
}

async function writeWhole(path: string, chunks: AsyncGenerator<string>): Promise<void> {
  const partial = `${path}.partial-${process.pid}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await pipeline(Readable.from(chunks), createWriteStream(partial));
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    if (error instanceof UserError || !(error instanceof Error) || !("syscall" in error)) throw error;
    throw new UserError(`${path} cannot be written: ${error.message}.`, "Choose another --output-dir.", {
      cause: error,
    });
  }
}
