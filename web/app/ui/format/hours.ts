import { count } from "./count.ts";

/** Hours of work as people plan them: `12 h`, from 80 h on in days of eight hours as well. */
export function hours(value: number): string {
  if (value > 0 && value < 0.5) return "<1\u00a0h";
  const whole = `${count(Math.round(value))}\u00a0h`;
  return value >= 80 ? `${whole} (${count(Math.round(value / 8))}\u00a0days)` : whole;
}
