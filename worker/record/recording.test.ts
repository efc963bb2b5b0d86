import { once } from "node:events";
import type { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../test/database.ts";
import { type Coverage, Recording } from "./recording.ts";
import {
  type CatalogDatabase,
  contradictions,
  everything,
  glueHeader,
  glueTable,
  gone,
  ingestClient,
  pidOf,
  recordCatalog,
  stageCatalog,
} from "./testing.ts";

let db: TestDatabase;
let client: Client;
let other: Client;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  [client, other] = [await ingestClient(db), await ingestClient(db)];
});
afterEach(async () => {
  await client.end();
  await other.end();
  expect(await contradictions(db)).toEqual([]);
});

const tables = (count: number) => Array.from({ length: count }, (_, i) => glueTable(`t${i}`));
const catalog = (count: number, name = "db"): CatalogDatabase[] => [{ name, tables: tables(count) }];
let clock = 0;
/** Another moment for each, so that no assessment is like another. */
const moment = () => ({ timestamp: new Date(Date.UTC(2026, 0, 1) + 1000 * clock++).toISOString() });
const tablesOf = (id: string) =>
  db.query<{ database_name: string; table_name: string; id: string; size_bytes: string | null }>(
    "select * from a2o.tables where assessment_id = $1 order by database_name, table_name",
    [id],
  );
const partitionOf = (id: string) => `a2o.tables_${id.replaceAll("-", "")}`;
const remove = (id: string) => db.query("delete from a2o.assessments where id = $1", [id]);
const exists = async (name: string) =>
  (await db.query<{ found: string | null }>("select to_regclass($1) as found", [name]))[0]?.found !== null;
const finishSql =
  "select * from a2o.finish_assessment($1, 'GLUE', now(), 'eu-west-1', '111111111111', '0.1.0', expected_tables => $2)";
const runOf = async (session: Client) =>
  (await session.query<Record<string, string>>("select * from a2o.begin_assessment()")).rows[0] ?? {};

describe("an assessment", () => {
  it("is invisible until it is whole", async () => {
    const recording = await Recording.begin(client);
    await stageCatalog(recording, catalog(10));
    const seen = () => db.query("select from a2o.assessments");
    expect(await seen()).toEqual([]);
    await client.query("begin");
    const { id } = await recording.finish({ ...glueHeader, ...moment() });
    expect(await tablesOf(id)).toEqual([]);
    expect(await seen()).toEqual([]);
    await client.query("commit");
    expect(await tablesOf(id)).toHaveLength(10);
    await recording.abandon();
  });

  it("leaves nothing when it is rolled back after it was finished", async () => {
    const before = await everything(db);
    const recording = await Recording.begin(client);
    await stageCatalog(recording, catalog(10));
    await client.query("begin");
    await recording.finish({ ...glueHeader, ...moment() });
    await client.query("rollback");
    await recording.abandon();
    expect(await everything(db)).toEqual(before);
  });

  it("leaves nothing when it is abandoned", async () => {
    const before = await everything(db);
    const recording = await Recording.begin(client);
    await stageCatalog(recording, catalog(10));
    await recording.abandon();
    await recording.abandon();
    expect(await everything(db)).toEqual(before);
  });

  it("may be empty", async () => {
    const { id } = await recordCatalog(client, [], moment());
    const [row] = await db.query(
      "select total_tables, total_databases, completeness_percent from a2o.assessments where id = $1",
      [id],
    );
    expect(row).toEqual({ total_tables: 0, total_databases: 0, completeness_percent: "100.00" });
  });

  it("announces itself when it is there", async () => {
    await other.query("listen a2o");
    const notified = once(other, "notification");
    const { id } = await recordCatalog(client, catalog(1), moment());
    const [{ payload }] = await notified;
    expect(JSON.parse(payload)).toMatchObject({ kind: "ASSESSMENT", id });
    await other.query("unlisten a2o");
  });

  it("holds a table once, as it was told last, when AWS repeats it between pages", async () => {
    const at = (UpdateTime: string | undefined, totalSize: string) =>
      glueTable("twice", { UpdateTime, Parameters: { totalSize } });
    const pages = [at("2026-01-02T00:00:00.000Z", "2"), at("2026-01-03T00:00:00.000Z", "3"), at(undefined, "1")];
    const { id } = await recordCatalog(
      client,
      [
        { name: "a", tables: pages },
        { name: "b", tables: [glueTable("twice")] },
      ],
      moment(),
    );
    expect((await tablesOf(id)).map(row => [row.database_name, row.table_name, row.size_bytes])).toEqual([
      ["a", "twice", "3"],
      ["b", "twice", "1024"],
    ]);
  });

  it("keeps tables under the name their database was listed by, not the one its link's target has", async () => {
    const linked = glueTable("t", { DatabaseName: "target" });
    const { id } = await recordCatalog(
      client,
      [{ name: "link", glue: { Name: "link", TargetDatabase: { DatabaseName: "target" } }, tables: [linked] }],
      moment(),
    );
    expect(await tablesOf(id)).toMatchObject([
      { database_name: "link", size_bytes: null, table_format: "RESOURCE_LINK" },
    ]);
  });

  it("takes no link's bytes into any sum", async () => {
    const link = glueTable("link", { TargetTable: { DatabaseName: "x", Name: "y" } });
    const { id } = await recordCatalog(client, [{ name: "a", tables: [link, glueTable("own")] }], moment());
    const [sums] = await db.query(
      `select a.total_size_bytes, a.sized_tables, d.size_bytes, (select sum(r.size_bytes) from a2o.format_rollups r where r.assessment_id = a.id) as rolled
       from a2o.assessments a join a2o.databases d on d.assessment_id = a.id where a.id = $1`,
      [id],
    );
    expect(sums).toEqual({ total_size_bytes: "1024", sized_tables: 1, size_bytes: "1024", rolled: "1024" });
  });

  it("sums up to what a bigint holds, and says unknown when nothing is known", async () => {
    const huge = Array.from({ length: 10 }, (_, i) =>
      glueTable(`t${i}`, { Parameters: { totalSize: "9".repeat(18) } }),
    );
    const unknown = glueTable("u", { Parameters: { totalSize: "-1" } });
    const { id } = await recordCatalog(
      client,
      [
        { name: "huge", tables: huge },
        { name: "none", tables: [unknown] },
      ],
      moment(),
    );
    const rows = await db.query(
      "select size_bytes from a2o.databases where assessment_id = $1 order by database_name",
      [id],
    );
    expect(rows).toEqual([{ size_bytes: "9223372036854775807" }, { size_bytes: null }]);
    const [total] = await db.query("select total_size_bytes from a2o.assessments where id = $1", [id]);
    expect(total).toEqual({ total_size_bytes: "9223372036854775807" });
  });

  it("adds a database that has tables and was never told about, as one that was read in part", async () => {
    const recording = await Recording.begin(client);
    await recording.glueTable("untold", glueTable("t"));
    const { id } = await recording.finish({ ...glueHeader, ...moment() });
    const rows = await db.query("select database_name, status from a2o.database_coverage where assessment_id = $1", [
      id,
    ]);
    expect(rows).toEqual([{ database_name: "untold", status: "PARTIAL" }]);
  });
});

describe("what could not be read", () => {
  const of = (status: Coverage["status"]): Coverage => ({
    status,
    tablesRead: 0,
    operation: "glue:GetTables",
    errorCode: "AccessDeniedException",
    errorMessage: "User: arn:aws:iam::1:user/x is\nnot | authorized",
  });
  const cases: {
    name: string;
    catalog: CatalogDatabase[];
    complete: number;
    databases: number;
    percent: string | null;
  }[] = [
    { name: "nothing", catalog: catalog(1), complete: 1, databases: 1, percent: "100.00" },
    {
      name: "one of three databases",
      catalog: [...catalog(1), { name: "b" }, { name: "c", coverage: of("DENIED") }],
      complete: 2,
      databases: 3,
      percent: "66.66",
    },
    {
      name: "a database in part, which counts as not read in full",
      catalog: [{ name: "p", tables: tables(2), coverage: of("PARTIAL") }],
      complete: 0,
      databases: 1,
      percent: "0.00",
    },
    {
      name: "the end of the list of databases",
      catalog: [...catalog(1), { name: "", glue: null, coverage: of("PARTIAL") }],
      complete: 1,
      databases: 1,
      percent: null,
    },
    {
      name: "the list of databases at all",
      catalog: [{ name: "", glue: null, coverage: of("DENIED") }],
      complete: 0,
      databases: 0,
      percent: null,
    },
    {
      name: "one database in a hundred thousand never rounds to 100",
      catalog: [
        ...Array.from({ length: 30_000 }, (_, i) => ({ name: `d${i}` })),
        { name: "x", coverage: of("THROTTLED") },
      ],
      complete: 30_000,
      databases: 30_001,
      percent: "99.99",
    },
  ];

  it.each(cases)("is told: $name", async ({ catalog, complete, databases, percent }) => {
    const { id } = await recordCatalog(client, catalog, moment());
    const [row] = await db.query(
      "select databases_complete, total_databases, completeness_percent from a2o.assessments where id = $1",
      [id],
    );
    expect(row).toEqual({ databases_complete: complete, total_databases: databases, completeness_percent: percent });
    const unread = await db.query(
      "select database_name, error_message from a2o.database_coverage where assessment_id = $1 and status <> 'COMPLETE'",
      [id],
    );
    const told = catalog.filter(database => database.coverage !== undefined);
    expect(unread).toEqual(
      told.map(({ name, coverage }) => ({ database_name: name, error_message: coverage?.errorMessage })),
    );
    await remove(id);
  });
});

describe("a table's identity", () => {
  it("is the same in every assessment, and another in another account, region or database", async () => {
    const first = await recordCatalog(client, [...catalog(2), { name: "d b", tables: [glueTable("t0")] }], moment());
    const second = await recordCatalog(client, catalog(2), moment());
    const region = await recordCatalog(client, catalog(2), { ...moment(), region: "us-east-1" });
    const account = await recordCatalog(client, catalog(2), { ...moment(), awsAccountId: "222222222222" });
    const ids = async (id: string) => (await tablesOf(id)).map(row => row.id);
    expect((await ids(first.id)).filter((_, i) => i > 0)).toEqual(await ids(second.id));
    const all = [...(await ids(first.id)), ...(await ids(region.id)), ...(await ids(account.id))];
    expect(new Set(all).size).toBe(all.length);
  });

  it("keeps a migration job linked when assessments go", async () => {
    const { id } = await recordCatalog(client, catalog(1, "moved"), moment());
    const [table] = await tablesOf(id);
    await db.query(
      "insert into a2o.migration_jobs (table_id, job_type, aws_account_id, region) values ($1, 'DMS', '111111111111', 'eu-west-1')",
      [table?.id],
    );
    await remove(id);
    expect(await db.query("select table_id from a2o.migration_jobs")).toEqual([{ table_id: table?.id }]);
    const again = await recordCatalog(client, catalog(1, "moved"), moment());
    expect(
      await db.query("select t.table_name from a2o.migration_jobs j join a2o.tables t on t.id = j.table_id"),
    ).toHaveLength(1);
    await remove(again.id);
  });
});

describe("the place of an assessment's tables", () => {
  it("is shared below 20,000 tables, its own from there on; either goes with it", async () => {
    const before = await everything(db);
    const small = await recordCatalog(client, catalog(19_999), moment());
    const large = await recordCatalog(client, catalog(20_000), moment());
    expect(await exists(partitionOf(small.id))).toBe(false);
    expect(await exists(partitionOf(large.id))).toBe(true);
    const counts = await everything(db);
    expect(counts["a2o.tables"]).toBe((before["a2o.tables"] ?? 0) + 39_999);
    expect(counts[partitionOf(large.id)]).toBe(20_000);
    expect(await contradictions(db)).toEqual([]);
    // Same constraints, keys and generated columns as the others have; search indexes are each kind's own.
    const like = (name: string) =>
      db.query(
        `select (select array_agg(regexp_replace(pg_get_indexdef(indexrelid), 'INDEX \\S+ ON \\S+', '') order by indisprimary)
             from pg_index where indrelid = $1::regclass
               and (indisprimary or pg_get_indexdef(indexrelid) like '%(id)')) as indexes,
           (select array_agg(pg_get_constraintdef(oid) order by pg_get_constraintdef(oid)) from pg_constraint where conrelid = $1::regclass) as constraints,
           (select array_agg(row(attname, atttypid, attnotnull, attgenerated)::text order by attnum) from pg_attribute
             where attrelid = $1::regclass and attnum > 0) as columns`,
        [name],
      );
    expect(await like(partitionOf(large.id))).toEqual(await like("a2o.tables_shared"));
    await remove(large.id);
    expect(await exists(partitionOf(large.id))).toBe(false);
    expect(await tablesOf(small.id)).toHaveLength(19_999);
    await remove(small.id);
    // Column lists and accounts stay: other assessments may share them.
    const shared = { "a2o.column_schemas": 0, "a2o.accounts": 0 };
    expect({ ...(await everything(db)), ...shared }).toEqual({ ...before, ...shared });
  });

  it("locks no reader out while a large assessment is stored and its reports are written", async () => {
    const { id: earlier } = await recordCatalog(client, catalog(3, "seen"), moment());
    const recording = await Recording.begin(client);
    await stageCatalog(recording, catalog(20_000));
    await client.query("begin");
    const { id } = await recording.finish({ ...glueHeader, ...moment() });
    const [login, also] = [await db.createLogin("a2o_reader"), await db.createLogin("a2o_reader")];
    await db.query("insert into a2o.account_access (member, aws_account_id) values ($1, '*'), ($2, '*')", [
      login,
      also,
    ]);
    await db.as(login, async ({ query }) => {
      await query("set lock_timeout = '300ms'");
      expect(await query("select from a2o.tables where assessment_id = $1", [earlier])).toHaveLength(3);
      expect(await query("select from a2o.tables where assessment_id = $1", [id])).toEqual([]);
    });
    await other.query("set lock_timeout = '2s'");
    // Of another region: two assessments of one catalog do wait for each other, to tell what changed in between.
    const small = await recordCatalog(other, catalog(2), { ...moment(), region: "eu-south-2" });
    await other.query("reset lock_timeout");
    await client.query("commit");
    await recording.abandon();
    for (const each of [id, small.id, earlier]) await remove(each);
  });

  it("is found by its id also where the id's digits run out", async () => {
    const rows = await db.query<{ id: string; after: string }>(
      `select id, a2o_private.after_assessment_id(id) as after from unnest($1::uuid[]) as id`,
      [
        [
          "f0000000-0000-4000-8000-000000000000",
          "f0000000-0000-4000-8000-00000000000f",
          "f0000000-0000-4fff-ffff-ffffffffffff",
          "ffffffff-ffff-ffff-ffff-ffffffffffff",
        ],
      ],
    );
    expect(rows.map(({ after }) => after)).toEqual([
      "'f0000000-0000-4000-8000-000000000001'",
      "'f0000000-0000-4000-8000-000000000010'",
      "'f0000000-0000-5000-0000-000000000000'",
      "maxvalue",
    ]);
    const [ids] = await db.query(
      `select bool_and(a2o_private.is_large_assessment(a2o_private.new_assessment_id(true))) as large,
         bool_or(a2o_private.is_large_assessment(a2o_private.new_assessment_id(false))) as small from generate_series(1, 500)`,
    );
    expect(ids).toEqual({ large: true, small: false });
  });
});

describe("several recordings at the same time", () => {
  it("do not mix", async () => {
    const [first, second] = [await Recording.begin(client), await Recording.begin(other)];
    for (let i = 0; i < 50; i++) {
      await first.glueTable("a", glueTable(`first${i}`));
      await second.glueTable("a", glueTable(`second${i}`));
    }
    await first.glueDatabase("a", { Name: "a" }, { status: "COMPLETE", tablesRead: 50 });
    await second.glueDatabase("a", { Name: "a" }, { status: "DENIED", tablesRead: 50 });
    const stored = await Promise.all([
      first.finish({ ...glueHeader, ...moment() }),
      second.finish({ ...glueHeader, ...moment() }),
    ]);
    for (const [i, { id }] of stored.entries()) {
      const names = (await tablesOf(id)).map(row => row.table_name);
      expect(names).toHaveLength(50);
      expect(names.every(name => name.startsWith(["first", "second"][i] ?? "?"))).toBe(true);
    }
  });

  it("of the same content give one assessment, and the other learns its id", async () => {
    for (const count of [5, 20_000]) {
      const same = moment();
      const stored = await Promise.all([
        recordCatalog(client, catalog(count), same),
        recordCatalog(other, catalog(count), same),
      ]);
      expect(stored.map(({ isNew }) => isNew).sort()).toEqual([false, true]);
      expect(stored[0].id).toBe(stored[1].id);
      const third = await recordCatalog(client, catalog(count), same);
      expect(third).toEqual({ id: stored[0].id, isNew: false });
      await remove(third.id);
    }
  });

  it("with the same new columns wait for each other and do not deadlock", async () => {
    const wide = (names: string[]) => [
      {
        name: "w",
        tables: names.map(name => glueTable(name, { StorageDescriptor: { Columns: [{ Name: `only_${name}` }] } })),
      },
    ];
    const names = Array.from({ length: 300 }, (_, i) => `t${i}`);
    await Promise.all([
      recordCatalog(client, wide(names), moment()),
      recordCatalog(other, wide([...names].reverse()), moment()),
    ]);
  });

  it("are two runs even in one session", async () => {
    const [first, second] = [await Recording.begin(client), await Recording.begin(client)];
    await first.glueTable("a", glueTable("one"));
    await second.glueTable("b", glueTable("two"));
    expect(await tablesOf((await first.finish({ ...glueHeader, ...moment() })).id)).toMatchObject([
      { table_name: "one" },
    ]);
    expect(await tablesOf((await second.finish({ ...glueHeader, ...moment() })).id)).toMatchObject([
      { table_name: "two" },
    ]);
  });
});

describe("a run", () => {
  it("is nobody else's to finish or to abandon", async () => {
    const run = await runOf(client);
    await expect(other.query(finishSql, [run.run_id, 0])).rejects.toMatchObject({ code: "A2O01" });
    await other.query("select a2o.abandon_assessment($1)", [run.run_id]);
    await client.query(`insert into ${run.tables_target} values ('d', '{"Name": "t"}')`);
    const { rows } = await client.query(finishSql, [run.run_id, 1]);
    expect(rows[0].is_new).toBe(true);
  });

  it("that does not exist, or is finished, is refused (A2O01)", async () => {
    const run = await runOf(client);
    await expect(client.query(finishSql, ["00000000-0000-4000-8000-000000000000", 0])).rejects.toMatchObject({
      code: "A2O01",
    });
    await client.query(finishSql, [run.run_id, 0]);
    await expect(client.query(finishSql, [run.run_id, 0])).rejects.toMatchObject({ code: "A2O01" });
  });

  it("that lost its rows is refused and says why (A2O02)", async () => {
    const before = await everything(db);
    const run = await runOf(client);
    await client.query(`insert into ${run.tables_target} values ('d', '{"Name": "t"}')`);
    // What a crash does to unlogged tables.
    await db.query(`truncate ${run.tables_target}`);
    await expect(client.query(finishSql, [run.run_id, 1])).rejects.toMatchObject({
      code: "A2O02",
      message: "the run holds 0 tables where 1 were sent",
      hint: "The database restarted meanwhile. Nothing was stored; run it again.",
    });
    await client.query("select a2o.abandon_assessment($1)", [run.run_id]);
    expect(await everything(db)).toEqual(before);
  });

  it("is left alone while its session lives, and forgotten when it is gone", async () => {
    const third = await ingestClient(db);
    const before = await everything(db);
    const alive = await Recording.begin(client);
    await stageCatalog(alive, catalog(2));
    const left = await runOf(third);
    await third.end();
    await gone(db, pidOf(third));
    expect(await exists(left.tables_target ?? "")).toBe(true);
    await db.as("a2o_worker", async ({ client: worker }) => {
      await worker.query("select a2o.forget_abandoned_runs()");
      await worker.query("commit");
    });
    expect(await exists(left.tables_target ?? "")).toBe(false);
    // Beginning another forgets as well, and a session does not mistake its own run for an abandoned one.
    await (await Recording.begin(client)).abandon();
    await (await Recording.begin(other)).abandon();
    const { id } = await alive.finish({ ...glueHeader, ...moment() });
    expect(await tablesOf(id)).toHaveLength(2);
    await remove(id);
    expect({ ...(await everything(db)), "a2o.column_schemas": 0 }).toEqual({ ...before, "a2o.column_schemas": 0 });
  });
});
