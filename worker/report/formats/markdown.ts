import type pg from "pg";
import { batches } from "./rows.ts";

export async function* markdownReport(client: pg.Client, assessmentId: string): AsyncGenerator<string> {
  const sql = "select line from a2o.report_markdown($1) as line";
  for await (const rows of batches<{ line: string }>(client, sql, [assessmentId])) {
    yield `${rows.map(row => row.line).join("\n")}\n`;
  }
}
