import { randomFrom } from "../random.ts";
import type { RunEnd, RunPlan } from "./run.ts";

const minute = 60_000;

/** One run of a job as a test or a scenario writes it. Times are minutes of the simulated clock. */
export interface RunScript {
  /** When it starts, in minutes after the scenario's beginning; negative for one that is history by then. */
  readonly startsAfter: number;
  /** How long it takes without stalls; for a DMS task that goes on with changes, its full load. */
  readonly minutes: number;
  /** "done" when left out. */
  readonly end?: RunEnd;
  /** After which share of its work it fails or is stopped; 0.5 when left out. */
  readonly endsAfter?: number;
  /** How long a DMS task follows changes before it ends; until it starts anew when left out. */
  readonly followMinutes?: number;
  /** Pauses: after which share of its work, and how long. */
  readonly stalls?: readonly { readonly at: number; readonly minutes: number }[];
  /** The error message of a run that fails. */
  readonly message?: string;
  /** How much it moves, relative to its job's usual; 1 when left out. */
  readonly scale?: number;
}

/** A job that starts anew over and over, each time a little different. */
export interface RepeatScript {
  /** When its first run starts, in minutes after the scenario's beginning. */
  readonly startsAfter: number;
  /** A run starts every so many minutes; one that would last longer is shortened to fit. */
  readonly every: number;
  /** The median of how long a run takes without stalls. */
  readonly minutes: number;
  /** How often runs end in each way; all "done" when left out. */
  readonly ends?: Readonly<Partial<Record<RunEnd, number>>>;
  /** Every run stalls there, or a share of the runs does. */
  readonly stall?: { readonly at: number; readonly minutes: number; readonly chance?: number };
  readonly message?: string;
  /** How much later runs move, relative to the first; 1 when left out. */
  readonly laterScale?: number;
}

/** Which shares of a run's minutes go into preparing and finishing it. */
export interface Phases {
  readonly prepare: number;
  readonly finish: number;
}

/** When a job runs. */
export interface Schedule {
  /** The runs that started in (from, to], in the order they started. */
  startedBetween(from: number, to: number): RunPlan[];
  /** The newest run that has started by a moment. */
  newestAt(time: number): RunPlan | undefined;
}

/** The schedule of a script; `origin` is the scenario's beginning, in milliseconds since the Unix epoch. */
export function scheduleOf(
  script: readonly RunScript[] | RepeatScript,
  key: string,
  origin: number,
  phases: Phases,
): Schedule {
  return "startsAfter" in script ? repeating(script, key, origin, phases) : listed(script, key, origin, phases);
}

function planOf(script: RunScript, jobKey: string, number: number, origin: number, phases: Phases): RunPlan {
  const ms = Math.round(script.minutes * minute);
  const prepareMs = Math.round(ms * phases.prepare);
  const finishMs = Math.round(ms * phases.finish);
  const { end = "done", message } = script;
  return {
    key: `${jobKey}/run/${number}`,
    number,
    startsAt: Math.round(origin + script.startsAfter * minute),
    prepareMs,
    workMs: ms - prepareMs - finishMs,
    finishMs,
    stalls: (script.stalls ?? []).map(stall => ({ at: stall.at, ms: Math.round(stall.minutes * minute) })),
    end,
    endsAfter: end === "done" || script.followMinutes !== undefined ? 1 : (script.endsAfter ?? 0.5),
    followMs: (script.followMinutes ?? Number.POSITIVE_INFINITY) * minute,
    scale: script.scale ?? 1,
    ...(message !== undefined && { message }),
  };
}

function listed(scripts: readonly RunScript[], key: string, origin: number, phases: Phases): Schedule {
  const plans = scripts
    .map((script, index) => planOf(script, key, index, origin, phases))
    .toSorted((left, right) => left.startsAt - right.startsAt);
  return {
    startedBetween: (from, to) => plans.filter(({ startsAt }) => startsAt > from && startsAt <= to),
    newestAt: time => plans.findLast(({ startsAt }) => startsAt <= time),
  };
}

function repeating(script: RepeatScript, key: string, origin: number, phases: Phases): Schedule {
  const made = new Map<number, RunPlan>();
  const draw = (number: number): RunPlan => {
    let plan = made.get(number);
    if (!plan) {
      const random = randomFrom(`${key}/draw/${number}`);
      const end = script.ends ? random.weighted(script.ends) : "done";
      const { message } = script;
      const stall = script.stall && random.chance(script.stall.chance ?? 1) ? script.stall : undefined;
      const wanted = script.minutes * (0.8 + 0.4 * random.next());
      // Whatever was drawn, a run is over before the next one starts.
      const squeeze = Math.min(1, (script.every - 1) / (wanted + (stall?.minutes ?? 0)));
      const run: RunScript = {
        startsAfter: script.startsAfter + number * script.every,
        minutes: wanted * squeeze,
        end,
        endsAfter: 0.15 + 0.7 * random.next(),
        scale: (number === 0 ? 1 : (script.laterScale ?? 1)) * (0.85 + 0.3 * random.next()),
        ...(stall && { stalls: [{ at: stall.at, minutes: stall.minutes * squeeze }] }),
        ...(message !== undefined && { message }),
      };
      plan = planOf(run, key, number, origin, phases);
      if (made.size > 5_000) made.clear();
      made.set(number, plan);
    }
    return plan;
  };
  const first = origin + script.startsAfter * minute;
  const every = script.every * minute;
  const numberAt = (time: number): number => Math.floor((time - first) / every);
  return {
    startedBetween(from, to) {
      const plans: RunPlan[] = [];
      for (let number = Math.max(0, numberAt(from)); number <= numberAt(to); number++) {
        const plan = draw(number);
        if (plan.startsAt > from && plan.startsAt <= to) plans.push(plan);
      }
      return plans;
    },
    newestAt: time => (time < first ? undefined : draw(numberAt(time))),
  };
}
