import * as fc from "fast-check";
import { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../test/database.ts";
import { glueTable, ingestClient, recordCatalog } from "../worker/record/testing.ts";

const OURS = "111111111111";
const REGION = "eu-west-1";
const DAY = 86_400_000;
const START = Date.UTC(2026, 9, 1);
const at = (days: number) => new Date(START + days * DAY).toISOString();
const DATABASES = ["sales", "ops"];
const TABLES = ["a", "b", "c"];

let db: TestDatabase;
let ingest: Client;
let monitorId: string;
let polls = 0;

beforeAll(async () => {
  db = await createTestDatabase();
  ingest = await ingestClient(db);
  const [monitor] = await db.query<{ id: string }>("select id from a2o.add_monitor($1, $2)", [OURS, REGION]);
  monitorId = monitor?.id ?? "";
});
beforeEach(forget);
afterAll(async () => {
  await ingest.end();
  await db.drop();
});

async function forget() {
  await db.query("delete from a2o.migration_jobs");
  await db.query("delete from a2o.migration_job_links");
  await db.query("delete from a2o_private.job_scopes");
  await db.query("delete from a2o.assessments");
}

/** Tables whose number in `changed` is set were changed on day 5, others long ago. */
const assess = (day: number, changed: number) =>
  recordCatalog(
    ingest,
    DATABASES.map((name, i) => ({
      name,
      tables: TABLES.map((table, j) =>
        glueTable(table, {
          StorageDescriptor: {
            Columns: [{ Name: "id", Type: "bigint" }],
            Location: `s3://lake/${name}/${table}/`,
            InputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
          },
          UpdateTime: at(changed & (1 << (i * 3 + j)) ? 5 : -30),
        }),
      ),
    })),
    { awsAccountId: OURS, region: REGION, timestamp: at(day) },
  );

async function poll(jobs: Record<string, unknown>[], tables: object[] = []) {
  polls++;
  const observed_at = new Date(START + polls * 1000).toISOString();
  const message = {
    poll_id: crypto.randomUUID(),
    monitor_id: monitorId,
    tables,
    jobs: jobs.map(job => ({ run_key: "", started_at: at(0), observed_at, ...job })),
  };
  await db.query("select * from a2o.record_poll($1)", [JSON.stringify(message)]);
}

const states = [
  { status: "PENDING" },
  { status: "RUNNING" },
  { status: "COMPLETED", completed_at: at(3) },
  { status: "COMPLETED", completed_at: at(8) },
  { status: "FAILED", completed_at: at(4) },
];
/** Tasks that move a folder, what Glue's arguments name (candidates), and what the rules of DMS select. */
const tasks = [
  { job_type: "DATASYNC", aws_parent_id: "sync", source: "s3://lake/sales/" },
  { job_type: "DATASYNC", aws_parent_id: "both", source: "s3://lake/" },
  { job_type: "GLUE_JOB", aws_parent_id: "glue", details: { Arguments: { "--table": "sales.a" } } },
  { job_type: "GLUE_JOB", aws_parent_id: "maybe", details: { Arguments: { "--table": "b" } } },
  {
    job_type: "DMS",
    aws_parent_id: "dms",
    migration_type: "full-load",
    details: {
      TableMappings: {
        rules: [
          {
            "rule-type": "selection",
            "rule-id": "1",
            "rule-action": "include",
            "object-locator": { "schema-name": "ops", "table-name": "%" },
          },
        ],
      },
    },
  },
];
const jobOf = (task: number, run: number, state: number) => ({
  ...tasks[task],
  ...states[state],
  aws_job_id: `${tasks[task]?.aws_parent_id}/${run}`,
  started_at: at(run),
});

type Counts = { assessment_id: string; database_name: string; counts: string }[];
const COUNTS = `select assessment_id::text, database_name, concat_ws(' ', tables, assessed, migrating, migrated, changed_since) as counts
  from a2o.database_migrations order by 1, 2`;
/** What the stages of the single tables add up to. */
const ADDED_UP = `select assessment_id::text, database_name, concat_ws(' ', count(*), count(*) filter (where stage = 'ASSESSED'),
    count(*) filter (where stage = 'MIGRATING'), count(*) filter (where stage = 'MIGRATED'), count(*) filter (where stage = 'CHANGED_SINCE')) as counts
  from a2o.table_migrations group by 1, 2 order by 1, 2`;
const CANDIDATES = "select assessment_id::text, database_name, candidates from a2o.database_migrations order by 1, 2";

/** The same question without anything stored. */
const asIfNotStored = (sql: string) =>
  db.as("postgres", async ({ query }) => {
    await query("delete from a2o.migration_rollups");
    return query(sql);
  });
const freshRollups = async () =>
  (
    await db.query<{ n: number }>(
      `select count(*)::int as n from a2o.migration_rollups r where not exists (
         select from a2o.stale_migration_rollups s where s.database_name = r.database_name)`,
    )
  )[0]?.n;

const task = fc.nat({ max: tasks.length - 1 });
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant("poll" as const),
      task,
      run: fc.nat({ max: 2 }),
      state: fc.nat({ max: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant("tell" as const),
      table: fc.constantFrom(...TABLES),
      state: fc.constantFrom("Table completed", "Full load", "Table error"),
      ended: fc.constantFrom(null, at(2), at(7)),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constantFrom("link_job" as const, "unlink_job" as const),
      task,
      database: fc.constantFrom(...DATABASES),
      table: fc.constantFrom(...TABLES, null),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant("assess" as const),
      day: fc.nat({ max: 9 }),
      changed: fc.nat({ max: 63 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      does: fc.constantFrom("drop newest" as const, "drop oldest" as const, "drop job" as const, "drop links" as const),
      task,
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function take(taken: Step): Promise<void> {
  if (taken.does === "poll") return poll([jobOf(taken.task, taken.run, taken.state)]);
  if (taken.does === "tell") {
    const told = {
      schema_name: "ops",
      table_name: taken.table,
      table_state: taken.state,
      full_load_ended_at: taken.ended,
    };
    return poll([jobOf(4, 2, 1)], [{ job: 1, tables: [told] }]);
  }
  if (taken.does === "link_job" || taken.does === "unlink_job") {
    const { does, database, table } = taken;
    const refused = (error: { code?: string }) => expect(error.code).toMatch(/^A2O6[34]$/);
    await db
      .query(
        `select a2o.${does}(j.id, $2, $3) from (select id from a2o.migration_jobs where aws_parent_id = $1 order by aws_job_id limit 1) as j`,
        [tasks[taken.task]?.aws_parent_id, database, table],
      )
      .catch(refused);
    return;
  }
  if (taken.does === "assess") {
    await assess(taken.day, taken.changed);
    return;
  }
  const dropped = {
    "drop newest": "delete from a2o.assessments where id in (select id from a2o.newest_assessments) and $1 >= 0",
    "drop oldest":
      "delete from a2o.assessments where id = (select id from a2o.assessments order by timestamp limit 1) and $1 >= 0",
    "drop job": `delete from a2o.migration_jobs where aws_parent_id = (array['sync', 'both', 'glue', 'maybe', 'dms'])[$1 + 1]`,
    "drop links": "delete from a2o.migration_job_links where source <> 'PERSON' and $1 >= 0",
  }[taken.does];
  await db.query(dropped, [taken.task]);
}

describe("the stored counts of a migration", () => {
  it("are what the tables add up to, whatever happens", async () => {
    let stored = 0;
    const property = fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async steps => {
      await forget();
      await assess(0, 7);
      for (const taken of steps) {
        await take(taken);
        expect(await db.query<Counts[number]>(COUNTS)).toEqual(await db.query(ADDED_UP));
        expect(await db.query(CANDIDATES)).toEqual(await asIfNotStored(CANDIDATES));
        if (taken.does === "poll") {
          // A poll leaves nothing to count.
          expect(await db.query("select * from a2o.stale_migration_rollups")).toEqual([]);
          stored += (await freshRollups()) ?? 0;
        }
      }
    });
    await fc.assert(property, { numRuns: 25 });
    expect(stored).toBeGreaterThan(0);
  });

  it("are not believed while a change is committed that was not there when they were counted", async () => {
    await assess(0, 0);
    await poll([jobOf(0, 0, 1)]);
    const migrating = async () =>
      (await db.query<{ n: number }>("select sum(migrating)::int as n from a2o.assessment_migrations"))[0]?.n;
    expect([await migrating(), await freshRollups()]).toEqual([3, 1]);
    const other = new Client({ connectionString: db.url });
    await other.connect();
    try {
      await other.query("begin");
      await other.query("update a2o.migration_jobs set status = 'FAILED', completed_at = now()");
      expect(await migrating()).toBe(3);
      // Counts anew while the other transaction is not done yet.
      await db.query(
        "insert into a2o.stale_migration_rollups (aws_account_id, region, database_name) values ($1, $2, 'sales')",
        [OURS, REGION],
      );
      await db.query("select a2o_private.refresh_migration_rollups($1, $2)", [OURS, REGION]);
      expect([await migrating(), await freshRollups()]).toEqual([3, 1]);
      await other.query("commit");
      expect([await migrating(), await freshRollups()]).toEqual([0, 0]);
    } finally {
      await other.end();
    }
    await db.query("select a2o_private.refresh_migration_rollups($1, $2)", [OURS, REGION]);
    expect([await migrating(), await freshRollups()]).toEqual([0, 1]);
  });

  it("wait for nobody: who finds another at it leaves the counting to the next", async () => {
    await assess(0, 0);
    await poll([jobOf(0, 0, 1)]);
    const other = new Client({ connectionString: db.url });
    await other.connect();
    try {
      await other.query("begin");
      await other.query("select a2o_private.refresh_migration_rollups($1, $2)", [OURS, REGION]);
      await poll([jobOf(0, 0, 2)]);
      expect(await db.query(COUNTS)).toEqual(await db.query(ADDED_UP));
      expect(await freshRollups()).toBe(0);
      await other.query("commit");
    } finally {
      await other.end();
    }
    await poll([]);
    expect(await freshRollups()).toBe(1);
    expect(await db.query(COUNTS)).toEqual(await db.query(ADDED_UP));
  });
});
