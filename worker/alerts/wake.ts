import { setTimeout as sleep } from "node:timers/promises";
import type { Pool, PoolClient } from "pg";

/**
 * Calls `wake` when messages were written, until it is stopped. A connection that is lost is opened again; what was written in
 * the meantime waits for the crontab's next minute.
 */
export function listenForDeliveries(pool: Pool, wake: () => Promise<void>): { stop(): Promise<void> } {
  const stopped = new AbortController();
  const listening = (async () => {
    while (!stopped.signal.aborted) {
      await listenOnce(pool, wake, stopped.signal).catch(() => undefined);
      await sleep(5_000, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      stopped.abort();
      await listening;
    },
  };
}

/** Settles when the connection is lost or the signal aborted. */
async function listenOnce(pool: Pool, wake: () => Promise<void>, signal: AbortSignal): Promise<void> {
  const client: PoolClient = await pool.connect();
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const onNotification = () => void wake().catch(() => undefined);
  const onEnd = () => resolve();
  client.on("error", onEnd);
  client.on("end", onEnd);
  client.on("notification", onNotification);
  signal.addEventListener("abort", onEnd, { once: true });
  try {
    if (signal.aborted) return;
    await client.query("listen a2o_deliveries");
    await ended;
  } finally {
    signal.removeEventListener("abort", onEnd);
    // Not given back: it listens.
    client.release(true);
  }
}
