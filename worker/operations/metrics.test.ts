import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageRoot } from "../../postgres/package-root.ts";
import { freePort } from "../../postgres/throwaway.ts";
import { createTestDatabase, type TestDatabase } from "../../test/database.ts";
import { startWebServer, type WebServer } from "../../web/server/server.ts";
import { glueTable, ingestClient, recordCatalog } from "../record/testing.ts";
import { type RunningWorker, startWorker } from "../run.ts";

const ACCOUNT = "111111111111";

let db: TestDatabase;
let worker: RunningWorker;
let web: WebServer;
/** A login of the documented role, as Grafana has. */
let grafana: string;
const log: string[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  const client = await ingestClient(db);
  await recordCatalog(client, [{ name: "secret_database", tables: [glueTable("secret_table")] }], {
    awsAccountId: ACCOUNT,
  });
  await client.end();
  await db.query("select a2o.add_monitor($1, 'eu-west-1')", [ACCOUNT]);
  await db.query("update a2o.monitors set is_paused = true, last_succeeded_at = now()");
  await db.query("select a2o.add_monitor($1, 'us-east-1')", [ACCOUNT]);
  await db.query(
    "update a2o.monitors set next_poll_at = now() - interval '10 minutes', leased_until = now() + interval '1 hour' where region = 'us-east-1'",
  );
  await db.query(
    `insert into a2o.monitor_usage (monitor_id, day, operation, aws_account_id, calls, errors, throttled, metrics_requested)
     select id, day, 'cloudwatch:GetMetricData', aws_account_id, 7, 2, 1, 500 from a2o.monitors, unnest(array[current_date, current_date - 40]) as day`,
  );
  await db.query(
    `insert into a2o.migration_jobs (job_type, aws_job_id, aws_account_id, region, status, error_message)
     values ('DMS', 'one', $1, 'eu-west-1', 'FAILED', 'secret message')`,
    [ACCOUNT],
  );
  await db.query(
    `insert into a2o.alerts (rule_code, aws_account_id, region, job_id, severity, message)
     select 'JOB_FAILED', aws_account_id, region, id, 'CRITICAL', 'secret message' from a2o.migration_jobs`,
  );
  grafana = await db.createLogin("a2o_metrics");
  worker = await startWorker({
    databaseUrl: db.url,
    metrics: { host: "127.0.0.1", port: await freePort(), token: null },
    log: line => log.push(line),
  });
  web = await startWebServer({
    databaseUrl: db.urlFor("a2o_authenticator"),
    port: await freePort(),
    identity: { role: "a2o_reader", user: "ann" },
    log: () => undefined,
  });
});
afterAll(async () => {
  await web?.close();
  await worker?.stop();
  await db?.drop();
});

async function metricsOf(url: string | undefined, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/metrics`, { headers });
  return { status: response.status, text: await response.text(), type: response.headers.get("content-type") };
}

describe("metrics of a worker", () => {
  it("tell of the queue, polls, calls to AWS, assessments, jobs, alerts and the database", async () => {
    await expect
      .poll(async () => (await metricsOf(worker.metricsUrl)).text)
      .toMatch(/a2o_task_runs_total\{task="monitors\/watch",outcome="done"\} [1-9]/);
    const { status, text, type } = await metricsOf(worker.metricsUrl);
    expect(status).toBe(200);
    expect(type).toContain("version=0.0.4");
    for (const line of [
      /a2o_poll_lag_seconds\{account="111111111111",monitor="[^"]+",region="us-east-1"\} 6\d\d/,
      /a2o_poll_lag_seconds\{account="111111111111",monitor="[^"]+",region="eu-west-1"\} 0\n/,
      /a2o_aws_calls_total\{account="111111111111",operation="cloudwatch:GetMetricData"\} 28\n/,
      /a2o_aws_calls_throttled_total\{.*\} 4\n/,
      /a2o_cloudwatch_metrics_requested_total\{account="111111111111"\} 2000\n/,
      /a2o_assessment_tables\{.*\} 1\n/,
      /a2o_assessment_age_seconds\{.*\} \d+/,
      /a2o_migration_jobs\{.*status="FAILED".*\} 1\n/,
      /a2o_alerts\{.*severity="CRITICAL".*state="open"\} 1\n/,
      /a2o_database_size_bytes \d{6,}/,
      /a2o_database_max_connections \d+/,
      /process_resident_memory_bytes \d+/,
      /# HELP a2o_poll_lag_seconds Since when/,
    ]) {
      expect(
        text.replaceAll(
          /\{([^}]*)\}/g,
          (_, labels: string) =>
            `{${labels
              .split(/,(?=\w+=)/)
              .sort()
              .join(",")}}`,
        ),
      ).toMatch(line);
    }
    expect(text).not.toContain("secret");
  });

  it("count how long a due task waits, and what was given up", async () => {
    await worker.stop();
    const queue = () =>
      db.as(grafana, ({ query }) => query("select * from a2o_metrics.queue where task = 'test/late'"));
    expect(await queue()).toEqual([]);
    await db.query("select graphile_worker.add_job('test/late', run_at => now() - interval '5 minutes')");
    const [late] = await queue();
    expect(late).toMatchObject({ waiting: "1", running: "0", given_up: "0" });
    expect(Number(late?.oldest_wait_seconds)).toBeGreaterThan(299);
    await db.query("update graphile_worker._private_jobs set attempts = max_attempts");
    expect(await queue()).toMatchObject([{ waiting: "0", given_up: "1", oldest_wait_seconds: 0 }]);
    worker = await startWorker({
      databaseUrl: db.url,
      metrics: { host: "127.0.0.1", port: await freePort(), token: "token-of-the-collector" },
      log: line => log.push(line),
    });
  });

  it("are for who has the token, and for this machine by its own name when there is none", async () => {
    expect((await metricsOf(worker.metricsUrl)).status).toBe(403);
    expect((await metricsOf(worker.metricsUrl, { authorization: "Bearer token-of-somebody-else" })).status).toBe(403);
    expect((await metricsOf(worker.metricsUrl, { authorization: "Bearer token-of-the-collector" })).status).toBe(200);
    expect((await fetch(`${worker.metricsUrl}/healthz`)).status).toBe(200);
    expect((await fetch(`${worker.metricsUrl}/`)).status).toBe(404);
    await expect(
      startWorker({
        databaseUrl: db.url,
        metrics: { host: "0.0.0.0", port: await freePort(), token: null },
        log: () => undefined,
      }),
    ).rejects.toMatchObject({
      message: expect.stringContaining("Without a token"),
      advice: expect.stringContaining("METRICS_TOKEN"),
    });
    await expect(
      startWorker({
        databaseUrl: db.url,
        metrics: { host: "127.0.0.1", port: Number(new URL(web.url).port), token: null },
        log: () => undefined,
      }),
    ).rejects.toMatchObject({ message: expect.stringContaining("something else listens there") });
  });
});

describe("the role a2o_metrics", () => {
  it("counts every account, and reads no name of a table, no message and no task's payload", async () => {
    await db.as(grafana, async ({ query }) => {
      expect(await query("select open from a2o_metrics.alerts")).toEqual([{ open: "1" }]);
      for (const refused of [
        "table a2o.tables",
        "table a2o.databases",
        "select message from a2o.alerts",
        "select error_message from a2o.migration_jobs",
        "select role_arn from a2o.monitors",
        "table a2o.account_access",
        "select last_error from graphile_worker.jobs",
        "table graphile_worker._private_jobs",
        "select a2o.begin_assessment()",
        "delete from a2o.alerts",
      ]) {
        await expect(query(refused), refused).rejects.toMatchObject({ code: "42501" });
      }
    });
  });

  it("is not for readers, recorders and strangers", async () => {
    for (const role of ["a2o_reader", "a2o_operator", "a2o_ingest", "a2o_mcp", await db.createLogin()]) {
      await db.as(role, async ({ query }) => {
        await expect(query("table a2o_metrics.alerts"), role).rejects.toMatchObject({ code: "42501" });
      });
    }
  });

  it("is told, kindly, that pg_stat_statements is not there", async () => {
    const client = new Client({ connectionString: db.urlFor(grafana) });
    const notices: string[] = [];
    client.on("notice", ({ message, hint }) => notices.push(`${message}; ${hint}`));
    await client.connect();
    expect((await client.query("table a2o_metrics.statements")).rows).toEqual([]);
    await client.end();
    expect(notices).toEqual([expect.stringMatching(/^pg_stat_statements is not installed.*create extension/)]);
  });
});

describe("docs/grafana/aws2openstack.json", () => {
  interface Panel {
    title: string;
    targets?: { expr?: string; rawSql?: string }[];
  }
  const targets = async () => {
    const file = await readFile(join(packageRoot, "docs/grafana/aws2openstack.json"), "utf8");
    const { panels }: { panels: Panel[] } = JSON.parse(file);
    return panels.flatMap(panel => panel.targets ?? []);
  };

  it("asks SQL that the role may run, and that gives what its panels name", async () => {
    const statements = (await targets()).flatMap(({ rawSql }) => rawSql ?? []);
    expect(statements.length).toBeGreaterThan(4);
    await db.as(grafana, async ({ query }) => {
      for (const statement of statements) await query(statement);
    });
  });

  it("names only metrics that the web server or the worker exports", async () => {
    const expressions = (await targets()).flatMap(({ expr }) => expr ?? []);
    const texts = await Promise.all([
      metricsOf(web.url),
      metricsOf(worker.metricsUrl, { authorization: "Bearer token-of-the-collector" }),
    ]);
    const exported = new Set(
      texts
        .flatMap(({ text }) => [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)])
        .flatMap(([, name = "", kind]) =>
          kind === "histogram" ? [name, `${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
        ),
    );
    const named = expressions.flatMap(expression => expression.match(/\b(a2o|process)_\w+/g) ?? []);
    expect(new Set(named).size).toBeGreaterThan(15);
    expect([...new Set(named)].filter(name => !exported.has(name))).toEqual([]);
  });
});
