import type { ChangesScript } from "./scripts.ts";

const day = 86_400_000;
const minute = 60_000;

/** Row changes by kind. */
export interface ChangeCounts {
  readonly inserts: number;
  readonly updates: number;
  readonly deletes: number;
}

/** The changes that a DMS run reads from its source and applies, later, to its target. */
export class Changes {
  readonly #script: ChangesScript;
  readonly #from: number;
  readonly #to: number;
  readonly #origin: number;

  /** @param from, to while the run follows changes; @param origin the scenario's beginning; in milliseconds since the epoch */
  constructor(script: ChangesScript, from: number, to: number, origin: number) {
    this.#script = script;
    this.#from = from;
    this.#to = to;
    this.#origin = origin;
  }

  /** Whether changes are followed at a moment. */
  isOnAt(time: number): boolean {
    return time >= this.#from && time < this.#to;
  }

  /** How many rows were changed at the source by a moment: more by day than by night. */
  madeBy(time: number): number {
    const until = Math.min(time, this.#to);
    if (until <= this.#from) return 0;
    const turn = (moment: number): number => (2 * Math.PI * (moment % day)) / day;
    const wave = (Math.cos(turn(this.#from)) - Math.cos(turn(until))) * (day / (2 * Math.PI)) * 0.6;
    const whole = until - this.#from;
    // The integral of 1 - 0.6·sin over the time of day; whole days add nothing, so the remainder by days is enough.
    return ((whole - wave) / 1000) * this.#script.perSecond;
  }

  /** How many of them had arrived at the target by a moment. */
  appliedBy(time: number): number {
    const until = Math.min(time, this.#to);
    return this.madeBy(until - this.targetLatencyAt(until) * 1000);
  }

  /** Seconds that the target is behind the source. */
  targetLatencyAt(time: number): number {
    const { latencySeconds = 2, delays = [] } = this.#script;
    return delays.reduce((worst, delay) => {
      const length = delay.minutes * minute;
      let since = time - this.#origin - delay.startsAfter * minute;
      if (delay.every !== undefined && since >= 0) since %= delay.every * minute;
      if (since < 0 || since >= length) return worst;
      // Up in two thirds of the time, down in one; never faster up than time passes, as nothing applied is undone.
      const rise = Math.max((length * 2) / 3, delay.peakSeconds * 1100);
      const up = Math.min(1, since / rise);
      const down = Math.max(0, Math.min(1, (length - since) / (length / 3)));
      return Math.max(worst, latencySeconds + (delay.peakSeconds - latencySeconds) * Math.min(up, down));
    }, latencySeconds);
  }

  /** Seconds that reading is behind the source. */
  sourceLatencyAt(time: number): number {
    return Math.min(1, this.targetLatencyAt(time) / 2);
  }

  /** A table's part of so many changes. */
  ofTable(weight: number, changes: number): ChangeCounts {
    const own = changes * weight;
    return { inserts: Math.floor(own * 0.5), updates: Math.floor(own * 0.42), deletes: Math.floor(own * 0.08) };
  }
}
