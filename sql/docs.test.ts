import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageRoot } from "../postgres/package-root.ts";
import {
  examplesIn,
  guides,
  LOOSE,
  recordDemo,
  renderReference,
  runExample,
  withReference,
} from "../scripts/database-docs.ts";
import { createTestDatabase, type TestDatabase } from "../test/database.ts";

let db: TestDatabase;
let urls: { reader: string; superuser: string };
beforeAll(async () => {
  db = await createTestDatabase();
  const reader = await db.createLogin("a2o_reader");
  await db.query("select a2o.grant_account_access($1, '*')", [reader]);
  await recordDemo(db.url);
  urls = { reader: db.urlFor(reader), superuser: db.url };
});
afterAll(() => db.drop());

const read = (guide: string) => readFile(join(packageRoot, guide), "utf8");
const examples = (
  await Promise.all(
    (
      await guides()
    ).map(async guide =>
      examplesIn(await read(guide)).map(example => ({ ...example, place: `${guide}:${example.line}` })),
    ),
  )
).flat();

describe("the guides", () => {
  it("describe the database as it is", async () => {
    const text = await read("docs/database.md");
    expect(text, "run npm run docs:database").toBe(
      withReference(text, await renderReference(db.url, sql => runExample({ ...LOOSE, sql }, urls))),
    );
  });

  it("have the design's example as it is written there", async () => {
    expect(examples.map(({ sql }) => sql)).toContain(
      `SELECT t.table_name, t.estimated_size_gb, t.storage_location, t.partition_keys
FROM tables t
JOIN databases d ON t.database_id = d.id
WHERE d.database_name = 'analytics'
  AND t.table_format = 'PARQUET'
  AND t.estimated_size_gb > 100
ORDER BY t.estimated_size_gb DESC;
`,
    );
  });

  it.each(examples)("have an example that runs and prints what they show: $place", async example => {
    const printed = await runExample(example, urls);
    if (example.output !== undefined) expect(example.output, "run npm run docs:database").toBe(printed);
  });
});

describe("an example", () => {
  it("is found with its role and its output, and a block of another language is none", () => {
    const text =
      "# T\n\n```sql\nselect 1;\n```\n\n```\nout\n```\n\n```sql role=a2o_owner\nselect 2;\n```\n\n```sh\nls\n```\n";
    expect(examplesIn(text)).toEqual([
      { sql: "select 1;\n", role: undefined, line: 3, output: "out\n", outputStart: text.indexOf("out") },
      { sql: "select 2;\n", role: "a2o_owner", line: 11, output: undefined, outputStart: -1 },
    ]);
  });

  it("cannot change anything, and a reader's cannot do what is the owner's", async () => {
    const example = { line: 1, output: undefined, outputStart: -1 };
    await runExample({ ...example, role: "a2o_owner", sql: "delete from a2o.retention" }, urls);
    expect(await db.query("select from a2o.retention")).toHaveLength(10);
    await expect(
      runExample({ ...example, role: undefined, sql: "delete from a2o.retention" }, urls),
    ).rejects.toMatchObject({ code: "42501" });
  });

  it("prints as psql does", async () => {
    const printed = await runExample(
      {
        sql: "select * from (values (1, 'a', null::numeric, true), (22, 'bcd', 2.5, false)) as v(n, \"a name\", x, b)",
        ...{ role: undefined, line: 1, output: undefined, outputStart: -1 },
      },
      urls,
    );
    expect(printed).toBe(
      [
        " n  | a name |  x  | b",
        "----+--------+-----+---",
        "  1 | a      |     | t",
        " 22 | bcd    | 2.5 | f",
        "(2 rows)",
        "",
      ].join("\n"),
    );
  });
});
