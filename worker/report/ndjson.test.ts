import { describe, expect, it } from "vitest";
import { readAll, sampleReport, sampleTable } from "./samples.ts";

const { databases, tables, ...rest } = sampleReport();
const header = JSON.stringify({ report: rest });
const database = JSON.stringify({ database: Array.isArray(databases) ? databases[0] : null });
const table = JSON.stringify({ table: sampleTable() });

describe("a report as NDJSON", () => {
  it("may have no databases and no tables, and blank lines", async () => {
    expect((await readAll(`${header}\n`)).result).toMatchObject({ databases: 0, tables: 0 });
    expect((await readAll(`${header}\n\n${table}`)).result).toMatchObject({ databases: 0, tables: 1 });
    expect((await readAll(`${header}\n${database}\n \n`)).result).toMatchObject({ databases: 1, tables: 0 });
  });

  it("may say how many lines follow, and is whole only with them", async () => {
    const counted = (text: string, databases: number, tables: number) =>
      `${text.slice(0, -1)}, "databases": ${databases}, "tables" : ${tables} }`;
    const first = counted(header, 1, 2);
    expect((await readAll(`${first}\n${database}\n${table}\n${table}\n`)).result).toMatchObject({
      databases: 1,
      tables: 2,
    });
    expect((await readAll(first.replace("1, ", "0, ").replace(": 2 ", ": 0 "))).result).toMatchObject({ tables: 0 });
    const cut = await readAll(`${first}\n${database}\n${table}\n`).catch(error => error);
    expect(cut.name).toBe("ReportError");
    expect(cut.message).toContain("expected 2 tables, as the first line says, found 1");
    const without = await readAll(`${first}\n${table}\n${table}\n`).catch(error => error);
    expect(without.message).toContain("expected 1 databases, as the first line says, found 0");
    // Keys of the report itself are not the counts.
    const inner = JSON.stringify({ report: { ...rest, more: { databases: 5, tables: 6 } } });
    expect((await readAll(`${inner}\n${table}\n`)).other).toContainEqual(["more", { databases: 5, tables: 6 }, null]);
  });

  it.each([
    [
      "a table before a database",
      `${header}\n${table}\n${database}\n`,
      "(line 3): expected one report, then its databases, then its tables, found a database",
    ],
    ["a second report", `${header}\n${header}\n`, "(line 2): expected one report"],
    ["another record", `${header}\n{"view": {}}\n`, '(line 2): expected {"table": {…}} or {"database": {…}}, found'],
    ["a line that is cut", `${header}\n${table.slice(0, -4)}\n`, "(line 2)"],
    ["a wrong value", `${header}\n${database}\n\n${table.replace("12,", '"x",')}\n`, "tables[0].column_count (line 4)"],
    ["a report that is cut", header.slice(0, -1), "expected"],
  ])("is refused with its line: %s", async (_what, text, message) => {
    const error = await readAll(text).catch(error => error);
    expect(error.name).toBe("ReportError");
    expect(error.message).toContain(message);
  });
});
