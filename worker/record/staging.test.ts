import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../test/database.ts";
import { storableJson } from "./recording.ts";
import { type CopyValue, StagedRows } from "./staging.ts";

let db: TestDatabase;
let client: Client;
beforeAll(async () => {
  db = await createTestDatabase();
  client = new Client({ connectionString: db.url });
  await client.connect();
  await client.query("create table public.staged (a text, b text, c text[])");
});
afterAll(async () => {
  await client.end();
  await db.drop();
});

async function copied(rows: CopyValue[][]): Promise<CopyValue[][]> {
  const staged = new StagedRows(client, "public.staged", ["a", "b", "c"]);
  for (const row of rows) await staged.add(row);
  await staged.flush();
  expect(staged.count).toBe(rows.length);
  const { rows: found } = await client.query({ text: "select a, b, c from public.staged", rowMode: "array" });
  await client.query("truncate public.staged");
  return found;
}

describe("rows on their way through COPY", () => {
  it("arrive as they were, whatever is in them", async () => {
    const rows: CopyValue[][] = [
      ["", "", []],
      ["", null, [""]],
      [null, "", null],
      ["\t", "\n", ["\r\n", "a,b", '"', "\\", "{}", "NULL", " "]],
      ["\\N", "\\.", ["\\N"]],
      ["\\t", "it's 100 %", ["ü", "😀", "\u0001\u007f\u2028"]],
      ["\b\f\v", "x".repeat(100_000), ["a\tb\\nc"]],
    ];
    expect(await copied(rows)).toEqual(rows);
  });

  it("come in batches, in order", async () => {
    const rows = Array.from({ length: 100 }, (_, i): CopyValue[] => [String(i), "ü".repeat(100_000), []]);
    expect(await copied(rows)).toEqual(rows);
  });

  it("say what the server did not take, and let the connection go on", async () => {
    const staged = new StagedRows(client, "public.nowhere", ["a"]);
    staged.add(["x"]);
    await expect(staged.flush()).rejects.toMatchObject({ code: "42P01" });
    expect(await copied([["a", "b", []]])).toHaveLength(1);
  });
});

describe("JSON for jsonb", () => {
  it("loses what jsonb refuses, in keys too, and nothing else", async () => {
    const value = {
      "k\u0000": ["\ud800", "😀", "\\u0000", "a\u0000b"],
      plain: 1,
      at: new Date(0),
      none: null,
      gone: undefined,
    };
    const { rows } = await client.query("select $1::jsonb as value", [storableJson(value)]);
    expect(rows[0].value).toEqual({
      "k\ufffd": ["\ufffd", "😀", "\\u0000", "a\ufffdb"],
      plain: 1,
      at: "1970-01-01T00:00:00.000Z",
      none: null,
    });
  });
});
