/** When the simulated time begins and how fast it runs. */
export interface ClockOptions {
  /** The simulated moment at which the clock starts; the real one when left out. */
  readonly startsAt?: Date;
  /** Simulated seconds in a real one; 1 when left out. At 0 the clock stands still until it is moved by hand. */
  readonly factor?: number;
}

/** The simulator's time: whatever its jobs are doing follows from it alone. */
export class SimulatedClock {
  /** The simulated moment at which it was started, in milliseconds since the Unix epoch. */
  readonly startedAt: number;
  #from: number;
  #readAt: number;
  #factor: number;
  readonly #read: () => number;

  /** @param read the real time in milliseconds since the Unix epoch */
  constructor(options: ClockOptions = {}, read: () => number = Date.now) {
    this.#read = read;
    this.#readAt = read();
    this.#from = options.startsAt?.getTime() ?? this.#readAt;
    this.startedAt = this.#from;
    // Not by run(): a clock that stands must not have taken the millisecond in which it was made.
    this.#factor = factorOf(options.factor ?? 1);
  }

  /** Milliseconds since the Unix epoch. */
  get time(): number {
    return Math.floor(this.#from + (this.#read() - this.#readAt) * this.#factor);
  }

  now(): Date {
    return new Date(this.time);
  }

  /** Lets so many milliseconds pass at once. */
  advance(ms: number): void {
    if (!(ms >= 0)) throw new RangeError("the clock does not go back; set() moves it anywhere");
    this.set(this.time + ms);
  }

  /** Moves to a moment, back too. */
  set(moment: Date | number): void {
    this.#from = typeof moment === "number" ? moment : moment.getTime();
    this.#readAt = this.#read();
  }

  /** Runs so many times as fast as real time from now on; 0 stops the clock. */
  run(factor: number): void {
    const next = factorOf(factor);
    this.set(this.time);
    this.#factor = next;
  }
}

function factorOf(factor: number): number {
  if (!(factor >= 0)) throw new RangeError("a clock's factor is 0 or more");
  return factor;
}
