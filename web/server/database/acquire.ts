import type { Pool, PoolClient } from "pg";

/** Milliseconds that a request waits for a connection. */
const PATIENCE = 60_000;

/** More requests came than can be answered. */
export class BusyError extends Error {}

/**
 * A connection of the pool, when it is this caller's turn. pg's own queue would count the wait as time that the server needs to
 * answer, and give up on a server that is only busy.
 */
export async function acquire(pool: Pool, patience = PATIENCE): Promise<PoolClient> {
  const turns = turnsOf(pool);
  await turns.take(patience);
  try {
    const client = await pool.connect();
    const release = client.release;
    client.release = failure => {
      client.release = release;
      turns.give();
      release.call(client, failure);
    };
    return client;
  } catch (error) {
    turns.give();
    throw error;
  }
}

const known = new WeakMap<Pool, Turns>();

function turnsOf(pool: Pool): Turns {
  const turns = known.get(pool) ?? new Turns(pool.options.max);
  known.set(pool, turns);
  return turns;
}

/** First come, first served. */
class Turns {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(places: number) {
    this.#free = places;
  }

  async take(patience: number): Promise<void> {
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    const turn = Promise.withResolvers<void>();
    this.#waiting.add(turn.resolve);
    const timer = setTimeout(() => {
      this.#waiting.delete(turn.resolve);
      turn.reject(new BusyError("no connection to the database became free"));
    }, patience);
    await turn.promise.finally(() => clearTimeout(timer));
  }

  give(): void {
    for (const next of this.#waiting) {
      this.#waiting.delete(next);
      next();
      return;
    }
    this.#free++;
  }
}
