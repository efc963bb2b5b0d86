import { createHash } from "node:crypto";

/** Lower-case hexadecimal digits that follow from a key. */
export function hexOf(key: string, digits: number): string {
  let text = "";
  for (let part = 0; text.length < digits; part++) {
    text += createHash("sha256").update(`${key}/${part}`).digest("hex");
  }
  return text.slice(0, digits);
}

/** The 26 upper-case letters and digits at the end of a DMS ARN. */
export function dmsIdOf(key: string): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  return [...createHash("sha256").update(key).digest().subarray(0, 26)].map(byte => letters[byte & 31]).join("");
}
