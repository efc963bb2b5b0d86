import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../test/database.ts";
import { startWorker } from "../run.ts";
import { compareWithLog, killWorkers, longCopies } from "./killing.helpers.ts";
import { watch } from "./testing.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const copies = longCopies(5);
const living = { clock: { factor: 1 }, keepAnswers: true, logCapacity: 100_000 };

describe("the worker", () => {
  it("polls a monitor again and again by itself, as soon as it is looked for", async () => {
    await using bench = await watch(db, copies, living);
    await db.query("update a2o.monitors set poll_seconds = 1, services = '{DATASYNC}'");
    const lines: string[] = [];
    const worker = await startWorker({ databaseUrl: db.url, log: line => lines.push(line) });
    try {
      const polls = async () => (await bench.rows("select from a2o_private.recorded_polls")).length;
      await expect.poll(polls, { timeout: 30_000 }).toBeGreaterThanOrEqual(3);
      // What goes wrong is told once, and once more when it is over.
      const remove = bench.simulator.faults.add({ kind: "deny", operation: "ListTasks" });
      const failures = async () =>
        Number((await bench.rows("select consecutive_failures from a2o.monitors"))[0]?.consecutive_failures);
      await expect.poll(failures, { timeout: 30_000 }).toBeGreaterThanOrEqual(2);
      remove();
      await expect.poll(failures, { timeout: 30_000 }).toBe(0);
      await expect.poll(() => lines.length, { timeout: 30_000 }).toBe(2);
      expect(lines[0]).toContain("datasync:ListTasks AccessDeniedException");
    } finally {
      await worker.stop();
    }
  });

  it("in two processes, killed again and again, neither loses nor doubles a sample", async () => {
    await using bench = await watch(db, copies, living);
    await db.query(
      "update a2o.monitors set poll_seconds = 1, idle_poll_seconds = 1, metrics_seconds = 1, services = '{DATASYNC}'",
    );
    const { kills } = await killWorkers({ databaseUrl: db.url, milliseconds: 15_000, betweenKills: 3_000 });
    expect(kills).toBeGreaterThan(2);
    const found = await compareWithLog(bench.rows, bench.simulator, 5);
    expect(found).toMatchObject({ miscounted: [], unfounded: 0 });
    expect(found.samples).toBe(5 * found.polls);
    expect(found.polls).toBeGreaterThan(0);
    // The next poll finds everything as it should be, once the lease of one that was killed last has ended.
    await expect
      .poll(() => bench.poll(), { timeout: 20_000, interval: 500 })
      .toMatchObject({ failures: [], running: 5 });
    expect(await bench.rows("select from a2o.migration_jobs")).toHaveLength(5);
  });
});
