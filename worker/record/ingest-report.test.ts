import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../test/database.ts";
import type { JsonObject, JsonValue } from "../report/format.ts";
import { sampleReport, sampleTable } from "../report/samples.ts";
import { writeJsonReport, writeMarkdownReport } from "../report/write.ts";
import { ingestReport } from "./ingest-report.ts";
import { type CatalogDatabase, contradictions, everything, glueTable, ingestClient, recordCatalog } from "./testing.ts";

/** Two databases of two installations. */
let here: TestDatabase;
let there: TestDatabase;
let client: Client;
let second: Client;
let far: Client;
let directory: string;
beforeAll(async () => {
  [here, there] = [await createTestDatabase(), await createTestDatabase()];
  [client, second, far] = [await ingestClient(here), await ingestClient(here), await ingestClient(there)];
  directory = await mkdtemp(join(tmpdir(), "a2o-ingest-"));
});
afterAll(async () => {
  await Promise.all([client, second, far].map(session => session.end()));
  await Promise.all([here, there].map(db => db.drop()));
  await rm(directory, { recursive: true, force: true });
});

let files = 0;
async function reportOf(session: Client, id: string): Promise<string> {
  const path = join(directory, `${files++}.json`);
  await inTransaction(session, () => writeJsonReport(session, id, path));
  return path;
}

/** A failure must not leave locks behind, on which the search for a smaller example would wait for ever. */
async function inTransaction(session: Client, work: () => Promise<void>): Promise<void> {
  await session.query("begin");
  try {
    await work();
  } finally {
    await session.query("rollback");
  }
}

async function fileWith(content: JsonValue | string): Promise<string> {
  const path = join(directory, `${files++}.json`);
  await writeFile(path, typeof content === "string" ? content : JSON.stringify(content, null, 2));
  return path;
}

async function forgetAll(): Promise<void> {
  for (const db of [here, there]) await db.query("delete from a2o.assessments");
}

async function markdownOf(session: Client, id: string): Promise<string[]> {
  const path = join(directory, `${files++}.md`);
  await inTransaction(session, () => writeMarkdownReport(session, id, path));
  return (await readFile(path, "utf8")).split("\n");
}

const content = async (path: string): Promise<JsonObject> => JSON.parse(await readFile(path, "utf8"));

/** A report without what may differ between installations: where the verdicts came from. */
async function told(path: string): Promise<JsonObject> {
  const report = await content(path);
  return { ...report, assessment_metadata: { ...(report.assessment_metadata as JsonObject), origin: "any" } };
}

/** The report says the same wherever it is ingested, and is stored once. */
async function expectRoundTrip(session: Client, id: string): Promise<void> {
  const path = await reportOf(session, id);
  expect(await ingestReport(session, path)).toMatchObject({ id, isNew: false, warnings: [] });
  const copy = await ingestReport(far, path);
  expect(copy).toMatchObject({ id, isNew: true, warnings: [] });
  const farPath = await reportOf(far, id);
  expect(await told(farPath)).toEqual(await told(path));
  expect(await ingestReport(far, path)).toMatchObject({ id, isNew: false });
  expect(await ingestReport(far, farPath)).toMatchObject({ id, isNew: false });
  expect(await ingestReport(session, farPath)).toMatchObject({ id, isNew: false });
}

const special = [
  "'",
  '"',
  "\\",
  "%",
  "_",
  "\t",
  "\n",
  "\r\n",
  "\\N",
  "\\.",
  "|",
  "`",
  "😀",
  "\u2028",
  "ß",
  "{}",
  "NULL",
  " ",
];
const anyText = fc
  .oneof(
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.constantFrom(...special),
    fc.constantFrom("", "x".repeat(300)),
  )
  .map(text => text.toWellFormed().replaceAll("\0", ""));
const anyName = fc
  .oneof(
    { weight: 4, arbitrary: anyText.filter(text => text !== "").map(text => [...text].slice(0, 255).join("")) },
    { weight: 1, arbitrary: fc.constantFrom("x".repeat(255), "😀".repeat(255), "é".repeat(255), "ALL", "all") },
  )
  .filter(name => name !== "");
const anySize = fc.oneof(
  fc.constantFrom("0", "1", "-1", "1.2 GB", "9".repeat(18), "9007199254740993"),
  fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }).map(String),
);
const anyParameters = fc.record(
  {
    totalSize: anySize,
    numRows: anySize,
    sizeKey: anySize,
    table_type: fc.constantFrom("ICEBERG", "DELTA"),
    metadata_location: anyText,
    classification: fc.constantFrom("csv", "parquet", "?"),
  },
  { requiredKeys: [] },
);
const anyGlueTable = fc.record(
  {
    Name: anyName,
    TableType: fc.constantFrom("EXTERNAL_TABLE", "VIRTUAL_VIEW", "odd | one"),
    UpdateTime: fc
      .date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true })
      .map(date => date.toISOString()),
    Parameters: anyParameters,
    PartitionKeys: fc.array(fc.record({ Name: anyName, Type: anyText }), { maxLength: 3 }),
    StorageDescriptor: fc.record(
      {
        Columns: fc.array(fc.record({ Name: anyName, Type: anyText, Comment: anyText }), { maxLength: 3 }),
        Location: anyText,
        SerdeInfo: fc.record({ SerializationLibrary: anyText }),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ["Name"] },
);
const anyCoverage = fc.record({
  status: fc.constantFrom("COMPLETE", "PARTIAL", "DENIED", "THROTTLED", "FAILED"),
  tablesRead: fc.nat({ max: 1000 }),
  operation: fc.option(anyText, { nil: undefined }),
  errorCode: fc.option(anyText, { nil: undefined }),
  errorMessage: fc.option(anyText, { nil: undefined }),
});
const anyDatabase = fc.record({
  name: anyName,
  glue: fc.record({ Description: anyText, LocationUri: anyText }, { requiredKeys: [] }),
  tables: fc.uniqueArray(anyGlueTable, { maxLength: 6, selector: table => table.Name }),
  coverage: anyCoverage,
});
const anyCatalog: fc.Arbitrary<CatalogDatabase[]> = fc
  .tuple(
    fc.uniqueArray(anyDatabase, { maxLength: 4, selector: database => database.name }),
    fc.option(anyCoverage.filter(({ status }) => status !== "COMPLETE")),
  )
  .map(([databases, list]) => (list === null ? databases : [...databases, { name: "", glue: null, coverage: list }]));
const anyMoment = fc
  .date({ min: new Date("2000-01-01"), max: new Date("2100-01-01"), noInvalidDate: true })
  .map(date => date.toISOString());

describe("the report of any assessed catalog", () => {
  it("ingested again, here or elsewhere, is the same assessment, once", async () => {
    const property = fc.asyncProperty(anyCatalog, anyMoment, fc.boolean(), async (catalog, timestamp, isSimulated) => {
      await forgetAll();
      const { id, isNew } = await recordCatalog(client, catalog, { timestamp, isSimulated });
      expect(isNew).toBe(true);
      await expectRoundTrip(client, id);
      const shuffled = [...catalog]
        .reverse()
        .map(database => ({ ...database, tables: [...(database.tables ?? [])].reverse() }));
      expect(await recordCatalog(second, shuffled, { timestamp, isSimulated })).toEqual({ id, isNew: false });
      await client.query("begin");
      const markdown = await markdownTables(client, id);
      await client.query("commit");
      for (const { columns, rows } of markdown) for (const row of rows) expect(row).toBe(columns);
    });
    await fc.assert(property, { numRuns: 20 });
    expect(await contradictions(here)).toEqual([]);
    expect(await contradictions(there)).toEqual([]);
  });

  it("does so with a partition of its own, and when two bring it at once", async () => {
    const tables = Array.from({ length: 20_000 }, (_, i) => glueTable(`t${i}`));
    const { id } = await recordCatalog(client, [{ name: "big", tables }]);
    const path = await reportOf(client, id);
    expect(await ingestReport(client, path)).toMatchObject({ id, isNew: false });
    const farToo = await ingestClient(there);
    const both = await Promise.all([ingestReport(far, path), ingestReport(farToo, path)]);
    await farToo.end();
    expect(both.map(stored => stored.isNew).sort()).toEqual([false, true]);
    expect(both.map(stored => stored.id)).toEqual([id, id]);
    expect(await told(await reportOf(far, id))).toEqual(await told(path));
    await forgetAll();
  });
});

/** For each Markdown table: its number of columns and that of each row, as GitHub splits them. */
async function markdownTables(session: Client, id: string): Promise<{ columns: number; rows: number[] }[]> {
  const { rows } = await session.query<{ line: string }>("select line from a2o.report_markdown($1) as line", [id]);
  const cells = (line: string) => line.replace(/\\./g, "").split("|").length - 2;
  const found: { columns: number; rows: number[] }[] = [];
  for (const [i, { line }] of rows.entries()) {
    expect(line).not.toMatch(/[\n\r]/);
    if (/^\|[-:|]+\|$/.test(line)) found.push({ columns: cells(line), rows: [cells(rows[i - 1]?.line ?? "")] });
    else if (line.startsWith("|") && rows[i - 1]?.line.startsWith("|")) found.at(-1)?.rows.push(cells(line));
  }
  return found;
}

// No backslash in a key: JSON.parse of V8 13.6 (Node.js 24) takes {"x\n": 0} for {"x\\": 0} once it has parsed the latter.
const anyKey = anyText.filter(text => !text.includes("\\"));
const anyValue: fc.Arbitrary<JsonValue> = fc.oneof(
  anyText,
  fc.boolean(),
  fc.constant(null),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.array(anyText, { maxLength: 3 }),
  fc.dictionary(anyKey, anyText, { maxKeys: 2 }),
);
const anyExtra = fc.dictionary(
  fc.oneof(
    anyKey.map(key => `x${key}`),
    fc.constantFrom("__proto__", "constructor", "0", "", "is_final", "size_bytes"),
  ),
  anyValue,
  { maxKeys: 3 },
);
const anyReport = fc
  .record({
    metadata: fc.record({
      timestamp: anyMoment,
      region: fc.constantFrom("eu-west-1", "my | region"),
      aws_account_id: fc.stringMatching(/^[0-9]{12}$/),
      tool_version: fc.constantFrom("0.1.0", "python-1"),
    }),
    tables: fc.uniqueArray(
      fc.record({
        database_name: fc.constantFrom("a", "b", "it's", "unlisted"),
        table_name: anyName,
        table_format: fc.constantFrom("PARQUET", "ICEBERG", "a | b"),
        storage_location: fc.option(anyText),
        estimated_size_gb: fc.option(
          fc.oneof(fc.double({ min: 0, max: 8589934591.99, noNaN: true }), fc.constant(8589934591.99)),
        ),
        partition_keys: fc.array(anyText, { maxLength: 3 }),
        column_count: fc.nat(),
        last_updated: fc.option(anyMoment),
        is_iceberg: fc.boolean(),
        migration_readiness: fc.constantFrom("READY", "NEEDS_CONVERSION", "UNKNOWN"),
        notes: fc.array(anyText, { maxLength: 3 }),
        extra: anyExtra,
      }),
      { maxLength: 6, selector: table => JSON.stringify([table.database_name, table.table_name]) },
    ),
    databases: fc.subarray(["a", "b", "it's", "empty"]),
    description: fc.option(anyText),
    tableCount: fc.nat({ max: 1000 }),
    extras: fc.array(anyExtra, { minLength: 4, maxLength: 4 }),
  })
  .map(({ metadata, tables, databases, description, tableCount, extras: [top, meta, sum, base] }) => {
    const flat = tables.map(({ extra, ...table }) => ({ ...extra, ...table }));
    return {
      ...top,
      assessment_metadata: { ...meta, ...metadata },
      summary: {
        ...sum,
        total_databases: 0,
        total_tables: 0,
        iceberg_tables: 0,
        migration_ready: 0,
        needs_conversion: 0,
        unknown: 0,
        total_estimated_size_gb: 0,
      },
      databases: databases.map(database_name => ({
        ...base,
        database_name,
        description,
        location_uri: description,
        table_count: tableCount,
      })),
      tables: flat,
    };
  });

describe("any report of another tool", () => {
  it("is stored with all its keys, once, and its report is the same again", async () => {
    const property = fc.asyncProperty(anyReport, async report => {
      await forgetAll();
      const path = await fileWith(report as unknown as JsonObject);
      const first = await ingestReport(client, path);
      expect(first.isNew).toBe(true);
      expect(await ingestReport(client, path)).toMatchObject({ id: first.id, isNew: false });
      const written = await content(await reportOf(client, first.id));
      for (const key of Object.keys(report)) expect(Object.keys(written)).toContain(key);
      const names = (value: JsonValue | undefined) => (value as JsonObject[]).map(item => item.table_name).sort();
      expect(names(written.tables)).toEqual(report.tables.map(table => table.table_name).sort());
      await expectRoundTrip(client, first.id);
    });
    await fc.assert(property, { numRuns: 25 });
    expect(await contradictions(here)).toEqual([]);
  });

  it("keeps its verdicts, says that they were reported, and makes nothing up", async () => {
    const { id, warnings } = await ingestReport(client, await fileWith(sampleReport()));
    const rows = await here.query(
      `select table_name, table_format, migration_readiness, size_bytes, size_source, format_rule, readiness_rule, column_schema_hash, storage_location
       from a2o.tables where assessment_id = $1 order by 1`,
      [id],
    );
    const none = {
      format_rule: null,
      readiness_rule: null,
      column_schema_hash: null,
      storage_location: "s3://lake/sales/orders/",
    };
    expect(rows).toEqual([
      {
        table_name: "events",
        table_format: "ICEBERG",
        migration_readiness: "READY",
        size_bytes: null,
        size_source: null,
        ...none,
      },
      {
        table_name: "orders",
        table_format: "PARQUET",
        migration_readiness: "NEEDS_CONVERSION",
        size_bytes: "13421772800",
        size_source: "reported",
        ...none,
      },
    ]);
    expect(warnings).toEqual([]);
    const [row] = await here.query("select origin, region from a2o.assessments where id = $1", [id]);
    expect(row).toEqual({ origin: "REPORT", region: "eu-west-1" });
    await forgetAll();
  });

  it("may say that a database it does not list could not be read", async () => {
    const report = { ...sampleReport(), unread: [{ database_name: "secret", status: "DENIED", tables_read: 0 }] };
    const { id } = await ingestReport(client, await fileWith(report));
    const [row] = await here.query("select completeness_percent, total_databases from a2o.assessments where id = $1", [
      id,
    ]);
    expect(row).toEqual({ completeness_percent: "50.00", total_databases: 2 });
    await expectRoundTrip(client, id);
    await forgetAll();
  });
});

describe("a report that is refused", () => {
  const changed = (change: (report: JsonObject) => void): JsonObject => {
    const report = structuredClone(sampleReport());
    change(report);
    return report;
  };
  const tablesOf = (report: JsonObject) => report.tables as JsonObject[];

  it.each<[string, JsonValue | string, RegExp]>([
    ["an empty file", "", /nothing|empty|JSON/i],
    ["no JSON", "hello", /./],
    ["a list", "[]", /./],
    ["a report cut off", JSON.stringify(sampleReport()).slice(0, -20), /./],
    ["two reports in one file", JSON.stringify(sampleReport()).repeat(2), /./],
    [
      "version 2",
      changed(r => Object.assign(r.assessment_metadata as JsonObject, { report_version: 2 })),
      /report_version.*1/,
    ],
    ["no metadata", changed(r => delete r.assessment_metadata), /assessment_metadata/],
    [
      "an account of eleven digits",
      changed(r => Object.assign(r.assessment_metadata as JsonObject, { aws_account_id: "12345678901" })),
      /12 digits/,
    ],
    [
      "a count that is text",
      changed(r => Object.assign(tablesOf(r)[0] ?? {}, { column_count: "12" })),
      /tables\[0\].*column_count/,
    ],
    [
      "a readiness nobody knows",
      changed(r => Object.assign(tablesOf(r)[1] ?? {}, { migration_readiness: "MAYBE" })),
      /tables\[1\].*"READY"/,
    ],
    [
      "a table name of 256 characters",
      changed(r => Object.assign(tablesOf(r)[0] ?? {}, { table_name: "x".repeat(256) })),
      /255/,
    ],
    ["NUL in a name", changed(r => Object.assign(tablesOf(r)[0] ?? {}, { table_name: "a\u0000" })), /NUL/],
    ["a size of 8 EiB", changed(r => Object.assign(tablesOf(r)[0] ?? {}, { estimated_size_gb: 2 ** 33 })), /8 EiB/],
    [
      "a table twice",
      changed(r => tablesOf(r).push(sampleTable(), sampleTable({ table_name: "events" }))),
      /more than once: sales\.events, sales\.orders/,
    ],
    [
      "a database twice",
      changed(r => (r.databases as JsonValue[]).push({ database_name: "sales", table_count: 1 })),
      /"sales" occurs more than once/,
    ],
    ["unread as text", changed(r => Object.assign(r, { unread: "all" })), /unread.*expected/],
    [
      "unread entries that are no objects",
      changed(r => Object.assign(r, { unread: ["sales"] })),
      /unread\[0\].*expected/,
    ],
  ])("stores nothing: %s", async (_, report, message) => {
    const before = await everything(here);
    const path = await fileWith(report);
    const error = await ingestReport(client, path).then(
      () => undefined,
      (error: Error) => error,
    );
    expect(error?.name).toMatch(/^(UserError|ReportError)$/);
    expect(error?.message).toMatch(message);
    expect(await everything(here)).toEqual(before);
  });

  it("stores nothing, wherever it is cut", async () => {
    const text = JSON.stringify(sampleReport());
    const before = await everything(here);
    const property = fc.asyncProperty(fc.nat({ max: text.length - 1 }), async length => {
      await expect(ingestReport(client, await fileWith(text.slice(0, length)))).rejects.toMatchObject({
        name: "ReportError",
      });
    });
    await fc.assert(property, { numRuns: 20 });
    expect(await everything(here)).toEqual(before);
  });

  it("names an id that other content has (A2O04)", async () => {
    const { id } = await recordCatalog(client, [{ name: "db", tables: [glueTable("t")] }], {
      timestamp: "2026-02-03T00:00:00Z",
    });
    const report = await content(await reportOf(client, id));
    const changes: [string, (report: JsonObject) => void][] = [
      ["a verdict", r => Object.assign(tablesOf(r)[0] ?? {}, { migration_readiness: "READY" })],
      ["evidence", r => Object.assign(tablesOf(r)[0] ?? {}, { format_evidence: "said so" })],
      ["a byte", r => Object.assign(tablesOf(r)[0] ?? {}, { size_bytes: 1025 })],
      ["a key of ours that it lacked", r => Object.assign(tablesOf(r)[0] ?? {}, { owner: "me" })],
      ["a description", r => Object.assign((r.databases as JsonObject[])[0] ?? {}, { description: "x" })],
      ["coverage", r => Object.assign(r, { unread: [{ database_name: "db", status: "PARTIAL", tables_read: 1 }] })],
      ["the tool", r => Object.assign(r.assessment_metadata as JsonObject, { tool_version: "9" })],
      ["whether it is real", r => Object.assign(r.assessment_metadata as JsonObject, { is_simulated: true })],
      ["a top-level key", r => Object.assign(r, { lineage: ["x"] })],
    ];
    const before = await everything(here);
    for (const [what, change] of changes) {
      const other = structuredClone(report);
      change(other);
      await expect(ingestReport(client, await fileWith(other)), what).rejects.toThrow(
        `assessment ${id} is stored already, with other content`,
      );
    }
    expect(await everything(here)).toEqual(before);
    await forgetAll();
  });
});

describe("the Markdown report", () => {
  it("shows names as they are and lets nothing in them become markup", async () => {
    const odd = [
      "a|b",
      "line\nbreak",
      "`tick",
      "<script>alert(1)</script>",
      "back\\slash",
      "back\\|slash",
      "*bold*",
      "_it_ snake_case",
      "[x](y)",
      "&copy;",
      "~~s~~",
      "  pad ",
    ];
    const { id } = await recordCatalog(client, [{ name: "d|b\n# x", tables: odd.map(name => glueTable(name)) }], {
      timestamp: "2026-02-04T00:00:00Z",
    });
    const lines = await markdownOf(client, id);
    const names = lines.flatMap(line => /^\| (.*?) \| PARQUET \|/.exec(line)?.[1] ?? []);
    expect(names.sort()).toEqual(
      [
        "a\\|b",
        "line break",
        "\\`tick",
        "\\<script\\>alert(1)\\</script\\>",
        "back\\\\slash",
        "back\\\\\\|slash",
        "\\*bold\\*",
        "\\_it\\_ snake_case",
        "\\[x\\](y)",
        "\\&copy;",
        "\\~\\~s\\~\\~",
        "pad",
      ].sort(),
    );
    expect(lines).toContain("### Database: d\\|b \\# x");
    await forgetAll();
  });

  it("and the JSON report say when there is no such assessment, and leave no file", async () => {
    for (const write of [writeJsonReport, writeMarkdownReport]) {
      const path = join(directory, "none");
      await client.query("begin");
      await expect(write(client, "00000000-0000-4000-8000-000000000000", path)).rejects.toThrow(
        "There is no assessment 0000",
      );
      await client.query("rollback");
      await expect(readFile(path)).rejects.toMatchObject({ code: "ENOENT" });
    }
  });
});
