import type pg from "pg";
import { parseExactly } from "../exact-json.ts";
import type { JsonValue } from "../format.ts";
import { batches, few } from "./rows.ts";

/** The phase 1 JSON report with what we add to it, indented by 2. */
export async function* jsonReport(client: pg.Client, assessmentId: string): AsyncGenerator<string> {
  const header = parseExactly(await headerText(client, assessmentId));
  if (typeof header !== "object" || header === null) throw new Error("report_header returned no object");
  yield "{\n";
  for (const [key, value] of Object.entries(header)) yield `  ${JSON.stringify(key)}: ${indented(value, 2)},\n`;
  yield '  "databases": ';
  yield* list(elements(client, DATABASES, assessmentId));
  yield ',\n  "tables": ';
  yield* list(elements(client, TABLES, assessmentId));
  yield "\n}\n";
}

/**
 * The same as NDJSON: a line for the report, one for each database, one for each table. `ingest` reads it, too, and knows from the
 * counts in the first line whether lines are missing.
 */
export async function* ndjsonReport(client: pg.Client, assessmentId: string): AsyncGenerator<string> {
  const header = oneLine(await headerText(client, assessmentId));
  const [counts] = await few<{ databases: string; tables: string }>(
    client,
    `select (select count(*) from a2o.databases where assessment_id = $1) as databases,
       (select count(*) from a2o.tables where assessment_id = $1) as tables`,
    [assessmentId],
  );
  yield `{"report": ${header}, "databases": ${counts?.databases}, "tables": ${counts?.tables}}\n`;
  for await (const batch of elements(client, DATABASES, assessmentId)) yield lines("database", batch);
  for await (const batch of elements(client, TABLES, assessmentId)) yield lines("table", batch);
}

const DATABASES = "select element::text from a2o.report_databases($1) as element";
const TABLES = "select element::text from a2o.report_tables($1) as element";

/** As text: what PostgreSQL wrote is not to lose digits or keys on its way. */
async function headerText(client: pg.Client, assessmentId: string): Promise<string> {
  const [row] = await few<{ header: string | null }>(client, "select a2o.report_header($1)::text as header", [
    assessmentId,
  ]);
  const header = row?.header;
  if (header === null || header === undefined) throw new Error("report_header returned nothing");
  return header;
}

async function* elements(client: pg.Client, sql: string, assessmentId: string): AsyncGenerator<string[]> {
  for await (const rows of batches<{ element: string }>(client, sql, [assessmentId]))
    yield rows.map(row => row.element);
}

function lines(kind: string, batch: readonly string[]): string {
  return batch.map(element => `{"${kind}": ${oneLine(element)}}\n`).join("");
}

/** JSON has line breaks between its parts only; json_agg makes some. */
function oneLine(json: string): string {
  return json.replaceAll("\n", " ");
}

async function* list(source: AsyncGenerator<string[]>): AsyncGenerator<string> {
  let opened = false;
  for await (const batch of source) {
    yield (opened ? ",\n    " : "[\n    ") + batch.map(text => indented(parseExactly(text), 4)).join(",\n    ");
    opened = true;
  }
  yield opened ? "\n  ]" : "[]";
}

function indented(value: JsonValue, spaces: number): string {
  return JSON.stringify(value, null, 2).replaceAll("\n", `\n${" ".repeat(spaces)}`);
}
