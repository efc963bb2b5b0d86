import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

/** A position in the write-ahead log, as a number. */
export type Position = bigint;

export interface ReplicaStatus {
  /** used: questions go there. lagging: it is too far behind. gone: it does not answer, or is no replica. */
  state: "used" | "lagging" | "gone";
  /** Since when it lacks something that the primary has; null when it does not answer. */
  lagSeconds: number | null;
}

export interface ReplicaOptions {
  primary: pg.Pool;
  replica: pg.Pool;
  maxLagSeconds: number;
  log: (line: string) => void;
  /** Milliseconds between looks at both servers. */
  lookEvery?: number;
}

/** An expression that gives the position up to which a replica has replayed; null on a server that is none. */
export const REPLAYED = "pg_last_wal_replay_lsn()";

const KEPT_SAMPLES = 3600;

/** Decides whether a replica may answer: it must be there, not too far behind, and have what was written here. */
export class Replica {
  readonly pool: pg.Pool;
  readonly #options: ReplicaOptions;
  readonly #closing = new AbortController();
  readonly #watching: Promise<void>;
  /** Where the primary was, oldest first. */
  readonly #samples: { at: number; position: Position }[] = [];
  #isThere = false;
  #lag: number | null = null;
  #needed: Position = 0n;

  constructor(options: ReplicaOptions) {
    this.pool = options.replica;
    this.#options = options;
    this.#watching = this.#watch();
  }

  /** False: do not even try. */
  get isUsable(): boolean {
    return this.#isThere && this.#lag !== null && this.#lag <= this.#options.maxLagSeconds;
  }

  /** Whether an answer from there, which has replayed so far, would do. */
  accepts(replayed: unknown): boolean {
    if (typeof replayed !== "string") return false;
    const position = toPosition(replayed);
    this.#lag = this.#lagAt(position);
    return position >= this.#needed && this.#lag <= this.#options.maxLagSeconds;
  }

  /** From now on answers must show what has been written so far. */
  async require(): Promise<void> {
    // Inserted, not only written: with synchronous_commit off a commit is answered before it is in the log.
    const position = await positionOf(this.#options.primary, "pg_current_wal_insert_lsn()");
    if (position > this.#needed) this.#needed = position;
  }

  /** It failed to answer; asked again at the next look. */
  failed(error: unknown): void {
    if (this.#isThere) this.#options.log(`replica: ${messageOf(error)}; the primary answers`);
    this.#isThere = false;
    this.#lag = null;
  }

  get status(): ReplicaStatus {
    if (!this.#isThere || this.#lag === null) return { state: "gone", lagSeconds: null };
    return { state: this.isUsable ? "used" : "lagging", lagSeconds: Math.round(this.#lag * 10) / 10 };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#watching;
  }

  async #watch(): Promise<void> {
    const { primary, replica, log, lookEvery = 1000 } = this.#options;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      // A primary that is gone takes no more writes: then what the replica has is all there is.
      await positionOf(primary).then(
        position => this.#sample(position),
        () => undefined,
      );
      try {
        const { rows } = await replica.query<{ replayed: string | null }>(`select ${REPLAYED}::text as replayed`);
        const replayed = rows[0]?.replayed;
        if (typeof replayed !== "string") throw new Error("READ_DATABASE_URL is no streaming replica");
        this.#lag = this.#lagAt(toPosition(replayed));
        if (!this.#isThere) log(`replica: answers, ${this.#lag.toFixed(1)} s behind`);
        this.#isThere = true;
      } catch (error) {
        this.failed(error);
      }
      await sleep(lookEvery, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  #sample(position: Position): void {
    const last = this.#samples.at(-1);
    if (last === undefined || position > last.position) this.#samples.push({ at: Date.now(), position });
    if (this.#samples.length > KEPT_SAMPLES) this.#samples.shift();
  }

  /** Seconds since the primary was first seen to have something that is not there yet. */
  #lagAt(replayed: Position): number {
    const missing = this.#samples.find(({ position }) => position > replayed);
    return missing === undefined ? 0 : (Date.now() - missing.at) / 1000;
  }
}

/** Whether an error is the replica's trouble, and the primary should be asked instead; else the question itself is at fault. */
export function isReplicasTrouble(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError)) return true;
  const { code = "" } = error;
  // Connections, shutdown and start, conflict with recovery; and what a migration made that has not come there yet.
  return /^(08|57P|40001|40P01|53|58|XX|42P01|42883|42703|3F000)/.test(code);
}

async function positionOf(primary: pg.Pool, which = "pg_current_wal_lsn()"): Promise<Position> {
  const { rows } = await primary.query<{ position: string }>(`select ${which}::text as position`);
  return toPosition(rows[0]?.position ?? "0/0");
}

/** `16/B374D848` → a number. */
export function toPosition(lsn: string): Position {
  const [high = "0", low = "0"] = lsn.split("/");
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
