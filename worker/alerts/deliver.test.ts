import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { temporaryDirectory } from "../../cli/testing.ts";
import { createTestDatabase, type TestDatabase } from "../../test/database.ts";
import { startWorker } from "../run.ts";
import { type Receiver, startReceiver } from "./receiver.testing.ts";

const ACCOUNT = "111111111111";
const SECRET = `whsec_${Buffer.from("CANARY of thirty-two characters!!").toString("base64")}`;
const PATIENT = { timeout: 30_000, interval: 50 };

let db: TestDatabase;
let receiver: Receiver;
beforeAll(async () => {
  db = await createTestDatabase();
  await db.query("insert into a2o.accounts values ($1)", [ACCOUNT]);
  await db.query(
    `insert into a2o.migration_jobs (job_type, aws_job_id, job_name, aws_account_id, region, status)
     select 'DMS', 'arn:' || n, 'orders ' || n, $1, 'eu-west-1', 'RUNNING' from generate_series(1, 20) n`,
    [ACCOUNT],
  );
});
afterAll(() => db.drop());
beforeEach(async () => {
  await db.query("delete from a2o.alert_webhooks");
  await db.query("delete from a2o.alerts");
  receiver = await startReceiver();
  return async () => {
    vi.unstubAllEnvs();
    await receiver[Symbol.asyncDispose]();
  };
});

const environment = () => ({ ALERT_WEBHOOK_OPS_URL: `${receiver.url}/CANARY`, ALERT_WEBHOOK_OPS_SECRET: SECRET });
const addWebhook = () => db.query("select a2o.add_webhook('ops')");
const openAlerts = (jobs: number) =>
  db.query(
    `insert into a2o.alerts (rule_code, aws_account_id, region, job_id, severity, message)
     select 'JOB_FAILED', aws_account_id, region, id, 'CRITICAL', 'it broke' from a2o.migration_jobs order by job_name limit $1`,
    [jobs],
  );
const states = async () =>
  (await db.query<{ state: string }>("select state from a2o.alert_deliveries order by sequence_number")).map(
    row => row.state,
  );
const dueNow = async () => {
  await db.query(
    "update a2o.alert_deliveries set next_attempt_at = now(), leased_until = null where state = 'PENDING'",
  );
  await db.query("update a2o.alert_webhooks set held_until = null");
  await db.query("notify a2o_deliveries");
};

async function worker(): Promise<AsyncDisposable & { lines: string[] }> {
  const lines: string[] = [];
  const running = await startWorker({ databaseUrl: db.url, log: line => lines.push(line) });
  return { lines, [Symbol.asyncDispose]: () => running.stop() };
}

describe("the worker", () => {
  it("sends what an alert does as soon as it is committed, in order, signed, each once", async () => {
    for (const [name, value] of Object.entries(environment())) vi.stubEnv(name, value);
    await addWebhook();
    await using _ = await worker();
    await openAlerts(5);
    await db.query("update a2o.alerts set resolved_at = now(), resolution = 'CLEARED'");
    await expect.poll(() => receiver.requests.length, PATIENT).toBe(10);
    await expect.poll(states, PATIENT).toEqual(Array(10).fill("DELIVERED"));
    const messages = receiver.requests.map(({ body, headers }) => {
      const said = headers as Record<string, string>;
      return new Webhook(SECRET).verify(body, said) as { type: string; data: { alert_id: string } };
    });
    const byAlert = Map.groupBy(messages, ({ data }) => data.alert_id);
    expect(byAlert.size).toBe(5);
    for (const told of byAlert.values()) {
      expect(told.map(({ type }) => type)).toEqual(["alert.opened", "alert.resolved"]);
    }
    expect(new Set(receiver.requests.map(({ headers }) => headers["webhook-id"])).size).toBe(10);
  });

  it("tries again under the same id after failures, tells of them once, gives up in the end, and retries when told to", async () => {
    for (const [name, value] of Object.entries(environment())) vi.stubEnv(name, value);
    await addWebhook();
    await db.query("update a2o.alert_webhooks set max_attempts = 4");
    await using running = await worker();
    receiver.answers.push(500, "close", { status: 429, headers: { "retry-after": "600" } }, 503, 200);
    await openAlerts(1);
    for (let attempt = 1; attempt <= 4; attempt++) {
      await expect.poll(() => receiver.requests.length, PATIENT).toBe(attempt);
      const attempts = async () =>
        (await db.query("select from a2o.alert_deliveries where leased_until is null")).length;
      await expect.poll(attempts, PATIENT).toBe(1);
      if (attempt === 3) {
        const [wait] = await db.query<{ seconds: number }>(
          "select extract(epoch from next_attempt_at - now())::float8 as seconds from a2o.alert_deliveries",
        );
        expect(wait?.seconds).toBeGreaterThan(500);
      }
      if (attempt < 4) await dueNow();
    }
    await expect.poll(states, PATIENT).toEqual(["DEAD"]);
    await db.query("select a2o.retry_deliveries()");
    await expect.poll(states, PATIENT).toEqual(["DELIVERED"]);
    const ids = receiver.requests.map(({ headers, body }) => `${headers["webhook-id"]} ${body}`);
    expect([ids.length, new Set(ids).size]).toEqual([5, 1]);
    await expect.poll(() => running.lines.length, PATIENT).toBe(3);
    expect(running.lines).toEqual([
      "worker: webhook ops: The receiver answered 500.",
      expect.stringMatching(/webhook ops: message [0-9a-f-]{36} is given up: The receiver answered 503\./),
      "worker: webhook ops: messages arrive again",
    ]);
  });

  it("keeps everything while its variables are missing, shows that, and sends when they come as files", async () => {
    await addWebhook();
    await using _ = await worker();
    await openAlerts(2);
    const shown = () =>
      db.query("select state, error_code, error_message, pending::int from a2o.alert_webhook_overview");
    await expect.poll(shown, PATIENT).toEqual([
      {
        ...{ state: "FAILING", error_code: "SETTINGS", pending: 2 },
        error_message: "ALERT_WEBHOOK_OPS_URL is not set in the worker's environment.",
      },
    ]);
    const directory = await temporaryDirectory();
    try {
      for (const [name, value] of Object.entries(environment())) {
        await writeFile(join(directory.path, name), `${value}\n`);
        vi.stubEnv(`${name}_FILE`, join(directory.path, name));
      }
      await db.query("notify a2o_deliveries");
      await expect.poll(states, PATIENT).toEqual(["DELIVERED", "DELIVERED"]);
      expect(await shown()).toMatchObject([{ state: "DELIVERING", error_code: null }]);
    } finally {
      await directory.remove();
    }
  });

  it("writes neither address nor secret anywhere, whatever goes wrong", async () => {
    for (const [name, value] of Object.entries(environment())) vi.stubEnv(name, value);
    await addWebhook();
    await using running = await worker();
    receiver.answers.push("close", { status: 302, headers: { location: "http://CANARY/" } });
    await openAlerts(2);
    const outcomes = async () =>
      (await db.query("select from a2o.alert_deliveries where error_code is not null")).length;
    await expect.poll(outcomes, PATIENT).toBeGreaterThan(0);
    await dueNow();
    await expect.poll(() => receiver.requests.length, PATIENT).toBeGreaterThanOrEqual(3);
    vi.stubEnv("ALERT_WEBHOOK_OPS_URL", "http://hooks.example.com/CANARY");
    await dueNow();
    const code = async () => (await db.query("select error_code from a2o.alert_webhooks"))[0]?.error_code;
    await expect.poll(code, PATIENT).toBe("SETTINGS");
    const tables = await db.query<{ name: string }>(
      `select c.oid::regclass::text as name from pg_class c
       where c.relkind = 'r' and c.relnamespace in (select oid from pg_namespace where nspname ~ '^(a2o|graphile_worker)')`,
    );
    expect(tables.map(({ name }) => name)).toContain("graphile_worker._private_jobs");
    for (const { name } of tables) {
      const [row] = await db.query<{ found: boolean }>(
        `select exists (select from ${name} t where to_jsonb(t)::text ~ 'CANARY|${SECRET.slice(6, 30)}') as found`,
      );
      expect([name, row?.found]).toEqual([name, false]);
    }
    expect(running.lines.join("\n")).not.toMatch(/CANARY|whsec/);
  });

  it("killed with -9 between sending and storing sends it once more at most, under the same id", async () => {
    await addWebhook();
    const workers: ChildProcess[] = [];
    const output: Promise<string>[] = [];
    const start = () => {
      const child = fork(join(import.meta.dirname, "../poll/worker.fixture.ts"), {
        env: { ...process.env, ...environment(), DATABASE_URL: db.url },
        stdio: ["ignore", "pipe", "pipe", "ipc"],
      });
      if (child.stderr !== null) output.push(text(child.stderr));
      child.stdout?.resume();
      workers.push(child);
      return child;
    };
    try {
      const first = start();
      const arrived = Promise.withResolvers<void>();
      receiver.answers.push(response => {
        // The receiver has it, and says so, to a worker that is no more.
        first.once("exit", () => {
          response.writeHead(200).end();
          arrived.resolve();
        });
        first.kill("SIGKILL");
      });
      await openAlerts(1);
      await arrived.promise;
      expect(await db.query("select state, attempts from a2o.alert_deliveries")).toEqual([
        { state: "PENDING", attempts: 1 },
      ]);
      start();
      // As if its lease of a minute were over.
      await dueNow();
      await expect.poll(states, PATIENT).toEqual(["DELIVERED"]);
      const sent = receiver.requests.map(({ headers, body }) => `${headers["webhook-id"]} ${body}`);
      expect([sent.length, new Set(sent).size]).toEqual([2, 1]);
    } finally {
      for (const child of workers) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        const gone = once(child, "exit");
        child.kill("SIGTERM");
        await gone;
      }
    }
    expect((await Promise.all(output)).join("")).not.toContain("CANARY");
  });
});
