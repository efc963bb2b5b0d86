import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UserError } from "../../postgres/user-error.ts";
import { createTestDatabase, type TestDatabase } from "../../test/database.ts";
import { ingestReport } from "../record/ingest-report.ts";
import { ingestClient, recordCatalog } from "../record/testing.ts";
import { sampleReport, sampleTable } from "./samples.ts";
import { formatOf, REPORT_FORMATS, type ReportOptions, writeReport } from "./write.ts";

const NOBODYS = "00000000-0000-4000-8000-000000000000";

let db: TestDatabase;
let client: Client;
let directory: string;
beforeAll(async () => {
  db = await createTestDatabase();
  client = await ingestClient(db);
  directory = await mkdtemp(join(tmpdir(), "a2o-write-"));
});
afterAll(async () => {
  await client.end();
  await db.drop();
  await rm(directory, { recursive: true, force: true });
});

let files = 0;
async function written(id: string, options: ReportOptions, session = client): Promise<Buffer> {
  const path = join(directory, `${files++}`);
  await session.query("begin");
  try {
    await writeReport(session, id, options, path);
  } finally {
    await session.query("rollback");
  }
  return readFile(path);
}

/** Stores these names, and what else may hold strangers' words. */
async function storeNames(names: readonly string[]): Promise<string> {
  const path = join(directory, `${files++}.json`);
  const tables = names.map((name, i) =>
    sampleTable({
      table_name: `${i}`,
      database_name: name,
      notes: [name],
      storage_location: name,
      partition_keys: [name],
    }),
  );
  const databases = [...new Set(names)].map(name => ({
    ...{ database_name: name, description: name, location_uri: null },
    table_count: names.filter(other => other === name).length,
  }));
  const timestamp = new Date(Date.UTC(2026, 0, 1) + files * 1000).toISOString();
  const sample = sampleReport();
  const metadata = Object.assign({}, sample.assessment_metadata, { timestamp });
  await writeFile(path, JSON.stringify({ ...sample, assessment_metadata: metadata, databases, tables }));
  return (await ingestReport(client, path)).id;
}

/** Strict reading of RFC 4180. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  let row: string[] = [];
  while (field.lastIndex < text.length) {
    const match = field.exec(text);
    if (match === null) throw new Error("this is no CSV of RFC 4180");
    row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? "");
    if (match[3] === ",") continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

const hostile = fc.oneof(
  fc.constantFrom(
    ...[
      "=1+1",
      "+1",
      "-1",
      "@SUM(A1)",
      "\t=1",
      "\r=1",
      "\n=1",
      " =1",
      "'=1",
      '"',
      '""',
      ",",
      "a\r\nb",
      'a\nb,"c',
      "＝1",
    ],
    ...['=HYPERLINK("http://x","y")', "\\.", "\\N", "", "</script><script>", "🧊", "注文", "a|b", "\u202egnp.exe"],
  ),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }).map(text => text.toWellFormed().replaceAll("\0", "")),
);
const names = fc.array(
  hostile.map(name => (name === "" ? "x" : name)),
  { minLength: 1, maxLength: 6 },
);

describe("CSV", () => {
  it("gives every text back as RFC 4180 has it, and none that a spreadsheet takes for a formula", async () => {
    const property = fc.asyncProperty(names, async names => {
      const id = await storeNames(names);
      for (const sheet of ["tables", "databases"] as const) {
        const [header = [], ...rows] = parseCsv((await written(id, { format: "csv", sheet })).toString());
        expect(rows).toHaveLength(sheet === "tables" ? names.length : new Set(names).size);
        for (const row of rows) {
          expect(row).toHaveLength(header.length);
          for (const cell of row) expect(cell).not.toMatch(/^\s*[=+\-@\t\r]/);
        }
        const column = rows.map(row => row[0] ?? "");
        const plain = column.map(cell =>
          /^'\s*[=+\-@＝＋－＠\t\r\n]/.test(cell) && !names.includes(cell) ? cell.slice(1) : cell,
        );
        expect(plain.sort()).toEqual([...(sheet === "tables" ? names : new Set(names))].sort());
      }
      await db.query("delete from a2o.assessments");
    });
    await fc.assert(property, { numRuns: 40 });
  });

  it("has figures as figures, true and false, and moments in UTC", async () => {
    const { id } = await recordCatalog(client, [
      {
        name: "d",
        tables: [{ Name: "t", UpdateTime: "2026-01-07T10:30:00Z", Parameters: { totalSize: "1536", numRows: "7" } }],
      },
    ]);
    const [header = [], row = []] = parseCsv((await written(id, { format: "csv" })).toString());
    const cell = (name: string) => row[header.indexOf(name)];
    expect([cell("size_bytes"), cell("row_count"), cell("is_iceberg"), cell("last_updated")]).toEqual([
      ...["1536", "7", "false", "2026-01-07T10:30:00Z"],
    ]);
  });
});

describe("a report", () => {
  it("takes its format from the name of its file", () => {
    const names = ["a.json", "b.ndjson.gz", "c.JSONL", "d.md", "e.csv.GZ", "f.md.gz", "g", "h.gz", "i.json.txt"];
    expect(names.map(formatOf)).toEqual([
      ...["json", "ndjson", "ndjson", "md", "csv", "md", undefined, undefined, undefined],
    ]);
  });

  it.each(REPORT_FORMATS)("of no assessment is refused, and leaves no file: %s", async format => {
    const path = join(directory, "nothing");
    await client.query("begin");
    try {
      await expect(writeReport(client, NOBODYS, { format }, path)).rejects.toThrow(UserError);
    } finally {
      await client.query("rollback");
    }
    expect((await readdir(directory)).filter(name => name.startsWith("nothing"))).toEqual([]);
  });

  it.each(REPORT_FORMATS)("is refused to a reader of another account: %s", async format => {
    const id = await storeNames(["x"]);
    const ann = await db.createLogin("a2o_reader");
    const bob = await db.createLogin("a2o_reader");
    await db.query("select a2o.grant_account_access($1, '999999999999'), a2o.grant_account_access($2, '*')", [
      ann,
      bob,
    ]);
    await db.as(ann, async ({ client }) => {
      const path = join(directory, "foreign");
      await expect(writeReport(client, id, { format }, path)).rejects.toThrow(`There is no assessment ${id}.`);
    });
    await db.as(bob, async ({ client }) => {
      const path = join(directory, "own");
      await writeReport(client, id, { format }, path);
      expect((await readFile(path)).length).toBeGreaterThan(100);
    });
  });

  it.each(REPORT_FORMATS)("of 100,000 tables is written in flat memory: %s", { timeout: 120_000 }, async format => {
    const [large, small] = await largeAndSmall();
    const memory = async (id: string) => {
      const { stdout } = await promisify(execFile)(process.execPath, [
        join(import.meta.dirname, "write.fixture.ts"),
        ...[db.url, id, format, join(directory, "large")],
      ]);
      return Number(stdout);
    };
    const [ofLarge, ofSmall] = [await memory(large), await memory(small)];
    // A thousand times as much takes a little more for buffers, not for tables.
    expect({ ofSmall, ofLarge, isFlat: ofLarge < ofSmall + 70 }).toMatchObject({ isFlat: true });
  });
});

let stored: Promise<[string, string]> | undefined;
function largeAndSmall(): Promise<[string, string]> {
  stored ??= (async () => {
    const ids: string[] = [];
    for (const tables of [100_000, 100]) {
      const { rows } = await client.query("select * from a2o.begin_assessment()");
      const run = rows[0];
      await client.query(
        `insert into ${run.reported_tables_target} (database_name, table_name, table_format, storage_location, estimated_size_gb, partition_keys,
           column_count, last_updated, is_iceberg, migration_readiness, notes, extra)
         select 'database_' || i % 50, 'table_' || md5(i::text), 'PARQUET', 's3://lake/' || md5(i::text), i, array['day'], 12, now(), false,
           'NEEDS_CONVERSION', array['A note on this table, as long as notes are.'], '{}'
         from generate_series(1, ${tables}) as i`,
      );
      const finished = await client.query(
        "select id from a2o.finish_assessment($1, 'REPORT', now(), 'eu-west-1', '111111111111', 'test')",
        [run.run_id],
      );
      ids.push(finished.rows[0].id);
    }
    return [ids[0] ?? "", ids[1] ?? ""];
  })();
  return stored;
}
