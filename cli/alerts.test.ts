import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../test/database.ts";
import { startCommand } from "../test/processes.ts";
import { startReceiver } from "../worker/alerts/receiver.testing.ts";
import { a2o } from "./testing.ts";

const ACCOUNT = "111111111111";
const SECRET = `whsec_${Buffer.from("a secret of thirty-two characters").toString("base64")}`;

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const run = (...args: string[]) => a2o(["alerts", ...args], { env: { DATABASE_URL: db.url } });

async function openAlert(): Promise<string> {
  const [row] = await db.query<{ id: string }>(
    `insert into a2o.alerts (rule_code, aws_account_id, region, job_id, severity, message)
     select 'JOB_FAILED', aws_account_id, region, id, 'CRITICAL', 'DMS task orders failed: no space' from a2o.migration_jobs returning id`,
  );
  return row?.id ?? "";
}

describe("aws2openstack alerts", () => {
  it("says what to do while there is nothing", async () => {
    expect((await run("list")).stdout).toContain("Nothing needs attention");
    expect((await run("webhook", "list")).stdout).toContain("aws2openstack alerts webhook add");
    expect((await run("dead-letters")).stdout).toBe("There is no dead letter.\n");
    expect(await run("retry")).toMatchObject({ code: 0, stdout: "There is no dead letter.\n" });
  });

  it("is coloured where a terminal wants it, without a code that can be read", async () => {
    const listing = (await a2o(["alerts", "webhook", "list"], { env: { DATABASE_URL: db.url } })).stdout;
    expect(listing).toContain("add team");
    await db.query("select a2o.add_webhook('colours', 'SLACK')");
    const coloured = await a2o(["alerts", "webhook", "list"], { env: { DATABASE_URL: db.url, FORCE_COLOR: "1" } });
    expect(coloured.stdout).toContain("\u001b[2mnothing sent yet\u001b[22m");
    expect(stripVTControlCharacters(coloured.stdout)).not.toMatch(/\[\d+m/);
    await db.query("select a2o.remove_webhook(id) from a2o.alert_webhooks");
  });

  it("lists and acknowledges alerts by the beginning of their id", async () => {
    await db.query("insert into a2o.accounts values ($1)", [ACCOUNT]);
    await db.query(
      `insert into a2o.migration_jobs (job_type, aws_job_id, job_name, aws_account_id, region, status)
       values ('DMS', 'arn', 'orders', $1, 'eu-west-1', 'FAILED')`,
      [ACCOUNT],
    );
    const id = await openAlert();
    expect((await run("list")).stdout).toMatch(/critical +open .*DMS task orders failed/);
    expect((await run("list", "--account", "999999999999")).stdout).toContain("Nothing needs attention");
    expect((await run("ack", id.slice(0, 8), "--note", "mine")).stdout).toBe("Job failed (orders) is resolved.\n");
    expect(JSON.parse((await run("list", "--all", "--json")).stdout)).toMatchObject([
      { alert_id: id, state: "RESOLVED", acknowledged_note: "mine" },
    ]);
    expect((await run("ack", id, "--undo")).stdout).toContain("is open.");
  });

  it("adds a webhook, tries it through the worker, shows and retries what did not arrive, and removes it", async () => {
    await using receiver = await startReceiver();
    const added = await run("webhook", "add", "ops", "--severity", "critical");
    expect(added).toMatchObject({ code: 0, stderr: expect.stringContaining("ALERT_WEBHOOK_OPS_URL") });
    expect(await run("webhook", "add", "ops")).toMatchObject({ code: 1, stderr: expect.stringContaining("already") });
    expect(await run("webhook", "test", "ops", "--wait", "1")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("No worker sent it"),
    });
    const worker = startCommand(["worker"], {
      DATABASE_URL: db.url,
      ALERT_WEBHOOK_OPS_URL: receiver.url,
      ALERT_WEBHOOK_OPS_SECRET: SECRET,
    });
    try {
      await worker.printed("Ctrl-C stops it.");
      await expect.poll(() => receiver.requests.length, { timeout: 30_000 }).toBe(1);
      expect(await run("webhook", "test", "ops")).toMatchObject({
        code: 0,
        stdout: "The receiver took it (HTTP 204).\n",
      });
      receiver.answers.push(503);
      expect(await run("webhook", "test", "ops")).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("The receiver answered 503."),
      });
      // A failed test is no dead letter.
      expect((await run("dead-letters")).stdout).toBe("There is no dead letter.\n");
      await db.query("update a2o.alert_webhooks set max_attempts = 1, held_until = null");
      await db.query("delete from a2o.alerts");
      receiver.answers.push(500);
      await openAlert();
      const dead = async () => JSON.parse((await run("dead-letters", "--json")).stdout);
      await expect.poll(dead, { timeout: 30_000 }).toMatchObject([{ webhook_name: "ops", http_status: 500 }]);
      const listed = await run("webhook", "list");
      expect(listed.stdout).toMatch(/ops .*failing .* 1$/m);
      expect(listed.stderr).toContain("The receiver answered 500.");
      const [letter] = await dead();
      expect((await run("retry", letter.delivery_id.slice(0, 8))).stdout).toContain("1 message");
      await expect.poll(async () => (await run("webhook", "list")).stdout, { timeout: 30_000 }).toMatch(/delivering/);
      expect(worker.output()).not.toContain(receiver.url);
    } finally {
      await worker.interrupt();
    }
    expect((await run("webhook", "pause", "ops")).stdout).toBe("ops is paused.\n");
    expect((await run("webhook", "resume", "ops")).code).toBe(0);
    expect((await run("webhook", "remove", "ops")).code).toBe(0);
    expect((await run("webhook", "list")).stdout).toContain("Nobody is told");
  });

  it("refuses mistakes with what is allowed, and another account's alerts as if there were none", async () => {
    const wrong: [string[], number, string][] = [
      [["list", "--severity", "BAD"], 2, "--severity cannot be BAD."],
      [["ack", "zz"], 2, "zz is no id of an alert."],
      [["ack", "abcdef12"], 1, "There is no alert abcdef12 of yours."],
      [["webhook", "add", "ops-team"], 1, "is no name for a webhook"],
      [["webhook", "add", "ops", "--format", "XML"], 2, "--format cannot be XML."],
      [["webhook", "test", "nope"], 1, "There is no webhook nope of yours."],
      [["retry", "--webhook", "nope"], 1, "There is no webhook nope of yours."],
    ];
    for (const [args, code, message] of wrong) {
      expect([args, await run(...args)]).toMatchObject([args, { code, stderr: expect.stringContaining(message) }]);
    }
    const operator = await db.createLogin("a2o_operator");
    const [alert] = await db.query<{ id: string }>("select id from a2o.alerts");
    const asOperator = (...args: string[]) => a2o(["alerts", ...args], { env: { DATABASE_URL: db.urlFor(operator) } });
    expect((await asOperator("ack", alert?.id ?? "")).stderr).toContain("There is no alert");
    expect((await asOperator("webhook", "add", "mine")).stderr).toContain("Not all accounts are yours");
  });
});
