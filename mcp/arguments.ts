import type { SqlFunction } from "./catalogue/function.ts";
import type { JsonSchema } from "./catalogue/json-schema.ts";

/** Characters of JSON that one argument of any shape may take. */
const MAX_JSON = 100_000;
/** Wrong arguments that one answer names. */
const MAX_PROBLEMS = 10;

/** An argument's value as a query parameter; PostgreSQL casts text to the argument's type. */
export type Parameter = string | null | Parameter[];

export type CheckedArguments =
  | { ok: true; parameters: Map<string, Parameter> }
  /** One sentence for each problem: the argument, what was given and what is allowed. */
  | { ok: false; problems: string[] };

/**
 * Checks what a client sent against a function's input schema, and is lenient where models and command lines are sloppy: null
 * for an optional argument counts as not given, and an integer for a plain string as its digits (account ids come so).
 */
export function checkArguments(
  called: Pick<SqlFunction, "name" | "inputSchema">,
  given: Readonly<Record<string, unknown>>,
): CheckedArguments {
  const { properties, required } = called.inputSchema;
  const parameters = new Map<string, Parameter>();
  const problems: string[] = [];
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(properties, name)) continue;
    problems.push(
      `${shown(name)} is not an argument of ${called.name}. It takes: ${Object.keys(properties).join(", ") || "none"}.`,
    );
    if (problems.length === MAX_PROBLEMS) return { ok: false, problems };
  }
  for (const [name, schema] of Object.entries(properties)) {
    const value = Object.hasOwn(given, name) ? asDigits(given[name], schema) : undefined;
    if (value === undefined || value === null) {
      if (required.includes(name)) problems.push(`${name} is missing: it must be ${expectation(schema)}.`);
      continue;
    }
    const problem = findProblem(name, value, schema);
    if (problem === undefined) parameters.set(name, toParameter(value, schema));
    else problems.push(problem);
  }
  return problems.length === 0 ? { ok: true, parameters } : { ok: false, problems: problems.slice(0, MAX_PROBLEMS) };
}

function asDigits(value: unknown, schema: JsonSchema): unknown {
  const isPlainString = schema.type === "string" && schema.format === undefined && schema.enum === undefined;
  return isPlainString && Number.isSafeInteger(value) ? String(value) : value;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DATE = /^\d{4}-\d\d-\d\d$/;
const DATE_TIME =
  /^(\d{4}-\d\d-\d\d)[Tt ]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:[Zz]|[+-](?:0\d|1[0-4]):[0-5]\d)$/;

const FORMATS: Record<NonNullable<JsonSchema["format"]>, (text: string) => boolean> = {
  uuid: text => UUID.test(text),
  date: isDate,
  "date-time": text => isDate(DATE_TIME.exec(text)?.[1] ?? ""),
};

function isDate(text: string): boolean {
  if (!DATE.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  // A day that the month lacks rolls over into the next one.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) && !text.startsWith("0000");
}

/** What is wrong with a value, as a sentence that begins with its place (`names[3]`), or undefined. */
function findProblem(place: string, value: unknown, schema: JsonSchema): string | undefined {
  const wrong = () => `${place} is ${shown(value)}; it must be ${expectation(schema)}.`;
  switch (schema.type) {
    case "string": {
      if (typeof value !== "string") return wrong();
      if (value.includes("\0")) return `${place} contains a NUL character, which PostgreSQL cannot hold.`;
      if (!value.isWellFormed()) return `${place} contains half of a surrogate pair, which is not valid Unicode.`;
      if (schema.maxLength !== undefined && value.length > schema.maxLength) {
        return `${place} has ${value.length} characters; at most ${schema.maxLength} are allowed.`;
      }
      if (schema.enum !== undefined && !schema.enum.includes(value)) return wrong();
      return schema.format !== undefined && !FORMATS[schema.format](value) ? wrong() : undefined;
    }
    case "integer":
      return typeof value === "number" && Number.isInteger(value) && isInRange(value, schema) ? undefined : wrong();
    case "number":
      return typeof value === "number" && Number.isFinite(value) && isInRange(value, schema) ? undefined : wrong();
    case "boolean":
      return typeof value === "boolean" ? undefined : wrong();
    case "array": {
      if (!Array.isArray(value)) return wrong();
      if (schema.maxItems !== undefined && value.length > schema.maxItems) {
        return `${place} has ${value.length} elements; at most ${schema.maxItems} are allowed.`;
      }
      for (const [index, element] of value.entries()) {
        const problem = findProblem(`${place}[${index}]`, element, schema.items ?? {});
        if (problem !== undefined) return problem;
      }
      return undefined;
    }
    default:
      return findJsonProblem(place, value);
  }
}

function isInRange(value: number, { minimum = -Infinity, maximum = Infinity }: JsonSchema): boolean {
  return value >= minimum && value <= maximum;
}

/** Escapes for NUL and lone surrogates, after an even number of backslashes. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/i;

function findJsonProblem(place: string, value: unknown): string | undefined {
  let json: string;
  try {
    json = JSON.stringify(value);
  } catch {
    return `${place} is nested too deeply.`;
  }
  if (json.length > MAX_JSON) return `${place} has ${json.length} characters of JSON; at most ${MAX_JSON} are allowed.`;
  if (UNSTORABLE.test(json))
    return `${place} contains a NUL character or half of a surrogate pair, which PostgreSQL cannot hold.`;
  return undefined;
}

function toParameter(value: unknown, schema: JsonSchema): Parameter {
  if (schema.type === undefined) return JSON.stringify(value);
  if (Array.isArray(value)) return value.map(element => toParameter(element, schema.items ?? {}));
  return String(value);
}

/** What a schema allows, to follow "must be". */
function expectation(schema: JsonSchema): string {
  if (schema.enum !== undefined) return `one of ${schema.enum.join(", ")}`;
  const described = schema.description === undefined ? "" : ` (${schema.description})`;
  return `${kindOf(schema)}${described}`;
}

function kindOf(schema: JsonSchema): string {
  switch (schema.format) {
    case "uuid":
      return "a UUID such as 3f2b8c1e-5d47-4a6b-9c0e-8f1d2a3b4c5d";
    case "date":
      return "a date such as 2026-03-31";
    case "date-time":
      return "a time with its zone such as 2026-03-31T14:05:00Z";
  }
  switch (schema.type) {
    case "string":
      return "a string";
    case "integer":
    case "number": {
      const kind = schema.type === "integer" ? "an integer" : "a number";
      const { minimum, maximum } = schema;
      if (minimum !== undefined && maximum !== undefined) return `${kind} from ${minimum} to ${maximum}`;
      if (minimum !== undefined) return `${kind} of at least ${minimum}`;
      return maximum === undefined ? kind : `${kind} of at most ${maximum}`;
    }
    case "boolean":
      return "true or false";
    case "array":
      return `a list, each element ${expectation(schema.items ?? {})}`;
    default:
      return "any JSON value";
  }
}

/** A value as JSON, short enough for a sentence. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  const json = JSON.stringify(typeof value === "string" ? value.slice(0, 100) : value);
  return typeof value === "string" && value.length > 100 ? `${json.slice(0, -1)}…" (${value.length} characters)` : json;
}
