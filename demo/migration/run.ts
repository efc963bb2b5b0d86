import { randomFrom } from "../random.ts";

/** How a run ends. */
export type RunEnd = "done" | "failed" | "stopped" | "timeout";

/** One run of a job: its whole course, known beforehand. Times are milliseconds. */
export interface RunPlan {
  /** What its identifiers and everything that looks random in it follow from. */
  readonly key: string;
  /** Which of its job's runs it is, from 0. */
  readonly number: number;
  /** Since the Unix epoch. */
  readonly startsAt: number;
  /** Before its work begins: starting, launching, preparing. */
  readonly prepareMs: number;
  /** How long all of its work takes without stalls. */
  readonly workMs: number;
  /** After its work: verifying, validating. */
  readonly finishMs: number;
  /** Pauses in which nothing moves, by the share of time worked before each. */
  readonly stalls: readonly { readonly at: number; readonly ms: number }[];
  readonly end: RunEnd;
  /** After which share of its time worked it ends; 1 when it is done. */
  readonly endsAfter: number;
  /** How long it follows changes after its work, where it does that. */
  readonly followMs: number;
  readonly message?: string;
  /** How much it moves, relative to its job's usual. */
  readonly scale: number;
}

/** When the run's work begins. */
export function workStartsAt(plan: RunPlan): number {
  return plan.startsAt + plan.prepareMs;
}

/** When the run's work ends, in whichever way. */
export function workEndsAt(plan: RunPlan): number {
  const stalled = plan.stalls.reduce((sum, stall) => (stall.at < plan.endsAfter ? sum + stall.ms : sum), 0);
  return workStartsAt(plan) + plan.workMs * plan.endsAfter + stalled;
}

/** When the run is over. */
export function endsAt(plan: RunPlan): number {
  return workEndsAt(plan) + (plan.end === "done" ? plan.finishMs : 0);
}

/** Whether the run stands still at a moment although it runs. */
export function isStalled(plan: RunPlan, time: number): boolean {
  return stallsOf(plan).some(stall => time >= stall.from && time < stall.to);
}

function stallsOf(plan: RunPlan): { from: number; to: number }[] {
  let waited = 0;
  return plan.stalls
    .toSorted((left, right) => left.at - right.at)
    .filter(({ at }) => at < plan.endsAfter)
    .map(({ at, ms }) => {
      const from = workStartsAt(plan) + plan.workMs * at + waited;
      waited += ms;
      return { from, to: from + ms };
    });
}

/**
 * Which share of its work a run has done at a moment: 0 to 1, never falling, constant while it stalls, and neither faster
 * nor slower than a real one's ups and downs.
 */
export function workDone(plan: RunPlan, time: number): number {
  if (plan.workMs === 0) return time >= workStartsAt(plan) ? 1 : 0;
  let worked = Math.min(time, workEndsAt(plan)) - workStartsAt(plan);
  if (worked <= 0) return 0;
  const end = workStartsAt(plan) + worked;
  for (const stall of stallsOf(plan)) worked -= Math.max(0, Math.min(end, stall.to) - stall.from);
  return wavy(plan.key, Math.min(plan.endsAfter, worked / plan.workMs));
}

/** The first moment at which the run has done a share of its work; undefined when it never gets there. */
export function timeOfShare(plan: RunPlan, share: number): number | undefined {
  let low = workStartsAt(plan);
  let high = workEndsAt(plan);
  if (share <= 0) return low;
  if (workDone(plan, high) < share) return undefined;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (workDone(plan, middle) >= share) high = middle;
    else low = middle;
  }
  return high;
}

const waves = new Map<string, readonly { turns: number; size: number }[]>();

/** A rising curve from (0, 0) to (1, 1) whose slope goes up and down between 0.35 and 1.65. */
function wavy(key: string, share: number): number {
  let own = waves.get(key);
  if (!own) {
    const random = randomFrom(`${key}/pace`);
    own = [0.35, 0.2, 0.1].map((most, index) => ({
      turns: random.integer(1, 4) + index * 5,
      size: most * (2 * random.next() - 1),
    }));
    if (waves.size > 10_000) waves.clear();
    waves.set(key, own);
  }
  const turn = 2 * Math.PI * share;
  return own.reduce((sum, { turns, size }) => sum + (size * Math.sin(turns * turn)) / (2 * Math.PI * turns), share);
}
