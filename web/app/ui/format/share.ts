import { absent } from "./absent.ts";

/**
 * A part of a whole with one decimal. What would round to a false 0 or 100 is written `<0.1%` and `>99.9%`,
 * so `100%` always means all.
 */
export function share(part: number, whole: number): string {
  return whole > 0 ? percent((part / whole) * 100) : absent;
}

/** The same rules for a percentage that is already one (0 to 100). */
export function percent(value: number): string {
  if (value <= 0) return "0%";
  if (value >= 100) return "100%";
  if (value < 0.1) return "<0.1%";
  if (value > 99.9) return ">99.9%";
  return `${value.toFixed(1)}%`;
}
