import { describe, expect, it } from "vitest";
import { formatRows } from "./table-formats.ts";

const overview = (tableFormat: string, tableCount: number, sizeBytes: string | null = null) => ({
  tableFormat,
  tableCount,
  sizedTables: sizeBytes === null ? 0 : tableCount,
  sizeBytes,
});

describe("formatRows", () => {
  it("puts the format with most tables first", () =>
    expect(formatRows([overview("ORC", 2), overview("PARQUET", 9)]).map(row => row.label)).toEqual(["Parquet", "ORC"]));

  it("shows JDBC and federated tables as one", () => {
    const [row] = formatRows([overview("JDBC", 2), overview("FEDERATED", 3)]);
    expect(row).toMatchObject({ label: "JDBC, federated", tableCount: 5, colour: "jdbc", noSize: "not stored" });
  });

  it("folds formats without a colour and names them", () => {
    const [row] = formatRows([overview("GROK", 1, "10"), overview("XML", 4), overview("ZEBRA_FILE", 2, "5")]);
    expect(row).toMatchObject({ label: "Others", tableCount: 7, sizeBytes: 15 });
    expect(row?.parts).toEqual([
      { label: "XML", tableCount: 4 },
      { label: "Zebra file", tableCount: 2 },
      { label: "Grok", tableCount: 1 },
    ]);
  });

  it("puts the folded row last, however large", () =>
    expect(formatRows([overview("XML", 40), overview("ION", 40), overview("ORC", 2)]).map(row => row.label)).toEqual([
      "ORC",
      "Others",
    ]));

  it("does not fold a single one", () =>
    expect(formatRows([overview("TEXT", 4)])).toMatchObject([{ label: "Text", parts: [] }]));

  it("leaves an unknown size unknown, not zero", () => {
    expect(formatRows([overview("PARQUET", 1)])[0]?.sizeBytes).toBeUndefined();
    expect(formatRows([overview("PARQUET", 1, "0")])[0]?.sizeBytes).toBe(0);
  });

  it("keeps tables of unknown format apart from other formats", () =>
    expect(formatRows([overview("UNKNOWN", 3), overview("XML", 1), overview("ION", 1)]).map(row => row.label)).toEqual([
      "Not recognised",
      "Others",
    ]));
});
