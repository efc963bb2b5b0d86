import { day } from "./time.ts";

const minute = 60;
const hour = 60 * minute;
const daySeconds = 24 * hour;

/** `4 s`, `12 min`, `5 h`, `3 d`: the largest unit, cut off and not rounded up. Clocks that run ahead count as `0 s`. */
export function elapsed(from: Date, now: Date): string {
  const seconds = Math.max(0, Math.floor((now.getTime() - from.getTime()) / 1000));
  if (seconds < minute) return `${seconds}\u00a0s`;
  if (seconds < hour) return `${Math.floor(seconds / minute)}\u00a0min`;
  if (seconds < daySeconds) return `${Math.floor(seconds / hour)}\u00a0h`;
  return `${Math.floor(seconds / daySeconds)}\u00a0d`;
}

/** `5 h ago`; after 30 days the date. */
export function age(from: Date, now: Date): string {
  const days = (now.getTime() - from.getTime()) / (daySeconds * 1000);
  return days > 30 ? `on ${day(from, now)}` : `${elapsed(from, now)} ago`;
}
