import type { Pool, PoolClient } from "pg";
import { acquire } from "./acquire.ts";

/** Settings of one transaction: role, a2o.user and the like. */
export type Settings = Readonly<Record<string, string>>;

/**
 * Begins a transaction with its settings in one message. `more` is an expression that is answered along with it.
 * Works behind a pooler that shares connections between transactions: nothing outlives this one.
 */
export async function begin(
  client: PoolClient,
  settings: Settings,
  mode: "read" | "write",
  more = "null",
): Promise<unknown> {
  const set = Object.entries(settings)
    .map(([name, value]) => `set_config(${client.escapeLiteral(name)}, ${client.escapeLiteral(value)}, true)`)
    .join(", ");
  // Of one moment, whatever is stored while it reads.
  const how = mode === "read" ? " isolation level repeatable read read only" : "";
  const answers: unknown = await client.query(`begin${how}; select ${more} as more; select ${set}`);
  return Array.isArray(answers) ? answers[1]?.rows[0]?.more : undefined;
}

/** Ends a transaction that failed. A connection that cannot even do that is not used again. */
export async function abandon(client: PoolClient): Promise<void> {
  try {
    await client.query("rollback");
    client.release();
  } catch (error) {
    client.release(error instanceof Error ? error : true);
  }
}

/** Runs `work` in a transaction of its own. */
export async function inTransaction<T>(
  pool: Pool,
  settings: Settings,
  mode: "read" | "write",
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await acquire(pool);
  try {
    await begin(client, settings, mode);
    const result = await work(client);
    await client.query("commit");
    client.release();
    return result;
  } catch (error) {
    await abandon(client);
    throw error;
  }
}
