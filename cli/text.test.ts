import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import type { TargetProgress } from "../worker/assess/progress.ts";
import { ProgressLine, progressText } from "./progress.ts";
import { displayWidth, oneLine, size, table, wrapped } from "./text.ts";

const rows = [
  { name: "a_very_long_database_name_that_takes_room", tables: "1,204" },
  { name: "tab\tand\u001b[31mcolour", tables: "3" },
];
const columns = [
  { title: "Database", value: (row: (typeof rows)[0]) => row.name },
  { title: "Tables", value: (row: (typeof rows)[0]) => row.tables, align: "right" as const },
];

describe("a table", () => {
  it("is aligned, and takes the cursor nowhere", () => {
    const lines = table(rows, columns, 0).split("\n");
    expect(lines.map(line => line.length)).toEqual([49, 49, 49]);
    expect(lines[2]).toMatch(/^tab and \[31mcolour +3$/);
  });

  it("gives way in its widest words, not in its figures", () => {
    const lines = table(rows, columns, 30).split("\n");
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(30);
    expect(lines[1]).toMatch(/^a_very_long_database_… +1,204$/);
  });
});

describe("a table with styles", () => {
  const styled = [
    { title: "Name", value: (row: string) => row },
    { title: "State", value: (row: string) => `watching ${row}`, style: () => "red" as const },
    { title: "End", value: () => "e" },
  ];

  it("is laid out as without them, cut or not", () => {
    const before = process.env.FORCE_COLOR;
    process.env.FORCE_COLOR = "1";
    try {
      for (const width of [0, 18, 60]) {
        const lines = table(["a", "bbb"], styled, width).split("\n");
        expect(lines.join("\n")).toContain("\u001b[31mwatch");
        const plain = table(
          ["a", "bbb"],
          styled.map(({ style: _, ...column }) => column),
          width,
        ).split("\n");
        expect(lines.map(stripVTControlCharacters)).toEqual(plain.map(stripVTControlCharacters));
      }
    } finally {
      if (before === undefined) delete process.env.FORCE_COLOR;
      else process.env.FORCE_COLOR = before;
    }
  });
});

describe("a table that is too wide", () => {
  const wide = [{ id: "0123456789abcdef", name: "注文_と_🧊_の_とても長い名前", size: "1 TB", more: "x".repeat(60) }];
  const all = [
    { title: "Id", value: (row: (typeof wide)[0]) => row.id, whole: true },
    { title: "Name", value: (row: (typeof wide)[0]) => row.name },
    { title: "Size", value: (row: (typeof wide)[0]) => row.size, align: "right" as const },
    { title: "More", value: (row: (typeof wide)[0]) => row.more, spare: 1 },
  ];

  it("fits every width, East Asian letters and emoji counted as the terminal does", () => {
    for (let width = 16; width <= 140; width++) {
      for (const line of table(wide, all, width).split("\n")) {
        expect(displayWidth(line)).toBeLessThanOrEqual(Math.max(width, 16));
        expect(line.isWellFormed()).toBe(true);
      }
    }
  });

  it("leaves spare columns out first, then cuts words, and never an id or a figure", () => {
    expect(table(wide, all, 120)).toContain("More");
    expect(table(wide, all, 60)).not.toContain("More");
    const cut = table(wide, all, 40);
    expect(cut).toMatch(/0123456789abcdef {2}注文\S*… +1 TB$/);
    expect(table(wide, all, 30)).toMatch(/^0123456789abcdef\n {2}Name {2}/);
  });

  it("shows names without what would turn their direction or move the cursor", () => {
    expect(oneLine("a\u202egnp.exe\u001b[2J\nb")).toBe("agnp.exe [2J b");
  });
});

it("sizes read well", () => {
  expect([null, 0, 0.5, 1023, 1024, 1.26 * 1024 ** 2].map(size)).toEqual([
    ...["unknown", "0 GB", "0.5 GB", "1,020 GB", "1 TB", "1.26 PB"],
  ]);
});

it("text breaks between words only", () => {
  expect(wrapped("one two incomprehensibilities three", 8)).toEqual(["one two", "incomprehensibilities", "three"]);
  expect(wrapped("", 8)).toEqual([""]);
});

describe("progress", () => {
  const progress: TargetProgress = {
    account: "111122223333",
    region: "eu-west-1",
    state: "reading",
    databases: 21,
    listComplete: true,
    databasesDone: 12,
    databasesIncomplete: 0,
    tables: 1204,
    throttled: 0,
    inFlight: 8,
    limit: 8,
  };

  it("tells done, speed and what is left", () => {
    expect(progressText([progress], 10)).toBe("12 of 21 databases, 1,204 tables, 120 tables/s, about 8 s left");
    expect(progressText([{ ...progress, databases: 2100 }], 60)).toMatch(/about 174 min left$/);
  });

  it("guesses nothing while it cannot know", () => {
    expect(progressText([{ ...progress, listComplete: false }], 10)).toBe(
      "12 of 21+ databases, 1,204 tables, 120 tables/s",
    );
    expect(progressText([{ ...progress, databasesDone: 0, tables: 0 }], 0.2)).toBe("0 of 21 databases, 0 tables");
    expect(progressText([{ ...progress, databasesDone: 21 }], 60)).not.toContain("left");
  });

  it("is one line that fits, and leaves nothing behind; nothing at all where nobody watches", () => {
    const drawnOn = (isTTY: boolean, piped = false) => {
      const drawn: string[] = [];
      const write = (text: string) => drawn.push(text) > 0;
      const line = new ProgressLine({ isTTY, columns: 30, write }, piped);
      line.update([progress]);
      line.show("Judging");
      line.clear();
      line.clear();
      return drawn;
    };
    expect(drawnOn(false)).toEqual([]);
    expect(drawnOn(true, true)).toEqual([]);
    expect(drawnOn(true)).toEqual(["\r\u001b[K12 of 21 databases", "\r\u001b[KJudging", "\r\u001b[K"]);
  });

  it("leaves out what matters least where the terminal is narrow", () => {
    const targets: TargetProgress[] = [
      { ...progress, databasesIncomplete: 2, throttled: 31, state: "done" },
      { ...progress, region: "eu-north-1" },
    ];
    expect(progressText(targets, 10, 139)).toBe(
      "1 of 2 regions, 24 of 42 databases, 2,408 tables, 241 tables/s, about 8 s left, throttled 31 times, 2 not read in full",
    );
    expect(progressText(targets, 10, 79)).toBe("1 of 2 regions, 24 of 42 databases, 2,408 tables, 2 not read in full");
    expect(progressText(targets, 10)).toContain(", 16 of 16 calls at once, ");
    for (let width = 20; width < 160; width++) {
      const text = progressText(targets, 10, width);
      expect(text.length).toBeLessThanOrEqual(width);
      expect(text).toContain("24 of 42 databases");
    }
  });

  it("says of how many accounts it tells", () => {
    const other = { ...progress, account: "444455556666" };
    expect(progressText([progress, other], 10)).toMatch(/^0 of 2 accounts, 24 of 42/);
    expect(progressText([progress, other, { ...other, region: "eu-north-1" }], 10)).toMatch(/^0 of 3 catalogs, /);
  });

  it("counts what could not be read", () => {
    expect(progressText([{ ...progress, databasesIncomplete: 2 }], 0.5)).toMatch(/, 2 not read in full$/);
  });
});
