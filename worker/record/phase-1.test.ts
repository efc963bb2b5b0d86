import { createReadStream } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { createGunzip, gzipSync } from "node:zlib";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../test/database.ts";
import { parseExactly } from "../report/exact-json.ts";
import { utcTimestamp } from "../report/timestamp.ts";
import { type ReportFormat, writeReport } from "../report/write.ts";
import { ingestReport } from "./ingest-report.ts";
import { ingestClient } from "./testing.ts";

/** Reports as Python's json module writes them, one for each shape that phase 1's models allow. */
const directory = join(import.meta.dirname, "phase-1");
const fixtures = await readdir(directory);

let db: TestDatabase;
let client: Client;
let place: string;
beforeAll(async () => {
  db = await createTestDatabase();
  client = await ingestClient(db);
  place = await mkdtemp(join(tmpdir(), "a2o-phase-1-"));
});
afterAll(async () => {
  await client.end();
  await db.drop();
  await rm(place, { recursive: true, force: true });
});

async function written(id: string, format: ReportFormat, name: string): Promise<string> {
  const path = join(place, name);
  await client.query("begin");
  try {
    await writeReport(client, id, { format }, path);
  } finally {
    await client.query("rollback");
  }
  return path;
}

type Fields = Record<string, unknown>;
interface Report extends Fields {
  assessment_metadata: Fields;
  summary: Fields;
  databases: Fields[];
  tables: Fields[];
}
const parse = (text: string) => parseExactly(text) as unknown as Report;
const isRecord = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Every field of the one is in the other, equal; moments may be written in another way, an empty location is none, and the
 * total is added up anew, without the noise of floating point.
 */
function expectKept(original: Fields, kept: Fields): void {
  for (const [key, value] of Object.entries(original)) {
    const there = kept[key];
    if (key === "timestamp" || key === "last_updated") {
      expect([key, there === null ? null : utcTimestamp(String(there))]).toEqual([
        key,
        value === null ? null : utcTimestamp(String(value)),
      ]);
    } else if (key === "storage_location" && value === "") expect([key, there]).toEqual([key, null]);
    else if (key === "total_estimated_size_gb") expect(there).toBeCloseTo(Number(value), 6);
    else expect([key, JSON.stringify(sorted(there))]).toEqual([key, JSON.stringify(sorted(value))]);
  }
}

/** jsonb keeps no order of keys. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value) || "rawJSON" in value) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]): [string, unknown] => [key, sorted(item)])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

describe("a report of the Python tool", () => {
  it.each(fixtures)("is stored and comes out again field for field: %s", async fixture => {
    const source = join(directory, fixture);
    const { id, warnings } = await ingestReport(client, source);
    expect(warnings).toEqual([]);
    const original = parse(await readFile(source, "utf8"));
    const kept = parse(await readFile(await written(id, "json", fixture), "utf8"));
    const { assessment_metadata, summary, databases, tables, ...other } = original;
    expectKept(assessment_metadata, kept.assessment_metadata);
    expectKept(summary, kept.summary);
    expectKept(other, kept);
    expect([kept.databases.length, kept.tables.length]).toEqual([databases.length, tables.length]);
    const name = (item: Fields) => JSON.stringify([item.database_name, item.table_name]);
    for (const [before, after] of [
      [databases, kept.databases],
      [tables, kept.tables],
    ] as const) {
      for (const item of before) expectKept(item, after.find(other => name(other) === name(item)) ?? {});
    }
  });

  it.each(fixtures)("goes through NDJSON, gzip and back as the same assessment: %s", async fixture => {
    const { id } = await ingestReport(client, join(directory, fixture));
    const path = await written(id, "ndjson", `${fixture}.ndjson.gz`);
    const lines = (await buffer(createReadStream(path).pipe(createGunzip()))).toString().trimEnd().split("\n");
    const report = parse(await readFile(await written(id, "json", fixture), "utf8"));
    expect(lines.length).toBe(1 + report.databases.length + report.tables.length);
    expect(await ingestReport(client, path)).toMatchObject({ id, isNew: false });
    const json = join(place, "again.json.gz");
    await writeFile(json, gzipSync(await readFile(join(directory, fixture))));
    expect(await ingestReport(client, json)).toMatchObject({ id, isNew: false });
  });
});
