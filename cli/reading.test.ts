import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../test/database.ts";
import { storeExample } from "../test/example-assessment.ts";
import { glueTable, ingestClient, recordCatalog } from "../worker/record/testing.ts";
import { a2o, temporaryDirectory } from "./testing.ts";

const OURS = "111111111111";
const THEIRS = "222222222222";

let db: TestDatabase;
let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let ids: { earlier: string; later: string; theirs: string };
/** A reader of OURS. */
let ann: string;

beforeAll(async () => {
  db = await createTestDatabase();
  directory = await temporaryDirectory();
  const client = await ingestClient(db);
  const store = async (month: number, tables: object[]) => {
    const header = { awsAccountId: OURS, region: "eu-west-1", timestamp: `2025-0${month}-01T10:00:00Z` };
    return (await recordCatalog(client, [{ name: "sales", tables }], header)).id;
  };
  const earlier = await store(1, [glueTable("orders"), glueTable("gone")]);
  const later = await store(2, [
    glueTable("orders", { Parameters: { totalSize: "2048" } }),
    glueTable("new_注文_🧊", { StorageDescriptor: {} }),
  ]);
  await client.end();
  const theirs = await storeExample(db, {
    awsAccountId: THEIRS,
    region: "us-east-1",
    timestamp: "2025-03-01T10:00:00Z",
  });
  ids = { earlier, later, theirs };
  ann = await db.createLogin("a2o_reader");
  await db.query("select a2o.grant_account_access($1, $2)", [ann, OURS]);
});
afterAll(async () => {
  await directory.remove();
  await db.drop();
});

const run = (args: string[], login?: string) =>
  a2o(args, { env: { DATABASE_URL: login === undefined ? db.url : db.urlFor(login) }, cwd: directory.path });
const json = async (args: string[], login?: string) => {
  const { code, stdout, stderr } = await run([...args, "--json"], login);
  expect([code, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout);
};

describe("compare", () => {
  it("says what changed since the one before, for a reader of the account", async () => {
    const { code, stdout } = await run(["compare"], ann);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Account 111111111111, eu-west-1\n/);
    expect(stdout).toContain("1 added, 1 removed, 1 changed");
    expect(stdout).toMatch(/^added +sales +new_注文_🧊$/m);
    expect(stdout).toMatch(/^removed +sales +gone$/m);
    expect(stdout).toMatch(/^changed +sales +orders +size 0.000000954 GB → 0.00000191 GB$/m);
  });

  it("goes by ids and what comes before them, and takes kinds and databases", async () => {
    const short = (id: string) => id.slice(0, 8);
    const both = await json(["compare", short(ids.earlier), short(ids.later)]);
    expect(both).toMatchObject({ tables_added: 1, changes: { length: 3 }, changes_are_complete: true });
    expect(await json(["compare", "previous", short(ids.later)])).toEqual(both);
    expect(await json(["compare", short(ids.earlier)])).toEqual(both);
    const added = await json(["compare", "--kind", "added", "--account", OURS]);
    expect(added.changes).toMatchObject([{ change: "ADDED" }]);
    const cut = await json(["compare", "--limit", "1", "--account", OURS]);
    expect([cut.changes.length, cut.changes_are_complete]).toEqual([1, false]);
    expect((await json(["compare", "--database", "nothing", "--account", OURS])).changes).toEqual([]);
  });

  it("refuses other catalogs unless told to, and another account's to a reader", async () => {
    const refused = await run(["compare", ids.later, ids.theirs]);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("different catalogs")]);
    expect(await json(["compare", ids.later, ids.theirs, "--across-catalogs"])).toMatchObject({
      is_same_catalog: false,
    });
    const foreign = await run(["compare", ids.later, ids.theirs], ann);
    expect([foreign.code, foreign.stderr]).toEqual([1, expect.stringMatching(/^Error: There is no assessment /)]);
  });
});

describe("a reference to an assessment", () => {
  it("that fits several lists them, and --account or --region chooses", async () => {
    const { code, stderr } = await run(["databases"]);
    expect(code).toBe(1);
    expect(stderr).toBe(
      `Error: The reference 'latest' fits 2 catalogs: say which account and region.\n${OURS} in eu-west-1: ${ids.later}\n${THEIRS} in us-east-1: ${ids.theirs}\n`,
    );
    expect(await json(["databases", "--region", "us-east-1"])).toMatchObject([
      { database_name: "sales", table_count: 3 },
      { database_name: "secret", coverage: "DENIED" },
    ]);
    expect(await json(["databases"], ann)).toMatchObject([{ database_name: "sales", table_count: 2 }]);
  });
});

describe("tables", () => {
  it("finds by a part of the name, by wildcards, format, size and verdict", async () => {
    const names = async (...args: string[]) =>
      (await json(["tables", ...args, "--account", OURS])).map((row: { table_name: string }) => row.table_name).sort();
    expect(await names()).toEqual(["new_注文_🧊", "orders"]);
    expect(await names("rder")).toEqual(["orders"]);
    expect(await names("w_注")).toEqual(["new_注文_🧊"]);
    expect(await names("rder*")).toEqual([]);
    expect(await names("?rder*")).toEqual(["orders"]);
    expect(await names("--format", "parquet")).toEqual(["orders"]);
    expect(await names("--readiness", "unknown")).toEqual(["new_注文_🧊"]);
    expect(await names("--min-size-gb", "1")).toEqual([]);
    expect(await names("--finding", "unknown_format,missing_location")).toEqual(["new_注文_🧊"]);
    expect(await names("--assessment", "previous")).toEqual(["gone", "orders"]);
    expect(await names("--limit", "1", "--sort", "name")).toHaveLength(1);
  });

  it("says how many there are beside what it shows, where it does not get into a pipe", async () => {
    const { stdout, stderr } = await run(["tables", "--limit", "1"], ann);
    expect(stderr).toBe("1 of 2 tables\n");
    expect(stdout.trim().split("\n")).toHaveLength(2);
  });

  it("refuses a size and an order that are none", async () => {
    expect((await run(["tables", "--min-size-gb", "many"])).stderr).toContain("--min-size-gb must be a number of GB");
    expect((await run(["tables", "--sort", "nam"])).stderr).toContain("Did you mean --sort name?");
  });
});

describe("findings", () => {
  it("lists what matters most first, from a severity on", async () => {
    const all = await json(["findings", "--account", OURS]);
    expect(all[0]).toMatchObject({ severity: "HIGH", table_count: 1, remedy: expect.any(String) });
    const high = await json(["findings", "--severity", "high", "--account", OURS]);
    expect(high.every((row: { severity: string }) => row.severity === "HIGH")).toBe(true);
  });
});

describe("rescore", () => {
  it("judges again, and is refused to a reader", async () => {
    expect(await json(["rescore", "--account", OURS])).toEqual({ assessment_id: ids.later, verdicts_changed: 0 });
    const { code, stderr } = await run(["rescore"], ann);
    expect([code, stderr]).toEqual([1, expect.stringContaining("may not become a2o_ingest")]);
  });
});

describe("report", () => {
  it("goes to standard output or to a file whose name says the format", async () => {
    expect((await run(["report"], ann)).stdout).toMatch(/^# AWS Glue Catalog Assessment\n/);
    const piped = await run(["report", "--format", "json", "--output", "-"], ann);
    expect(JSON.parse(piped.stdout).assessment_metadata.assessment_id).toBe(ids.later);
    const path = join(directory.path, "deep/er/report.ndjson.gz");
    expect(await run(["report", "previous", "--output", path], ann)).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(await json(["ingest", path])).toMatchObject([{ id: ids.earlier, is_new: false }]);
  });

  it("that is broken off leaves no file", async () => {
    await db.as("a2o_owner", async ({ client }) => {
      await client.query("lock table a2o.tables in access exclusive mode");
      const place = join(directory.path, "interrupted");
      const { code, stderr } = await a2o(["report", "--account", OURS, "--output", join(place, "report.json")], {
        env: { DATABASE_URL: db.url },
        during: async child => {
          // It waits for the lock, its file already open.
          for (;;) {
            const waiting = await db.query(
              "select from pg_locks where not granted and relation = 'a2o.tables'::regclass",
            );
            if (waiting.length > 0) break;
            await sleep(20);
          }
          child.kill("SIGINT");
        },
      });
      expect([code, stderr]).toEqual([1, "Interrupted.\n"]);
      expect(await readdir(place)).toEqual([]);
    });
  });

  it.each([
    [["report", "--output", "report.doc"], 2, "does not say the format"],
    [["report", "a", "b"], 2, "One report is about one assessment."],
    [["report", "--format", "htm"], 2, "Did you mean --format html?"],
    [["report", "latest~7", "--account", OURS], 1, "reaches further back"],
    [["report", "--account", OURS, "--output", "/dev/null/x.md"], 1, "cannot be written"],
  ])("refuses %j", async (args, code, message) => {
    const outcome = await run(args);
    expect([outcome.code, outcome.stderr]).toEqual([code, expect.stringContaining(message)]);
  });
});

describe("list", () => {
  it("shows a reader its accounts alone", async () => {
    const listed = await json(["list"], ann);
    expect(listed.map((row: { id: string }) => row.id)).toEqual([ids.later, ids.earlier]);
    expect(await json(["list", "--account", THEIRS], ann)).toEqual([]);
    expect(await json(["list", "--region", "us-east-1"])).toMatchObject([{ id: ids.theirs }]);
  });
});
