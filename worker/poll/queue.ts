import type { TaskSpec } from "graphile-worker";

/**
 * How a poll is queued: one for each monitor. One attempt, since it orders its successor itself, and what fails for want of a
 * database is found again by monitors/watch. Replacing works while the job of a worker that died is still locked.
 */
export function pollSpec(monitorId: string): TaskSpec {
  return { jobKey: `monitors/poll ${monitorId}`, jobKeyMode: "replace", maxAttempts: 1 };
}
