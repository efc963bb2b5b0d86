import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../test/database.ts";

const OURS = "111111111111";
const THEIRS = "222222222222";
const REGION = "eu-central-1";

let db: TestDatabase;
let operator: string;
let monitorId: string;
beforeAll(async () => {
  db = await createTestDatabase();
  operator = await db.createLogin("a2o_operator");
  await db.query("select a2o.grant_account_access($1, $2)", [operator, OURS]);
});
beforeEach(async () => {
  await db.query("delete from a2o.alerts");
  await db.query("delete from a2o.monitors");
  await db.query("delete from a2o.migration_jobs");
  await db.query("update a2o.alert_rules set is_enabled = true");
  const [monitor] = await db.query<{ id: string }>("select id from a2o.add_monitor($1, $2)", [OURS, REGION]);
  monitorId = monitor?.id ?? "";
});
afterAll(() => db.drop());

const START = Date.now() - 86_400_000;
/** A moment of the test's day, which ends about now. */
const at = (minutes: number) => new Date(START + minutes * 60_000).toISOString();

const job = (minutes: number, more: Record<string, unknown> = {}) => ({
  job_type: "DMS",
  aws_job_id: "arn:task",
  aws_parent_id: "arn:task",
  run_key: at(0),
  job_name: "orders",
  migration_type: "full-load-and-cdc",
  status: "RUNNING",
  started_at: at(0),
  resumed_at: at(0),
  observed_at: at(minutes),
  ...more,
});
const ended = (minutes: number, more: Record<string, unknown> = {}) =>
  job(minutes, { status: "FAILED", completed_at: at(minutes), error_message: "Last Error: no space.", ...more });

async function poll(jobs: object[] = [], more: Record<string, unknown> = {}): Promise<void> {
  const pollId = crypto.randomUUID();
  await db.query("update a2o.monitors set poll_id = $1 where id = $2", [pollId, monitorId]);
  const message = { poll_id: pollId, monitor_id: monitorId, jobs, ...more };
  await db.query("select * from a2o.record_poll($1)", [JSON.stringify(message)]);
}
const blind = { services: [{ service: "DMS", is_blind: true, error_code: "ExpiredToken", error_message: "expired" }] };
const seeing = { services: [{ service: "DMS", is_blind: false, is_complete: true, listed_at: at(1), listed: [] }] };

const told = () =>
  db.query(
    "select rule_code as code, state, job_name as job, value, resolution from a2o.alert_overview order by opened_at, rule_code",
  );
const open = async () => (await told()).filter(({ state }) => state !== "RESOLVED").map(({ code }) => code);
const alertId = async () =>
  (await db.query<{ id: string }>("select id from a2o.alerts order by opened_at desc"))[0]?.id;

describe("a job that fails", () => {
  it("opens one alert in AWS's words, however often it is told, and a later run that ends closes it", async () => {
    await poll([job(1)]);
    expect(await told()).toEqual([]);
    for (let minute = 5; minute < 8; minute++) await poll([ended(minute, { completed_at: at(5) })]);
    expect(await db.query("select severity, message, is_simulated from a2o.alert_overview")).toEqual([
      { severity: "CRITICAL", message: "DMS task orders failed: Last Error: no space.", is_simulated: false },
    ]);
    const next = { run_key: at(10), started_at: at(10), resumed_at: at(10) };
    await poll([job(11, next)]);
    expect(await open()).toEqual(["JOB_FAILED"]);
    await poll([job(20, { ...next, status: "COMPLETED", completed_at: at(20) })]);
    expect(await told()).toMatchObject([{ state: "RESOLVED", resolution: "CLEARED" }]);
  });

  it("is over when it is resumed, and told of anew when it fails again", async () => {
    await poll([ended(5)]);
    await poll([job(10, { resumed_at: at(9) })]);
    expect(await open()).toEqual([]);
    await poll([ended(15, { resumed_at: at(9) })]);
    expect(await told()).toMatchObject([{ state: "RESOLVED" }, { state: "OPEN" }]);
  });

  it("leaves one alert for a task whose every run fails: that of the latest", async () => {
    for (const start of [0, 10, 20]) {
      const run = { run_key: at(start), started_at: at(start), resumed_at: at(start) };
      await poll([ended(start + 5, run)]);
    }
    expect(await told()).toMatchObject([{ state: "RESOLVED" }, { state: "RESOLVED" }, { state: "OPEN" }]);
  });

  it("is not told of when it failed days before anybody watched, but is when it failed while nobody polled", async () => {
    const days = -3 * 24 * 60;
    await poll([ended(1, { completed_at: at(days), started_at: at(days - 60) })]);
    expect(await told()).toEqual([]);
    const weekend = { aws_job_id: "arn:other", aws_parent_id: "arn:other", run_key: "x" };
    await poll([job(days - 60, { ...weekend, started_at: at(days - 120), resumed_at: at(days - 120) })]);
    await db.query("update a2o.migration_jobs set created_at = $1 where aws_job_id = 'arn:other'", [at(days - 60)]);
    await poll([
      ended(2, { ...weekend, completed_at: at(days), started_at: at(days - 120), resumed_at: at(days - 120) }),
    ]);
    expect(await open()).toEqual(["JOB_FAILED"]);
  });

  it("once acknowledged is not told of again; taking that back opens it", async () => {
    await poll([ended(5)]);
    const id = await alertId();
    const acknowledged = await db.query("select * from a2o.acknowledge_alert($1, 'on it')", [id]);
    expect(acknowledged).toMatchObject([{ acknowledged_note: "on it", resolution: "ACKNOWLEDGED" }]);
    await poll([ended(6, { completed_at: at(5) })]);
    expect(await told()).toMatchObject([{ state: "RESOLVED", resolution: "ACKNOWLEDGED" }]);
    await db.query("select a2o.unacknowledge_alert($1)", [id]);
    expect(await open()).toEqual(["JOB_FAILED"]);
    await poll([ended(7, { completed_at: at(5) })]);
    expect(await told()).toHaveLength(1);
  });

  it("that was resumed and failed again is told of again, whoever acknowledged the first time", async () => {
    await poll([ended(5)]);
    await db.query("select a2o.acknowledge_alert($1)", [await alertId()]);
    await poll([job(10, { resumed_at: at(9) })]);
    await poll([ended(15, { resumed_at: at(9) })]);
    expect(await open()).toEqual(["JOB_FAILED"]);
  });
});

describe("a job that runs", () => {
  it("is stalled when nothing moved for longer than the rule's threshold while AWS answered, until something does", async () => {
    for (let minute = 0; minute <= 9; minute++) await poll([job(minute, { percent: 30, rows_copied: 7 })]);
    expect(await open()).toEqual([]);
    await poll([job(10, { percent: 30, rows_copied: 7 })]);
    expect(await told()).toMatchObject([{ code: "JOB_STALLED", state: "OPEN", value: 600 }]);
    await poll([job(11, { percent: 30, rows_copied: 8 })]);
    expect(await open()).toEqual([]);
  });

  it("is not stalled for the time before it was resumed, nor while it replicates changes", async () => {
    await poll([job(0, { percent: 30 })]);
    await poll([job(30, { percent: 30, resumed_at: at(29) })]);
    await poll([job(40, { percent: 100, resumed_at: at(29) })]);
    await poll([job(60, { percent: 100, resumed_at: at(29) })]);
    expect(await told()).toEqual([]);
  });

  it("is told of for differences, refused rows and failed tables, each by itself, until AWS counts none", async () => {
    const counts = { validation_failed_rows: 3, error_rows: 2, tables_errored: 1 };
    await poll([job(1, counts)]);
    expect(await open()).toEqual(["ERROR_ROWS", "TABLES_ERRORED", "VALIDATION_ERRORS"]);
    await poll([job(2, { ...counts, error_rows: 9, validation_failed_rows: 0 })]);
    expect(await told()).toMatchObject([
      { code: "ERROR_ROWS", value: 9, state: "OPEN" },
      { code: "TABLES_ERRORED", value: 1, state: "OPEN" },
      { code: "VALIDATION_ERRORS", value: 3, state: "RESOLVED" },
    ]);
  });

  it("that was acknowledged stays so, is not told of again at its end, and is told of when it comes back", async () => {
    await poll([job(1, { error_rows: 1 })]);
    await db.query("select a2o.acknowledge_alert($1)", [await alertId()]);
    expect(await told()).toMatchObject([{ state: "ACKNOWLEDGED" }]);
    await poll([job(2, { error_rows: 5 })]);
    expect(await told()).toMatchObject([{ state: "ACKNOWLEDGED", value: 5 }]);
    for (const minute of [3, 4]) {
      await poll([job(minute, { error_rows: 5, status: "COMPLETED", completed_at: at(3) })]);
      expect(await told()).toMatchObject([{ state: "RESOLVED", resolution: "ACKNOWLEDGED" }]);
    }
  });

  it("lags when the newest latency that CloudWatch told is above the threshold", async () => {
    const latency = (minute: number, target: number) => ({
      metrics: [
        { job: 1, metric_name: "CDCLatencySource", unit: "Seconds", points: [[at(minute), 2]] },
        { job: 1, metric_name: "CDCLatencyTarget", unit: "Seconds", points: [[at(minute), target]] },
      ],
    });
    await poll([job(1, { percent: 100 })], latency(1, 300));
    expect(await open()).toEqual([]);
    await poll([job(2, { percent: 100 })], latency(2, 301));
    expect(await told()).toMatchObject([{ code: "CDC_LATENCY", value: 301 }]);
    await poll([job(3, { percent: 100 })], latency(3, 20));
    expect(await open()).toEqual([]);
  });

  it("is told of by the rules as they stand: other thresholds count at the next poll, disabled ones resolve", async () => {
    await poll([job(1, { error_rows: 5 })]);
    await db.query("update a2o.alert_rules set threshold = 5 where code = 'ERROR_ROWS'");
    await poll([job(2, { error_rows: 5 })]);
    expect(await open()).toEqual([]);
    await poll([job(3, { error_rows: 6 })]);
    expect(await open()).toEqual(["ERROR_ROWS"]);
    await db.query("update a2o.alert_rules set is_enabled = false, threshold = 0 where code = 'ERROR_ROWS'");
    await poll([job(4, { error_rows: 6 })]);
    expect(await open()).toEqual([]);
  });
});

describe("a monitor", () => {
  it("that sees nothing in three polls in a row is told of once, until something answers", async () => {
    await poll([], blind);
    await poll([], blind);
    expect(await open()).toEqual([]);
    for (let i = 0; i < 3; i++) await poll([], blind);
    expect(await told()).toMatchObject([{ code: "MONITOR_BLIND", job: null, value: 5 }]);
    await poll([], seeing);
    expect(await told()).toMatchObject([{ state: "RESOLVED", resolution: "CLEARED" }]);
  });

  it("leaves the alerts of its jobs as they are while it sees nothing", async () => {
    await poll([job(1, { error_rows: 1 })]);
    for (let i = 0; i < 3; i++) await poll([], blind);
    expect(await open()).toEqual(["ERROR_ROWS", "MONITOR_BLIND"]);
  });

  it("that nobody polls is told of when a living worker has seen that for long enough, and no longer once it is paused", async () => {
    const check = () => db.as("a2o_worker", ({ client }) => client.query("select a2o.check_monitors(); commit"));
    await db.query("update a2o.monitors set next_poll_at = now() - interval '1 day'");
    await check();
    expect(await open()).toEqual([]);
    await db.query("update a2o.monitors set late_since = late_since - interval '301 seconds'");
    await check();
    expect(await open()).toEqual(["MONITOR_LATE"]);
    await db.query("select a2o.pause_monitor($1)", [monitorId]);
    await check();
    expect(await open()).toEqual([]);
    await db.query("update a2o.monitors set is_paused = false, late_since = now() - interval '1 hour'");
    await check();
    expect(await open()).toEqual(["MONITOR_LATE"]);
    await poll([], seeing);
    expect(await open()).toEqual([]);
  });
});

describe("an alert", () => {
  it("comes and goes in the transaction of the change that caused it, and is announced with it", async () => {
    const heard: string[] = [];
    await db.as("a2o_worker", async ({ client }) => {
      await client.query("commit; listen a2o");
      client.on("notification", ({ payload }) => heard.push(JSON.parse(payload ?? "{}").kind));
      const message = JSON.stringify({ poll_id: crypto.randomUUID(), monitor_id: monitorId, jobs: [ended(5)] });
      await client.query("begin");
      await client.query("select * from a2o.record_poll($1)", [message]);
      expect(await told()).toEqual([]);
      await client.query("rollback");
      await client.query("select 1");
      expect(heard).toEqual([]);
      expect(await db.query("select from a2o.migration_jobs")).toEqual([]);
      await client.query("select * from a2o.record_poll($1)", [message]);
      expect(await open()).toEqual(["JOB_FAILED"]);
      await client.query("select 1");
      expect(heard).toContain("ALERT");
    });
  });

  it("goes with its job", async () => {
    await poll([ended(5)]);
    await db.query("delete from a2o.migration_jobs");
    expect(await told()).toEqual([]);
  });

  it("is an operator's to acknowledge, in accounts that are theirs, and nobody else's", async () => {
    await poll([ended(5)]);
    const id = await alertId();
    await db.as(operator, async ({ query }) => {
      expect(await query("select acknowledged_by from a2o.acknowledge_alert($1)", [id])).toEqual([
        { acknowledged_by: operator },
      ]);
      await query("select a2o.unacknowledge_alert($1)", [id]);
      await expect(query("select a2o.acknowledge_alert($1, repeat('x', 2001))", [id])).rejects.toMatchObject({
        code: "A2O52",
      });
      await expect(query("select a2o.acknowledge_alert(gen_random_uuid())")).rejects.toMatchObject({ code: "A2O50" });
    });
    for (const role of ["a2o_reader", "a2o_worker", "a2o_ingest", "a2o_mcp"]) {
      await db.as(role, async ({ query }) => {
        await expect(query("select a2o.acknowledge_alert($1)", [id])).rejects.toMatchObject({ code: "42501" });
        await expect(query("update a2o.alerts set message = ''")).rejects.toMatchObject({
          code: expect.stringMatching(/^(42501|25006)$/),
        });
      });
    }
    await db.query("select a2o.revoke_account_access($1, $2), a2o.grant_account_access($1, $3)", [
      operator,
      OURS,
      THEIRS,
    ]);
    await db.as(operator, async ({ query }) => {
      expect(await query("select from a2o.alert_overview")).toEqual([]);
      await expect(query("select a2o.acknowledge_alert($1)", [id])).rejects.toMatchObject({ code: "A2O50" });
      await expect(query("select a2o.unacknowledge_alert($1)", [id])).rejects.toMatchObject({ code: "A2O50" });
    });
  });

  it("that ended by itself cannot be acknowledged", async () => {
    await poll([job(1, { error_rows: 1 })]);
    await poll([job(2, { error_rows: 0 })]);
    const id = await alertId();
    for (const change of ["acknowledge_alert", "unacknowledge_alert"]) {
      await expect(db.query(`select a2o.${change}($1)`, [id])).rejects.toMatchObject({ code: "A2O51" });
    }
  });
});
