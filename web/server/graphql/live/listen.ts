import { setTimeout as sleep } from "node:timers/promises";
import type { Pool, PoolClient } from "pg";

export interface ListenOptions {
  /** Gives the one connection that listens; not through a pooler that shares connections between transactions. */
  pool: Pool;
  channel: string;
  onPayload: (payload: string) => void;
  /** Called whenever listening begins: whatever was announced before, since the last time, was missed. */
  onListening: () => void;
  onLost: () => void;
  log: (line: string) => void;
  /** Milliseconds until the first attempt to listen again; doubled up to 60 times that. */
  retryAfter?: number;
  /** Milliseconds between questions whether the server still is there. */
  checkEvery?: number;
}

/** Keeps one connection listening until it is closed, whatever happens to the server meanwhile. */
export function listen(options: ListenOptions): { close(): Promise<void> } {
  const { retryAfter = 500 } = options;
  const closing = new AbortController();
  const run = async () => {
    let wait = retryAfter;
    while (!closing.signal.aborted) {
      const began = Date.now();
      try {
        await listenOnce(options, closing.signal);
      } catch (error) {
        options.log(`live: not listening: ${error instanceof Error ? error.message : String(error)}`);
      }
      if (closing.signal.aborted) return;
      // A connection that held for a minute was not the trouble.
      wait = Date.now() - began > 60_000 ? retryAfter : Math.min(wait * 2, retryAfter * 60);
      // Many servers that lose one database do not all come back in the same moment.
      await sleep(wait * (0.5 + Math.random() / 2), undefined, { signal: closing.signal }).catch(() => undefined);
    }
  };
  const running = run();
  return {
    close: async () => {
      closing.abort();
      await running;
    },
  };
}

/** Listens until the connection is lost or `signal` is aborted. */
async function listenOnce(options: ListenOptions, signal: AbortSignal): Promise<void> {
  const client = await options.pool.connect();
  let listening = false;
  try {
    const lost = Promise.withResolvers<never>();
    // Rejects before anybody waits for it, too.
    lost.promise.catch(() => undefined);
    const fail = (error: Error) => lost.reject(error);
    client.once("error", fail);
    client.once("end", () => fail(new Error("the server closed the connection")));
    client.on("notification", ({ payload }) => options.onPayload(payload ?? ""));
    await client.query(`listen ${client.escapeIdentifier(options.channel)}`);
    listening = true;
    options.onListening();
    await Promise.race([lost.promise, aborted(signal), stillThere(client, options.checkEvery ?? 30_000, signal)]);
  } finally {
    // Not for anybody else: it listens.
    client.release(true);
    if (listening) options.onLost();
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>(resolve => signal.addEventListener("abort", () => resolve(), { once: true }));
}

/** A firewall may forget a silent connection without telling either side. */
async function stillThere(client: PoolClient, every: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sleep(every, undefined, { signal, ref: false }).catch(() => undefined);
    if (signal.aborted) return;
    const silence = new AbortController();
    const answered = client.query("select").finally(() => silence.abort());
    const tooLate = sleep(every, undefined, { signal: silence.signal, ref: false }).then(
      () => {
        throw new Error(`the server did not answer for ${every / 1000} s`);
      },
      () => undefined,
    );
    await Promise.race([answered, tooLate]);
  }
}
