import { spawnSync } from "node:child_process";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "./format.ts";
import { ReportError } from "./read.ts";
import { readAll } from "./samples.ts";

const text = fc.string({ unit: "binary", maxLength: 40 }).map(string => string.replaceAll("\0", ""));
const name = fc.oneof(text, fc.constantFrom('"', "\\", "%", "😀", "}],[{")).map(string => `n${string}`.slice(0, 200));
const wellFormed = (arbitrary: fc.Arbitrary<string>) => arbitrary.map(string => string.toWellFormed());
const count = fc.nat({ max: 2 ** 31 - 1 });
const size = fc.option(fc.double({ min: 0, max: 2 ** 32, noNaN: true }).map(number => number + 0));
const moment = fc
  .date({ min: new Date("0002-01-01T00:00:00Z"), max: new Date("9998-01-01T00:00:00Z"), noInvalidDate: true })
  .map(date => `${date.toISOString().slice(0, 19)}Z`);

const keys = fc.oneof(
  wellFormed(text),
  // JSON.parse of V8 13.6 (Node.js 24) takes the second of these for the first once it has parsed that.
  fc.constantFrom("x\\", "x\n", 'x"', "x\t", "x/", "\u2028"),
  fc.constantFrom("__proto__", "constructor", "toString", "0", "7", "", "a.b"),
);
const unknown: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>(tie => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(number => number + 0),
    wellFormed(text),
    fc.array(tie("value"), { maxLength: 3 }),
    fc
      .uniqueArray(fc.tuple(keys, tie("value")), { maxLength: 3, selector: ([key]) => key })
      .map(entries => Object.fromEntries(entries) as JsonObject),
  ),
})).value;
const extra = fc
  .uniqueArray(fc.tuple(keys, unknown), { maxLength: 2, selector: ([key]) => key })
  .map(entries => Object.fromEntries(entries.map(([key, value]) => [`${key}_`, value])) as JsonObject);

const table = fc.record({
  database_name: wellFormed(name),
  table_name: wellFormed(name),
  table_format: fc.constantFrom("ICEBERG", "PARQUET", "ORC", "UNKNOWN", "etwas anderes"),
  storage_location: fc.option(wellFormed(text)),
  estimated_size_gb: size,
  partition_keys: fc.array(wellFormed(text), { maxLength: 3 }),
  column_count: count,
  last_updated: fc.option(moment),
  is_iceberg: fc.boolean(),
  migration_readiness: fc.constantFrom("READY", "NEEDS_CONVERSION", "UNKNOWN"),
  notes: fc.array(wellFormed(text), { maxLength: 3 }),
  extra,
});
const report = fc.record({
  assessment_metadata: fc.record({
    timestamp: moment,
    region: fc.constantFrom("eu-west-1", "us-gov-east-1"),
    aws_account_id: fc.stringMatching(/^[0-9]{12}$/),
    tool_version: fc.constantFrom("0.1.0", "1.0.0rc1"),
    extra,
  }),
  summary: fc.record({
    total_databases: count,
    total_tables: count,
    iceberg_tables: count,
    migration_ready: count,
    needs_conversion: count,
    unknown: count,
    total_estimated_size_gb: size,
    extra,
  }),
  databases: fc.array(
    fc.record({
      database_name: wellFormed(name),
      description: fc.option(wellFormed(text)),
      location_uri: fc.option(wellFormed(text)),
      table_count: count,
      extra,
    }),
    { maxLength: 4 },
  ),
  tables: fc.array(table, { maxLength: 8 }),
  other: extra,
});
type AnyReport = typeof report extends fc.Arbitrary<infer T> ? T : never;

const layout = fc.record({
  indent: fc.constantFrom("", "  ", "\t", 7),
  newline: fc.constantFrom("\n", "\r\n"),
  ascii: fc.boolean(),
  shuffle: fc.array(fc.nat(), { minLength: 1, maxLength: 8 }),
  sizes: fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 5 }),
});
type Layout = typeof layout extends fc.Arbitrary<infer T> ? T : never;

/** The report as a file: `extra` among the other keys, keys in an order of its own, as text of the given layout. */
function write(report: AnyReport, { indent, newline, ascii, shuffle }: Layout): string {
  let turn = 0;
  const weight = () => ((shuffle[turn++ % shuffle.length] ?? 0) * 2654435761 * turn) % 97;
  const shuffled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shuffled);
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).map(([key, inner]) => ({ key, inner: shuffled(inner), weight: weight() }));
    return Object.fromEntries(entries.sort((a, b) => a.weight - b.weight).map(({ key, inner }) => [key, inner]));
  };
  const flat = ({ extra, ...rest }: { extra: JsonObject }) => ({ ...rest, ...extra });
  const { assessment_metadata, summary, databases, tables, other } = report;
  const whole = shuffled({
    ...other,
    assessment_metadata: flat(assessment_metadata),
    summary: flat(summary),
    databases: databases.map(flat),
    tables: tables.map(flat),
  });
  const json = JSON.stringify(whole, null, indent).replaceAll("\n", newline);
  if (!ascii) return json;
  return json.replace(/[^\0-~]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

const runs = { numRuns: 300 };

describe("any report", () => {
  it("reads back as it was written, whatever its layout and the chunks it comes in", async () => {
    const property = fc.asyncProperty(report, layout, layout, async (report, one, two) => {
      const read = await readAll(write(report, one), one.sizes);
      expect(read.metadata).toEqual([report.assessment_metadata]);
      expect(read.summary).toEqual([report.summary]);
      expect(read.databases).toEqual(report.databases);
      expect(read.tables).toEqual(report.tables);
      const others = Object.entries(report.other).flatMap(([key, value]) =>
        Array.isArray(value) && value.length > 0 ? value.map((item, i) => [key, item, i]) : [[key, value, null]],
      );
      expect(read.other).toHaveLength(others.length);
      expect(read.other).toEqual(expect.arrayContaining(others));
      const again = await readAll(write(report, two), two.sizes);
      expect(again.result).toEqual(read.result);
    });
    await fc.assert(property, runs);
  });

  it("reads as NDJSON as it does in one piece, whatever the chunks", async () => {
    const property = fc.asyncProperty(
      report,
      layout,
      fc.constantFrom("\n", "\r\n", " \n\n"),
      async (report, layout, end) => {
        const whole = JSON.parse(write(report, { ...layout, indent: "" })) as Record<string, JsonValue[]>;
        const { databases = [], tables = [], ...rest } = whole;
        const lines = [
          { report: rest },
          ...databases.map(database => ({ database })),
          ...tables.map(table => ({ table })),
        ];
        const ndjson = lines.map(line => JSON.stringify(line) + end).join("");
        const read = await readAll(ndjson, layout.sizes);
        expect(read.result).toEqual((await readAll(JSON.stringify(whole), [1000])).result);
        expect([read.databases.length, read.tables.length]).toEqual([databases.length, tables.length]);
        // Cut short inside a line it is refused; between two lines nothing tells that more was to come.
        const cut = ndjson.trimEnd().slice(0, -1);
        await expect(readAll(cut, layout.sizes)).rejects.toThrow(ReportError);
      },
    );
    await fc.assert(property, runs);
  });

  it("is refused wherever it is cut short", async () => {
    const property = fc.asyncProperty(report, layout, fc.nat(), async (report, layout, at) => {
      const bytes = Buffer.from(write(report, layout));
      await expect(readAll(bytes.subarray(0, at % bytes.length), layout.sizes)).rejects.toThrow(ReportError);
    });
    await fc.assert(property, runs);
  });

  it("reads as JSON.parse would, or is refused with a place, when bytes in it are broken", async () => {
    const damage = fc.array(
      fc.tuple(fc.nat(), fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(...Buffer.from('{}[],:"\\n01 \n')))),
      {
        minLength: 1,
        maxLength: 3,
      },
    );
    let sound = 0;
    const property = fc.asyncProperty(report, layout, damage, async (report, layout, damage) => {
      const bytes = Buffer.from(write(report, layout));
      for (const [at, byte] of damage) bytes[at % bytes.length] = byte;
      try {
        const read = await readAll(bytes, layout.sizes);
        const parsed = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as Record<
          string,
          JsonValue[]
        >;
        expect(read.tables.map(table => table.notes)).toEqual(
          parsed.tables?.map(table => (table as JsonObject).notes ?? []),
        );
        sound++;
      } catch (error) {
        expect(error).toBeInstanceOf(ReportError);
      }
      // However the bytes are cut, the answer is the same.
      const answer = (sizes: number[]) =>
        readAll(bytes, sizes).then(
          read => read.result.contentHash,
          (error: Error) => error.name,
        );
      expect(await answer([100_000])).toBe(await answer(layout.sizes));
    });
    await fc.assert(property, { numRuns: 600 });
    expect(sound).toBeGreaterThan(0);
  });
});

describe("a report of 200 MB", () => {
  it("streams through a heap of 64 MB, its tables before its metadata", { timeout: 60_000 }, () => {
    const script = `
      import { readReport } from ${JSON.stringify(import.meta.resolve("./read.ts"))};
      import { sampleReport, sampleTable } from ${JSON.stringify(import.meta.resolve("./samples.ts"))};
      const { tables, databases, ...rest } = sampleReport();
      const [before, after] = JSON.stringify(sampleTable({ table_name: "@" }), null, 2).split("@");
      let written = 0, number = 0;
      async function* source() {
        yield Buffer.from('{"lineage": [');
        while (written < 50e6) {
          let text = "";
          while (text.length < 60000) text += (number++ ? "," : "") + '{"from": "sales.customer_orders_' + number + '", "to": ["reports.customer_orders_' + number + '"], "via": null}';
          written += text.length;
          yield Buffer.from(text);
        }
        yield Buffer.from('], "tables": [');
        const first = number;
        while (written < 200e6) {
          let text = "";
          while (text.length < 60000) text += (number > first ? "," : "") + before + "table_" + number++ + after;
          written += text.length;
          yield Buffer.from(text);
        }
        yield Buffer.from('], "databases": ' + JSON.stringify(databases) + ", " + JSON.stringify(rest).slice(1));
      }
      let seen = 0, last;
      const sink = { metadata() {}, summary() {}, database() {}, table: table => { seen++; last = table; }, other() {} };
      const result = await readReport(source(), "stream", sink);
      const mib = process.resourceUsage().maxRSS / 1024;
      console.log(JSON.stringify({ written, seen, tables: result.tables, last: last.table_name, mib }));`;
    const child = spawnSync(process.execPath, ["--max-old-space-size=64", "--input-type=module", "-e", script], {
      encoding: "utf8",
    });
    expect(child.stderr).toBe("");
    const { written, seen, tables, last, mib } = JSON.parse(child.stdout);
    expect(written).toBeGreaterThan(200e6);
    expect(tables).toBe(seen);
    expect(tables).toBeGreaterThan(300_000);
    expect(last).toMatch(/^table_\d+$/);
    expect(mib).toBeLessThan(200);
  });
});
