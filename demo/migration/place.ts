import type { CommonScript } from "./scripts.ts";

/** Where the jobs of a scenario live. */
export interface Place {
  readonly seed: string;
  readonly accountId: string;
  readonly region: string;
  /** The scenario's beginning, in milliseconds since the Unix epoch. */
  readonly origin: number;
}

/** From when to when a job exists, in milliseconds since the Unix epoch. */
export interface Life {
  readonly from: number;
  readonly to: number;
}

const minute = 60_000;

/** A job is there a day before its first run, unless its script says otherwise. */
export function lifeOf({ runs, createdAfter, deletedAfter }: CommonScript, origin: number): Life {
  const first = "startsAfter" in runs ? runs.startsAfter : Math.min(0, ...runs.map(run => run.startsAfter));
  return {
    from: origin + (createdAfter ?? first - 1440) * minute,
    to: deletedAfter === undefined ? Number.POSITIVE_INFINITY : origin + deletedAfter * minute,
  };
}
