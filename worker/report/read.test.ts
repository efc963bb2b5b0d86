import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { UserError } from "../../postgres/user-error.ts";
import type { JsonObject, JsonValue, ReportSink } from "./format.ts";
import { openReport, ReportError, readReport } from "./read.ts";
import { inChunks, readAll, sampleReport, sampleTable } from "./samples.ts";
import { MAX_ELEMENT_BYTES } from "./split.ts";

const directory = mkdtempSync(join(tmpdir(), "report-"));
afterAll(() => rmSync(directory, { recursive: true }));

const indented = (value: JsonValue) => JSON.stringify(value, null, 2);
const nothing: ReportSink = { metadata() {}, summary() {}, database() {}, table() {} };

async function refusal(text: string | Uint8Array, sizes?: readonly number[]): Promise<ReportError> {
  const error: unknown = await readAll(text, sizes).then(
    () => null,
    error => error,
  );
  if (!(error instanceof ReportError)) throw new Error("was not refused with a ReportError", { cause: error });
  return error;
}

function withTable(changes: JsonObject, ...missing: string[]): JsonObject {
  const table = sampleTable(changes);
  for (const field of missing) delete table[field];
  return sampleReport({ tables: [sampleTable(), table] });
}

function withMetadata(changes: JsonObject): JsonObject {
  return sampleReport({ assessment_metadata: { ...(sampleReport().assessment_metadata as JsonObject), ...changes } });
}

describe("readReport", () => {
  it("delivers what a phase 1 report says", async () => {
    const read = await readAll(indented(sampleReport()));
    expect(read.metadata).toEqual([
      {
        timestamp: "2026-01-09T12:34:56.123456Z",
        region: "eu-west-1",
        aws_account_id: "123456789012",
        tool_version: "0.1.0",
        extra: {},
      },
    ]);
    expect(read.summary).toEqual([{ ...(sampleReport().summary as JsonObject), extra: {} }]);
    expect(read.databases).toEqual(
      (sampleReport().databases as JsonObject[]).map(database => ({ ...database, extra: {} })),
    );
    expect(read.tables).toEqual((sampleReport().tables as JsonObject[]).map(table => ({ ...table, extra: {} })));
    expect(read.other).toEqual([]);
    expect(read.result).toEqual({ databases: 1, tables: 2, contentHash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it("reads an account without databases", async () => {
    const { result } = await readAll(indented(sampleReport({ databases: [], tables: [] })));
    expect(result).toMatchObject({ databases: 0, tables: 0 });
  });

  it("takes absent optional fields as null and absent lists as empty", async () => {
    const optional = ["storage_location", "estimated_size_gb", "last_updated", "partition_keys", "notes"];
    const read = await readAll(indented(withTable({}, ...optional)));
    expect(read.tables[1]).toMatchObject({
      storage_location: null,
      estimated_size_gb: null,
      last_updated: null,
      partition_keys: [],
      notes: [],
    });
  });

  it("keeps keys it does not know, and unknown sections", async () => {
    const read = await readAll(
      `{"tool": {"z": 1, "a": [1.5, null]}, "errors": [{"b": 1}, "two"], "none": [], "flag": true, ` +
        `${indented(withTable({ view_text: "SELECT 1", findings: [{ code: "A1" }] })).slice(1)}`,
    );
    expect(read.tables[1]?.extra).toEqual({ view_text: "SELECT 1", findings: [{ code: "A1" }] });
    expect(read.other).toEqual([
      ["tool", { z: 1, a: [1.5, null] }, null],
      ["errors", { b: 1 }, 0],
      ["errors", "two", 1],
      ["none", [], null],
      ["flag", true, null],
    ]);
  });

  it("keeps a key called __proto__ without obeying it", async () => {
    const text = indented(withTable({})).replace('"notes": []', '"notes": [], "__proto__": {"table_name": 1}');
    const { tables } = await readAll(text);
    expect(Object.entries(tables[0]?.extra ?? {})).toEqual([["__proto__", { table_name: 1 }]]);
  });

  it("reads version 1 and keeps it", async () => {
    for (const report_version of [1, "1", "1.3"]) {
      const read = await readAll(indented(withMetadata({ report_version })));
      expect(read.metadata[0]?.extra).toEqual({ report_version });
    }
  });

  it("takes the sections in any order", async () => {
    const sections = Object.entries(sampleReport());
    const reversed = await readAll(indented(Object.fromEntries(sections.reverse())));
    expect(reversed).toEqual(await readAll(indented(sampleReport())));
  });

  it("carries quotes, percent signs, unicode and 255 characters through chunks of one byte", async () => {
    const names = [`o'k "q" \\ %_%`, "テーブル😀", "a\r\n\tb\u2028", "\u007f\u{10ffff}", "𝒳".repeat(255), "</script>|"];
    const tables = names.map(table_name => sampleTable({ table_name, notes: [table_name] }));
    const ascii = indented(sampleReport({ tables })).replace(
      /[^\0-~]/g,
      unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
    for (const text of [indented(sampleReport({ tables })), ascii]) {
      const read = await readAll(text, [1]);
      expect(read.tables.map(table => table.table_name)).toEqual(names);
      expect(read.tables.map(table => table.notes[0])).toEqual(names);
    }
  });

  it("reads CRLF, a byte order mark and white space around", async () => {
    const plain = await readAll(indented(sampleReport()));
    expect(await readAll(`\ufeff \r\n${indented(sampleReport()).replaceAll("\n", "\r\n")}\r\n\r\n`)).toEqual(plain);
    expect(await readAll(`${" ".repeat(5000)}${indented(sampleReport())}`)).toEqual(plain);
  });

  it("waits for a sink that works asynchronously", async () => {
    const order: string[] = [];
    const slowly = (what: string) => async () => {
      order.push(`${what} begins`);
      await new Promise(resolve => setTimeout(resolve, 1));
      order.push(`${what} ends`);
    };
    const sink = { metadata: slowly("m"), summary: slowly("s"), database: slowly("d"), table: slowly("t") };
    await readReport(inChunks(Buffer.from(indented(sampleReport())), [100]), "x", sink);
    const expected = ["m", "s", "d", "t", "t"].flatMap(what => [`${what} begins`, `${what} ends`]);
    expect(order).toEqual(expected);
  });

  it("lets the sink's own errors through and closes the source", async () => {
    let closed = false;
    async function* source() {
      try {
        yield* inChunks(Buffer.from(indented(sampleReport())), [64]);
      } finally {
        closed = true;
      }
    }
    const failing = {
      ...nothing,
      table() {
        throw new RangeError("disk full");
      },
    };
    await expect(readReport(source(), "x", failing)).rejects.toThrow(new RangeError("disk full"));
    expect(closed).toBe(true);
  });

  it("survives a source that reuses its buffer", async () => {
    async function* source() {
      const buffer = Buffer.alloc(7);
      for await (const chunk of inChunks(Buffer.from(indented(sampleReport())), [7])) {
        buffer.set(chunk);
        yield buffer.subarray(0, chunk.length);
      }
    }
    const { contentHash } = await readReport(source(), "x", nothing);
    expect(contentHash).toBe((await readAll(indented(sampleReport()))).result.contentHash);
  });
});

describe("contentHash", () => {
  const hash = async (text: string) => (await readAll(text)).result.contentHash;

  it("does not depend on layout or on how a moment or number is written", async () => {
    const plain = await hash(indented(sampleReport()));
    expect(await hash(JSON.stringify(sampleReport()))).toBe(plain);
    expect(await hash(JSON.stringify(sampleReport(), null, "\t"))).toBe(plain);
    expect(await hash(indented(withMetadata({ timestamp: "2026-01-09 13:34:56.123456+01:00" })))).toBe(plain);
    expect(await hash(indented(sampleReport()).replaceAll("12.5", "1.250e1"))).toBe(plain);
  });

  it("stays what it is: stored hashes are compared with it", async () => {
    expect(await hash(indented(sampleReport()))).toBe(
      "df9f0d39e55a51f1489327cc861570f416a348d8965c77fcf8b256ff882ba909",
    );
  });

  it("changes with every value, with the order of a list and with unknown keys", async () => {
    const [a, b] = [sampleTable(), sampleTable({ table_name: "b" })];
    const reports = [
      sampleReport({ tables: [a, b] }),
      sampleReport({ tables: [b, a] }),
      sampleReport({ tables: [a] }),
      sampleReport({ tables: [a, { ...b, notes: ["x"] }] }),
      sampleReport({ tables: [a, { ...b, more: 1 }] }),
      sampleReport({ tables: [a, b], more: [] }),
      sampleReport({ tables: [a, b], more: [1] }),
      sampleReport({ tables: [a, b], more: 1 }),
      withMetadata({ region: "us-east-1" }),
    ];
    expect(new Set(await Promise.all(reports.map(report => hash(indented(report))))).size).toBe(reports.length);
  });
});

describe("what is refused", () => {
  it("is a UserError that names file, place, line, expectation and find", async () => {
    const tables = [sampleTable(), sampleTable(), sampleTable({ column_count: "12" })];
    const text = indented(sampleReport({ tables }));
    const line = text.slice(0, text.indexOf('"column_count": "12"')).split("\n").length;
    const error = await refusal(text);
    expect(error).toBeInstanceOf(UserError);
    expect(error.message).toBe(
      `reports/x.json: tables[2].column_count (line ${line}): expected a whole number of 0 or more, found "12"`,
    );
    expect((await refusal(text, [1])).message).toBe(error.message);
    expect((await refusal(text.replaceAll("\n", "\r\n"), [3])).message).toBe(error.message);
  });

  const t = "reports/x.json: tables[1]";
  it.each<[string, JsonObject, string]>([
    ["column_count", { column_count: -1 }, "expected a whole number of 0 or more, found -1"],
    ["column_count", { column_count: 1.5 }, "expected a whole number of 0 or more, found 1.5"],
    ["column_count", { column_count: null }, "expected a whole number of 0 or more, found null"],
    ["column_count", { column_count: 2 ** 31 }, "expected a whole number of at most 2147483647, found 2147483648"],
    ["estimated_size_gb", { estimated_size_gb: -0.5 }, "expected a number of 0 or more, or null, found -0.5"],
    ["estimated_size_gb", { estimated_size_gb: "1" }, 'expected a number of 0 or more, or null, found "1"'],
    [
      "estimated_size_gb",
      { estimated_size_gb: 1e300 },
      "expected a number below 8589934592 (8 EiB in GB), found 1e+300",
    ],
    ["database_name", { database_name: "" }, 'expected a name of 1 to 255 characters, found ""'],
    ["table_name", { table_name: 7 }, "expected a name of 1 to 255 characters, found 7"],
    [
      "table_name",
      { table_name: "n".repeat(256) },
      `expected a name of 1 to 255 characters, found "${"n".repeat(60)}…" (256 characters)`,
    ],
    [
      "table_format",
      { table_format: "F".repeat(51) },
      `expected a format of 1 to 50 characters, found "${"F".repeat(51)}"`,
    ],
    ["storage_location", { storage_location: ["s3://"] }, "expected a string or null, found a list"],
    ["partition_keys", { partition_keys: "year" }, 'expected a list of strings, found "year"'],
    ["partition_keys", { partition_keys: null }, "expected a list of strings, found null"],
    ["partition_keys[1]", { partition_keys: ["a", 2] }, "expected a string, found 2"],
    ["notes[0]", { notes: [{}] }, "expected a string, found an object"],
    ["is_iceberg", { is_iceberg: "false" }, 'expected true or false, found "false"'],
    [
      "migration_readiness",
      { migration_readiness: "ready" },
      'expected "READY", "NEEDS_CONVERSION" or "UNKNOWN", found "ready"',
    ],
    [
      "last_updated",
      { last_updated: "yesterday" },
      'expected an ISO 8601 timestamp such as 2026-01-09T12:34:56Z, or null, found "yesterday"',
    ],
    ["notes[0]", { notes: ["a\0"] }, "expected text, found a NUL character (\\u0000), which PostgreSQL cannot store"],
    [
      "table_name",
      { table_name: "\ud800" },
      "expected text, found half of a surrogate pair (\\ud800 to \\udfff on its own)",
    ],
    ["x.y", { x: { y: "\0" } }, "expected text, found a NUL character (\\u0000), which PostgreSQL cannot store"],
    [
      'x["\\u0000"]',
      { x: { "\0": 1 } },
      "expected text, found a NUL character (\\u0000), which PostgreSQL cannot store",
    ],
  ])("is a wrong %s: %j", async (field, change, problem) => {
    const text = indented(withTable(change));
    const place = field.startsWith("x[") ? field : `.${field}`.replace(".x[", "x[");
    const error = await refusal(text);
    expect(error.message.replace(/ \(line \d+\)/, "")).toBe(
      `${t}${place.startsWith(".") ? "" : "."}${place}: ${problem}`,
    );
  });

  it.each(["database_name", "table_name", "table_format", "column_count", "is_iceberg", "migration_readiness"])(
    "is a table without %s",
    async field => {
      const { message } = await refusal(indented(withTable({}, field)));
      expect(message).toMatch(new RegExp(`: tables\\[1\\]\\.${field} \\(line 42\\): expected .*, it is missing$`));
    },
  );

  it.each<[string, JsonObject, string]>([
    ["aws_account_id", { aws_account_id: "12345" }, 'expected a string of 12 digits, found "12345"'],
    ["aws_account_id", { aws_account_id: 123456789012 }, "expected a string of 12 digits, found 123456789012"],
    ["region", { region: "" }, 'expected a region of 1 to 50 characters, found ""'],
    ["region", { region: "r".repeat(51) }, "expected a region of 1 to 50 characters, found"],
    ["tool_version", { tool_version: "1".repeat(21) }, "expected a version of 1 to 20 characters, found"],
    ["timestamp", { timestamp: null }, "expected an ISO 8601 timestamp such as 2026-01-09T12:34:56Z, found null"],
    ["report_version", { report_version: 2 }, "expected report version 1, or none as in phase 1, found 2"],
    ["report_version", { report_version: "2.1" }, 'expected report version 1, or none as in phase 1, found "2.1"'],
    ["report_version", { report_version: {} }, "expected a version such as 1, found an object"],
  ])("is wrong metadata in %s: %j", async (field, change, problem) => {
    const { message } = await refusal(indented(withMetadata(change)));
    expect(message).toMatch(new RegExp(`^reports/x.json: assessment_metadata.${field} \\(line [3-7]\\): `));
    expect(message).toContain(problem);
  });

  it.each<[string, JsonObject, string]>([
    ["a section of the wrong type", { tables: {} }, "tables (line 25): expected a list of tables, found an object"],
    ["no list", { databases: null }, "databases (line 17): expected a list of databases, found null"],
    ["a list for an object", { summary: [] }, "summary (line 8): expected an object, found a list"],
    ["text for an object", { summary: "x" }, 'summary (line 8): expected an object with the totals, found "x"'],
    [
      "a database that is none",
      { databases: [null] },
      "databases[0] (line 18): expected an object that describes a database",
    ],
    [
      "a table that is none",
      { tables: [[1]] },
      "tables[0] (line 26): expected an object that describes a table, found a list",
    ],
    [
      "a summary without totals",
      { summary: {} },
      "summary.total_databases (line 8): expected a whole number of 0 or more, it is",
    ],
  ])("is %s", async (_, change, problem) => {
    expect((await refusal(indented(sampleReport(change)))).message).toContain(`reports/x.json: ${problem}`);
  });

  it("is a report without a section", async () => {
    const { summary, tables, ...rest } = sampleReport();
    expect((await refusal(indented({ ...rest, tables: tables ?? null }))).message).toBe(
      'reports/x.json: expected the top-level section "summary", found only "assessment_metadata", "databases", "tables"',
    );
    expect((await refusal('{"message": "Forbidden"}')).message).toContain('found only "message"');
    expect((await refusal("{}")).message).toContain("found an empty object");
    expect(summary).toBeDefined();
  });

  it("is a section or a key that comes twice", async () => {
    const twice = indented(sampleReport()).replace(/\}$/, ', "tables": []}');
    expect((await refusal(twice)).message).toMatch(
      /: tables \(line \d+\): expected each section once, found it a second/,
    );
    const key = indented(sampleReport()).replace('"column_count": 12', '"column_count": 12, "column_\\u0063ount": 13');
    expect((await refusal(key)).message).toMatch(/: tables\[0\].column_count \(line \d+\): expected each key once/);
  });

  const text = indented(sampleReport());
  it.each<[string, string, RegExp]>([
    [
      "NaN",
      text.replace("12.5", "NaN"),
      /summary.total_estimated_size_gb \(line 15\): expected a number of 0 or more, or null, found NaN$/,
    ],
    [
      "-Infinity",
      text.replace(/12\.5(?=,\n)/, "-Infinity"),
      /tables\[0\].estimated_size_gb \(line \d+\): .*, found -Infinity$/,
    ],
    [
      "a Python literal",
      text.replace("false", "False"),
      /tables\[0\].is_iceberg \(line \d+\): expected a value, found False$/,
    ],
    [
      "a trailing comma in a list",
      text.replace(/\}\n {2}\]\n\}$/, "},\n  ]\n}"),
      /tables\[2\] \(line \d+\): expected a value, found nothing$/,
    ],
    [
      "a trailing comma in an object",
      text.replace('"notes": []', '"notes": [],'),
      /tables\[0\] \(line \d+\): expected a key in double quotes, found "\}"$/,
    ],
    [
      "a trailing comma at the top",
      text.replace(/\n\}$/, ",\n}"),
      / \(line \d+\): expected a key in double quotes, found "\}"$/,
    ],
    [
      "a missing comma",
      text.replace('"PARQUET",', '"PARQUET"'),
      /tables\[0\] \(line 30\): expected "," or "\}", found "\\""$/,
    ],
    [
      "a missing value",
      text.replace("12,", ","),
      /tables\[0\].column_count \(line \d+\): expected a whole number of 0 or more, found ","$/,
    ],
    [
      "a missing bracket",
      text.replace(/\}\n {2}\]\n\}$/, "\n  ]\n}"),
      /tables\[1\] \(line \d+\): expected "," or "\}", found "\]"$/,
    ],
    [
      "a line break in a string",
      text.replace("PARQUET", "PAR\nQUET"),
      /tables\[0\].table_format \(line 29\): expected the rest of a string, found a line break/,
    ],
    ["single quotes", text.replaceAll('"', "'"), / \(line 2\): expected a key in double quotes, found "'"$/],
    [
      "a wrong escape",
      text.replace("PARQUET", "\\x41"),
      /tables\[0\].table_format \(line 29\): expected an escape that JSON knows/,
    ],
    ["a comment", text.replace("{", "{ // report"), / \(line 1\): expected a key in double quotes, found "\/"$/],
    [
      "something behind",
      `${text}\ngarbage`,
      / \(line \d+\): expected nothing after the end of the report, found "g(?:arbage)?"$/,
    ],
    [
      "a number too large",
      text.replace('"notes": []', '"notes": [], "n": 1e999'),
      /tables\[0\].n .*: expected a number of at most 1.8e308/,
    ],
    [
      "deep nesting",
      text.replace('"notes": []', `"notes": [], "n": ${"[".repeat(200_000)}`),
      /tables\[0\].n.*: expected values nested at most 100 deep$/,
    ],
    ["a long key", `{"${"k".repeat(2000)}": 1}`, /expected a key of at most 1,000 bytes/],
    ["too many keys", `{${Array.from({ length: 1001 }, (_, i) => `"k${i}":1`).join()}}`, /at most 1000 top-level keys/],
  ])("is not JSON: %s", async (_, broken, problem) => {
    for (const sizes of [[65536], [1]]) expect((await refusal(broken, sizes)).message).toMatch(problem);
  });

  it("explains NaN", async () => {
    expect((await refusal(text.replace("12.5", "NaN"))).advice).toContain("put null");
  });

  it("is bytes that are not UTF-8", async () => {
    const bytes = Buffer.from(text.replace("events", "ev\u0001nts"));
    bytes[bytes.indexOf(1)] = 0xe9;
    expect((await refusal(bytes)).message).toMatch(
      /: tables\[1\].table_name \(line \d+\): expected UTF-8 text, found bytes/,
    );
  });

  it("is an element beyond the limit, without keeping the rest", async () => {
    const endless = text.replace("Größe", "x".repeat(MAX_ELEMENT_BYTES + 1_000_000));
    expect((await refusal(endless)).message).toMatch(
      /: tables\[1\] \(line \d+\): expected at most 16 MiB, found more$/,
    );
  });

  it("is a file cut short, told with the place", async () => {
    const cut = await refusal(text.slice(0, text.indexOf('"ICEBERG"') + 4));
    expect(cut.message).toMatch(/: tables\[1\].table_format \(line \d+\): expected more, found the end of the file$/);
    expect(cut.advice).toContain("cut short");
    const between = await refusal(text.slice(0, text.indexOf("},\n    {") + 2));
    expect(between.message).toMatch(/: tables\[1\] \(line \d+\): expected more, found the end/);
    expect((await refusal(text.slice(0, -1))).message).toMatch(/x.json \(line \d+\): expected more, found the end/);
    expect((await refusal("{")).message).toBe("reports/x.json (line 1): expected more, found the end of the file");
  });

  it.each<[string, string | Uint8Array, string, RegExp]>([
    ["empty", "", "an empty file", /JSON report/],
    ["blank", " \n", "nothing but white space", /JSON report/],
    ["HTML", "<!DOCTYPE html><html>", "an HTML page", /error page/],
    ["XML", '<?xml version="1.0"?><Error/>', "XML", /S3/],
    ["Markdown", "# AWS Glue Catalog Assessment\n\n**Generated:** now", "a Markdown report", /beside it/],
    ["a list", "[]", "a JSON list", /JSON report/],
    ["a string", '"x"', "another JSON value", /JSON report/],
    ["text", "An error occurred (AccessDenied)\nx", 'text that begins "An error occurred (AccessDenied)"', /JSON/],
    ["UTF-16", Buffer.from(`\ufeff${indented(sampleReport())}`, "utf16le"), "UTF-16 text", /UTF-8/],
    ["UTF-16 without a mark", Buffer.from(indented(sampleReport()), "utf16le"), "UTF-16 text", /UTF-8/],
    [
      "UTF-16, big end first",
      Buffer.from(`\ufeff${indented(sampleReport())}`, "utf16le").swap16(),
      "UTF-16 text",
      /UTF-8/,
    ],
    ["gzip in gzip", gzipSync("{}"), "gzip-compressed data", /one layer/],
    ["ZIP", Buffer.from("PK\x03\x04rest"), "a ZIP archive", /Unpack/],
    ["Parquet", Buffer.from("PAR1rest"), "a Parquet file", /JSON report/],
    ["binary that begins with zero", Buffer.from([0, 0x80, 3, 4]), "binary data", /JSON report/],
    ["binary", Buffer.from([1, 2, 3, 4]), "binary data", /JSON report/],
  ])("is another kind of file: %s", async (_, content, like, advice) => {
    const error = await refusal(content, [1]);
    expect(error.message).toBe(`reports/x.json: expected a JSON report, found ${like}`);
    expect(error.advice).toMatch(advice);
  });

  it("is NDJSON", async () => {
    const error = await refusal(`${JSON.stringify(sampleTable())}\n${JSON.stringify(sampleTable())}\n`);
    expect(error.message).toBe(
      "reports/x.json (line 2): expected nothing after the end of the report, found a second JSON value",
    );
    expect(error.advice).toContain("NDJSON");
  });

  it("cannot play tricks on a terminal", async () => {
    const { message } = await refusal(indented(withTable({ is_iceberg: "\u001b[2J\u009b\u202e\n" })));
    expect(message).toContain('found "\\u001b[2J\\u009b\\u202e\\n"');
  });
});

describe("openReport", () => {
  const read = (path: string) => readReport(openReport(path), path, nothing);
  const file = (name: string, content: string | Uint8Array) => {
    const path = join(directory, name);
    writeFileSync(path, content);
    return path;
  };

  it("reads plain and gzipped files alike, whatever their names", async () => {
    const text = indented(sampleReport());
    const plain = await read(file("a.json.gz", text));
    expect(plain).toMatchObject({ databases: 1, tables: 2 });
    expect(await read(file("a.json", gzipSync(text)))).toEqual(plain);
  });

  it.each([["plain"], ["gzip"]])("reads standard input (%s)", async kind => {
    const text = indented(sampleReport());
    const script = `import { openReport, readReport } from ${JSON.stringify(import.meta.resolve("./read.ts"))};
      const no = () => {};
      const sink = { metadata: no, summary: no, database: no, table: no };
      console.log(JSON.stringify(await readReport(openReport("-"), "standard input", sink)));`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    child.stdin.end(kind === "gzip" ? gzipSync(text) : text);
    expect(JSON.parse((await child.stdout.setEncoding("utf8").toArray()).join(""))).toMatchObject({ tables: 2 });
  });

  it("refuses what it cannot read", async () => {
    const missing = join(directory, "missing.json");
    await expect(read(missing)).rejects.toThrow(new ReportError(`${missing}: cannot be read: it does not exist`));
    await expect(read(directory)).rejects.toThrow(new ReportError(`${directory}: cannot be read: it is a directory`));
  });

  it("refuses damaged, truncated and other gzip files", async () => {
    const noise = Array.from({ length: 3000 }, (_, i) => sampleTable({ table_name: `t${Math.imul(i, 2654435761)}` }));
    const packed = gzipSync(indented(sampleReport({ tables: noise })));
    const cut = file("cut.gz", packed.subarray(0, packed.length - 20));
    await expect(read(cut)).rejects.toThrow(`${cut}: expected more gzip data, found the end of the file`);
    const bad = file("bad.gz", Buffer.from(packed).fill(0xff, 200, 400));
    await expect(read(bad)).rejects.toThrow(ReportError);
    const other = file("page.json", gzipSync("<html>"));
    await expect(read(other)).rejects.toThrow(`${other}: expected a JSON report, found an HTML page`);
    const empty = file("empty.json", "");
    await expect(read(empty)).rejects.toThrow(`${empty}: expected a JSON report, found an empty file`);
  });
});
