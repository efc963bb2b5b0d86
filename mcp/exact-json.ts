// TypeScript's library does not have these two yet; Node 22 and later do.
interface ExactJson {
  rawJSON(text: string): unknown;
  isRawJSON(value: unknown): value is { rawJSON: string };
  parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
}
const json = JSON as Omit<typeof JSON, "parse"> & ExactJson;

/**
 * Parses JSON without losing digits: a number that a double does not hold becomes a raw JSON value, which JSON.stringify
 * writes out as it was read.
 */
export function parseExact(text: string): unknown {
  return json.parse(text, (_key, value, { source }) =>
    typeof value === "number" && source !== undefined && !survives(value, source) ? json.rawJSON(source) : value,
  );
}

/** Whether the double, written out again, is the number that stood there. */
function survives(value: number, source: string): boolean {
  // Only double precision is written with an exponent, so it is a double already.
  if (/e/i.test(source)) return true;
  const plain = source.includes(".") ? source.replace(/\.?0+$/, "") : source;
  return String(value) === plain || (value === 0 && /^-?0$/.test(plain));
}

/** The digits of a number that a double does not hold, undefined for every other value. */
export function rawNumber(value: unknown): string | undefined {
  return json.isRawJSON(value) ? value.rawJSON : undefined;
}
