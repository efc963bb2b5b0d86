/** How many calls a simulated service takes, per account and region; members left out do not limit. */
export interface RateLimit {
  /** Whether each operation has a bucket of its own, as when left out, or all operations of a service share one. */
  readonly per?: "operation" | "service";
  /** Calls at the same time. */
  readonly concurrent?: number;
  /** Calls a second. */
  readonly perSecond?: number;
  /** How many calls may come at once before perSecond bites (the bucket's size); perSecond when left out. */
  readonly burst?: number;
}

interface Bucket {
  tokens: number;
  filledAt: number;
  running: number;
}

/** A token bucket and a count of running calls for each account, region, service and, usually, operation. */
export class RateLimiter {
  #limit: RateLimit;
  readonly #buckets = new Map<string, Bucket>();
  readonly #now: () => number;

  /** @param now milliseconds of a clock that never goes back */
  constructor(limit: RateLimit = {}, now: () => number = () => performance.now()) {
    this.#limit = limit;
    this.#now = now;
  }

  /** Replaces the limit; buckets start full again. */
  set(limit: RateLimit): void {
    this.#limit = limit;
    for (const bucket of this.#buckets.values()) {
      bucket.tokens = this.#size;
      bucket.filledAt = this.#now();
    }
  }

  /**
   * Takes a call in; the function returned must be called when it ends. Undefined when the limit refuses it.
   * @param owner the account, region and service
   */
  enter(owner: readonly string[], operation: string): (() => void) | undefined {
    const now = this.#now();
    const key = [...owner, ...(this.#limit.per === "service" ? [] : [operation])].join("/");
    let bucket = this.#buckets.get(key);
    if (!bucket) {
      bucket = { tokens: this.#size, filledAt: now, running: 0 };
      this.#buckets.set(key, bucket);
    }
    const { perSecond, concurrent } = this.#limit;
    if (concurrent !== undefined && bucket.running >= concurrent) return undefined;
    if (perSecond !== undefined) {
      bucket.tokens = Math.min(this.#size, bucket.tokens + ((now - bucket.filledAt) / 1000) * perSecond);
      bucket.filledAt = now;
      if (bucket.tokens < 1) return undefined;
      bucket.tokens -= 1;
    }
    bucket.running++;
    const entered = bucket;
    return () => void entered.running--;
  }

  get #size(): number {
    return this.#limit.burst ?? this.#limit.perSecond ?? 0;
  }
}
