/** One request as the simulator saw and answered it. */
export interface RequestRecord {
  /** When it arrived, in milliseconds since the Unix epoch. */
  readonly at: number;
  readonly service: string;
  readonly operation: string;
  readonly region: string | undefined;
  readonly accountId: string | undefined;
  readonly accessKeyId: string | undefined;
  readonly database: string | undefined;
  readonly table: string | undefined;
  /** The job it asked about: an ARN or a Glue job's name. */
  readonly resource: string | undefined;
  /** The pagination token it came with. */
  readonly token: string | undefined;
  /** "ok", an AWS error's name, or what was done to the connection: "reset", "reset in body", "truncated", "no answer". */
  readonly outcome: string;
  /** The HTTP status; undefined when none was sent. */
  readonly status: number | undefined;
  /** How many databases, tables, jobs, … the answer listed. */
  readonly items: number;
  /** How many metrics it asked CloudWatch for. */
  readonly metrics: number;
  /** The simulated moment that the answer tells of, in milliseconds since the Unix epoch; undefined without an answer. */
  readonly toldOf: number | undefined;
  /** What was asked and answered, when the simulator keeps answers. */
  readonly input?: Readonly<Record<string, unknown>>;
  readonly output?: Readonly<Record<string, unknown>>;
  readonly requestId: string;
  readonly durationMs: number;
}

/** Sums over all requests, however many the log keeps. */
export interface Counters {
  readonly total: number;
  /** By operation, such as "GetTables". */
  readonly byOperation: Readonly<Record<string, number>>;
  /** By outcome, such as "ok" or "ThrottlingException". */
  readonly byOutcome: Readonly<Record<string, number>>;
  /** The most requests that were under way at the same time. */
  readonly mostAtOnce: number;
  /** How many metrics CloudWatch was asked for, whether or not the answer arrived; each costs money. */
  readonly metrics: number;
}

/** Keeps the newest requests and counts all of them. */
export class RequestLog {
  readonly #capacity: number;
  #records: RequestRecord[] = [];
  #total = 0;
  #running = 0;
  #mostAtOnce = 0;
  #metrics = 0;
  #byOperation: Record<string, number> = {};
  #byOutcome: Record<string, number> = {};

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** The newest requests, in the order they ended. */
  get records(): readonly RequestRecord[] {
    return this.#records;
  }

  get counters(): Counters {
    return {
      total: this.#total,
      byOperation: { ...this.#byOperation },
      byOutcome: { ...this.#byOutcome },
      mostAtOnce: this.#mostAtOnce,
      metrics: this.#metrics,
    };
  }

  /** A request has arrived; the function returned records its end. */
  begin(): (record: RequestRecord) => void {
    this.#running++;
    this.#mostAtOnce = Math.max(this.#mostAtOnce, this.#running);
    return record => {
      this.#running--;
      this.#total++;
      this.#metrics += record.metrics;
      this.#byOperation[record.operation] = (this.#byOperation[record.operation] ?? 0) + 1;
      this.#byOutcome[record.outcome] = (this.#byOutcome[record.outcome] ?? 0) + 1;
      this.#records.push(record);
      // Trimmed in bulk: shifting one by one would cost each request the whole log.
      if (this.#records.length > this.#capacity * 2) this.#records = this.#records.slice(-this.#capacity);
    };
  }

  /** Forgets all requests and sums. */
  clear(): void {
    this.#records = [];
    this.#total = 0;
    this.#metrics = 0;
    this.#mostAtOnce = this.#running;
    this.#byOperation = {};
    this.#byOutcome = {};
  }
}
