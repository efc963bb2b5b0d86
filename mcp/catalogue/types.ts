import { escapeIdentifier } from "pg";
import type { TypeRow, Types } from "./functions.ts";
import type { JsonSchema, ObjectSchema } from "./json-schema.ts";

/** Characters in one text argument. */
export const MAX_TEXT = 10_000;
/** Elements in one array argument. */
export const MAX_ELEMENTS = 1_000;

/** Why a function cannot be what its schema makes of functions. */
export class Unusable extends Error {}

const STRINGS = new Set(["text", "varchar", "bpchar", "name", "citext", "timestamp", "time", "timetz", "interval"]);

/** Schema of a value of a base type of PostgreSQL (or of a well-known extension), undefined when it has none. */
function scalarSchema(type: TypeRow): JsonSchema | undefined {
  if (type.kind === "e") return { type: "string", enum: type.labels ?? [] };
  if (type.kind !== "b") return undefined;
  if (type.name === "citext") return { type: "string" };
  if (type.schema !== "pg_catalog") return undefined;
  if (STRINGS.has(type.name)) return { type: "string" };
  switch (type.name) {
    case "uuid":
      return { type: "string", format: "uuid" };
    case "date":
      return { type: "string", format: "date" };
    case "timestamptz":
      return { type: "string", format: "date-time" };
    case "int2":
    case "int4":
    case "int8":
      return { type: "integer" };
    case "numeric":
    case "float4":
    case "float8":
      return { type: "number" };
    case "bool":
      return { type: "boolean" };
    case "json":
    case "jsonb":
      return {};
    default:
      return undefined;
  }
}

const INTEGER_LIMITS: Record<string, [number, number]> = {
  int2: [-(2 ** 15), 2 ** 15 - 1],
  int4: [-(2 ** 31), 2 ** 31 - 1],
  int8: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
};

export function argumentSchema(oid: string, types: Types): JsonSchema {
  const type = lookUp(oid, types);
  if (type.base !== null) return argumentSchema(type.base, types);
  if (type.element !== null) {
    return { type: "array", items: argumentSchema(type.element, types), maxItems: MAX_ELEMENTS };
  }
  const schema = scalarSchema(type);
  if (schema === undefined) throw new Unusable(`it takes a ${type.name}, which has no JSON form`);
  const limits = INTEGER_LIMITS[type.name];
  if (limits !== undefined) [schema.minimum, schema.maximum] = limits;
  if (schema.type === "string" && schema.enum === undefined && schema.format === undefined) schema.maxLength = MAX_TEXT;
  return schema;
}

/** Any value in an answer may be null: PostgreSQL promises no more of a function's columns. */
export function answerSchema(oid: string, types: Types): JsonSchema {
  const type = lookUp(oid, types);
  if (type.base !== null) return answerSchema(type.base, types);
  if (type.element !== null) return nullable({ type: "array", items: answerSchema(type.element, types) });
  if (type.kind === "c") return nullable(compositeSchema(type, types));
  const schema = scalarSchema(type);
  if (schema === undefined) throw new Unusable(`it returns a ${type.name}, which has no JSON form`);
  return schema.type === undefined ? schema : nullable(schema);
}

/** Not `type: [x, "null"]`, which some clients cannot read. */
function nullable(schema: JsonSchema): JsonSchema {
  return { anyOf: [schema, { type: "null" }] };
}

export function compositeSchema(type: TypeRow, types: Types): ObjectSchema {
  const columns = type.columns ?? [];
  return columnsSchema(
    columns.map(column => ({ ...column, comment: column.comment ?? undefined })),
    types,
  );
}

export function columnsSchema(
  columns: { name: string; type: string; comment?: string | undefined }[],
  types: Types,
): ObjectSchema {
  return {
    type: "object",
    properties: Object.fromEntries(
      columns.map(({ name, type, comment }) => {
        const schema = answerSchema(type, types);
        return [name, comment === undefined ? schema : { ...schema, description: comment }];
      }),
    ),
    required: columns.map(column => column.name),
  };
}

export function lookUp(oid: string, types: Types): TypeRow {
  const type = types.get(oid);
  if (type === undefined) throw new Unusable("one of its types is gone");
  return type;
}

export function quotedType(oid: string, types: Types): string {
  const { schema, name } = lookUp(oid, types);
  return `${escapeIdentifier(schema)}.${escapeIdentifier(name)}`;
}

const STRING_LITERAL = /^\(?'((?:[^']|'')*)'(?:::[^']*)?\)?$/;
const EMPTY_ARRAY = /^(?:'\{\}'|ARRAY\[\])(?:::[^']*)?$/;

/** Value of a default that is a plain literal, as PostgreSQL prints it; undefined for null and every other expression. */
export function plainLiteral(sql: string, schema: JsonSchema): unknown {
  if (schema.type === "array") return EMPTY_ARRAY.test(sql) ? [] : undefined;
  const text = STRING_LITERAL.exec(sql)?.[1]?.replaceAll("''", "'") ?? sql.replace(/^\((.*)\)$/, "$1");
  switch (schema.type) {
    case "integer":
    case "number":
      return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
    case "boolean":
      return text === "true" || text === "false" ? text === "true" : undefined;
    case "string":
      if (!STRING_LITERAL.test(sql)) return undefined;
      return schema.enum === undefined || schema.enum.includes(text) ? text : undefined;
    default:
      return undefined;
  }
}
