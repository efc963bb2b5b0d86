/** Requests of one operation, as they are counted for a poll. */
export interface Usage {
  /** As IAM names it: `dms:DescribeReplicationTasks`. */
  operation: string;
  calls: number;
  errors: number;
  throttled: number;
  metrics_requested: number;
}

/** What one poll sent to AWS, and how far our clock is from AWS's. */
export class Ledger {
  readonly #usage = new Map<string, Usage>();
  #earliest = Number.NEGATIVE_INFINITY;
  #latest = Number.POSITIVE_INFINITY;
  /** True when the simulator answered; undefined before the first answer. */
  isSimulated: boolean | undefined;

  count(operation: string, outcome: "answered" | "error" | "throttled", metrics = 0): void {
    const usage = this.#usage.get(operation) ?? { operation, calls: 0, errors: 0, throttled: 0, metrics_requested: 0 };
    usage.calls++;
    if (outcome !== "answered") usage.errors++;
    if (outcome === "throttled") usage.throttled++;
    usage.metrics_requested += metrics;
    this.#usage.set(operation, usage);
  }

  /**
   * An answer's Date header tells AWS's time to the second, and the answer was made between `sentAt` and `receivedAt` of our
   * clock: each one narrows down how far the two are apart.
   */
  compareClocks(date: number, sentAt: number, receivedAt: number): void {
    const earliest = sentAt - (date + 1000);
    const latest = receivedAt - date;
    if (earliest > this.#latest || latest < this.#earliest) {
      // One of the clocks was set meanwhile.
      this.#earliest = earliest;
      this.#latest = latest;
    } else {
      this.#earliest = Math.max(this.#earliest, earliest);
      this.#latest = Math.min(this.#latest, latest);
    }
  }

  /** Milliseconds that our clock is ahead of AWS's; 0 when they may well be equal, undefined before the first answer. */
  get skew(): number | undefined {
    if (this.#latest === Number.POSITIVE_INFINITY) return undefined;
    if (this.#earliest <= 0 && this.#latest >= 0) return 0;
    return Math.round((this.#earliest + this.#latest) / 2);
  }

  /** A moment of our clock on AWS's. */
  awsTime(ours: number): Date {
    return new Date(ours - (this.skew ?? 0));
  }

  get usage(): Usage[] {
    return [...this.#usage.values()];
  }
}
