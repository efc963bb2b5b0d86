import { bytes } from "./bytes.ts";
import { count } from "./count.ts";

const signed = (difference: number, size: string): string =>
  difference === 0 ? "no change" : `${difference > 0 ? "+" : "\u2212"}${size}`;

/** `+3,240`, `−1,859` with a true minus sign, or `no change`. */
export function change(now: number, before: number): string {
  return signed(now - before, count(Math.abs(now - before)));
}

/** `+12.4 TB`, `−318 GB` or `no change`. */
export function bytesChange(now: number, before: number): string {
  return signed(now - before, bytes(Math.abs(now - before)));
}
