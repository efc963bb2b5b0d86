import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../test/database.ts";
import { storeExample } from "../test/example-assessment.ts";
import { glueTable, ingestClient, recordCatalog } from "../worker/record/testing.ts";

let database: TestDatabase;
let january: string;
let february: string;
let theirs: string;

beforeAll(async () => {
  database = await createTestDatabase();
  const ours = { awsAccountId: "111111111111", region: "eu-central-1" };
  january = await storeExample(database, { ...ours, timestamp: "2026-01-01T00:00:00Z" });
  february = await storeExample(database, { ...ours, timestamp: "2026-02-01T00:00:00Z" });
  theirs = await storeExample(database, { awsAccountId: "222222222222", region: "eu-central-1" });
  await database.query("select a2o.grant_account_access('ann', '111111111111')");
  await database.query(
    `update a2o.tables set migration_readiness = 'READY', table_format = 'ICEBERG', size_bytes = 7, content_hash = '\\x01'
     where assessment_id = $1 and table_name = 'events'`,
    [february],
  );
  await database.query("delete from a2o.tables where assessment_id = $1 and table_name = 'mystery'", [february]);
  // Edited by hand, so what was stored of its changes is no longer true.
  await database.query("delete from a2o.assessment_churn where assessment_id = $1", [february]);
});
afterAll(() => database?.drop());

const asAnn = (sql: string, params: unknown[]) =>
  database.as("a2o_reader", ({ query }) => query(sql, params), { user: "ann" });

describe("table_history", () => {
  const history = (table: string, name = "sales", assessment = february) =>
    asAnn("select * from a2o.table_history($1, $2, $3)", [assessment, name, table]);

  it("tells a table in every assessment, oldest first, with what had changed", async () => {
    const rows = await history("events");
    expect(rows).toMatchObject([
      { assessment_id: january, sighting: "FOUND", migration_readiness: "NEEDS_CONVERSION", attributes: null },
      { assessment_id: february, sighting: "FOUND", migration_readiness: "READY", size_bytes: "7" },
    ]);
    expect(String(rows[1]?.attributes)).toContain("table_format");
  });

  it("parts a table that is gone from one that nobody could see", async () => {
    expect(await history("mystery")).toMatchObject([{ sighting: "FOUND" }, { sighting: "ABSENT", size_bytes: null }]);
    expect(await history("wages", "secret")).toMatchObject([{ sighting: "UNREAD" }, { sighting: "UNREAD" }]);
  });

  it("goes no further back than it is asked to", async () => {
    expect(await asAnn("select * from a2o.table_history($1, 'sales', 'events', 1)", [february])).toMatchObject([
      { assessment_id: february },
    ]);
  });

  it("refuses the assessment of another account, and knows nothing of its tables", async () => {
    await expect(history("events", "sales", theirs)).rejects.toMatchObject({ code: "A2O12" });
    expect(await history("events")).toHaveLength(2);
  });
});

describe("readiness_moves", () => {
  const moves = (from: string, to: string) =>
    asAnn("select * from a2o.readiness_moves($1, $2) order by fate, readiness_before, readiness_after", [from, to]);

  it("counts every table once, from verdict to verdict", async () => {
    expect(await moves(january, february)).toEqual([
      { fate: "KEPT", readiness_before: "READY", readiness_after: "READY", table_count: 1 },
      { fate: "KEPT", readiness_before: "NEEDS_CONVERSION", readiness_after: "READY", table_count: 1 },
      { fate: "REMOVED", readiness_before: "UNKNOWN", readiness_after: null, table_count: 1 },
    ]);
  });

  it("does not call removed what the other assessment could not read", async () => {
    await database.query(
      "update a2o.database_coverage set status = 'PARTIAL' where assessment_id = $1 and database_name = 'sales'",
      [february],
    );
    expect(await moves(january, february)).toContainEqual({
      fate: "UNREAD_AFTER",
      readiness_before: "UNKNOWN",
      readiness_after: null,
      table_count: 1,
    });
    await database.query(
      "update a2o.database_coverage set status = 'COMPLETE' where assessment_id = $1 and database_name = 'sales'",
      [february],
    );
  });

  it("says the same from stored changes as from both assessments", async () => {
    const recorder = await ingestClient(database);
    const kinds = {
      READY: { Parameters: { table_type: "ICEBERG" } },
      NEEDS_CONVERSION: {},
      UNKNOWN: { StorageDescriptor: { Columns: [] } },
    } as const;
    const verdict = fc.constantFrom(...(Object.keys(kinds) as (keyof typeof kinds)[]));
    const catalog = fc.dictionary(fc.constantFrom("a", "b", "c", "d", "e", "f"), verdict);
    let day = 0;
    await fc.assert(
      fc.asyncProperty(catalog, catalog, fc.boolean(), async (before, after, isDenied) => {
        const store = async (tables: Record<string, keyof typeof kinds>) => {
          const databases = [
            { name: "sales", tables: Object.entries(tables).map(([name, kind]) => glueTable(name, kinds[kind])) },
            ...(isDenied ? [{ name: "hr", coverage: { status: "DENIED" as const, tablesRead: 0 } }] : []),
          ];
          const timestamp = new Date(Date.UTC(2027, 0, ++day)).toISOString();
          return (await recordCatalog(recorder, databases, { region: "moves-1", timestamp })).id;
        };
        const [from, to] = [await store(before), await store(after)];
        const [stored] = await database.query("select is_listed from a2o.assessment_churn where assessment_id = $1", [
          to,
        ]);
        expect(stored).toEqual({ is_listed: true });
        expect(await moves(from, to)).toEqual(
          await database.query(
            "select * from a2o_private.merged_moves($1, $2) order by fate, readiness_before, readiness_after",
            [from, to],
          ),
        );
      }),
      { numRuns: 25 },
    );
    await recorder.end();
  });

  it("refuses other accounts", async () => {
    await expect(moves(january, theirs)).rejects.toMatchObject({ code: "A2O12" });
  });
});
