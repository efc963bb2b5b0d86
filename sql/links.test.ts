import type { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../test/database.ts";
import { type CatalogDatabase, glueTable, ingestClient, recordCatalog } from "../worker/record/testing.ts";

const OURS = "111111111111";
const THEIRS = "222222222222";
const REGION = "eu-west-1";

let db: TestDatabase;
let ingest: Client;
let reader: string;
let operator: string;
let stranger: string;
let monitorId: string;

beforeAll(async () => {
  db = await createTestDatabase();
  ingest = await ingestClient(db);
  [reader, operator, stranger] = [
    await db.createLogin("a2o_reader"),
    await db.createLogin("a2o_operator"),
    await db.createLogin("a2o_operator"),
  ];
  await db.query("select a2o.grant_account_access(m, a) from (values ($1, $3), ($2, $3), ($4, $5)) as g(m, a)", [
    reader,
    operator,
    OURS,
    stranger,
    THEIRS,
  ]);
});
beforeEach(async () => {
  const [monitor] = await db.query<{ id: string }>("select id from a2o.add_monitor($1, $2)", [OURS, REGION]);
  monitorId = monitor?.id ?? "";
});
afterEach(async () => {
  await db.query("delete from a2o.monitors");
  await db.query("delete from a2o.migration_jobs");
  await db.query("delete from a2o.migration_job_links");
  await db.query("delete from a2o_private.job_scopes");
  await db.query("delete from a2o.assessments");
});
afterAll(async () => {
  await ingest.end();
  await db.drop();
});

const DAY = 86_400_000;
const START = Date.UTC(2026, 9, 1);
const at = (days: number) => new Date(START + days * DAY).toISOString();

const file = (location: string, more: object = {}) =>
  glueTable(location.split("/").at(-2) ?? "", {
    StorageDescriptor: {
      Columns: [{ Name: "id", Type: "bigint" }],
      Location: location,
      InputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    },
    UpdateTime: at(-30),
    ...more,
  });
const jdbc = (name: string, location: string) =>
  glueTable(name, {
    Parameters: { classification: "oracle", connectionName: "erp" },
    StorageDescriptor: { Columns: [{ Name: "id", Type: "int" }], Location: location },
  });

const catalog: CatalogDatabase[] = [
  {
    name: "sales",
    tables: [
      file("s3://lake/sales/orders/"),
      file("s3://lake/sales/orders_archive/"),
      file("s3a://lake/sales/customers"),
      glueTable("order_view", { TableType: "VIRTUAL_VIEW", ViewOriginalText: "select 1" }),
    ].map((table, i) => (i === 2 ? { ...table, Name: "customers" } : table)),
  },
  { name: "sales_us", tables: [file("s3://lake/sales_us/orders/"), file("s3://lake/sales_us/refunds/")] },
  {
    name: "erp",
    tables: [
      jdbc("erp_apps_ledger", "ERP.APPS.LEDGER"),
      jdbc("crm_apps_ledger", "CRM.APPS.LEDGER"),
      jdbc("erp_apps_assets", "ERP.APPS.ASSETS"),
    ],
  },
];
const assess = (tables: CatalogDatabase[] = catalog, day = 0) =>
  recordCatalog(ingest, tables, { awsAccountId: OURS, region: REGION, timestamp: at(day) }).then(({ id }) => id);

let polls = 0;
async function poll(jobs: Record<string, unknown>[], tables: object[] = []): Promise<void> {
  polls++;
  const message = {
    poll_id: crypto.randomUUID(),
    monitor_id: monitorId,
    tables,
    jobs: jobs.map(job => ({
      run_key: "",
      status: "RUNNING",
      started_at: at(0),
      observed_at: new Date(START + polls * 1000).toISOString(),
      ...job,
    })),
  };
  await db.query("select * from a2o.record_poll($1)", [JSON.stringify(message)]);
}

const rule = (schema: string, table: string, action = "include", id = "1") => ({
  "rule-type": "selection",
  "rule-id": id,
  "rule-action": action,
  "object-locator": { "schema-name": schema, "table-name": table },
});
const dms = (rules: object[], more: Record<string, unknown> = {}) => ({
  job_type: "DMS",
  aws_job_id: "arn:task",
  aws_parent_id: "arn:task",
  run_key: "1",
  job_name: "task",
  migration_type: "full-load",
  details: { TableMappings: { rules } },
  ...more,
});
const sync = (source: string, more: Record<string, unknown> = {}) => ({
  job_type: "DATASYNC",
  aws_job_id: "arn:sync/execution/1",
  aws_parent_id: "arn:sync",
  job_name: "sync",
  source,
  ...more,
});
const glue = (args: Record<string, string>, more: Record<string, unknown> = {}) => ({
  job_type: "GLUE_JOB",
  aws_job_id: "jr_1",
  aws_parent_id: "convert",
  job_name: "convert",
  details: { Arguments: { "--enable-metrics": "true", ...args } },
  ...more,
});

/** `database.table state`, of one job or of all. */
const links = async (awsJobId?: string) =>
  (
    await db.query<{ link: string }>(
      `select l.database_name || '.' || l.table_name || ' ' || l.state as link from a2o.job_links l join a2o.migration_jobs j on j.id = l.job_id
       where $1::text is null or j.aws_job_id = $1 order by l.database_name, l.table_name`,
      [awsJobId ?? null],
    )
  ).map(({ link }) => link);
const idOf = async (awsJobId: string) =>
  (await db.query<{ id: string }>("select id from a2o.migration_jobs where aws_job_id = $1", [awsJobId]))[0]?.id;

describe("a DMS task", () => {
  it("is linked to the tables that its rules select, excluded ones and other databases left out", async () => {
    await assess();
    await poll([dms([rule("sales", "order%"), rule("sales", "%[_]archive", "exclude", "2")])]);
    expect(await links()).toEqual(["sales.order_view LINKED", "sales.orders LINKED"]);
    const [link] = await db.query(
      "select source, source_schema, evidence from a2o.job_links where table_name = 'orders'",
    );
    expect(link).toEqual({
      source: "DMS_TABLE_MAPPING",
      source_schema: "sales",
      evidence: { source: "sales.orders", matched: "NAME", told_by: "SELECTION_RULE", rule_id: "1" },
    });
  });

  it("is linked to those alone that DMS counts, once it does, whatever the case of their names", async () => {
    await assess();
    await poll([dms([rule("SALES", "%")])]);
    expect(await links()).toHaveLength(4);
    await poll([dms([rule("SALES", "%")])], [{ job: 1, tables: [{ schema_name: "SALES", table_name: "ORDERS" }] }]);
    expect(await links()).toEqual(["sales.orders LINKED"]);
  });

  it("whose rules take any schema is a candidate, since nobody knows which schemas the source has", async () => {
    await assess();
    await poll([dms([rule("%", "refunds")])]);
    expect(await links()).toEqual(["sales_us.refunds CANDIDATE"]);
    await poll(
      [dms([rule("%", "refunds")])],
      [{ job: 1, tables: [{ schema_name: "sales_us", table_name: "refunds" }] }],
    );
    expect(await links()).toEqual(["sales_us.refunds LINKED"]);
  });

  it("finds entries read over JDBC by schema and table; two that fit are left to a person", async () => {
    await assess();
    await poll([dms([rule("APPS", "%")])]);
    const expected = ["erp.crm_apps_ledger CANDIDATE", "erp.erp_apps_assets LINKED", "erp.erp_apps_ledger CANDIDATE"];
    expect(await links()).toEqual(expected);
    await poll(
      [dms([rule("APPS", "%")])],
      [{ job: 1, tables: ["LEDGER", "ASSETS"].map(table_name => ({ schema_name: "APPS", table_name })) }],
    );
    expect(await links()).toEqual(expected);
  });

  it("finds tables by the names that they get in the target", async () => {
    await assess();
    const rename = (target: string, action: string, value: string) => ({
      "rule-type": "transformation",
      "rule-target": target,
      "rule-action": action,
      value,
      "object-locator": { "schema-name": "%", "table-name": "%" },
    });
    const rules = [
      rule("shop", "old_%"),
      rename("schema", "rename", "sales_us"),
      rename("table", "remove-prefix", "old_"),
    ];
    await poll([dms(rules)]);
    expect(await links()).toEqual(["sales_us.orders LINKED", "sales_us.refunds LINKED"]);
    await poll([dms(rules)], [{ job: 1, tables: [{ schema_name: "shop", table_name: "old_refunds" }] }]);
    expect(await links()).toEqual(["sales_us.refunds LINKED"]);
    const [link] = await db.query(
      "select source_schema, source_table, evidence ->> 'matched' as matched from a2o.job_links",
    );
    expect(link).toEqual({ source_schema: "shop", source_table: "old_refunds", matched: "TARGET_NAME" });
  });

  it("without mappings, or with odd ones, has no links", async () => {
    await assess();
    await poll([
      dms([], { details: {} }),
      dms([{ "rule-type": "selection", "rule-action": "include" }, rule("[z-a]", "[")], {
        aws_job_id: "b",
        aws_parent_id: "b",
      }),
    ]);
    expect(await links()).toEqual([]);
  });

  it("whose mappings become known later, or change, is linked by the new ones; its earlier run keeps its own", async () => {
    await assess();
    await poll([dms([], { details: {} })]);
    await poll([dms([rule("sales", "orders")], { status: "COMPLETED", completed_at: at(1) })]);
    expect(await links()).toEqual(["sales.orders LINKED"]);
    await poll([dms([rule("sales_us", "refunds")], { run_key: "2", started_at: at(2) })]);
    expect(await links()).toEqual(["sales.orders LINKED", "sales_us.refunds LINKED"]);
    expect(await db.query("select count(*)::int as n from a2o.migration_jobs where table_id is not null")).toEqual([
      { n: 2 },
    ]);
  });
});

describe("a DataSync task", () => {
  it("is linked to what lies in its source, on the borders of folders, whatever scheme names it", async () => {
    await assess();
    await poll([sync("s3://lake/sales")]);
    expect(await links()).toEqual(["sales.customers LINKED", "sales.orders LINKED", "sales.orders_archive LINKED"]);
  });

  it("whose source lies in a table, or whose filters leave only a part of it, moves a part: a candidate", async () => {
    await assess();
    await poll([
      sync("s3://lake/sales/orders/year=2026/"),
      sync("s3://lake/", {
        aws_job_id: "filtered",
        aws_parent_id: "filtered",
        details: {
          Includes: [{ Value: "/sales_us|/sales/customers/new*" }],
          Excludes: [{ Value: "/sales_us/refunds" }],
        },
      }),
    ]);
    expect(await links("arn:sync/execution/1")).toEqual(["sales.orders CANDIDATE"]);
    expect(await links("filtered")).toEqual(["sales.customers CANDIDATE", "sales_us.orders LINKED"]);
  });

  it("shares its links among its executions, and does not link what is not on S3", async () => {
    await assess();
    const runs = Array.from({ length: 30 }, (_, i) => sync("s3://lake/sales/", { aws_job_id: `run-${i}` }));
    await poll([...runs, sync("nfs://server/export/", { aws_job_id: "nfs", aws_parent_id: "nfs" })]);
    expect(await db.query("select count(*)::int as n from a2o.migration_job_links")).toEqual([{ n: 3 }]);
    expect(await links()).toHaveLength(90);
  });
});

describe("a Glue job", () => {
  it.each<[Record<string, string>, string[]]>([
    [
      { "--source_database": "sales", "--source_table": "orders", "--target_table": "sales_us.orders" },
      ["sales.orders LINKED"],
    ],
    [{ "--table": "glue_catalog.sales.customers" }, ["sales.customers LINKED"]],
    [{ "--tables": "refunds, customers" }, ["sales.customers LINKED", "sales_us.refunds LINKED"]],
    [{ "--table": "orders" }, ["sales.orders CANDIDATE", "sales_us.orders CANDIDATE"]],
    [{ "--db_name": "sales_us" }, ["sales_us.orders CANDIDATE", "sales_us.refunds CANDIDATE"]],
    [{ "--target_table": "sales.orders" }, ["sales.orders CANDIDATE"]],
    [{ "--input_path": "s3://lake/sales/orders" }, ["sales.orders LINKED"]],
    [{ "--input_path": "s3://lake/sales_us/" }, ["sales_us.orders CANDIDATE", "sales_us.refunds CANDIDATE"]],
    [{ "--input_path": "s3://lake/sales/orders/year=2026/" }, ["sales.orders CANDIDATE"]],
    [{ "--input_path": "s3://lake/sales_us/", "--source_table": "sales.orders" }, ["sales.orders LINKED"]],
    [{ "--source_table": "nowhere", "--check": "sales.orders" }, []],
  ])("with %j moves %j", async (args, expected) => {
    await assess();
    await poll([glue(args)]);
    expect(await links()).toEqual(expected);
  });

  it("that is given other tables in another run moves those; other arguments make no difference", async () => {
    await assess();
    await poll([
      glue({ "--source_table": "sales.orders", "--run_date": "1" }),
      glue({ "--source_table": "sales.orders", "--run_date": "2" }, { aws_job_id: "jr_2" }),
      glue({ "--source_table": "sales.customers", "--run_date": "3" }, { aws_job_id: "jr_3" }),
    ]);
    expect([await links("jr_1"), await links("jr_2"), await links("jr_3")]).toEqual([
      ["sales.orders LINKED"],
      ["sales.orders LINKED"],
      ["sales.customers LINKED"],
    ]);
    expect(await db.query("select count(*)::int as n from a2o_private.job_scopes")).toEqual([{ n: 2 }]);
  });
});

describe("links", () => {
  it("come with the assessment when the jobs were there before, and outlive assessments", async () => {
    await poll([sync("s3://lake/sales/")]);
    expect(await links()).toEqual([]);
    const first = await assess();
    expect(await links()).toHaveLength(3);
    // One table goes, one comes, one moves away.
    await assess(
      [
        {
          name: "sales",
          tables: [file("s3://lake/sales/orders/"), file("s3://lake/sales/new/"), file("s3://other/customers/")],
        },
      ],
      1,
    );
    const expected = ["sales.new LINKED", "sales.orders LINKED", "sales.orders_archive LINKED"];
    expect(await links()).toEqual(expected);
    await db.query("delete from a2o.assessments where id = $1", [first]);
    // An older assessment changes nothing.
    await assess(catalog, -5);
    expect(await links()).toEqual(expected);
  });

  it("cost no write when nothing has changed", async () => {
    await assess();
    const jobs = [sync("s3://lake/sales/"), dms([rule("sales", "%")]), glue({ "--table": "sales.orders" })];
    await poll(jobs);
    const state = () =>
      db.query("select xmin::text from a2o.migration_job_links order by scope_id, database_name, table_name");
    const scopes = () => db.query("select xmin::text from a2o_private.job_scopes order by id");
    const before = [await state(), await scopes()];
    await poll(jobs);
    expect([await state(), await scopes()]).toEqual(before);
    // All are looked at again, and found as they were.
    await assess(catalog, 1);
    expect(await state()).toEqual(before[0]);
  });

  it("go with the last job of their task, unless a person decided something", async () => {
    await assess();
    await poll([sync("s3://lake/sales/"), sync("s3://lake/sales/", { aws_job_id: "again" })]);
    await db.query("delete from a2o.migration_jobs where aws_job_id = 'again'");
    expect(await links()).toHaveLength(3);
    await db.query("delete from a2o.migration_jobs");
    const left = () => db.query("select count(*)::int as n from a2o.migration_job_links");
    expect(await left()).toEqual([{ n: 0 }]);
    await poll([sync("s3://lake/sales/")]);
    await db.query("select a2o.unlink_job($1, 'sales', 'orders')", [await idOf("arn:sync/execution/1")]);
    await db.query("delete from a2o.migration_jobs");
    await poll([sync("s3://lake/sales/", { aws_job_id: "later" })]);
    expect(await links()).toEqual(["sales.customers LINKED", "sales.orders REJECTED", "sales.orders_archive LINKED"]);
  });
});

describe("a person's word", () => {
  /** As the operator, for good: `as` rolls back. */
  const decide = async (call: string, ...params: unknown[]) => {
    await db.query(`select a2o.${call}`, params);
  };

  it("confirms, rejects and adds; no poll, assessment or new mapping overwrites it", async () => {
    await assess();
    await poll([glue({ "--table": "orders" }), dms([rule("sales", "orders%")])]);
    const [job, task] = [await idOf("jr_1"), await idOf("arn:task")];
    await decide("link_job($1, 'sales', 'orders')", job);
    await decide("unlink_job($1, 'sales_us', 'orders')", job);
    await decide("unlink_job($1, 'sales', 'orders_archive')", task);
    await decide("link_job($1, 'sales_us', 'refunds')", task);
    const expected = ["sales.orders LINKED", "sales.orders_archive REJECTED", "sales_us.refunds LINKED"];
    expect(await links("jr_1")).toEqual(["sales.orders LINKED", "sales_us.orders REJECTED"]);
    expect(await links("arn:task")).toEqual(expected);
    await assess(catalog, 1);
    // The run that says the same, and the task with other mappings.
    await poll([
      glue({ "--table": "orders" }, { aws_job_id: "jr_2" }),
      dms([rule("sales", "order%s"), rule("sales", "orders_archive", "include", "9")]),
    ]);
    expect(await links("jr_2")).toEqual(["sales.orders LINKED", "sales_us.orders REJECTED"]);
    expect(await links("arn:task")).toEqual(expected);
    const [first] = await db.query(
      "select source, decided_by is not null as by, decided_at is not null as at, evidence ->> 'argument' as argument from a2o.job_links where job_id = $1 and state = 'LINKED'",
      [job],
    );
    expect(first).toEqual({ source: "PERSON", by: true, at: true, argument: "--table" });
  });

  it("about a whole database means its candidates", async () => {
    await assess();
    await poll([glue({ "--database": "sales_us" })]);
    const job = await idOf("jr_1");
    await decide("unlink_job($1, 'sales_us', 'refunds')", job);
    await decide("link_job($1, 'sales_us')", job);
    expect(await links()).toEqual(["sales_us.orders LINKED", "sales_us.refunds REJECTED"]);
    for (const call of ["link_job", "unlink_job"])
      await expect(decide(`${call}($1, 'sales_us')`, job)).rejects.toMatchObject({ code: "A2O64" });
    // The job that moves one table names it, as alerts and lists of jobs show it.
    expect(
      await db.query(
        "select count(*)::int as n from a2o.migration_jobs j join a2o.tables t on t.id = j.table_id and t.table_name = 'orders'",
      ),
    ).toEqual([{ n: 1 }]);
  });

  it("is an operator's, about their own accounts, tables that exist, and links that there are", async () => {
    await assess();
    await poll([glue({ "--table": "sales.orders" })]);
    const job = await idOf("jr_1");
    const asked = (login: string, call: string, params: unknown[]) =>
      db.as(login, ({ query }) => query(`select table_id is not null as is_single from a2o.${call}`, params));
    expect(await asked(operator, "link_job($1, 'sales_us', 'orders')", [job])).toEqual([{ is_single: false }]);
    expect(await asked(operator, "unlink_job($1, 'sales', 'orders')", [job])).toEqual([{ is_single: false }]);
    await expect(asked(reader, "link_job($1, 'sales', 'orders')", [job])).rejects.toMatchObject({ code: "42501" });
    await expect(asked(reader, "unlink_job($1, 'sales', 'orders')", [job])).rejects.toMatchObject({ code: "42501" });
    for (const call of ["link_job($1, 'sales', 'orders')", "unlink_job($1, 'sales', 'orders')"]) {
      await expect(asked(stranger, call, [job])).rejects.toMatchObject({ code: "A2O62" });
      await expect(asked(operator, call, [crypto.randomUUID()])).rejects.toMatchObject({ code: "A2O62" });
    }
    await expect(asked(operator, "link_job($1, 'sales', 'nothing')", [job])).rejects.toMatchObject({ code: "A2O63" });
    await expect(asked(operator, "unlink_job($1, 'sales', 'customers')", [job])).rejects.toMatchObject({
      code: "A2O64",
    });
    const [who] = await db.as(operator, async ({ query }) => {
      await query("select a2o.link_job($1, 'sales', 'orders')", [job]);
      return query<{ decided_by: string }>("select decided_by from a2o.job_links where job_id = $1", [job]);
    });
    expect(who).toEqual({ decided_by: operator });
  });

  it("and every link is seen by those who may read the account alone, and written by nobody", async () => {
    await assess();
    await poll([sync("s3://lake/sales/")]);
    const views = [
      "job_links",
      "table_migrations",
      "database_migrations",
      "assessment_migrations",
      "migration_job_links",
    ];
    for (const [login, expected] of [
      [reader, true],
      [operator, true],
      [stranger, false],
    ] as const) {
      const seen = await db.as(login, async ({ query }) => {
        const answers: boolean[] = [];
        for (const view of views) answers.push((await query(`select 1 from a2o.${view} limit 1`)).length === 1);
        return answers;
      });
      expect([login, seen]).toEqual([login, views.map(() => expected)]);
      await expect(db.as(login, ({ query }) => query("delete from a2o.migration_job_links"))).rejects.toMatchObject({
        code: "42501",
      });
    }
  });
});

describe("the stage of a table", () => {
  const stages = (assessment: string) =>
    db.as(reader, async ({ query }) => {
      const rows = await query<{ line: string }>(
        `select table_name || ' ' || stage || coalesce(' ' || job_name || ' ' || to_char(decided_at at time zone 'UTC', 'MM-DD'), '') as line
         from a2o.table_migrations where assessment_id = $1 and database_name = 'sales' order by table_name`,
        [assessment],
      );
      return rows.map(({ line }) => line);
    });

  it("goes from assessed over migrating and migrated to changed since, told by the job that decided", async () => {
    const assessment = await assess();
    expect(await stages(assessment)).toEqual([
      "customers ASSESSED",
      "order_view ASSESSED",
      "orders ASSESSED",
      "orders_archive ASSESSED",
    ]);
    await poll([
      sync("s3://lake/sales/"),
      glue({ "--table": "sales.orders" }, { status: "FAILED", completed_at: at(1) }),
    ]);
    const running = [
      "customers MIGRATING sync 10-01",
      "order_view ASSESSED",
      "orders MIGRATING sync 10-01",
      "orders_archive MIGRATING sync 10-01",
    ];
    expect(await stages(assessment)).toEqual(running);
    await poll([
      sync("s3://lake/sales/", { status: "COMPLETED", completed_at: at(2) }),
      glue({ "--table": "sales.orders" }, { aws_job_id: "jr_2", status: "COMPLETED", completed_at: at(4) }),
    ]);
    expect(await stages(assessment)).toEqual([
      "customers MIGRATED sync 10-03",
      "order_view ASSESSED",
      "orders MIGRATED convert 10-05",
      "orders_archive MIGRATED sync 10-03",
    ]);
    // Its entry is changed on the fourth day: after sync, before convert.
    const changed = (catalog[0]?.tables ?? []).map(table => ({ ...table, UpdateTime: at(3) }));
    const later = await assess([{ name: "sales", tables: changed }, ...catalog.slice(1)], 6);
    expect(await stages(later)).toEqual([
      "customers CHANGED_SINCE sync 10-04",
      "order_view ASSESSED",
      "orders MIGRATED convert 10-05",
      "orders_archive CHANGED_SINCE sync 10-04",
    ]);
    expect(
      await db.query(
        "select tables, assessed, migrating, migrated, changed_since, candidates from a2o.database_migrations where assessment_id = $1 and database_name = 'sales'",
        [later],
      ),
    ).toEqual([{ tables: 4, assessed: 1, migrating: 0, migrated: 1, changed_since: 2, candidates: 0 }]);
    expect(
      await db.query(
        "select tables, assessed, migrated, changed_since from a2o.assessment_migrations where assessment_id = $1",
        [later],
      ),
    ).toEqual([{ tables: 9, assessed: 6, migrated: 1, changed_since: 2 }]);
    // Moved once more.
    await poll([sync("s3://lake/sales/", { aws_job_id: "again", started_at: at(7) })]);
    expect((await stages(later))[0]).toBe("customers MIGRATING sync 10-08");
  });

  it("follows DMS's word on the single table, not the end of the task", async () => {
    const assessment = await assess();
    const task = (more: object) => dms([rule("sales", "%")], { ...more });
    const told = (table_name: string, table_state: string, ended?: string) => ({
      schema_name: "sales",
      table_name,
      table_state,
      full_load_ended_at: ended,
    });
    await poll(
      [task({})],
      [
        {
          job: 1,
          tables: [
            told("orders", "Table completed", at(1)),
            told("customers", "Full load"),
            told("orders_archive", "Table error"),
          ],
        },
      ],
    );
    expect(await stages(assessment)).toEqual([
      "customers MIGRATING task 10-01",
      "order_view ASSESSED",
      "orders MIGRATED task 10-02",
      "orders_archive ASSESSED",
    ]);
    await poll([task({ status: "FAILED", completed_at: at(2) })]);
    expect(await stages(assessment)).toEqual([
      "customers ASSESSED",
      "order_view ASSESSED",
      "orders MIGRATED task 10-02",
      "orders_archive ASSESSED",
    ]);
  });

  it("stays migrating while changes are replicated", async () => {
    const assessment = await assess();
    const task = (more: object) => dms([rule("sales", "orders")], { migration_type: "full-load-and-cdc", ...more });
    await poll(
      [task({})],
      [
        {
          job: 1,
          tables: [
            { schema_name: "sales", table_name: "orders", table_state: "Table completed", full_load_ended_at: at(1) },
          ],
        },
      ],
    );
    expect((await stages(assessment))[2]).toBe("orders MIGRATING task 10-01");
    await poll([task({ status: "COMPLETED", completed_at: at(5) })]);
    expect((await stages(assessment))[2]).toBe("orders MIGRATED task 10-06");
  });

  it("does not count candidates and what a person rejected", async () => {
    const assessment = await assess();
    await poll([glue({ "--db": "sales" }, { status: "COMPLETED", completed_at: at(1) })]);
    expect(await stages(assessment)).toEqual([
      "customers ASSESSED",
      "order_view ASSESSED",
      "orders ASSESSED",
      "orders_archive ASSESSED",
    ]);
    const counts = () =>
      db.query(
        "select migrated, candidates from a2o.database_migrations where assessment_id = $1 and database_name = 'sales'",
        [assessment],
      );
    expect(await counts()).toEqual([{ migrated: 0, candidates: 4 }]);
    await db.query("select a2o.link_job($1, 'sales', 'orders'), a2o.unlink_job($1, 'sales', 'customers')", [
      await idOf("jr_1"),
    ]);
    expect(await counts()).toEqual([{ migrated: 1, candidates: 2 }]);
    expect((await stages(assessment))[2]).toBe("orders MIGRATED convert 10-02");
  });
});
