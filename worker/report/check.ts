import { asNumber, rawDigits } from "./exact-json.ts";
import type {
  JsonObject,
  JsonValue,
  Readiness,
  ReportedDatabase,
  ReportedTable,
  ReportMetadata,
  ReportSummary,
} from "./format.ts";
import { Fault, type Path, quote } from "./locate.ts";
import { utcTimestamp } from "./timestamp.ts";

/** The versions of the report format that can be read; phase 1 wrote none. */
const REPORT_VERSION = 1;

/** Counts every key of every object that was read, to be compared with the colons of the text. */
export interface Tally {
  keys: number;
}

const MAX_INTEGER = 2 ** 31 - 1;
/** 2^63 bytes in GB: sizes are stored as bytes in a bigint. */
const MAX_SIZE_GB = 2 ** 33;

const NAME = "a name of 1 to 255 characters";
const COUNT = "a whole number of 0 or more";
const SIZE = "a number of 0 or more, or null";
const TEXT = "a string or null";
const LIST = "a list of strings";
const MOMENT = "an ISO 8601 timestamp such as 2026-01-09T12:34:56Z";
const READINESS = '"READY", "NEEDS_CONVERSION" or "UNKNOWN"';
const YES_NO = "true or false";

function describe(value: JsonValue | undefined): string {
  if (typeof value === "string") {
    return value.length > 60 ? `${quote(value)} (${characters(value)} characters)` : quote(value);
  }
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return rawDigits(value) ?? "an object";
  return String(value);
}

function refuse(path: Path, expected: string, value: JsonValue | undefined, advice?: string): never {
  const found = value === undefined ? "it is missing" : `found ${describe(value)}`;
  throw new Fault(path, null, `expected ${expected}, ${found}`, advice);
}

/** As PostgreSQL counts them: code points. */
function characters(text: string): number {
  let count = text.length;
  for (let i = 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0xdc00 && code <= 0xdfff) count--;
  }
  return count;
}

function isShort(value: JsonValue | undefined, most: number): value is string {
  return typeof value === "string" && value.length > 0 && (value.length <= most || characters(value) <= most);
}

function short(value: JsonValue | undefined, field: string, most: number, expected: string): string {
  return isShort(value, most) ? value : refuse([field], expected, value);
}

function count(found: JsonValue | undefined, field: string): number {
  const value = asNumber(found) ?? found;
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0) return refuse([field], COUNT, value);
  if (value > MAX_INTEGER) return refuse([field], `a whole number of at most ${MAX_INTEGER}`, value);
  return value + 0;
}

function size(found: JsonValue | undefined, field: string): number | null {
  const value = asNumber(found) ?? found;
  if (value === null) return null;
  if (typeof value !== "number" || value < 0) return refuse([field], SIZE, value);
  if (value >= MAX_SIZE_GB) return refuse([field], `a number below ${MAX_SIZE_GB} (8 EiB in GB)`, value);
  return value + 0;
}

function textOrNull(value: JsonValue | undefined, field: string): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === "string" ? value : refuse([field], TEXT, value);
}

function strings(value: JsonValue | undefined, field: string): string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return refuse([field], LIST, value);
  for (let i = 0; i < value.length; i++) {
    if (typeof value[i] !== "string") refuse([field, i], "a string", value[i]);
  }
  return value as string[];
}

function moment(value: JsonValue | undefined, field: string, expected: string): string {
  return (typeof value === "string" ? utcTimestamp(value) : null) ?? refuse([field], expected, value);
}

function isReadiness(value: JsonValue | undefined): value is Readiness {
  return value === "READY" || value === "NEEDS_CONVERSION" || value === "UNKNOWN";
}

/** The keys outside `known`, in canonical order. */
function extras(object: JsonObject, known: ReadonlySet<string>, tally: Tally): JsonObject {
  let unknown: string[] | undefined;
  for (const key in object) {
    tally.keys++;
    if (known.has(key)) continue;
    unknown ??= [];
    unknown.push(key);
  }
  return unknown ? sorted(object, unknown.sort(), tally, []) : {};
}

function sorted(object: JsonObject, keys: string[], tally: Tally, path: Path): JsonObject {
  const result: JsonObject = {};
  for (const key of keys) {
    path.push(key);
    const value = canonical(object[key] as JsonValue, tally, path);
    path.pop();
    // Assigning a key called __proto__ would lose it.
    if (key !== "__proto__") result[key] = value;
    else Object.defineProperty(result, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return result;
}

/** The same value with the keys of every object sorted, so that it always serialises alike. `path` is borrowed. */
export function canonical(value: JsonValue, tally: Tally, path: Path = []): JsonValue {
  if (typeof value === "number") {
    if (Number.isFinite(value)) return value;
    throw new Fault([...path], null, "expected a number of at most 1.8e308, found a larger one");
  }
  if (typeof value !== "object" || value === null || rawDigits(value) !== undefined) return value;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      path.push(i);
      value[i] = canonical(value[i] as JsonValue, tally, path);
      path.pop();
    }
    return value;
  }
  const keys = Object.keys(value);
  tally.keys += keys.length;
  return sorted(value, keys.sort(), tally, path);
}

/** Refuses what PostgreSQL cannot store as text: NUL characters and halves of surrogate pairs, in keys too. */
export function checkText(value: JsonValue, path: Path = []): void {
  if (typeof value === "string") {
    if (value.includes("\0")) {
      throw new Fault([...path], null, "expected text, found a NUL character (\\u0000), which PostgreSQL cannot store");
    }
    if (!value.isWellFormed()) {
      throw new Fault([...path], null, "expected text, found half of a surrogate pair (\\ud800 to \\udfff on its own)");
    }
  } else if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      path.push(i);
      checkText(value[i] as JsonValue, path);
      path.pop();
    }
  } else if (typeof value === "object" && value !== null) {
    for (const key in value) {
      path.push(key);
      checkText(key, path);
      checkText(value[key] as JsonValue, path);
      path.pop();
    }
  }
}

function asObject(value: JsonValue | undefined, what: string): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return refuse([], what, value);
  if (rawDigits(value) !== undefined) return refuse([], what, value);
  return value;
}

function checkVersion(version: JsonValue | undefined): void {
  if (version === undefined) return;
  const major = /^(\d{1,9})(?:\.\d{1,9}){0,2}$/.exec(typeof version === "object" ? "" : String(version))?.[1];
  if (major === undefined) refuse(["report_version"], `a version such as ${REPORT_VERSION}`, version);
  if (Number(major) !== REPORT_VERSION) {
    const expected = `report version ${REPORT_VERSION}, or none as in phase 1`;
    refuse(["report_version"], expected, version, "A newer version of aws2openstack may read this report.");
  }
}

const METADATA_KEYS = new Set(["timestamp", "region", "aws_account_id", "tool_version"]);

export function checkMetadata(value: JsonValue, tally: Tally): ReportMetadata {
  const object = asObject(value, "an object with the timestamp, region, account and tool version");
  checkVersion(object.report_version);
  const account = object.aws_account_id;
  if (typeof account !== "string" || !/^\d{12}$/.test(account)) {
    refuse(["aws_account_id"], "a string of 12 digits", account);
  }
  return {
    timestamp: moment(object.timestamp, "timestamp", MOMENT),
    region: short(object.region, "region", 50, "a region of 1 to 50 characters"),
    aws_account_id: account as string,
    tool_version: short(object.tool_version, "tool_version", 20, "a version of 1 to 20 characters"),
    extra: extras(object, METADATA_KEYS, tally),
  };
}

const SUMMARY_KEYS = new Set([
  "total_databases",
  "total_tables",
  "iceberg_tables",
  "migration_ready",
  "needs_conversion",
  "unknown",
  "total_estimated_size_gb",
]);

export function checkSummary(value: JsonValue, tally: Tally): ReportSummary {
  const object = asObject(value, "an object with the totals");
  return {
    total_databases: count(object.total_databases, "total_databases"),
    total_tables: count(object.total_tables, "total_tables"),
    iceberg_tables: count(object.iceberg_tables, "iceberg_tables"),
    migration_ready: count(object.migration_ready, "migration_ready"),
    needs_conversion: count(object.needs_conversion, "needs_conversion"),
    unknown: count(object.unknown, "unknown"),
    total_estimated_size_gb: size(object.total_estimated_size_gb, "total_estimated_size_gb"),
    extra: extras(object, SUMMARY_KEYS, tally),
  };
}

const DATABASE_KEYS = new Set(["database_name", "description", "location_uri", "table_count"]);

export function checkDatabase(value: JsonValue, tally: Tally): ReportedDatabase {
  const object = asObject(value, "an object that describes a database");
  return {
    database_name: short(object.database_name, "database_name", 255, NAME),
    description: textOrNull(object.description, "description"),
    location_uri: textOrNull(object.location_uri, "location_uri"),
    table_count: count(object.table_count, "table_count"),
    extra: extras(object, DATABASE_KEYS, tally),
  };
}

const TABLE_KEYS = new Set([
  "database_name",
  "table_name",
  "table_format",
  "storage_location",
  "estimated_size_gb",
  "partition_keys",
  "column_count",
  "last_updated",
  "is_iceberg",
  "migration_readiness",
  "notes",
]);

export function checkTable(value: JsonValue, tally: Tally): ReportedTable {
  const object = asObject(value, "an object that describes a table");
  const { estimated_size_gb = null, last_updated = null, is_iceberg, migration_readiness } = object;
  return {
    database_name: short(object.database_name, "database_name", 255, NAME),
    table_name: short(object.table_name, "table_name", 255, NAME),
    table_format: short(object.table_format, "table_format", 50, "a format of 1 to 50 characters"),
    storage_location: textOrNull(object.storage_location, "storage_location"),
    estimated_size_gb: size(estimated_size_gb, "estimated_size_gb"),
    partition_keys: strings(object.partition_keys, "partition_keys"),
    column_count: count(object.column_count, "column_count"),
    last_updated: last_updated === null ? null : moment(last_updated, "last_updated", `${MOMENT}, or null`),
    is_iceberg: typeof is_iceberg === "boolean" ? is_iceberg : refuse(["is_iceberg"], YES_NO, is_iceberg),
    migration_readiness: isReadiness(migration_readiness)
      ? migration_readiness
      : refuse(["migration_readiness"], READINESS, migration_readiness),
    notes: strings(object.notes, "notes"),
    extra: extras(object, TABLE_KEYS, tally),
  };
}

/** What the field at `path` should hold, for the cases in which the text there is not even JSON. */
export function expectationOf(path: Path): string | undefined {
  const [section, second, third] = path;
  const field = section === "tables" || section === "databases" ? third : second;
  if (field === "estimated_size_gb" || field === "total_estimated_size_gb") return SIZE;
  if (field === "column_count" || field === "table_count") return COUNT;
  if (section === "summary" && typeof field === "string" && SUMMARY_KEYS.has(field)) return COUNT;
  return undefined;
}
