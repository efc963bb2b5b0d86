import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../test/database.ts";
import { contradictions, everything, glueTable, ingestClient, recordCatalog } from "../worker/record/testing.ts";
import { startWorker } from "../worker/run.ts";

const ONE = "111111111111";
const TWO = "222222222222";

let db: TestDatabase;
let owner: Client;
let recorder: Client;
beforeEach(async () => {
  db = await createTestDatabase();
  owner = new Client({ connectionString: db.url });
  owner.on("error", () => undefined);
  await owner.connect();
  await owner.query("set role a2o_owner");
  recorder = await ingestClient(db);
});
afterEach(async () => {
  await Promise.all([owner.end(), recorder.end()]);
  await db.drop();
});

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

/** Records one small assessment, whose table has columns of its own, and returns its id. */
async function assessed(awsAccountId: string, region: string, days: number, tables = 1): Promise<string> {
  const columns = { StorageDescriptor: { Location: "s3://lake/t/", Columns: [{ Name: `c${days}`, Type: "bigint" }] } };
  const catalog = [{ name: "sales", tables: Array.from({ length: tables }, (_, i) => glueTable(`t${i}`, columns)) }];
  return (await recordCatalog(recorder, catalog, { awsAccountId, region, timestamp: daysAgo(days) })).id;
}
async function prune(what: string): Promise<string[]> {
  const { rows } = await owner.query<{ id: string }>(`select id from a2o.prune_assessments(${what})`);
  return rows.map(({ id }) => id);
}
const stored = async () =>
  (await db.query<{ id: string }>("select id from a2o.assessments")).map(({ id }) => id).sort();

describe("prune_assessments", () => {
  it("keeps the newest of each account and region, whatever is asked", async () => {
    const [a0, a1, a2] = [
      await assessed(ONE, "r1", 400),
      await assessed(ONE, "r1", 500),
      await assessed(ONE, "r1", 600),
    ];
    const [b0, c0] = [await assessed(ONE, "r2", 900), await assessed(TWO, "r1", 900)];
    expect(await prune("keep_last => 2, dry_run => true")).toEqual([a2]);
    expect(await stored()).toHaveLength(5);
    expect(await prune("keep_last => 2")).toEqual([a2]);
    expect(await prune("older_than => interval '0'")).toEqual([a1]);
    expect(await stored()).toEqual([a0, b0, c0].sort());
    expect(await contradictions(db)).toEqual([]);
  });

  it("with both conditions deletes only what both let go, and can be narrowed to an account and a region", async () => {
    await assessed(ONE, "r1", 1);
    const [, old] = [await assessed(ONE, "r1", 20), await assessed(ONE, "r1", 40)];
    await assessed(TWO, "r1", 1);
    const other = await assessed(TWO, "r1", 40);
    expect(await prune("keep_last => 3, older_than => interval '30 days'")).toEqual([]);
    expect(await prune("older_than => interval '30 days', account_id => '333333333333'")).toEqual([]);
    expect(await prune("older_than => interval '30 days', region => 'r2'")).toEqual([]);
    expect(
      await prune(`keep_last => 1, older_than => interval '30 days', account_id => '${ONE}', region => 'r1'`),
    ).toEqual([old]);
    expect(await prune("keep_last => 1, older_than => interval '30 days'")).toEqual([other]);
  });

  it("drops the partition of a large assessment and leaves nothing behind", async () => {
    const large = await assessed(ONE, "r1", 40, 20_000);
    await assessed(ONE, "r1", 1);
    const before = await everything(db);
    expect(Object.keys(before)).toContain(`a2o.tables_${large.replaceAll("-", "")}`);
    expect(await prune("keep_last => 1")).toEqual([large]);
    const after = await everything(db);
    expect(Object.keys(after)).not.toContain(`a2o.tables_${large.replaceAll("-", "")}`);
    expect([after["a2o.tables"], after["a2o.databases"], after["a2o.format_rollups"]]).toEqual([1, 1, 1]);
  });

  it("gives up soon when somebody reads, so that the readers behind it need not wait", async () => {
    const large = await assessed(ONE, "r1", 40, 20_000);
    await assessed(ONE, "r1", 1);
    await recorder.query("begin; select from a2o.tables limit 1");
    await expect(prune("keep_last => 1")).rejects.toMatchObject({ code: "55P03" });
    await recorder.query("commit");
    expect(await prune("keep_last => 1")).toEqual([large]);
  });

  it("wants to be told what may go", async () => {
    for (const what of ["", "keep_last => 0", "older_than => interval '-1 day'", "account_id => '111111111111'"]) {
      await expect(prune(what)).rejects.toMatchObject({ code: "A2O20" });
    }
  });

  it("is refused to everybody but the owner, to those who record, too", async () => {
    for (const role of ["a2o_ingest", "a2o_reader", "a2o_operator", "a2o_worker", "a2o_mcp", "a2o_authenticator"]) {
      await db.as(role, async ({ query }) => {
        await expect(query("select a2o.prune_assessments(1)"), role).rejects.toMatchObject({ code: "42501" });
      });
    }
  });
});

describe("retention", () => {
  const apply = () =>
    db.as("a2o_worker", async ({ query, client }) => {
      const rows = await query<{ what: string; removed: string }>("select what, removed from a2o.apply_retention()");
      await client.query("commit; begin");
      return Object.fromEntries(rows.map(({ what, removed }) => [what, Number(removed)]));
    });
  const nothing = {
    ...{ assessments: 0, migration_jobs: 0, migration_metrics: 0, migration_progress: 0 },
    ...{ metrics_5_minutes: 0, metrics_hours: 0, progress_5_minutes: 0, progress_hours: 0 },
    ...{ alerts: 0, alert_deliveries: 0, column_schemas: 0 },
  };

  it("removes alerts that were resolved long ago, and none that is open", async () => {
    await db.query("select a2o.add_monitor($1, 'eu-west-1')", [ONE]);
    await db.query(
      `insert into a2o.alerts (rule_code, aws_account_id, region, monitor_id, severity, message, opened_at, resolved_at, resolution)
       select 'MONITOR_BLIND', aws_account_id, region, id, 'CRITICAL', 'm', now() - interval '3 years', resolved_at, case when resolved_at is not null then 'CLEARED'::a2o.alert_resolution end
       from a2o.monitors, (values (now() - interval '2 years'), (now() - interval '1 day'), (null)) as r(resolved_at)`,
    );
    expect(await apply()).toEqual({ ...nothing, alerts: 1 });
    expect(await db.query("select from a2o.alerts")).toHaveLength(2);
  });

  it("removes old samples and keeps everything else until a DBA says otherwise", async () => {
    await assessed(ONE, "r1", 900);
    await assessed(ONE, "r1", 800);
    await db.query(
      `insert into a2o.migration_jobs (job_type, aws_job_id, aws_account_id, region, completed_at)
       values ('DMS', 'one', $1, 'r1', now() - interval '2 years'), ('DMS', 'two', $1, 'r1', null)`,
      [ONE],
    );
    await db.query(
      "select a2o_private.make_history_partitions(array[now(), now() - interval '60 days', now() - interval '400 days'])",
    );
    await db.query(
      `insert into a2o.migration_progress (job_id, sampled_at, aws_account_id)
       select id, now() - make_interval(days => days), aws_account_id from a2o.migration_jobs, unnest(array[1, 60, 400]) days`,
    );
    await db.query(
      `insert into a2o.migration_metrics (job_id, metric_name, sampled_at, aws_account_id, value)
       select job_id, 'm', sampled_at, aws_account_id, 1 from a2o.migration_progress`,
    );
    // Nothing goes that is not rolled up.
    expect(await apply()).toEqual(nothing);
    await db.query("select a2o.roll_up_history()");
    const samples = { migration_metrics: 2, migration_progress: 2, metrics_5_minutes: 2, progress_5_minutes: 2 };
    expect(await apply()).toEqual({ ...nothing, ...samples });
    expect(await apply()).toEqual(nothing);

    await owner.query("update a2o.retention set keep_for = '1 year', keep_last = 5 where what = 'assessments'");
    await owner.query("update a2o.retention set keep_for = '1 year' where what = 'migration_jobs'");
    expect(await apply()).toEqual({ ...nothing, migration_jobs: 1 });
    expect(await db.query("select distinct job_id from a2o.migration_metrics")).toHaveLength(1);
    await owner.query("update a2o.retention set keep_last = null where what = 'assessments'");
    expect(await apply()).toEqual({ ...nothing, assessments: 1, column_schemas: 1 });
  });

  it("forgets the column lists that no table has any more, but none that a recording is about to use", async () => {
    const old = await assessed(ONE, "r1", 900);
    await assessed(ONE, "r1", 800);
    await owner.query("delete from a2o.assessments where id = $1", [old]);
    const columns = { StorageDescriptor: { Location: "s3://l/t/", Columns: [{ Name: "c900", Type: "bigint" }] } };
    await recorder.query("begin");
    const again = await recordCatalog(recorder, [{ name: "sales", tables: [glueTable("t", columns)] }]);
    expect(await apply()).toEqual(nothing);
    await recorder.query("commit");
    expect(await apply()).toEqual(nothing);
    expect(await contradictions(db)).toEqual([]);
    await owner.query("delete from a2o.assessments where id = $1", [again.id]);
    expect(await apply()).toEqual({ ...nothing, column_schemas: 1 });
  });

  it("is the owner's to change and everybody's to read, and refuses what means nothing", async () => {
    for (const role of ["a2o_reader", "a2o_ingest", "a2o_worker", "a2o_operator"]) {
      await db.as(role, async ({ query }) => {
        expect(await query("select from a2o.retention")).toHaveLength(10);
        await expect(query("update a2o.retention set keep_for = '1 day'"), role).rejects.toMatchObject({
          code: "42501",
        });
      });
    }
    for (const change of ["keep_for = '0'", "keep_last = 0", "keep_last = 3", "what = 'tables'"]) {
      await expect(
        owner.query(`update a2o.retention set ${change} where what = 'migration_metrics'`),
      ).rejects.toMatchObject({ code: "23514" });
    }
    await db.as("a2o_ingest", async ({ query }) => {
      await expect(query("select a2o.apply_retention()")).rejects.toMatchObject({ code: "42501" });
      await expect(query("select a2o.refresh_statistics()")).rejects.toMatchObject({ code: "42501" });
    });
  });
});

describe("statistics", () => {
  it("of the partitioned table follow its partitions, and nothing is analyzed twice", async () => {
    await assessed(ONE, "r1", 1, 20_000);
    await assessed(ONE, "r2", 1, 10);
    const refresh = async () =>
      (await owner.query<{ name: string }>("select name from a2o.refresh_statistics() as name order by 1")).rows.map(
        ({ name }) => name,
      );
    const known = () =>
      db.query(
        "select reltuples::int as rows from pg_class where oid = any (array['a2o.tables', 'a2o.tables_shared']::regclass[])",
      );
    expect(await refresh()).toEqual(["a2o.tables", "a2o.tables_shared"]);
    expect(await known()).toEqual(expect.arrayContaining([{ rows: 20_010 }, { rows: 10 }]));
    expect(
      await db.query("select from pg_stats where schemaname = 'a2o' and tablename = 'tables' and inherited"),
    ).not.toEqual([]);
    expect(await refresh()).toEqual([]);
    await assessed(TWO, "r1", 1, 20_000);
    expect(await refresh()).toEqual(["a2o.tables"]);
  });
});

describe("the worker", () => {
  it("runs both tasks from its queue", async () => {
    await assessed(ONE, "r1", 1, 5);
    await db.query("insert into a2o.column_schemas values ('\\x00', '[]')");
    const said: string[] = [];
    const worker = await startWorker({ databaseUrl: db.url, log: line => said.push(line) });
    try {
      await db.query(
        "select graphile_worker.add_job('housekeeping/apply-retention'), graphile_worker.add_job('housekeeping/refresh-statistics')",
      );
      await expect.poll(() => db.query("select from graphile_worker.jobs"), { timeout: 10_000 }).toEqual([]);
    } finally {
      await worker.stop();
    }
    expect(said).toEqual([]);
    expect(await db.query("select from a2o.column_schemas")).toHaveLength(1);
    expect(await db.query("select from pg_class where oid = 'a2o.tables'::regclass and reltuples = 5")).toHaveLength(1);
  });
});
