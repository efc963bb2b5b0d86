import { buffer, text } from "node:stream/consumers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import yauzl from "yauzl";
import { columnName } from "./markup.ts";
import { type Cell, type Sheet, workbook } from "./workbook.ts";

const created = new Date("2026-01-09T12:34:56Z");

async function partsOf(sheets: Sheet[], maxRows?: number): Promise<Map<string, string>> {
  const bytes = await buffer(workbook(sheets, { title: "A & B", created, ...(maxRows !== undefined && { maxRows }) }));
  const parts = new Map<string, string>();
  const zip = await yauzl.fromBufferPromise(bytes, { lazyEntries: true });
  for await (const entry of zip.eachEntry())
    parts.set(entry.fileName, await text(await zip.openReadStreamPromise(entry)));
  return parts;
}

async function* batchesOf(...batches: Cell[][][]) {
  yield* batches;
}

function sheet(rows: AsyncIterable<Cell[][]>, changes: Partial<Sheet> = {}): Sheet {
  const columns = [
    { title: "Name", kind: "text" as const, width: 20 },
    { title: "Number", kind: "count" as const, width: 10 },
    { title: "Moment", kind: "date" as const, width: 10 },
  ];
  return { name: "Tables", columns, rows, hasHeader: true, ...changes };
}

/** The text of an inline string, as a spreadsheet reads it. */
function readText(xml: string): string {
  return xml
    .replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/&(amp|lt|gt|quot);/g, (_, name: string) => ({ amp: "&", lt: "<", gt: ">", quot: '"' })[name] ?? "");
}

describe("a workbook", () => {
  it("keeps every text as text: no formula, whatever it begins with", async () => {
    const texts = fc.array(
      fc.oneof(
        fc.constantFrom(
          "=1+1",
          "+1",
          "-1",
          "@A1",
          "\t=1",
          "1",
          "1e5",
          "TRUE",
          "_x0041_",
          "_x005F_",
          "&lt;",
          "\r\n",
          "<t>",
          "\u0001",
          "\uffff",
        ),
        fc.string({ unit: "binary", minLength: 1 }).map(string => string.toWellFormed()),
      ),
      { minLength: 1, maxLength: 10 },
    );
    await fc.assert(
      fc.asyncProperty(texts, async texts => {
        const parts = await partsOf([sheet(batchesOf(texts.map(value => [value, null, null])))]);
        const xml = parts.get("xl/worksheets/sheet1.xml") ?? "";
        expect(xml).not.toContain("<f>");
        expect(xml).not.toMatch(/(?![\t\n\u007f-\u009f])\p{Cc}|[\ufffe\uffff]/u);
        const cells = [
          ...xml.matchAll(/<c r="A(\d+)" t="inlineStr"><is><t xml:space="preserve">([^<]*)<\/t><\/is><\/c>/g),
        ];
        expect(cells.map(cell => readText(cell[2] ?? ""))).toEqual(texts);
        expect(cells.map(cell => Number(cell[1]))).toEqual(texts.map((_, i) => i + 2));
      }),
      { numRuns: 200 },
    );
  });

  it("has numbers as numbers, digits and all, and moments as days since 1900", async () => {
    const rows: Cell[][] = [
      ["a", "9223372036854775807", new Date("2026-01-09T12:00:00Z")],
      ["b", 0.5, new Date("0001-01-01T00:00:00Z")],
      [null, null, null],
      ["c", "NaN", null],
    ];
    const xml = (await partsOf([sheet(batchesOf(rows))])).get("xl/worksheets/sheet1.xml") ?? "";
    expect(xml).toContain('<c r="B2" s="2"><v>9223372036854775807</v></c>');
    expect(xml).toContain('<c r="C2" s="5"><v>46031.5</v></c>');
    expect(xml).toContain('<c r="B3" s="2"><v>0.5</v></c>');
    expect(xml).toMatch(/<c r="C3" t="inlineStr">.*0001-01-01T00:00:00.000Z/);
    expect(xml).toContain('<row r="4"></row>');
    expect(xml).toMatch(/<c r="B5" s="2" t="inlineStr">/);
  });

  it("freezes, filters and prints its header, and goes on in another sheet where one is full", async () => {
    const rows = Array.from({ length: 7 }, (_, i): Cell[] => [`row ${i}`, i, null]);
    const parts = await partsOf(
      [sheet(batchesOf(rows.slice(0, 5), rows.slice(5))), sheet(batchesOf([]), { name: "Empty" })],
      4,
    );
    expect(parts.get("xl/workbook.xml")).toMatch(/name="Tables" .*name="Tables 2" .*name="Tables 3" .*name="Empty" /);
    const counts = [1, 2, 3, 4].map(i => parts.get(`xl/worksheets/sheet${i}.xml`)?.match(/<row /g)?.length);
    expect(counts).toEqual([4, 4, 2, 1]);
    for (const i of [1, 2, 3, 4]) {
      const xml = parts.get(`xl/worksheets/sheet${i}.xml`);
      expect(xml).toContain('<c r="A1" s="1" t="inlineStr"><is><t xml:space="preserve">Name</t>');
      expect(xml).toContain('state="frozen"');
    }
    expect(parts.get("xl/worksheets/sheet3.xml")).toContain('<autoFilter ref="A1:C2"/>');
    expect(parts.get("xl/workbook.xml")).toContain("'Tables 2'!$1:$1</definedName>");
    expect(parts.get("docProps/core.xml")).toContain("<dc:title>A &amp; B</dc:title>");
  });

  it("cuts what a cell cannot hold, between letters", async () => {
    const xml = (await partsOf([sheet(batchesOf([["🧊".repeat(20_000), null, null]]))])).get(
      "xl/worksheets/sheet1.xml",
    );
    const value = /preserve">(🧊[^<]*)</.exec(xml ?? "")?.[1] ?? "";
    expect(value.length).toBeLessThanOrEqual(32_767);
    expect(value.isWellFormed()).toBe(true);
    expect(value.endsWith("…")).toBe(true);
  });

  it("passes on what its rows throw", async () => {
    const rows = (async function* (): AsyncGenerator<Cell[][]> {
      yield [["a", 1, null]];
      throw new Error("the server went away");
    })();
    await expect(partsOf([sheet(rows)])).rejects.toThrow("the server went away");
  });

  it("names columns as spreadsheets do", () => {
    expect([0, 25, 26, 51, 52, 701, 702, 16_383].map(columnName)).toEqual([
      "A",
      "Z",
      "AA",
      "AZ",
      "BA",
      "ZZ",
      "AAA",
      "XFD",
    ]);
  });
});
