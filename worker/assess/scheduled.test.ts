import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type Simulator, startSimulator } from "../../demo/simulator.ts";
import { createTestDatabase, type TestDatabase } from "../../test/database.ts";
import { type RunningWorker, startWorker } from "../run.ts";
import { runScheduled } from "./scheduled.ts";

const ACCOUNT = "210987654321";
const OTHER = "111122223333";

let db: TestDatabase;
let simulator: Simulator;
beforeAll(async () => {
  db = await createTestDatabase();
  simulator = await startSimulator({
    catalog: { databases: 2, tablesPerDatabase: 5, regions: ["eu-west-1", "eu-west-2"] },
  });
  // The worker finds AWS and its credentials in its environment.
  for (const [name, value] of Object.entries(simulator.environment())) vi.stubEnv(name, value);
  vi.stubEnv("AWS_PROFILE", undefined);
});
afterEach(async () => {
  simulator.faults.clear();
  await db.query("delete from a2o.assessment_schedules");
  await db.query("delete from a2o.assessments");
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await simulator.close();
  await db.drop();
});

const add = async (regions = "eu-west-1", account = ACCOUNT, scope: object = {}) =>
  (
    await db.query<{ id: string }>("select id from a2o.schedule_assessment($1, $2, 'day', scope => $3)", [
      ...[account, regions, scope],
    ])
  )[0]?.id ?? "";
const schedule = async () =>
  (
    await db.query("select state, last_message, consecutive_failures, last_finished_at from a2o.assessment_schedules")
  )[0];
const stored = () => db.query("select region, total_tables as tables from a2o.assessments order by region");

/** As a worker's connection: the login may become either role, and is the worker's first. */
async function asWorker<T>(work: (client: Client) => Promise<T>, roles = ["a2o_worker", "a2o_ingest"]): Promise<T> {
  const client = new Client({ connectionString: db.urlFor(await db.createLogin(...roles)) });
  await client.connect();
  await client.query("set role a2o_worker");
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

describe("a scheduled assessment", () => {
  it("is stored, and the schedule tells so", async () => {
    const id = await add();
    await asWorker(async client => {
      expect(await runScheduled(client, id)).toEqual({ state: "SUCCEEDED" });
      // The connection goes back to the pool as it was.
      expect((await client.query("select current_user")).rows).toEqual([{ current_user: "a2o_worker" }]);
    });
    expect(await stored()).toEqual([{ region: "eu-west-1", tables: 10 }]);
    expect(await schedule()).toMatchObject({ state: "SUCCEEDED", last_message: null, consecutive_failures: 0 });
  });

  it("reads the regions and databases that were asked for", async () => {
    const name = simulator.catalogOf().databaseAt("eu-west-1", 0)?.database.Name ?? "";
    const id = await add("eu-*", ACCOUNT, { databases: [name] });
    await asWorker(client => runScheduled(client, id));
    expect(await stored()).toEqual([
      { region: "eu-west-1", tables: 5 },
      { region: "eu-west-2", tables: 5 },
    ]);
  });

  it("tells what could not be read, and is partial then", async () => {
    simulator.faults.add({ kind: "deny", region: "eu-west-1", operation: "GetTables", skip: 1 });
    simulator.faults.add({ kind: "deny", region: "eu-west-2", operation: "GetDatabases" });
    const id = await add("eu-west-1,eu-west-2");
    const outcome = await asWorker(client => runScheduled(client, id));
    expect(outcome).toEqual({
      state: "PARTIAL",
      message: expect.stringMatching(
        /^eu-west-1: not read in full: \w+ \(AccessDeniedException\); eu-west-2: .* may not be listed/,
      ),
    });
    expect(await schedule()).toMatchObject({ state: "PARTIAL", last_message: outcome.message });
    expect(await stored()).toEqual([{ region: "eu-west-1", tables: 5 }]);
  });

  it("fails with words when the credentials are another account's, and counts the failures", async () => {
    const id = await add("eu-west-1", OTHER);
    await asWorker(client => runScheduled(client, id));
    await asWorker(client => runScheduled(client, id));
    expect(await schedule()).toMatchObject({
      ...{ state: "FAILED", consecutive_failures: 2, last_finished_at: expect.any(Date) },
      last_message: `The credentials belong to account ${ACCOUNT}, and the schedule to ${OTHER}.`,
    });
    expect(await stored()).toEqual([]);
  });

  it("fails with words when the worker may not record", async () => {
    const id = await add();
    await asWorker(client => runScheduled(client, id), ["a2o_worker"]);
    expect((await schedule())?.last_message).toMatch(
      /^The worker's login may not record; .*: grant a2o_ingest to \w+;$/,
    );
  });

  it("that a stopping worker breaks off is gone on with by the next one", async () => {
    const id = await add();
    simulator.faults.add({ kind: "hang", operation: "GetTables", skip: 1 });
    const controller = new AbortController();
    const before = simulator.counters.byOperation.GetTables ?? 0;
    const running = asWorker(client => runScheduled(client, id, controller.signal));
    while ((simulator.counters.byOperation.GetTables ?? 0) < before + 2) await sleep(20);
    // Counted when it comes; its answer is read by this process, too, and kept a moment later.
    await sleep(300);
    controller.abort(new Error("the worker stops"));
    await expect(running).rejects.toThrow("the worker stops");
    simulator.faults.clear();
    simulator.clearRequests();
    expect(await asWorker(client => runScheduled(client, id))).toEqual({ state: "SUCCEEDED" });
    expect(await stored()).toEqual([{ region: "eu-west-1", tables: 10 }]);
    expect(simulator.counters.byOperation.GetTables).toBe(1);
  });

  it("that was removed meanwhile is not made", async () => {
    const id = await add();
    await db.query("select a2o.remove_schedule($1)", [id]);
    expect(await asWorker(client => runScheduled(client, id))).toEqual({ state: "REMOVED" });
    expect(await stored()).toEqual([]);
  });
});

describe("workers", () => {
  const workers: RunningWorker[] = [];
  afterEach(async () => {
    for (const worker of workers.splice(0)) await worker.stop();
  });

  it("make each due assessment once, however many there are, and history grows by itself", async () => {
    const log: string[] = [];
    for (let i = 0; i < 2; i++) workers.push(await startWorker({ databaseUrl: db.url, log: line => log.push(line) }));
    await add("eu-west-1");
    await add("eu-west-2");
    const enqueue = () =>
      db.query("select graphile_worker.add_job('assessments/enqueue-due') from generate_series(1, 4)");
    const until = async (count: number) => {
      for (;;) {
        const [row] = await db.query<{ count: number }>(
          "select count(*)::int as count from a2o.assessments where (select bool_and(state = 'SUCCEEDED') from a2o.assessment_schedules)",
        );
        if (Number(row?.count) >= count) return;
        await sleep(100);
      }
    };
    await enqueue();
    await until(2);
    // A day later.
    await db.query("update a2o.assessment_schedules set next_run_at = now() - interval '1 minute'");
    await enqueue();
    await until(4);
    await sleep(500);
    expect(await db.query("select region, count(*)::int as count from a2o.assessments group by 1 order by 1")).toEqual([
      { region: "eu-west-1", count: 2 },
      { region: "eu-west-2", count: 2 },
    ]);
    expect(await db.query("select from a2o.assessment_schedules where next_run_at <= now()")).toEqual([]);
    expect(log).toEqual([]);
  });
});
