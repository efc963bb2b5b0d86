export type Freshness = "fresh" | "stale" | "lost";

export const pollSeconds = 30;

/** Three missed polls. */
const staleSeconds = 3 * pollSeconds;
const lostSeconds = 600;

/** How far the page may be behind the database: fresh, stale after three missed polls, lost after ten minutes. */
export function freshness(toldAt: Date, now: Date): Freshness {
  const seconds = (now.getTime() - toldAt.getTime()) / 1000;
  if (seconds < staleSeconds) return "fresh";
  return seconds < lostSeconds ? "stale" : "lost";
}
