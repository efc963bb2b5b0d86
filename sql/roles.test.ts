import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type Query, type TestDatabase } from "../test/database.ts";
import { glueTable, ingestClient, recordCatalog } from "../worker/record/testing.ts";

const OURS = "111111111111";
const THEIRS = "222222222222";
const DENIED = { code: "42501" };

let db: TestDatabase;
/** A DBA who may read OURS, one who may read everything, one whom nobody gave an account, and a login without any role. */
let ann: string;
let boss: string;
let newcomer: string;
let stranger: string;
let ourAssessment: string;
let theirAssessment: string;
let theirLargeAssessment: string;

/** Relations of a schema as the catalogue knows them, partitions too. */
interface Relation {
  name: string;
  kind: "table" | "view";
  columns: string[];
}
let relations: Relation[];
/** Rules and weights belong to no account. */
const forEverybody = [
  "retention",
  "alert_rules",
  "effort_weights",
  "finding_limits",
  "finding_rules",
  "format_rules",
  "readiness_rules",
].map(name => `a2o.${name}`);

beforeAll(async () => {
  db = await createTestDatabase();
  [ann, boss, newcomer, stranger] = [
    await db.createLogin("a2o_reader"),
    await db.createLogin("a2o_reader"),
    await db.createLogin("a2o_reader"),
    await db.createLogin(),
  ];
  const client = await ingestClient(db);
  const catalog = [
    { name: "sales", tables: [glueTable("orders"), glueTable("events", { TableType: "VIRTUAL_VIEW" })] },
    { name: "hr", coverage: { status: "DENIED" as const, tablesRead: 0, errorCode: "AccessDeniedException" } },
  ];
  ourAssessment = (await recordCatalog(client, catalog, { awsAccountId: OURS })).id;
  theirAssessment = (await recordCatalog(client, catalog, { awsAccountId: THEIRS })).id;
  // A later one of each, so that there are changes.
  const [sales, ...rest] = catalog;
  const later = [
    { name: "sales", tables: [...(sales?.tables ?? []), glueTable("refunds", { TableType: "VIRTUAL_VIEW" })] },
    ...rest,
  ];
  for (const awsAccountId of [OURS, THEIRS]) {
    await recordCatalog(client, later, { awsAccountId, timestamp: "2026-02-09T12:00:00Z" });
  }
  const many = Array.from({ length: 20_000 }, (_, i) => glueTable(`t${i}`));
  theirLargeAssessment = (
    await recordCatalog(client, [{ name: "big", tables: many }], { awsAccountId: THEIRS, region: "us-east-1" })
  ).id;
  await client.end();
  await db.query(
    `insert into a2o.migration_jobs (job_type, aws_job_id, aws_account_id, region, status, started_at, completed_at, error_message, migration_type)
     values ('DMS', 'one', $1, 'eu-west-1', 'FAILED', now(), now(), 'no', 'full-load'), ('DMS', 'two', $2, 'eu-west-1', 'FAILED', now(), now(), 'no', 'full-load')`,
    [OURS, THEIRS],
  );
  for (const account of [OURS, THEIRS]) await db.query("select a2o.schedule_assessment($1, 'all', 'day')", [account]);
  await db.query(
    "insert into a2o.migration_progress (job_id, sampled_at, aws_account_id) select id, now(), aws_account_id from a2o.migration_jobs",
  );
  await db.query(
    `insert into a2o.migration_metrics (job_id, metric_name, sampled_at, aws_account_id, value)
     select id, 'm', now(), aws_account_id, 1 from a2o.migration_jobs`,
  );
  await db.query("select a2o.roll_up_history()");
  await db.query(
    `insert into a2o.migration_job_tables (job_id, schema_name, table_name, aws_account_id, observed_at, table_state, full_load_ended_at)
     select id, 'sales', 'orders', aws_account_id, now(), 'Table completed', now() from a2o.migration_jobs`,
  );
  for (const account of [OURS, THEIRS]) {
    await db.query("select a2o_private.link_jobs($1, 'eu-west-1')", [account]);
    await db.query("select a2o_private.refresh_migration_rollups($1, 'eu-west-1')", [account]);
    await db.query(
      "insert into a2o.stale_migration_rollups (aws_account_id, region, database_name) values ($1, 'eu-west-1', 'elsewhere')",
      [account],
    );
  }
  for (const account of [OURS, THEIRS]) await db.query("select a2o.add_monitor($1, 'eu-west-1')", [account]);
  await db.query(
    `insert into a2o.monitor_usage (monitor_id, day, operation, aws_account_id)
     select id, current_date, 'glue:GetJobs', aws_account_id from a2o.monitors`,
  );
  for (const account of [OURS, THEIRS])
    await db.query("select a2o.add_webhook($1, account_id => $2)", [`of_${account}`, account]);
  await db.query(
    `insert into a2o.alerts (rule_code, aws_account_id, region, job_id, severity, message)
     select 'JOB_FAILED', aws_account_id, region, id, 'CRITICAL', 'no' from a2o.migration_jobs`,
  );
  await db.query("select a2o.grant_account_access($1, $2)", [ann, OURS]);
  await db.query("select a2o.grant_account_access($1, '*')", [boss]);
  await db.query("select a2o.grant_account_access('zoe@example.com', $1)", [THEIRS]);
  relations = await db.query<Relation & Record<string, unknown>>(
    `select c.relnamespace::regnamespace || '.' || c.relname as name, case when c.relkind = 'v' then 'view' else 'table' end as kind,
       array(select attname::text from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped) as columns
     from pg_class c where c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relnamespace = any (array['a2o', 'a2o_private', 'a2o_mcp', 'a2o_mcp_resources', 'a2o_mcp_prompts', 'a2o_mcp_completions']::regnamespace[])
     order by name`,
  );
});
afterAll(() => db.drop());

/** Every kind of session that may knock: as(role) with the role, or a login of its own. */
const sessions = (): [string, string][] => [
  ["the web server as reader", "a2o_reader"],
  ["the web server as operator", "a2o_operator"],
  ["the web server before it became somebody", "a2o_authenticator"],
  ["a recording login", "a2o_ingest"],
  ["a worker's login", "a2o_worker"],
  ["a DBA who reads everything", boss],
  ["a login without a role", stranger],
];

/** Samples and their roll-ups, month by month. */
const partitionsOfMonths = () =>
  relations.map(({ name }) => name).filter(name => /^a2o\.(migration_)?(progress|metrics)_\w*\d{6}$/.test(name));

const read = (query: Query, what: string) => query<Record<string, unknown>>(`select * from ${what}`);

describe("every relation", () => {
  it("is among those that these tests know to hold accounts, or to be for everybody, or to be closed", async () => {
    const open: string[] = [];
    const closed: string[] = [];
    await db.as(ann, async ({ query }) => {
      for (const { name } of relations) {
        await read(query, `${name} limit 0`).then(
          () => open.push(name),
          error => {
            expect(error).toMatchObject(DENIED);
            closed.push(name);
          },
        );
      }
    });
    expect(open).toEqual([
      "a2o.accounts",
      "a2o.active_jobs",
      "a2o.alert_deliveries",
      "a2o.alert_overview",
      "a2o.alert_rules",
      "a2o.alert_webhook_overview",
      "a2o.alert_webhooks",
      "a2o.alerts",
      "a2o.assessment_changes",
      "a2o.assessment_churn",
      "a2o.assessment_effort",
      "a2o.assessment_migrations",
      "a2o.assessment_overview",
      "a2o.assessment_schedules",
      "a2o.assessment_trend",
      "a2o.assessments",
      "a2o.database_coverage",
      "a2o.database_effort",
      "a2o.database_export",
      "a2o.database_finding_overview",
      "a2o.database_migrations",
      "a2o.database_overview",
      "a2o.databases",
      "a2o.effort_weights",
      "a2o.finding_export",
      "a2o.finding_limits",
      "a2o.finding_overview",
      "a2o.finding_rollups",
      "a2o.finding_rules",
      "a2o.findings",
      "a2o.format_overview",
      "a2o.format_rollups",
      "a2o.format_rules",
      "a2o.format_trend",
      "a2o.job_export",
      "a2o.job_links",
      "a2o.metrics_5_minutes",
      "a2o.metrics_hours",
      "a2o.migration_errors",
      "a2o.migration_history",
      "a2o.migration_job_links",
      "a2o.migration_job_tables",
      "a2o.migration_jobs",
      "a2o.migration_metrics",
      "a2o.migration_progress",
      "a2o.migration_rollups",
      "a2o.migration_timeline",
      "a2o.monitor_overview",
      "a2o.monitor_services",
      "a2o.monitor_usage",
      "a2o.monitors",
      "a2o.newest_assessments",
      "a2o.progress_5_minutes",
      "a2o.progress_hours",
      "a2o.readiness_overview",
      "a2o.readiness_rules",
      "a2o.retention",
      "a2o.stale_migration_rollups",
      "a2o.table_export",
      "a2o.table_migrations",
      "a2o.tables",
      "a2o.verdict_rollups",
    ]);
    expect(closed).toEqual(
      [
        "a2o.account_access",
        "a2o.column_schemas",
        ...partitionsOfMonths(),
        "a2o.tables_shared",
        `a2o.tables_${theirLargeAssessment.replaceAll("-", "")}`,
        "a2o_private.ended_web_sessions",
        "a2o_private.first_grants",
        "a2o_private.job_scopes",
        "a2o_private.link_stages",
        "a2o_private.recorded_polls",
        "a2o_private.runs",
        "a2o_private.stale_hours",
      ].sort(),
    );
  });

  it("shows a reader the rows of their accounts only, and there are others", async () => {
    const owners = new Map(
      (
        await db.query<{ id: string; account: string }>("select id, aws_account_id as account from a2o.assessments")
      ).map(({ id, account }) => [id, account]),
    );
    const accountsIn = (rows: Record<string, unknown>[]) =>
      new Set(rows.map(row => row.aws_account_id ?? owners.get(String(row.assessment_id))));
    await db.as(ann, async ({ query }) => {
      for (const { name } of relations) {
        if (forEverybody.includes(name)) continue;
        const rows = await read(query, name).catch(() => undefined);
        if (rows === undefined) continue;
        expect([name, accountsIn(rows)]).toEqual([name, new Set([OURS])]);
        expect([name, accountsIn(await db.query(`select * from ${name}`))]).toEqual([name, new Set([OURS, THEIRS])]);
      }
    });
  });

  it("shows nothing to a reader without accounts, to an unknown user, and to the web server without a user", async () => {
    for (const [role, user] of [
      [newcomer],
      ["a2o_reader", "nobody@example.com"],
      ["a2o_reader"],
      ["a2o_operator", ""],
      ["a2o_mcp"],
    ]) {
      await db.as(
        role ?? "",
        async ({ query }) => {
          for (const { name } of relations) {
            if (forEverybody.includes(name)) continue;
            const rows = await read(query, name).catch(() => []);
            expect([name, rows]).toEqual([name, []]);
          }
        },
        user === undefined ? {} : { user },
      );
    }
  });

  it("shows everything to a member of all accounts", async () => {
    const [row] = await db.as(boss, ({ query }) =>
      query("select count(*)::int as tables, count(distinct aws_account_id)::int as accounts from a2o.tables"),
    );
    expect(row).toEqual({ tables: 20_010, accounts: 2 });
  });

  it("cannot be changed by anybody who logs in", async () => {
    for (const [who, role] of [...sessions(), ["the MCP server", "a2o_mcp"] as [string, string]]) {
      await db.as(role, async ({ query }) => {
        for (const { name, columns, kind } of relations) {
          const statements = [
            `insert into ${name} default values`,
            `update ${name} set ${columns[0]} = ${columns[0]}`,
            `delete from ${name}`,
            `alter ${kind} ${name} rename to mine`,
            `drop ${kind} ${name}`,
            ...(kind === "table" ? [`truncate ${name}`, `alter table ${name} disable row level security`] : []),
          ];
          for (const statement of statements) {
            // 25006: the MCP server's transactions are read-only. 55000: no view can be written through.
            const codes = [
              DENIED.code,
              ...(role === "a2o_mcp" ? ["25006"] : []),
              ...(kind === "view" ? ["55000"] : []),
            ];
            const code = await query(statement).then(
              () => "allowed",
              (error: { code?: string }) => error.code,
            );
            expect([who, statement, codes.includes(code ?? "") ? "denied" : code]).toEqual([who, statement, "denied"]);
          }
        }
      });
    }
  });

  it("lets no partition be read by its own name, where policies would not reach", async () => {
    const partitions = relations.filter(
      ({ name }) => /^a2o\.tables_/.test(name) || partitionsOfMonths().includes(name),
    );
    // The large assessment's and the shared one, and four months of six tables.
    expect(partitions).toHaveLength(2 + 4 * 6);
    for (const [who, role] of [...sessions(), ["the MCP server", "a2o_mcp"] as [string, string]]) {
      await db.as(role, async ({ query }) => {
        for (const { name } of partitions) {
          await expect(read(query, name), `${who}: ${name}`).rejects.toMatchObject(DENIED);
        }
      });
    }
  });

  it("stays closed in a partition even to a role that was given it by mistake", async () => {
    const partition = `a2o.tables_${theirLargeAssessment.replaceAll("-", "")}`;
    await db.query(`grant select on ${partition}, a2o.tables_shared to a2o_reader`);
    await db.as(ann, async ({ query }) => {
      expect(await read(query, partition)).toEqual([]);
      expect(await read(query, "a2o.tables_shared")).toEqual([]);
    });
    await db.query(`revoke select on ${partition}, a2o.tables_shared from a2o_reader`);
  });
});

describe("functions", () => {
  const executable = (role: string) =>
    db.query<{ name: string }>(
      `select p.pronamespace::regnamespace || '.' || p.proname as name from pg_proc p
       where p.pronamespace = any (array['a2o', 'a2o_private', 'a2o_mcp', 'a2o_mcp_resources', 'a2o_mcp_prompts', 'a2o_mcp_completions']::regnamespace[])
         and has_function_privilege($1, p.oid, 'execute') and has_schema_privilege($1, p.pronamespace, 'usage')
       order by 1`,
      [role],
    );
  const names = async (role: string) => (await executable(role)).map(({ name }) => name);
  const reading = [
    "a2o.answer_tables",
    "a2o.bytes_to_gb",
    "a2o.changes_text",
    "a2o.changes_text",
    "a2o.choose_assessment",
    "a2o.compare_assessments",
    "a2o.csv_databases",
    "a2o.csv_findings",
    "a2o.csv_tables",
    "a2o.csv_text",
    "a2o.current_access",
    "a2o.export_changes",
    "a2o.export_databases",
    "a2o.export_findings",
    "a2o.export_statement",
    "a2o.export_tables",
    "a2o.job_metrics",
    "a2o.job_progress",
    "a2o.largest_tables",
    "a2o.list_changes",
    "a2o.markdown_cell",
    "a2o.metrics_price_usd",
    "a2o.migration_jobs_console_url",
    "a2o.migration_jobs_phase",
    "a2o.read_tool_cursor",
    "a2o.readiness_moves",
    "a2o.report_databases",
    "a2o.report_header",
    "a2o.report_markdown",
    "a2o.report_tables",
    "a2o.resolve_assessment",
    "a2o.search_tables",
    "a2o.suggest_databases",
    "a2o.table_columns",
    "a2o.table_effort_hours",
    "a2o.table_history",
    "a2o.table_identity",
    "a2o.write_tool_cursor",
    "a2o_mcp.compare_assessments",
    "a2o_mcp.get_coverage",
    "a2o_mcp.get_database_summary",
    "a2o_mcp.get_findings",
    "a2o_mcp.get_job_progress",
    "a2o_mcp.get_largest_tables",
    "a2o_mcp.get_latest_assessment",
    "a2o_mcp.get_table",
    "a2o_mcp.get_tables_by_format",
    "a2o_mcp.get_trends",
    "a2o_mcp.list_alerts",
    "a2o_mcp.list_assessments",
    "a2o_mcp.list_migration_jobs",
    "a2o_mcp.query_tables_by_readiness",
    "a2o_mcp.search_tables",
    "a2o_mcp_completions.after_assessment",
    "a2o_mcp_completions.assessment",
    "a2o_mcp_completions.before_assessment",
    "a2o_mcp_prompts.client_summary",
    "a2o_mcp_prompts.explain_changes",
    "a2o_mcp_prompts.readiness_briefing",
    "a2o_mcp_prompts.wave_plan",
    "a2o_mcp_resources.assessment_report",
    "a2o_mcp_resources.assessment_summary",
    "a2o_mcp_resources.data_dictionary",
    "a2o_mcp_resources.server_status",
  ];

  it("that a role can call are these", async () => {
    for (const role of ["a2o_reader", "a2o_mcp"]) expect([role, await names(role)]).toEqual([role, reading]);
    expect((await names("a2o_operator")).filter(name => !reading.includes(name))).toEqual([
      "a2o.acknowledge_alert",
      "a2o.add_monitor",
      "a2o.add_webhook",
      "a2o.link_job",
      "a2o.pause_monitor",
      "a2o.pause_schedule",
      "a2o.pause_webhook",
      "a2o.remove_monitor",
      "a2o.remove_schedule",
      "a2o.remove_webhook",
      "a2o.resume_monitor",
      "a2o.resume_schedule",
      "a2o.resume_webhook",
      "a2o.retry_deliveries",
      "a2o.schedule_assessment",
      "a2o.test_webhook",
      "a2o.unacknowledge_alert",
      "a2o.unlink_job",
    ]);
    expect(await names("a2o_authenticator")).toEqual([
      "a2o_private.end_web_session",
      "a2o_private.is_web_session_ended",
      "a2o_private.watchers",
    ]);
    expect(await names(stranger)).toEqual([]);
    expect(await names("a2o_worker")).toEqual([
      "a2o.apply_retention",
      "a2o.begin_poll",
      "a2o.begin_scheduled_run",
      "a2o.bytes_to_gb",
      "a2o.check_monitors",
      "a2o.claim_delivery",
      "a2o.finish_scheduled_run",
      "a2o.forget_abandoned_runs",
      "a2o.jobs_to_describe",
      "a2o.make_history_partitions",
      "a2o.metrics_price_usd",
      "a2o.migration_jobs_console_url",
      "a2o.migration_jobs_phase",
      "a2o.monitors_to_poll",
      "a2o.next_delivery_at",
      "a2o.record_delivery",
      "a2o.record_poll",
      "a2o.record_webhook_settings",
      "a2o.refresh_statistics",
      "a2o.roll_up_history",
      "a2o.table_identity",
      "a2o.take_due_schedules",
      "a2o.tidy_assessments",
      "a2o.webhooks_to_serve",
    ]);
    expect((await names("a2o_ingest")).filter(name => name.startsWith("a2o."))).toEqual([
      "a2o.abandon_assessment",
      "a2o.begin_assessment",
      "a2o.bytes_to_gb",
      "a2o.changes_text",
      "a2o.changes_text",
      "a2o.compare_assessments",
      "a2o.csv_databases",
      "a2o.csv_findings",
      "a2o.csv_tables",
      "a2o.csv_text",
      "a2o.export_changes",
      "a2o.export_databases",
      "a2o.export_findings",
      "a2o.export_statement",
      "a2o.export_tables",
      "a2o.finish_assessment",
      "a2o.largest_tables",
      "a2o.list_changes",
      "a2o.markdown_cell",
      "a2o.pause_schedule",
      "a2o.readiness_moves",
      "a2o.remove_schedule",
      "a2o.report_databases",
      "a2o.report_header",
      "a2o.report_markdown",
      "a2o.report_tables",
      "a2o.rescore",
      "a2o.resolve_assessment",
      "a2o.resume_assessment",
      "a2o.resume_schedule",
      "a2o.schedule_assessment",
      "a2o.search_tables",
      "a2o.staged_databases",
      "a2o.table_columns",
      "a2o.table_effort_hours",
      "a2o.table_history",
      "a2o.table_identity",
      "a2o.tidy_assessments",
    ]);
  });

  it("that record, forget or grant are refused to everybody else", async () => {
    const calls: [string, string[]][] = [
      ["select a2o.begin_assessment()", ["a2o_ingest"]],
      ["select a2o.resume_assessment('111111111111', 'eu-west-1', '{}')", ["a2o_ingest"]],
      [`select a2o.abandon_assessment('${ourAssessment}')`, ["a2o_ingest"]],
      [
        `select a2o.finish_assessment('${ourAssessment}', 'GLUE', now(), 'r', '${OURS}', 'v')`,
        // It may be called, and says that there is no such run.
        ["a2o_ingest"],
      ],
      ["select a2o.forget_abandoned_runs()", ["a2o_worker"]],
      ["select a2o.grant_account_access(session_user, '*')", []],
      ["select a2o_private.forget_abandoned_runs()", []],
      ["select a2o_private.visible_accounts()", ["a2o_ingest"]],
      ["select a2o_private.drop_run(gen_random_uuid())", []],
      ["select a2o_private.judge_glue_table('{}', null)", []],
    ];
    for (const [who, role] of [...sessions(), ["the MCP server", "a2o_mcp"] as [string, string]]) {
      await db.as(role, async ({ query }) => {
        for (const [call, allowed] of calls) {
          if (allowed.includes(role)) continue;
          await expect(query(call), `${who}: ${call}`).rejects.toMatchObject(DENIED);
        }
      });
    }
  });

  it("tell a reader nothing of another account", async () => {
    await db.as(ann, async ({ query }) => {
      for (const theirs of [theirAssessment, theirLargeAssessment]) {
        expect(await query("select a2o.report_header($1) as header", [theirs])).toEqual([{ header: null }]);
        for (const report of ["report_databases", "report_tables", "report_markdown"]) {
          expect(await query(`select * from a2o.${report}($1)`, [theirs])).toEqual([]);
        }
      }
      expect(await query("select * from a2o.report_tables($1)", [ourAssessment])).toHaveLength(2);
      const [answer] = await query<{ assessment_id: string | null; message: string }>(
        "select * from a2o_mcp.get_latest_assessment('eu-west-1', $1)",
        [THEIRS],
      );
      expect(answer?.assessment_id).toBeNull();
      expect(answer?.message).toContain(OURS);
      expect(answer?.message.split(". ")[1]).not.toContain(THEIRS);
    });
    const [nothing] = await db.as(newcomer, ({ query }) =>
      query<{ message: string }>("select * from a2o_mcp.get_latest_assessment('eu-west-1', $1)", [OURS]),
    );
    expect(nothing?.message).toContain("Nothing has been assessed that you may read.");
  });

  it("say who is asking", async () => {
    const asking = async (role: string, user?: string) =>
      (
        await db.as(
          role,
          ({ query }) => query<{ access: unknown }>("select to_json(a2o.current_access()) as access"),
          user === undefined ? {} : { user },
        )
      )[0]?.access;
    expect(await asking(ann)).toEqual({ user_name: ann, role_name: ann, accounts: [OURS] });
    expect(await asking("a2o_operator", "zoe@example.com")).toEqual({
      user_name: "zoe@example.com",
      role_name: "a2o_operator",
      accounts: [THEIRS],
    });
    expect(await asking("a2o_reader")).toEqual({ user_name: null, role_name: "a2o_reader", accounts: [] });
  });
});

describe("who one is", () => {
  const accounts = (query: Query) =>
    query<{ aws_account_id: string }>("select aws_account_id from a2o.accounts").then(rows =>
      rows.map(row => row.aws_account_id),
    );

  it("is the login; a2o.user is believed from the web server alone", async () => {
    for (const role of [ann, newcomer, "a2o_mcp"]) {
      await db.as(role, async ({ query }) => {
        const before = await accounts(query);
        for (const user of ["zoe@example.com", boss, "*", "a2o_owner"]) {
          await query("select set_config('a2o.user', $1, false)", [user]);
          await query("set role a2o_reader");
          expect([role, user, await accounts(query)]).toEqual([role, user, before]);
          await query("reset role");
        }
      });
    }
  });

  it("is the signed-in user for the web server", async () => {
    for (const role of ["a2o_reader", "a2o_operator"]) {
      expect(await db.as(role, ({ query }) => accounts(query), { user: "zoe@example.com" })).toEqual([THEIRS]);
      expect(await db.as(role, ({ query }) => accounts(query), { user: ann })).toEqual([OURS]);
      expect(await db.as(role, ({ query }) => accounts(query), { user: "*" })).toEqual([]);
    }
  });

  it("cannot become what it was not given", async () => {
    const all = [
      "a2o_owner",
      "a2o_ingest",
      "a2o_worker",
      "a2o_reader",
      "a2o_operator",
      "a2o_authenticator",
      "a2o_mcp",
      "a2o_metrics",
      boss,
    ];
    const may: [string, string[]][] = [
      ["a2o_authenticator", ["a2o_authenticator", "a2o_reader", "a2o_operator"]],
      ["a2o_mcp", ["a2o_mcp", "a2o_reader"]],
      [await db.createLogin("a2o_metrics"), ["a2o_metrics"]],
      [ann, ["a2o_reader"]],
      [stranger, []],
      [await db.createLogin("a2o_ingest"), ["a2o_ingest"]],
      [await db.createLogin("a2o_worker"), ["a2o_worker"]],
      [await db.createLogin("a2o_operator"), ["a2o_operator", "a2o_reader"]],
    ];
    for (const [login, allowed] of may) {
      await db.as(login, async ({ query }) => {
        const became: string[] = [];
        for (const role of all) {
          await query(`set role ${role}`).then(
            () => became.push(role),
            error => expect(error).toMatchObject(DENIED),
          );
          await query("reset role");
          if (role !== login) {
            await expect(query(`set session authorization ${role}`), `${login} as ${role}`).rejects.toMatchObject(
              DENIED,
            );
          }
        }
        expect([login, became.sort()]).toEqual([login, [...allowed].sort()]);
      });
    }
  });

  it("makes nothing in our schemas", async () => {
    for (const [who, role] of sessions()) {
      await db.as(role, async ({ query }) => {
        for (const schema of ["a2o", "a2o_private", "a2o_mcp", "public", "graphile_migrate"]) {
          await expect(query(`create table ${schema}.mine ()`), `${who}: ${schema}`).rejects.toMatchObject(DENIED);
          await expect(
            query(`create function ${schema}.mine() returns int language sql return 1`),
            `${who}: ${schema}`,
          ).rejects.toMatchObject(DENIED);
        }
        await expect(query("create schema mine"), who).rejects.toMatchObject(DENIED);
      });
    }
  });

  it("reaches the queue and the list of migrations neither as reader nor as recorder", async () => {
    for (const role of [boss, "a2o_operator", "a2o_mcp", "a2o_ingest", stranger]) {
      await db.as(role, async ({ query }) => {
        for (const name of ["graphile_worker._private_jobs", "graphile_worker.jobs", "graphile_migrate.migrations"]) {
          await expect(read(query, name), `${role}: ${name}`).rejects.toMatchObject(DENIED);
        }
      });
    }
  });
});

describe("a recording login", () => {
  it("inserts into its staging tables and does nothing else with them", async () => {
    await db.as("a2o_ingest", async ({ query }) => {
      const [run] = await query<Record<string, string>>("select * from a2o.begin_assessment()");
      const { run_id, interrupted_at, ...targets } = run ?? {};
      expect(interrupted_at).toBeNull();
      expect(Object.keys(targets)).toHaveLength(3);
      await query(`insert into ${targets.tables_target} values ('d', '{}')`);
      for (const target of Object.values(targets)) {
        for (const statement of [
          `select from ${target}`,
          `update ${target} set database_name = ''`,
          `delete from ${target}`,
          `truncate ${target}`,
          `drop table ${target}`,
          `insert into ${target} (database_name) values ('d') returning *`,
        ]) {
          await expect(query(statement), statement).rejects.toMatchObject(DENIED);
        }
      }
      await expect(query("select from a2o_private.runs")).rejects.toMatchObject(DENIED);
      expect(run_id).toBeTruthy();
    });
  });

  it("has staging tables that readers and workers cannot reach", async () => {
    const client = await ingestClient(db);
    const { rows } = await client.query<Record<string, string>>("select * from a2o.begin_assessment()");
    const target = rows[0]?.tables_target ?? "";
    for (const role of ["a2o_reader", "a2o_operator", "a2o_mcp", "a2o_worker", "a2o_authenticator", boss, stranger]) {
      await db.as(role, async ({ query }) => {
        await expect(read(query, target), role).rejects.toMatchObject(DENIED);
        await expect(query(`copy ${target} to stdout`), role).rejects.toMatchObject(DENIED);
        if (role === "a2o_mcp") return;
        await expect(query(`insert into ${target} values ('d', '{}')`), role).rejects.toMatchObject(DENIED);
      });
    }
    await client.end();
  });

  it("reads every account, because it compares with what is stored", async () => {
    const rows = await db.as("a2o_ingest", ({ query }) => query("select from a2o.accounts"));
    expect(rows).toHaveLength(2);
  });
});

describe("the MCP server's login", () => {
  const connected = async (work: (query: Client["query"], client: Client) => Promise<void>) => {
    const client = new Client({ connectionString: db.urlFor("a2o_mcp") });
    await client.connect();
    try {
      await work(client.query.bind(client) as Client["query"], client);
    } finally {
      await client.end();
    }
  };

  it("starts read-only, with a limit of time", async () => {
    await connected(async query => {
      const { rows } = await query(
        "select current_setting('transaction_read_only') as read_only, current_setting('statement_timeout') as timeout",
      );
      expect(rows).toEqual([{ read_only: "on", timeout: "20s" }]);
      await expect(query("create temporary table mine (id int)")).rejects.toMatchObject({ code: "25006" });
    });
  });

  it("can write nothing even after it lifts that, since it has no right to", async () => {
    await connected(async query => {
      await query("set default_transaction_read_only = off; set statement_timeout = 0");
      for (const { name, columns, kind } of relations) {
        if (kind === "view") continue;
        for (const statement of [
          `insert into ${name} default values`,
          `update ${name} set ${columns[0]} = ${columns[0]}`,
          `delete from ${name}`,
          `truncate ${name}`,
        ]) {
          await expect(query(statement), statement).rejects.toMatchObject(DENIED);
        }
      }
      await expect(query("alter role a2o_mcp createrole")).rejects.toMatchObject(DENIED);
      await expect(query("select a2o.begin_assessment()")).rejects.toMatchObject(DENIED);
      await expect(query("create table a2o.mine ()")).rejects.toMatchObject(DENIED);
    });
  });

  it("reads the accounts it was given", async () => {
    await db.query("insert into a2o.account_access (member, aws_account_id) values ('a2o_mcp', $1)", [THEIRS]);
    const rows = await db.as("a2o_mcp", ({ query }) =>
      query("select distinct aws_account_id as account from a2o.tables"),
    );
    expect(rows).toEqual([{ account: THEIRS }]);
    await db.query("delete from a2o.account_access where member = 'a2o_mcp'");
  });
});

describe("grants of accounts", () => {
  it("are the owner's to give, and refused for what is no account", async () => {
    const owner = new Client({ connectionString: db.url });
    await owner.connect();
    await owner.query("begin; set local role a2o_owner");
    await owner.query("select a2o.grant_account_access('x', $1)", [OURS]);
    await owner.query("select a2o.grant_account_access('x', $1)", [OURS]);
    const { rows } = await owner.query("select aws_account_id from a2o.account_access where member = 'x'");
    expect(rows).toEqual([{ aws_account_id: OURS }]);
    await expect(owner.query("select a2o.grant_account_access('x', '12')")).rejects.toMatchObject({ code: "A2O05" });
    await owner.end();
  });
});

describe("a DBA's psql", () => {
  it("runs the design's example as it is written", async () => {
    await db.as(boss, async ({ query }) => {
      const rows = await query(
        `SELECT t.table_name, t.estimated_size_gb, t.storage_location, t.partition_keys
         FROM tables t
         JOIN databases d ON t.database_id = d.id
         WHERE d.database_name = 'sales'
           AND t.table_format = 'PARQUET'
           AND t.estimated_size_gb > 0.0000001
         ORDER BY t.estimated_size_gb DESC;`,
      );
      expect(rows).toEqual(
        Array(4).fill({
          table_name: "orders",
          estimated_size_gb: "0.000001",
          storage_location: "s3://lake/orders/",
          partition_keys: [],
        }),
      );
    });
  });
});
