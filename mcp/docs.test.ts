import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { answerer, examplesIn, GUIDE } from "../scripts/mcp-docs.ts";
import { createTestDatabase, type TestDatabase } from "../test/database.ts";

let db: TestDatabase;
let examples: Awaited<ReturnType<typeof answerer>>;
beforeAll(async () => {
  db = await createTestDatabase();
  examples = await answerer(db.url, db.urlFor);
});
afterAll(async () => {
  await examples?.close();
  await db?.drop();
});

it.each(examplesIn(await readFile(GUIDE, "utf8")))("docs/mcp.md shows what $tool answers to $args", async example => {
  expect(example.output, "an answer in the guide").toBeDefined();
  expect(example.output, "run npm run docs:database").toBe(await examples.answer(example));
});
