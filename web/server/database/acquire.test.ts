import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";
import { acquire, BusyError } from "./acquire.ts";

let db: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  db = await createTestDatabase();
  pool = new Pool({ connectionString: db.url, max: 2, connectionTimeoutMillis: 2000 });
});
afterAll(async () => {
  await pool.end();
  await db.drop();
});

describe("a connection", () => {
  it("comes in turn to each of many callers, however long those before it need", async () => {
    const order: number[] = [];
    const callers = Array.from({ length: 12 }, async (_, place) => {
      const client = await acquire(pool);
      order.push(place);
      await client.query("select pg_sleep(0.5)");
      client.release();
    });
    // Three seconds for all of them: pg's own queue gives up after two.
    await Promise.all(callers);
    expect(order).toHaveLength(12);
    // Two of them run at a time.
    for (const [turn, place] of order.entries()) expect(Math.abs(turn - place)).toBeLessThanOrEqual(1);
  });

  it("is given up when none becomes free, and the next caller is not robbed of theirs", async () => {
    const held = [await acquire(pool), await acquire(pool)];
    await expect(acquire(pool, 50)).rejects.toThrow(BusyError);
    const waiting = acquire(pool);
    held[0]?.release();
    const client = await waiting;
    client.release();
    held[1]?.release();
    await sleep(0);
    const both = await Promise.all([acquire(pool, 1000), acquire(pool, 1000)]);
    for (const one of both) one.release();
  });

  it("that broke is not given to anybody else", async () => {
    const client = await acquire(pool);
    client.on("error", () => undefined);
    const { rows } = await client.query("select pg_backend_pid() as pid");
    await db.query("select pg_terminate_backend($1)", [rows[0].pid]);
    const failed = await client.query("select 1").catch((error: Error) => error);
    client.release(failed instanceof Error ? failed : true);
    const others = [await acquire(pool), await acquire(pool)];
    for (const other of others) {
      expect((await other.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
      other.release();
    }
  });
});
