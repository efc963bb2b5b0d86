import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../test/database.ts";

const OURS = "111111111111";
const THEIRS = "222222222222";

let db: TestDatabase;
let operator: string;
beforeAll(async () => {
  db = await createTestDatabase();
  operator = await db.createLogin("a2o_operator");
  await db.query("select a2o.grant_account_access($1, $2)", [operator, OURS]);
  await db.query("insert into a2o.accounts values ($1), ($2)", [OURS, THEIRS]);
  await db.query(
    `insert into a2o.migration_jobs (job_type, aws_job_id, job_name, aws_account_id, region, status)
     select 'DMS', 'arn:' || a, 'orders', a, 'eu-west-1', 'RUNNING' from unnest(array[$1, $2]) as a`,
    [OURS, THEIRS],
  );
});
beforeEach(async () => {
  await db.query("delete from a2o.alert_webhooks");
  await db.query("delete from a2o.alerts");
});
afterAll(() => db.drop());

async function addWebhook(name = "ops", more: { severity?: string; account?: string } = {}): Promise<string> {
  const [row] = await db.query<{ id: string }>("select id from a2o.add_webhook($1, 'GENERIC', $2, $3)", [
    name,
    more.severity ?? "INFO",
    more.account ?? null,
  ]);
  return row?.id ?? "";
}
async function openAlert(severity = "CRITICAL", account = OURS, rule = "JOB_FAILED"): Promise<string> {
  const [row] = await db.query<{ id: string }>(
    `insert into a2o.alerts (rule_code, aws_account_id, region, job_id, severity, message)
     select $3, aws_account_id, region, id, $1, 'it broke' from a2o.migration_jobs where aws_account_id = $2 returning id`,
    [severity, account, rule],
  );
  return row?.id ?? "";
}
const resolve = (alert: string) =>
  db.query("update a2o.alerts set resolved_at = now(), resolution = 'CLEARED' where id = $1", [alert]);
const written = () =>
  db.query<{ id: string; webhook: string; event: string; state: string; payload: Record<string, unknown> }>(
    `select d.id, w.webhook_name as webhook, d.event, d.state, d.payload, d.attempts from a2o.alert_deliveries d
     join a2o.alert_webhooks w on w.id = d.webhook_id order by d.sequence_number`,
  );
const events = async () => (await written()).map(({ webhook, event }) => `${webhook} ${event}`);
const claim = async (webhook: string) =>
  (
    await db.query<{ delivery_id: string; attempt: number; body: string; event: string }>(
      "select * from a2o.claim_delivery($1)",
      [webhook],
    )
  )[0];
const record = (id: string | undefined, attempt: number | undefined, outcome: object) =>
  db.query("select * from a2o.record_delivery($1, $2, $3)", [id, attempt, JSON.stringify(outcome)]);
const makeDue = () => db.query("update a2o.alert_deliveries set next_attempt_at = now() where state = 'PENDING'");
const release = () => db.query("update a2o.alert_webhooks set held_until = null");

describe("messages", () => {
  it("are written with the alert's change, and not at all when that is rolled back", async () => {
    await addWebhook();
    const alert = await openAlert();
    await resolve(alert);
    expect(await events()).toEqual(["ops OPENED", "ops RESOLVED"]);
    expect((await written())[0]?.payload).toMatchObject({
      type: "alert.opened",
      data: {
        alert_id: alert,
        severity: "CRITICAL",
        message: "it broke",
        resolved_at: null,
        job: { job_name: "orders" },
        monitor: null,
      },
    });
    expect((await written())[1]?.payload).toMatchObject({ type: "alert.resolved", data: { resolution: "CLEARED" } });
    await db.as("a2o_owner", async ({ client }) => {
      await client.query("update a2o.alerts set resolved_at = null, resolution = null");
      expect((await client.query("select from a2o.alert_deliveries")).rowCount).toBe(3);
    });
    expect(await events()).toHaveLength(2);
  });

  it("tell of what is taken back, and of alerts that go with their job", async () => {
    await addWebhook();
    const alert = await openAlert();
    await db.query("update a2o.migration_jobs set status = 'FAILED' where aws_account_id = $1", [OURS]);
    await db.query("select a2o.acknowledge_alert($1, 'mine')", [alert]);
    await db.query("select a2o.unacknowledge_alert($1)", [alert]);
    await db.query("delete from a2o.alerts where id = $1", [alert]);
    expect(await events()).toEqual(["ops OPENED", "ops RESOLVED", "ops OPENED", "ops RESOLVED"]);
    expect((await written()).map(({ payload }) => (payload.data as Record<string, unknown>).resolution)).toEqual([
      null,
      "ACKNOWLEDGED",
      null,
      "REMOVED",
    ]);
  });

  it("go to the webhooks whose severity and account fit, that are not paused, and that were there when it began", async () => {
    await addWebhook("all");
    await addWebhook("critical", { severity: "CRITICAL" });
    await addWebhook("theirs", { account: THEIRS });
    const paused = await addWebhook("paused");
    await db.query("select a2o.pause_webhook($1)", [paused]);
    const alert = await openAlert("WARNING");
    expect(await events()).toEqual(["all OPENED"]);
    await addWebhook("late");
    await openAlert("CRITICAL", THEIRS);
    await resolve(alert);
    expect((await events()).toSorted()).toEqual(
      ["all OPENED", "all OPENED", "all RESOLVED", "critical OPENED", "late OPENED", "theirs OPENED"].toSorted(),
    );
  });
});

describe("a delivery", () => {
  it("of one alert is in order, and holds up no other alert's", async () => {
    const webhook = await addWebhook();
    const first = await openAlert();
    await resolve(first);
    await openAlert("CRITICAL", OURS, "ERROR_ROWS");
    const opened = await claim(webhook);
    const other = await claim(webhook);
    expect([opened?.event, other?.event]).toEqual(["OPENED", "OPENED"]);
    expect(JSON.parse(other?.body ?? "").data.rule_code).toBe("ERROR_ROWS");
    expect(await claim(webhook)).toBeUndefined();
    await record(opened?.delivery_id, opened?.attempt, { has_arrived: true, http_status: 204 });
    expect((await claim(webhook))?.event).toBe("RESOLVED");
  });

  it("whose worker died is leased again, with the same id and the same words", async () => {
    const webhook = await addWebhook();
    await openAlert();
    const lost = await claim(webhook);
    expect(await claim(webhook)).toBeUndefined();
    await db.query("update a2o.alert_deliveries set leased_until = now() - interval '1 second'");
    const again = await claim(webhook);
    expect(again).toEqual({ ...lost, attempt: 2 });
    // The dead one speaks up after all: that it failed is not its business any more, that it arrived is.
    await record(lost?.delivery_id, 1, { has_arrived: false, error_code: "TIMEOUT" });
    expect(await written()).toMatchObject([{ state: "PENDING", attempts: 2 }]);
    await record(lost?.delivery_id, 1, { has_arrived: true });
    await record(again?.delivery_id, 2, { has_arrived: false, error_code: "TIMEOUT" });
    expect(await written()).toMatchObject([{ state: "DELIVERED" }]);
  });

  it("waits twice as long each time, at least as long as it is asked to, and is a dead letter in the end, until it is retried", async () => {
    const webhook = await addWebhook();
    await openAlert();
    await db.query("update a2o.alert_webhooks set max_attempts = 5");
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 5; attempt++) {
      const claimed = await claim(webhook);
      expect(claimed?.attempt).toBe(attempt);
      await record(claimed?.delivery_id, attempt, {
        ...{ has_arrived: false, is_down: true, http_status: 503, error_code: "HTTP_503" },
        ...(attempt === 4 ? { retry_seconds: 7200 } : {}),
      });
      const [row] = await db.query<{ wait: number }>(
        "select extract(epoch from next_attempt_at - last_attempt_at)::float8 as wait from a2o.alert_deliveries",
      );
      waits.push(row?.wait ?? 0);
      expect(await claim(webhook)).toBeUndefined();
      await makeDue();
      // The receiver as a whole is left alone, too.
      expect(await claim(webhook)).toBeUndefined();
      const [held] = await db.query<{ seconds: number }>(
        "select extract(epoch from held_until - now())::float8 as seconds from a2o.alert_webhooks",
      );
      expect(held?.seconds).toBeLessThan(attempt === 4 ? 7201 : 301);
      await release();
    }
    waits.slice(0, 3).forEach((wait, i) => {
      expect(wait).toBeGreaterThan(5 * 2 ** i * 0.49);
      expect(wait).toBeLessThan(5 * 2 ** i + 2);
    });
    expect(waits[3]).toBeGreaterThanOrEqual(7199);
    expect(await written()).toMatchObject([{ state: "DEAD" }]);
    expect(
      await db.query(
        "select state, pending::int, dead::int, consecutive_failures, error_code from a2o.alert_webhook_overview",
      ),
    ).toEqual([{ state: "FAILING", pending: 0, dead: 1, consecutive_failures: 5, error_code: "HTTP_503" }]);
    expect(await db.query("select a2o.retry_deliveries() as n")).toEqual([{ n: 1 }]);
    const last = await claim(webhook);
    await record(last?.delivery_id, last?.attempt, { has_arrived: true, http_status: 200 });
    expect(await db.query("select state, dead::int, error_code from a2o.alert_webhook_overview")).toEqual([
      { state: "DELIVERING", dead: 0, error_code: null },
    ]);
    expect(await db.query("select a2o.retry_deliveries() as n")).toEqual([{ n: 0 }]);
  });

  it("that a receiver refuses does not hold up the next one", async () => {
    const webhook = await addWebhook();
    await openAlert();
    await openAlert("CRITICAL", OURS, "ERROR_ROWS");
    const refused = await claim(webhook);
    await record(refused?.delivery_id, refused?.attempt, { has_arrived: false, is_down: false, http_status: 400 });
    expect(JSON.parse((await claim(webhook))?.body ?? "").data.rule_code).toBe("ERROR_ROWS");
  });

  it("waits while the worker lacks the address, which the webhook shows; a test tells it", async () => {
    const webhook = await addWebhook();
    await openAlert();
    await db.query("select a2o.test_webhook($1)", [webhook]);
    await db.query("select a2o.record_webhook_settings($1, 'ALERT_WEBHOOK_OPS_URL is not set.')", [webhook]);
    expect((await written()).map(({ event, state }) => `${event} ${state}`)).toEqual(["OPENED PENDING", "TEST DEAD"]);
    expect(await db.query("select state, error_code, pending::int, dead::int from a2o.alert_webhook_overview")).toEqual(
      [{ state: "FAILING", error_code: "SETTINGS", pending: 1, dead: 0 }],
    );
    await db.query("select a2o.record_webhook_settings($1, null)", [webhook]);
    expect(await db.query("select state, error_code from a2o.alert_webhook_overview")).toEqual([
      { state: "UNTRIED", error_code: null },
    ]);
    expect((await claim(webhook))?.event).toBe("OPENED");
  });

  it("waits while the webhook is paused; a test does not", async () => {
    const webhook = await addWebhook();
    await openAlert();
    await db.query("select a2o.pause_webhook($1)", [webhook]);
    expect(await claim(webhook)).toBeUndefined();
    await db.query("select a2o.test_webhook($1)", [webhook]);
    expect((await claim(webhook))?.event).toBe("TEST");
    await db.query("select a2o.resume_webhook($1)", [webhook]);
    expect((await claim(webhook))?.event).toBe("OPENED");
  });

  it("that ended long ago goes by the retention, one that waits does not", async () => {
    const webhook = await addWebhook();
    await openAlert();
    await openAlert("CRITICAL", OURS, "ERROR_ROWS");
    const claimed = await claim(webhook);
    await record(claimed?.delivery_id, claimed?.attempt, { has_arrived: true });
    await db.query(
      "update a2o.alert_deliveries set created_at = now() - interval '1 year', ended_at = ended_at - interval '91 days'",
    );
    await db.query("select a2o.apply_retention()");
    expect(await written()).toMatchObject([{ state: "PENDING" }]);
  });
});

describe("an operator", () => {
  const asOperator = <T>(work: Parameters<typeof db.as<T>>[1]) => db.as(operator, work);

  it("adds webhooks for accounts of theirs, with a name that makes a variable, and no name twice", async () => {
    await asOperator(async ({ query }) => {
      const add = (...values: unknown[]) => query("select * from a2o.add_webhook($1, account_id => $2)", values);
      expect(await add("ops_team", OURS)).toMatchObject([
        { webhook_name: "ops_team", aws_account_id: OURS, created_by: operator },
      ]);
      await expect(add("ops_team", OURS)).rejects.toMatchObject({ code: "A2O54" });
      for (const account of [THEIRS, null, "*"])
        await expect(add("more", account)).rejects.toMatchObject({ code: "A2O55" });
      for (const name of ["Ops", "ops-team", "", null, "x".repeat(41)]) {
        await expect(add(name, OURS)).rejects.toMatchObject({ code: "A2O56" });
      }
      await expect(add("more", "12")).rejects.toMatchObject({ code: "A2O05" });
    });
  });

  it("neither sees nor changes webhooks of other accounts and of all accounts, nor their messages", async () => {
    const webhooks = [await addWebhook("all"), await addWebhook("theirs", { account: THEIRS })];
    await openAlert("CRITICAL", THEIRS);
    await db.query("update a2o.alert_deliveries set state = 'DEAD', ended_at = now()");
    const [dead] = await written();
    await asOperator(async ({ query }) => {
      for (const what of ["alert_webhooks", "alert_webhook_overview", "alert_deliveries"]) {
        expect([what, await query(`select * from a2o.${what}`)]).toEqual([what, []]);
      }
      for (const webhook of webhooks) {
        for (const verb of ["pause_webhook", "resume_webhook", "remove_webhook", "test_webhook", "retry_deliveries"]) {
          await expect(query(`select a2o.${verb}($1)`, [webhook]), verb).rejects.toMatchObject({ code: "A2O53" });
        }
      }
      expect(await query("select a2o.retry_deliveries() as n")).toEqual([{ n: 0 }]);
      await expect(query("select a2o.retry_deliveries(null, $1)", [dead?.id])).rejects.toMatchObject({ code: "A2O57" });
    });
    expect(await db.query("select count(*)::int as n from a2o.alert_deliveries where state = 'DEAD'")).toEqual([
      { n: 2 },
    ]);
  });

  it("may not do the worker's part, and a reader none of this", async () => {
    const webhook = await addWebhook("ours", { account: OURS });
    const reader = await db.createLogin("a2o_reader");
    await db.query("select a2o.grant_account_access($1, $2)", [reader, OURS]);
    for (const who of [operator, reader]) {
      await db.as(who, async ({ query }) => {
        expect(await query("select webhook_name from a2o.alert_webhook_overview")).toEqual([{ webhook_name: "ours" }]);
        for (const call of [
          "claim_delivery($1)",
          "record_delivery($1, 1, '{}')",
          "record_webhook_settings($1, null)",
        ]) {
          await expect(query(`select a2o.${call}`, [webhook]), call).rejects.toMatchObject({ code: "42501" });
        }
      });
    }
    await db.as(reader, async ({ query }) => {
      for (const call of [
        "add_webhook('x')",
        `test_webhook('${webhook}')`,
        `remove_webhook('${webhook}')`,
        "retry_deliveries()",
      ]) {
        await expect(query(`select a2o.${call}`), call).rejects.toMatchObject({ code: "42501" });
      }
    });
  });
});
