/** Calls at once in the beginning. */
const START = 8;
/** Calls at once that no answer makes more; at 40 ms a page this is more than one process can read. */
const MOST = 32;
/** Share of throttled answers above which the ceiling itself must be lower: one call in seven. */
const CROWDED = 0.15;
/** Answers in a trial of one call more, for each call at once. */
const TRIAL = 6;
/** Answers over which that share is averaged. */
const MEMORY = 50;
/** Answers without throttling, for each call at once, after which one call more is tried; doubled by each trial that fails. */
const FIRST_TRIAL = 20;
const LAST_TRIAL = 320;

/**
 * How many calls may be under way at once for one account and region: more while AWS answers, half when it throttles.
 *
 * It works like a congestion window. At first the number grows with every answer. A throttled answer halves it, once for all
 * calls that were under way together, and the number before it becomes the ceiling: up to there it grows back with every
 * answer, so that a single refusal costs little, and above it only one by one, after a long time. Such a trial fails when
 * AWS throttles more than twice what it throttled before anyway. When more than one answer in seven is throttled, the
 * ceiling goes down too.
 *
 * The SDK's adaptive mode is no substitute: it measures a rate for each client, waits before calls that would succeed, and
 * read a catalog with 5% of its calls throttled in 102 s that takes 17 s this way.
 */
export class AdaptiveLimit {
  /** Answers that were throttled so far. */
  throttled = 0;
  /** Calls under way. */
  inFlight = 0;
  #allowed: number;
  #ceiling = Number.POSITIVE_INFINITY;
  /** Share of throttled answers outside of trials. */
  #share = 0;
  #quiet = 0;
  #trial = FIRST_TRIAL;
  /** Answers that the trial of one call more goes on for. */
  #trialAnswers = 0;
  /** Refusals that the trial may still meet: AWS throttles some calls whatever their number. */
  #trialRefusals = 0;
  #round = 0;
  #isClosed = false;
  readonly #waiting: (() => void)[] = [];

  constructor(start: number = START) {
    this.#allowed = Math.min(start, MOST);
  }

  /** Calls allowed at once now. */
  get allowed(): number {
    return Math.max(1, Math.floor(this.#allowed));
  }

  /**
   * Runs one attempt of a call when it is its turn.
   * @param call may say that AWS has answered before it has taken the answer apart; the next call begins then
   */
  async run<T>(call: (answered: () => void) => Promise<T>, isThrottled: (error: unknown) => boolean): Promise<T> {
    if (this.inFlight < this.allowed) this.inFlight++;
    else await new Promise<void>(resolve => this.#waiting.push(resolve));
    const round = this.#round;
    const isFull = this.inFlight >= this.allowed;
    let isUnderWay = true;
    const end = () => {
      if (isUnderWay) this.inFlight--;
      isUnderWay = false;
      this.#admit();
    };
    try {
      if (this.#isClosed) throw new Error("the reading has ended");
      const result = await call(end);
      this.#answered(isFull);
      return result;
    } catch (error) {
      if (isThrottled(error)) this.#refused(round);
      throw error;
    } finally {
      end();
    }
  }

  /** Lets no call begin any more; those that wait for their turn fail. */
  close(): void {
    this.#isClosed = true;
    for (const wake of this.#waiting.splice(0)) {
      this.inFlight++;
      wake();
    }
  }

  #admit(): void {
    while (this.inFlight < this.allowed) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.inFlight++;
      next();
    }
  }

  /** @param isFull whether the call took the last place; if not, its answer tells nothing of whether there could be more */
  #answered(isFull: boolean): void {
    if (this.#trialAnswers > 0) this.#trialAnswers--;
    else this.#share -= this.#share / MEMORY;
    if (this.#allowed < this.#ceiling) {
      this.#allowed = Math.min(this.#allowed + 1, this.#ceiling, MOST);
      return;
    }
    if (!isFull || ++this.#quiet < this.#trial * this.#allowed || this.#allowed >= MOST) return;
    // One more is tried. If that goes well, the next trial comes sooner.
    this.#quiet = 0;
    this.#trial = Math.max(FIRST_TRIAL, this.#trial / 2);
    this.#allowed = Math.min(this.#allowed + 1, MOST);
    this.#ceiling = this.#allowed;
    this.#trialAnswers = TRIAL * this.#allowed;
    this.#trialRefusals = Math.floor(2 * this.#share * this.#trialAnswers);
  }

  #refused(round: number): void {
    this.throttled++;
    if (this.#trialAnswers === 0) this.#share += (1 - this.#share) / MEMORY;
    if (round !== this.#round) return;
    this.#round++;
    if (!Number.isFinite(this.#ceiling)) {
      this.#ceiling = Math.max(1, this.#allowed - 1);
    } else if (this.#trialAnswers > 0) {
      if (--this.#trialRefusals < 0) {
        this.#ceiling = Math.max(1, this.#ceiling - 1);
        this.#trial = Math.min(this.#trial * 2, LAST_TRIAL);
        this.#trialAnswers = 0;
      }
    } else if (this.#share > CROWDED) {
      this.#ceiling = Math.max(1, Math.min(this.#ceiling - 1, Math.round(this.#ceiling * 0.75)));
      this.#quiet = 0;
      // What was refused above the new ceiling tells nothing of how it is below.
      this.#share = CROWDED;
    }
    this.#allowed = Math.max(1, this.#allowed / 2);
  }
}
