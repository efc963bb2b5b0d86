import type { Database } from "../../database/database.ts";
import { listen } from "./listen.ts";

/** What a subscriber is told: something came, changed or went. RESYNC: something may have been missed, ask everything again. */
export interface Change {
  kind: "RESYNC" | (typeof KINDS)[number];
  /** Null for RESYNC, and when more of the kind changed at once than are named. */
  id: string | null;
  /** Null for RESYNC. */
  awsAccountId: string | null;
  /** When it was done (its transaction), or told. ISO 8601. */
  at: string;
}

/** Values of a2o.event_kind. */
export const KINDS = ["ASSESSMENT", "JOB", "ALERT", "MONITOR"] as const;

export interface Changes {
  /** What one member may know of, from now on. Ends with `return()`, or when all of this is closed. */
  subscribe(member: string, kinds: readonly string[]): AsyncIterableIterator<Change>;
  /** False while the connection that listens is lost. */
  readonly isListening: boolean;
  readonly subscribers: number;
  close(): Promise<void>;
}

export interface ChangesOptions {
  database: Pick<Database, "pool" | "listenPool" | "written">;
  log: (line: string) => void;
  /** Milliseconds in which announcements are gathered and told once. */
  gatherFor?: number;
  retryAfter?: number;
  checkEvery?: number;
}

/** More that one slow subscriber has not read yet than this, and it is told to ask everything again. */
const MAX_PENDING = 100;

/** As announce() sends it. */
interface Announcement {
  kind: (typeof KINDS)[number];
  account: string;
  id: string | null;
  at: string;
}

/**
 * Tells subscribers what is announced on the channel a2o, over a single connection. Who may know of an account is asked of the
 * database for each batch of announcements, so access that was taken away counts at once; whoever may not know hears nothing.
 */
export function startChanges(options: ChangesOptions): Changes {
  const { database, log, gatherFor = 100 } = options;
  const subscribers = new Set<Subscriber>();
  let isListening = false;
  let gathered = new Map<string, Announcement>();
  let telling: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const resync = () => {
    for (const subscriber of subscribers) subscriber.resync();
  };
  const tell = async () => {
    const announcements = [...gathered.values()];
    gathered = new Map();
    // Whoever asks now, told or not, must see it; a replica may not have it yet.
    await database.written();
    if (announcements.length === 0 || subscribers.size === 0) return;
    const { rows } = await database.pool.query<{ announced_as: string; aws_account_id: string; watching: string[] }>(
      "select announced_as, aws_account_id, watching from a2o_private.watchers($1, $2)",
      [unique(announcements.map(({ account }) => account)), unique([...subscribers].map(({ member }) => member))],
    );
    const watched = new Map(rows.map(row => [row.announced_as, { ...row, watching: new Set(row.watching) }]));
    for (const { kind, account, id, at } of announcements) {
      const known = watched.get(account);
      if (known === undefined) continue;
      for (const subscriber of subscribers) {
        if (known.watching.has(subscriber.member))
          subscriber.offer({ kind, id, awsAccountId: known.aws_account_id, at });
      }
    }
  };
  const gather = (payload: string) => {
    const announcement = parse(payload);
    if (announcement === undefined) return;
    const { kind, account, id } = announcement;
    gathered.set(`${kind} ${account} ${id}`, announcement);
    timer ??= setTimeout(() => {
      // One batch after the other, so that nobody hears of an older state last.
      telling = (telling ?? Promise.resolve()).then(tell).catch((error: unknown) => {
        log(`live: ${error instanceof Error ? error.message : String(error)}`);
        resync();
      });
      timer = undefined;
    }, gatherFor);
  };

  const listener = listen({
    pool: database.listenPool,
    channel: "a2o",
    onPayload: gather,
    onListening: () => {
      isListening = true;
      resync();
    },
    onLost: () => {
      isListening = false;
    },
    log,
    ...(options.retryAfter !== undefined && { retryAfter: options.retryAfter }),
    ...(options.checkEvery !== undefined && { checkEvery: options.checkEvery }),
  });

  return {
    subscribe(member, kinds) {
      const subscriber = new Subscriber(member, kinds, () => subscribers.delete(subscriber));
      subscribers.add(subscriber);
      // Otherwise told once it listens.
      if (isListening) subscriber.resync();
      return subscriber;
    },
    get isListening() {
      return isListening;
    },
    get subscribers() {
      return subscribers.size;
    },
    async close() {
      await listener.close();
      clearTimeout(timer);
      await telling;
      for (const subscriber of [...subscribers]) await subscriber.return();
    },
  };
}

/** What anybody may have sent on the channel. */
function parse(payload: string): Announcement | undefined {
  try {
    const { kind, account, id, at } = JSON.parse(payload);
    const isUuid = (value: unknown) =>
      typeof value === "string" && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
    if (!KINDS.includes(kind) || !isUuid(account) || !(id === null || isUuid(id)) || Number.isNaN(Date.parse(at)))
      return undefined;
    return { kind, account, id, at };
  } catch {
    return undefined;
  }
}

const unique = (values: string[]) => [...new Set(values)];

const RESYNC = "RESYNC";

/** A queue that keeps, of several changes of one thing, the last. */
class Subscriber implements AsyncIterableIterator<Change> {
  readonly member: string;
  readonly #kinds: readonly string[];
  readonly #onEnd: () => void;
  readonly #pending = new Map<string, Change>();
  #waiting: ((result: IteratorResult<Change>) => void) | undefined;
  #ended = false;

  constructor(member: string, kinds: readonly string[], onEnd: () => void) {
    this.member = member;
    this.#kinds = kinds;
    this.#onEnd = onEnd;
  }

  offer(change: Change): void {
    // Whoever has been told to ask everything again, and has not yet, needs no details.
    if (this.#ended || !this.#kinds.includes(change.kind) || this.#pending.has(RESYNC)) return;
    if (this.#pending.size >= MAX_PENDING) this.resync();
    else this.#push(`${change.kind} ${change.awsAccountId} ${change.id}`, change);
  }

  resync(): void {
    this.#pending.clear();
    this.#push(RESYNC, { kind: RESYNC, id: null, awsAccountId: null, at: new Date().toISOString() });
  }

  #push(key: string, change: Change): void {
    if (this.#waiting === undefined) {
      // To the end: the order is that of the latest news.
      this.#pending.delete(key);
      this.#pending.set(key, change);
      return;
    }
    this.#waiting({ done: false, value: change });
    this.#waiting = undefined;
  }

  async next(): Promise<IteratorResult<Change>> {
    if (this.#ended) return { done: true, value: undefined };
    for (const [key, value] of this.#pending) {
      this.#pending.delete(key);
      return { done: false, value };
    }
    return new Promise(resolve => {
      this.#waiting = resolve;
    });
  }

  async return(): Promise<IteratorResult<Change>> {
    if (!this.#ended) {
      this.#ended = true;
      this.#pending.clear();
      this.#waiting?.({ done: true, value: undefined });
      this.#onEnd();
    }
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator]() {
    return this;
  }
}
