/** How many calls a simulated service takes; members left out do not limit. */
export interface RateLimit {
  /** Calls of one operation at the same time, per account and region. */
  readonly concurrent?: number;
  /** Calls of one operation a second, per account and region. */
  readonly perSecond?: number;
  /** How many calls may come at once before perSecond bites (the bucket's size); perSecond when left out. */
  readonly burst?: number;
}

interface Bucket {
  tokens: number;
  filledAt: number;
  running: number;
}

/** A token bucket and a count of running calls for each key. */
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

  /** Takes a call in; the function returned must be called when it ends. Undefined when the limit refuses it. */
  enter(key: string): (() => void) | undefined {
    const now = this.#now();
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
