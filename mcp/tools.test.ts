import fc from "fast-check";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../test/database.ts";
import { glueTable, ingestClient, recordCatalog } from "../worker/record/testing.ts";
import { call, openSession, type Session } from "./session.fixture.ts";

const OURS = "111111111111";
const THEIRS = "222222222222";
const GB = 2 ** 30;

let db: TestDatabase;
let recorder: Client;
let session: Session;
let first: string;
let second: string;
let theirs: string;
let job: string;

const sized = (name: string, gigabytes: number) =>
  glueTable(name, {
    Parameters: { totalSize: String(gigabytes * GB) },
    PartitionKeys: [{ Name: "date", Type: "date" }],
  });
const analytics = [sized("events", 1250.5), sized("logs", 450.25), sized("tiny", 3)];

beforeAll(async () => {
  db = await createTestDatabase();
  recorder = await ingestClient(db);
  const catalog = [
    { name: "analytics", tables: analytics },
    {
      name: "sales",
      tables: [sized("huge", 9000), glueTable("report", { TableType: "VIRTUAL_VIEW", Parameters: {} })],
    },
    { name: "hr", coverage: { status: "DENIED" as const, tablesRead: 0, errorCode: "AccessDeniedException" } },
  ];
  first = (await recordCatalog(recorder, catalog)).id;
  theirs = (await recordCatalog(recorder, catalog, { awsAccountId: THEIRS })).id;
  const grown = [{ name: "analytics", tables: [...analytics.slice(1), sized("fresh", 7)] }, ...catalog.slice(1)];
  second = (await recordCatalog(recorder, grown, { timestamp: "2026-02-09T00:00:00Z" })).id;
  await db.query(
    `insert into a2o.migration_jobs (job_type, aws_job_id, aws_account_id, region, status, started_at, table_id)
     select 'DMS', account, account, 'eu-west-1', 'RUNNING', now(), a2o.table_identity(account, 'eu-west-1', 'sales', 'huge')
     from unnest($1::text[]) account`,
    [[OURS, THEIRS]],
  );
  job =
    (await db.query<{ id: string }>("select id from a2o.migration_jobs where aws_account_id = $1", [OURS]))[0]?.id ??
    "";
  await db.query(
    `insert into a2o.alerts (rule_code, severity, aws_account_id, region, job_id, message, opened_at, acknowledged_at, acknowledged_by, resolved_at, resolution)
     select rule, severity::a2o.alert_severity, j.aws_account_id, j.region, j.id, rule || ' of ' || j.aws_account_id, opened::timestamptz, acknowledged::timestamptz,
       case when acknowledged is not null then 'ops' end, resolved::timestamptz, case when resolved is not null then 'CLEARED' end::a2o.alert_resolution
     from a2o.migration_jobs j, (values
       ('JOB_STALLED', 'WARNING', '2026-11-20T10:00Z', null, null), ('ERROR_ROWS', 'WARNING', '2026-11-20T11:00Z', '2026-11-20T12:00Z', null),
       ('TABLES_ERRORED', 'CRITICAL', '2026-11-19T11:00Z', null, null), ('CDC_LATENCY', 'WARNING', '2026-11-18T11:00Z', null, '2026-11-18T12:00Z')
     ) as a(rule, severity, opened, acknowledged, resolved)`,
  );
  await db.query("select a2o.grant_account_access('a2o_mcp', $1)", [OURS]);
  session = await openSession(db.urlFor("a2o_mcp"));
});
afterAll(async () => {
  await session.close();
  await recorder.end();
  await db.drop();
});

const ask = async (name: string, args: Record<string, unknown> = {}) => {
  const answer = await call(session.client, name, args);
  expect([answer.isError, answer.isError ? answer.text : ""]).toEqual([false, ""]);
  return answer.structured as Record<string, unknown> & { items: Record<string, unknown>[]; message: string | null };
};

const SEED: Record<string, { required: string[]; all: string[] }> = {
  get_latest_assessment: { required: ["region", "account_id"], all: ["region", "account_id"] },
  query_tables_by_readiness: { required: ["status"], all: ["status", "database", "assessment_id"] },
  get_database_summary: { required: ["database_name"], all: ["database_name", "assessment_id"] },
  search_tables: { required: ["pattern"], all: ["pattern", "format", "min_size_gb"] },
  get_tables_by_format: { required: [], all: ["assessment_id"] },
  compare_assessments: {
    required: ["assessment_id_1", "assessment_id_2"],
    all: ["assessment_id_1", "assessment_id_2"],
  },
};

describe("the six tools of the design", () => {
  it("have its names, arguments, required lists and enums", async () => {
    const { tools } = await session.client.listTools();
    for (const [name, { required, all }] of Object.entries(SEED)) {
      const tool = tools.find(candidate => candidate.name === name);
      expect([name, tool?.inputSchema.required]).toEqual([name, required]);
      expect(Object.keys(tool?.inputSchema.properties ?? {})).toEqual(expect.arrayContaining(all));
    }
    const enumOf = (tool: string, argument: string) =>
      (tools.find(({ name }) => name === tool)?.inputSchema.properties?.[argument] as { enum: string[] } | undefined)
        ?.enum ?? [];
    expect(enumOf("query_tables_by_readiness", "status")).toEqual(["READY", "NEEDS_CONVERSION", "UNKNOWN"]);
    expect(enumOf("search_tables", "format").slice(0, 5)).toEqual(["ICEBERG", "PARQUET", "ORC", "AVRO", "UNKNOWN"]);
    const formats = await db.query<{ format: string }>(
      "select distinct table_format as format from a2o.format_rules where table_format is not null",
    );
    expect(enumOf("search_tables", "format")).toEqual(expect.arrayContaining(formats.map(({ format }) => format)));
  });

  it("answer the design's example in one call: Parquet tables larger than 100 GB in the analytics database", async () => {
    const { items, total_count, next_cursor } = await ask("search_tables", {
      pattern: "%",
      format: "PARQUET",
      min_size_gb: 100,
      database: "analytics",
      assessment_id: first,
    });
    expect(items.map(({ table_name, size_gb, partition_keys }) => [table_name, size_gb, partition_keys])).toEqual([
      ["events", 1250.5, ["date"]],
      ["logs", 450.25, ["date"]],
    ]);
    expect([total_count, next_cursor]).toEqual([2, null]);
  });
});

describe("every tool", () => {
  const calls = (): [string, Record<string, unknown>][] => [
    ["get_latest_assessment", { region: "eu-west-1", account_id: OURS }],
    ["query_tables_by_readiness", { status: "NEEDS_CONVERSION" }],
    ["get_database_summary", { database_name: "sales" }],
    ["search_tables", { pattern: "%" }],
    ["get_tables_by_format", {}],
    ["compare_assessments", { assessment_id_1: first, assessment_id_2: second }],
    ["list_assessments", {}],
    ["get_trends", {}],
    ["get_largest_tables", { format: "PARQUET" }],
    ["get_coverage", {}],
    ["list_migration_jobs", {}],
    ["get_findings", {}],
    ["get_table", { database_name: "sales", table_name: "report" }],
    ["get_job_progress", { job_id: job }],
    ["list_alerts", {}],
  ];

  // The client refuses structured content that does not fit the tool's output schema.
  it("answers from its own accounts, as its output schema says", async () => {
    const { tools } = await session.client.listTools();
    expect(tools.map(({ name }) => name).sort()).toEqual(
      calls()
        .map(([name]) => name)
        .sort(),
    );
    for (const [name, args] of calls()) {
      const answer = await ask(name, args);
      expect([name, JSON.stringify(answer).includes(THEIRS)]).toEqual([name, false]);
      if ("items" in answer) {
        expect([name, answer.items.length > 0, typeof answer.total_count]).toEqual([name, true, "number"]);
        expect(answer).toHaveProperty("next_cursor");
      }
    }
  });

  it("says of another account's assessment what it says of an unknown one", async () => {
    const unknown = "00000000-0000-4000-8000-000000000000";
    for (const [name, args] of calls()) {
      const { tools } = await session.client.listTools();
      const properties = tools.find(tool => tool.name === name)?.inputSchema.properties ?? {};
      for (const argument of Object.keys(properties).filter(key => key.startsWith("assessment_id"))) {
        const say = async (id: string) =>
          JSON.stringify(await call(session.client, name, { ...args, [argument]: id })).replaceAll(id, "ID");
        const said = await say(theirs);
        expect([name, said]).toEqual([name, await say(unknown)]);
        expect(said).toContain("There is no assessment ID that you may read");
      }
    }
  });

  it("survives whatever its schema allows, within its limits", async () => {
    const { tools } = await session.client.listTools();
    const argumentFor = (
      name: string,
      schema: { enum?: string[]; type?: string; format?: string; minimum?: number; maximum?: number },
    ) =>
      schema.enum !== undefined
        ? fc.constantFrom(...schema.enum)
        : schema.format === "uuid"
          ? fc.constantFrom(job, first, theirs)
          : schema.type === "integer"
            ? fc.integer({ min: schema.minimum ?? 0, max: schema.maximum ?? 9 })
            : schema.type === "number"
              ? fc.double({ min: schema.minimum ?? 0, max: 1e300, noNaN: true })
              : schema.type === "boolean"
                ? fc.boolean()
                : name === "cursor"
                  ? fc.constant(undefined)
                  : name.startsWith("assessment_id")
                    ? fc.constantFrom(first, second, theirs, "latest", "previous", "latest~9", "~", first.slice(0, 6))
                    : fc.oneof(
                        fc.string(),
                        fc.constantFrom("%", "analytics", "%%%%", "eu-west-1", OURS, "a\\", "%a%b%c%d%e%"),
                      );
    for (const { name, inputSchema } of tools) {
      const required = inputSchema.required ?? [];
      await fc.assert(
        fc.asyncProperty(
          fc.record(
            Object.fromEntries(
              Object.entries(inputSchema.properties ?? {}).map(([key, schema]) => [
                key,
                argumentFor(key, schema as object),
              ]),
            ),
            { requiredKeys: required },
          ),
          async args => {
            const { text, isError, structured } = await call(session.client, name, args);
            if (isError) expect(text).toMatch(/pattern|different catalogs|NUL/);
            else expect(JSON.stringify(structured).length).toBeLessThan(32_000);
            expect(text).not.toContain(THEIRS);
          },
        ),
        { numRuns: 15 },
      );
    }
  });
});

describe("answers", () => {
  it("say why they are empty and what to try", async () => {
    const message = async (name: string, args: object) => (await ask(name, { ...args })).message;
    expect(await message("get_database_summary", { database_name: "Analytic" })).toBe(
      "There is no database 'Analytic' in this assessment. The nearest names: analytics, hr, sales.",
    );
    expect(await message("search_tables", { pattern: "%", database: "sale" })).toMatch(/nearest names: sales/);
    expect(await message("search_tables", { pattern: "log" })).toMatch(/exactly this name; try '%log%'.*get_coverage/);
    expect(await message("search_tables", { pattern: "%", min_size_gb: 1e9 })).toMatch(/leave it out/);
    expect(await message("list_assessments", { region: "mars-1" })).toMatch(/111111111111 in eu-west-1/);
    expect(await message("get_trends", { region: "mars-1" })).toMatch(/111111111111 in eu-west-1/);
    expect(await message("list_migration_jobs", { status: "FAILED" })).toMatch(/No job fits/);
  });

  it("list the choices when no assessment is named and there are several catalogs", async () => {
    await db.query("select a2o.grant_account_access('a2o_mcp', $1)", [THEIRS]);
    for (const [name, args] of [
      ["search_tables", { pattern: "%" }],
      ["get_coverage", {}],
      ["get_trends", {}],
    ] as const) {
      const { items, message } = await ask(name, args);
      expect(items).toEqual([]);
      expect(message).toContain(`${OURS} in eu-west-1`);
      expect(message).toContain(`${THEIRS} in eu-west-1`);
    }
    const across = { assessment_id_1: first, assessment_id_2: theirs };
    expect(await call(session.client, "compare_assessments", across)).toMatchObject({
      isError: true,
      text: expect.stringMatching(/across_catalogs/),
    });
    expect(await ask("compare_assessments", { ...across, across_catalogs: true })).toMatchObject({
      is_same_catalog: false,
      message: expect.stringMatching(/different accounts or regions/),
    });
    await db.query("delete from a2o.account_access where aws_account_id = $1", [THEIRS]);
  });

  it("name what changed, table by table, with the databases that could not be read", async () => {
    expect(await ask("compare_assessments", { assessment_id_1: first, assessment_id_2: second })).toMatchObject({
      ...{ tables_added: 1, tables_removed: 1, tables_changed: 0, unread_databases: ["hr"], total_count: 2 },
      items: [
        { database_name: "analytics", table_name: "events", change: "REMOVED" },
        { database_name: "analytics", table_name: "fresh", change: "ADDED" },
      ],
    });
    expect((await ask("get_trends")).items).toMatchObject([
      {
        assessment_id: second,
        tables_added: 1,
        tables_removed: 1,
        tables_by_format: [
          { table_format: "PARQUET", table_count: 4 },
          { table_format: "VIEW", table_count: 1 },
        ],
      },
      { assessment_id: first, tables_added: null },
    ]);
  });

  it("stay within their size however long names and places are, and go on from there", async () => {
    const long = Array.from({ length: 100 }, (_, i) =>
      glueTable(`${"n".repeat(240)}${i}`, {
        StorageDescriptor: { Columns: [], Location: `s3://${"l".repeat(1900)}/${i}` },
      }),
    );
    const { id } = await recordCatalog(recorder, [{ name: "d".repeat(250), tables: long }], { region: "long-1" });
    const seen: unknown[] = [];
    let cursor: unknown = null;
    do {
      const answer = await ask("search_tables", { pattern: "%", assessment_id: id, limit: 100, cursor });
      expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(32_000);
      expect(answer.total_count).toBe(100);
      seen.push(...answer.items.map(({ table_name }) => table_name));
      cursor = answer.next_cursor;
    } while (cursor !== null);
    expect(new Set(seen).size).toBe(100);
    expect(seen).toHaveLength(100);
  });

  it("page through assessments, trends, coverage and jobs", async () => {
    for (const name of ["list_assessments", "get_trends", "list_migration_jobs", "list_alerts"]) {
      const args = name === "get_trends" ? { account_id: OURS, region: "eu-west-1" } : {};
      const seen: unknown[] = [];
      let cursor: unknown = null;
      let total: unknown;
      do {
        const answer = await ask(name, { ...args, limit: 1, cursor });
        seen.push(...answer.items.map(item => item.alert_id ?? item.assessment_id ?? item.job_id));
        cursor = answer.next_cursor;
        total = answer.total_count;
      } while (cursor !== null);
      expect([name, seen.length, new Set(seen).size]).toEqual([name, total, total]);
    }
    expect(
      await call(session.client, "get_trends", { account_id: OURS, region: "eu-west-1", cursor: "x" }),
    ).toMatchObject({
      isError: true,
    });
  });

  it("take latest, previous and the beginning of an id for an assessment", async () => {
    await db.query("delete from a2o.assessments where region = 'long-1'");
    const changes = { tables_added: 1, tables_removed: 1 };
    for (const [before, after] of [
      ["previous", "latest"],
      ["latest~1", second.slice(0, 8)],
    ]) {
      const answer = await ask("compare_assessments", { assessment_id_1: before, assessment_id_2: after });
      expect(answer).toMatchObject({ ...changes, assessment_id_1: first, assessment_id_2: second });
    }
    expect((await ask("get_coverage", { assessment_id: "latest~7" })).message).toMatch(
      /latest~7.* reaches further back .*list_assessments/,
    );
    expect((await ask("get_coverage", { assessment_id: "yesterday" })).message).toMatch(
      /'yesterday' names no assessment/,
    );
  });

  it("tell no size of formats whose tables tell none", async () => {
    const { items } = await ask("get_tables_by_format");
    const sizes = new Map(items.map(({ table_format, size_gb }) => [table_format, size_gb]));
    expect(sizes.get("VIEW")).toBeNull();
    expect(sizes.get("PARQUET")).toBe(9000 + 450.25 + 3 + 7);
  });

  it("count findings, and find the tables that have one", async () => {
    const { items, total_effort_hours } = await ask("get_findings");
    const [view] = items.filter(({ code }) => code === "view_rewrite");
    expect(view).toMatchObject({ severity: expect.any(String), table_count: 1, remedy: expect.any(String) });
    const [hours] = await db.query<{ hours: string }>(
      "select effort_hours as hours from a2o.assessment_effort where assessment_id = $1",
      [second],
    );
    expect(total_effort_hours).toBe(Number(hours?.hours));
    const having = await ask("search_tables", { pattern: "%", finding: "view_rewrite" });
    expect(having.items.map(({ table_name }) => table_name)).toEqual(["report"]);
    expect(having.items[0]?.findings).toContain("view_rewrite");
    expect((await ask("search_tables", { pattern: "%", finding: "views" })).message).toMatch(/'views' is no finding/);
    expect((await ask("get_findings", { database: "sale" })).message).toMatch(/nearest names: sales/);
    const seen: unknown[] = [];
    let cursor: unknown = null;
    do {
      const page = await ask("get_findings", { limit: 1, cursor });
      seen.push(...page.items.map(({ code }) => code));
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(seen).toEqual(items.map(({ code }) => code));
  });

  it("say of one table why, with its columns, and name near ones for a wrong name", async () => {
    const table = await ask("get_table", { database_name: "analytics", table_name: "logs" });
    expect(table).toMatchObject({
      ...{
        table_format: "PARQUET",
        migration_readiness: "NEEDS_CONVERSION",
        size_gb: 450.25,
        size_source: "totalSize",
      },
      ...{ format_evidence: expect.stringContaining("InputFormat"), readiness_reason: expect.any(String) },
      columns: expect.arrayContaining([
        { column_name: "date", data_type: "date", is_partition_key: true, comment: null },
      ]),
    });
    expect((await ask("get_table", { database_name: "analytics", table_name: "log" })).message).toMatch(
      /contain it: logs/,
    );
    expect((await ask("get_table", { database_name: "analytic", table_name: "logs" })).message).toMatch(
      /nearest names/,
    );
  });

  it("tell of a job without samples that nothing is known, and nothing of another account's", async () => {
    expect(await ask("get_job_progress", { job_id: job })).toMatchObject({
      ...{ status: "RUNNING", percent: null, estimated_end: null },
      message: expect.stringContaining("AWS gives no total"),
    });
    const [other] = await db.query<{ id: string }>("select id from a2o.migration_jobs where aws_account_id = $1", [
      THEIRS,
    ]);
    expect(await ask("get_job_progress", { job_id: other?.id })).toMatchObject({
      status: null,
      message: expect.stringMatching(/no job .* that you may read/),
    });
  });

  it("tell how far a table is, the jobs that move it, and the tables of a job", async () => {
    const ids: string[] = [];
    for (const account of [OURS, THEIRS]) {
      const [added] = await db.query<{ id: string }>(
        `insert into a2o.migration_jobs (job_type, aws_job_id, job_name, aws_account_id, region, status, started_at, completed_at, details)
         values ('GLUE_JOB', 'jr', 'convert', $1, 'eu-west-1', 'COMPLETED', '2026-02-01', '2026-02-02', '{"Arguments": {"--database": "sales"}}') returning id`,
        [account],
      );
      ids.push(added?.id ?? "");
      await db.query("select a2o_private.link_jobs($1, 'eu-west-1')", [account]);
      await db.query("select a2o.link_job($1, 'sales', 'huge')", [added?.id]);
    }
    const huge = await ask("get_table", { database_name: "sales", table_name: "huge" });
    expect(huge).toMatchObject({ migration_stage: "MIGRATED", migrated_at: "2026-02-02T00:00:00+00:00" });
    expect(huge.jobs).toMatchObject([{ job_id: ids[0], job_name: "convert", link: "LINKED", told_by: "PERSON" }]);
    expect(await ask("get_table", { database_name: "sales", table_name: "report" })).toMatchObject({
      migration_stage: "ASSESSED",
      jobs: [{ job_id: ids[0], link: "CANDIDATE", told_by: "GLUE_ARGUMENT" }],
    });
    expect(await ask("get_job_progress", { job_id: ids[0] })).toMatchObject({
      ...{ linked_tables: 1, candidate_tables: 1, message: expect.stringContaining("for an operator to say") },
      tables: [
        { table_name: "report", link: "CANDIDATE", evidence: expect.stringContaining("--database") },
        { table_name: "huge", link: "LINKED" },
      ],
    });
    expect(await ask("get_job_progress", { job_id: ids[1] })).toMatchObject({ tables: [], linked_tables: null });
    await db.query("delete from a2o.migration_jobs where id = any ($1)", [ids]);
  });

  it("tell what needs attention, the gravest first, by state, severity and job", async () => {
    const codes = async (args: Record<string, unknown>) => {
      const { items, ...page } = await ask("list_alerts", args);
      return { ...page, said: items.map(({ message }) => message) };
    };
    const open = [`TABLES_ERRORED of ${OURS}`, `ERROR_ROWS of ${OURS}`, `JOB_STALLED of ${OURS}`];
    expect(await codes({})).toEqual({ said: open, open_count: 2, total_count: 3, next_cursor: null, message: null });
    expect(await codes({ job_id: job, state: "ACKNOWLEDGED" })).toMatchObject({ said: [open[1]], total_count: 1 });
    expect(await codes({ state: "RESOLVED" })).toMatchObject({ said: [`CDC_LATENCY of ${OURS}`], total_count: 1 });
    expect(await codes({ severity: "CRITICAL" })).toMatchObject({ said: [open[0]], total_count: 1 });
    expect((await codes({ severity: "CRITICAL", state: "RESOLVED" })).message).toMatch(/Nothing is watched/);
    expect((await codes({ account_id: THEIRS })).said).toEqual([]);
    expect((await ask("list_alerts", { limit: 1 })).items).toMatchObject([
      { title: "Tables failed", remedy: expect.stringContaining("reload"), job_id: job, resolved_at: null },
    ]);
  });

  it("name the table a job moves", async () => {
    expect((await ask("list_migration_jobs")).items).toMatchObject([{ database_name: "sales", table_name: "huge" }]);
  });
});
