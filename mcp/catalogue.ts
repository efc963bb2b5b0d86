import type { ClientBase } from "pg";

export type JsonType = "object" | "array" | "string" | "integer" | "number" | "boolean" | "null";

/** The part of JSON Schema that tools are described with. */
export interface JsonSchema {
  type?: JsonType;
  description?: string;
  format?: "uuid" | "date" | "date-time";
  enum?: string[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  maxItems?: number;
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean;
  anyOf?: [JsonSchema, { type: "null" }];
}

export interface ObjectSchema extends JsonSchema {
  type: "object";
  properties: Record<string, JsonSchema>;
}

export interface Tool {
  name: string;
  title: string;
  description: string;
  inputSchema: ObjectSchema & { required: string[] };
  outputSchema: ObjectSchema;
  /**
   * What one call gives: `object` is one composite, `list` a set under `items`, `value` a scalar under `result`, `json` an
   * object of no known shape.
   */
  answer: "object" | "list" | "value" | "json";
  /** SQL types of the arguments, quoted. */
  argumentTypes: Map<string, string>;
}

/** Characters in one text argument. */
export const MAX_TEXT = 10_000;
/** Elements in one array argument. */
export const MAX_ELEMENTS = 1_000;

/** Names that clients and model APIs take for tools and their arguments. */
const USABLE_NAME = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * Describes every function of schema a2o_mcp that the current role may execute, by name. One that cannot be a tool is left
 * out, and `warn` hears why.
 *
 * Encoding of answers: smallint to bigint are JSON integers and numeric and double precision are JSON numbers, with every
 * digit that PostgreSQL has, also beyond what a double holds. NaN and infinity, which JSON lacks, are null. As arguments,
 * bigint takes integers up to 2^53 - 1, because larger ones have lost digits by the time JSON is parsed; they are refused.
 */
export async function readCatalogue(client: ClientBase, warn: (warning: string) => void): Promise<Map<string, Tool>> {
  const { rows: functions } = await client.query<FunctionRow>(FUNCTIONS);
  const { rows: types } = await client.query<TypeRow>(TYPES, [functions.flatMap(f => [f.returns, ...f.types])]);
  const byOid = new Map(types.map(type => [type.oid, type]));
  const overloaded = new Set(functions.map(f => f.name).filter((name, index, names) => names.indexOf(name) !== index));
  const tools = new Map<string, Tool>();
  for (const row of functions) {
    try {
      if (overloaded.has(row.name)) throw new NoTool("there are several functions of this name");
      tools.set(row.name, describeTool(row, byOid, warn));
    } catch (error) {
      if (!(error instanceof NoTool)) throw error;
      warn(`a2o_mcp.${row.name} is not a tool: ${error.message}.`);
    }
  }
  return tools;
}

/** Why a function cannot be a tool. */
class NoTool extends Error {}

interface FunctionRow {
  name: string;
  comment: string | null;
  returns: string;
  returns_set: boolean;
  is_variadic: boolean;
  types: string[];
  /** i, o, b, v or t per type; null when all are inputs. */
  modes: string[] | null;
  names: string[] | null;
  /** SQL of each default, null where there is none. */
  defaults: (string | null)[];
  input_count: number;
  default_count: number;
}

const FUNCTIONS = `
  select p.proname::text as name, obj_description(p.oid, 'pg_proc') as comment, p.prorettype::text as returns,
    p.proretset as returns_set, p.provariadic <> 0 as is_variadic, a.types::text[] as types,
    p.proargmodes::text[] as modes, p.proargnames::text[] as names, p.pronargs::int as input_count,
    p.pronargdefaults::int as default_count,
    array(select pg_get_function_arg_default(p.oid, n) from generate_series(1, cardinality(a.types)) n order by n) as defaults
  from pg_catalog.pg_proc p
  cross join lateral (select coalesce(p.proallargtypes, p.proargtypes::oid[])) as a(types)
  where p.pronamespace = to_regnamespace('a2o_mcp') and p.prokind = 'f' and has_function_privilege(p.oid, 'execute')
  order by p.proname, p.oid`;

interface TypeRow {
  oid: string;
  schema: string;
  name: string;
  /** b base, c composite, d domain, e enum, p pseudo, r range, m multirange */
  kind: string;
  element: string | null;
  base: string | null;
  labels: string[] | null;
  columns: { name: string; type: string; comment: string | null }[] | null;
}

// The types of arguments and answers, and the types that those are made of.
const TYPES = `
  with recursive needed(oid) as (
    select unnest($1::text[])::oid
    union
    select part.oid
    from needed n
    join pg_catalog.pg_type t on t.oid = n.oid
    cross join lateral (
      select t.typelem where t.typcategory = 'A'
      union all select t.typbasetype
      union all select a.atttypid from pg_catalog.pg_attribute a
        where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
    ) as part(oid)
    where part.oid <> 0
  )
  select t.oid::text as oid, n.nspname::text as schema, t.typname::text as name, t.typtype::text as kind,
    case when t.typcategory = 'A' then nullif(t.typelem, 0)::text end as element,
    nullif(t.typbasetype, 0)::text as base,
    (select array_agg(e.enumlabel::text order by e.enumsortorder) from pg_catalog.pg_enum e where e.enumtypid = t.oid) as labels,
    (select json_agg(json_build_object('name', a.attname, 'type', a.atttypid::text,
        'comment', col_description(a.attrelid, a.attnum)) order by a.attnum)
      from pg_catalog.pg_attribute a where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped) as columns
  from needed
  join pg_catalog.pg_type t on t.oid = needed.oid
  join pg_catalog.pg_namespace n on n.oid = t.typnamespace`;

type Types = Map<string, TypeRow>;

function describeTool(row: FunctionRow, types: Types, warn: (warning: string) => void): Tool {
  if (!USABLE_NAME.test(row.name)) throw new NoTool("its name is not made of letters, digits, _ and - alone");
  if (row.is_variadic) throw new NoTool("it takes any number of arguments (variadic)");
  const { description, params } = parseComment(row.comment ?? "");
  if (description === "") warn(`a2o_mcp.${row.name} has no comment, so its tool has no description.`);
  const inputs = row.types.flatMap((type, index) => {
    const mode = row.modes?.[index] ?? "i";
    if (mode !== "i" && mode !== "b") return [];
    return [{ name: row.names?.[index] ?? "", type, default: row.defaults[index] ?? null }];
  });

  const properties: Record<string, JsonSchema> = {};
  const argumentTypes = new Map<string, string>();
  for (const input of inputs) {
    if (!USABLE_NAME.test(input.name)) throw new NoTool(`it has an argument named ${JSON.stringify(input.name)}`);
    const schema = argumentSchema(input.type, types);
    const text = params.get(input.name);
    if (text !== undefined) describeArgument(schema, text);
    const value = input.default === null ? undefined : plainLiteral(input.default, schema);
    if (value !== undefined) schema.default = value;
    properties[input.name] = schema;
    argumentTypes.set(input.name, quotedType(input.type, types));
  }
  for (const name of params.keys()) {
    if (!argumentTypes.has(name))
      warn(`a2o_mcp.${row.name}: its comment describes @param ${name}, which it does not have.`);
  }
  return {
    name: row.name,
    title: titleOf(row.name),
    description: description || titleOf(row.name),
    inputSchema: {
      type: "object",
      properties,
      required: inputs.slice(0, row.input_count - row.default_count).map(input => input.name),
      additionalProperties: false,
    },
    ...describeAnswer(row, types),
    argumentTypes,
  };
}

/** `list_of_things` as `List of things`. */
function titleOf(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function parseComment(comment: string): { description: string; params: Map<string, string> } {
  const [description = "", ...params] = comment.split(/^[ \t]*@param[ \t]+/m);
  return {
    description: description.trim(),
    params: new Map(
      params.map(param => {
        const [, name = "", text = ""] = /^(\S*)\s*([\s\S]*)$/.exec(param) ?? [];
        return [name, text.replace(/\s+/g, " ").trim()];
      }),
    ),
  };
}

const RANGE = /\s*\[(-?\d+(?:\.\d+)?)?\.\.(-?\d+(?:\.\d+)?)?\]$/;

/** Puts the words of an `@param` on its schema; a range at their end becomes the limits of a number, or of each in a list. */
function describeArgument(schema: JsonSchema, text: string): void {
  const number = schema.type === "array" ? schema.items : schema;
  const range = number?.type === "integer" || number?.type === "number" ? RANGE.exec(text) : null;
  if (number !== undefined && range !== null) {
    if (range[1] !== undefined) number.minimum = Number(range[1]);
    if (range[2] !== undefined) number.maximum = Number(range[2]);
  }
  const words = range === null ? text : text.slice(0, range.index);
  if (words !== "") schema.description = words;
}

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

function argumentSchema(oid: string, types: Types): JsonSchema {
  const type = lookUp(oid, types);
  if (type.base !== null) return argumentSchema(type.base, types);
  if (type.element !== null) {
    return { type: "array", items: argumentSchema(type.element, types), maxItems: MAX_ELEMENTS };
  }
  const schema = scalarSchema(type);
  if (schema === undefined) throw new NoTool(`it takes a ${type.name}, which has no JSON form`);
  const limits = INTEGER_LIMITS[type.name];
  if (limits !== undefined) [schema.minimum, schema.maximum] = limits;
  if (schema.type === "string" && schema.enum === undefined && schema.format === undefined) schema.maxLength = MAX_TEXT;
  return schema;
}

/** Any value in an answer may be null: PostgreSQL promises no more of a function's columns. */
function answerSchema(oid: string, types: Types): JsonSchema {
  const type = lookUp(oid, types);
  if (type.base !== null) return answerSchema(type.base, types);
  if (type.element !== null) return nullable({ type: "array", items: answerSchema(type.element, types) });
  if (type.kind === "c") return nullable(compositeSchema(type, types));
  const schema = scalarSchema(type);
  if (schema === undefined) throw new NoTool(`it returns a ${type.name}, which has no JSON form`);
  return schema.type === undefined ? schema : nullable(schema);
}

/** Not `type: [x, "null"]`, which some clients cannot read. */
function nullable(schema: JsonSchema): JsonSchema {
  return { anyOf: [schema, { type: "null" }] };
}

function compositeSchema(type: TypeRow, types: Types): ObjectSchema {
  const columns = type.columns ?? [];
  return columnsSchema(
    columns.map(column => ({ ...column, comment: column.comment ?? undefined })),
    types,
  );
}

function columnsSchema(
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

function describeAnswer(row: FunctionRow, types: Types): Pick<Tool, "answer" | "outputSchema"> {
  const type = lookUp(row.returns, types);
  const outputs = row.types.flatMap((output, index) => {
    const mode = row.modes?.[index] ?? "i";
    return mode === "o" || mode === "b" || mode === "t" ? [{ name: row.names?.[index] ?? "", type: output }] : [];
  });
  const composite =
    type.kind === "c"
      ? compositeSchema(type, types)
      : type.kind === "p" && type.name === "record" && outputs.length > 1
        ? columnsSchema(outputs, types)
        : undefined;
  if (row.returns_set) {
    return {
      answer: "list",
      outputSchema: {
        type: "object",
        properties: {
          items: { type: "array", items: composite ?? answerSchema(row.returns, types) },
          note: {
            type: "string",
            description: "Present when the list was cut: how many items are missing and what to do.",
          },
        },
        required: ["items"],
      },
    };
  }
  if (composite !== undefined) return { answer: "object", outputSchema: composite };
  const schema = answerSchema(row.returns, types);
  if (schema.anyOf === undefined) return { answer: "json", outputSchema: { type: "object", properties: {} } };
  return { answer: "value", outputSchema: { type: "object", properties: { result: schema }, required: ["result"] } };
}

function lookUp(oid: string, types: Types): TypeRow {
  const type = types.get(oid);
  if (type === undefined) throw new NoTool("one of its types is gone");
  return type;
}

function quotedType(oid: string, types: Types): string {
  const { schema, name } = lookUp(oid, types);
  return `${quoted(schema)}.${quoted(name)}`;
}

/** An SQL identifier. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

const STRING_LITERAL = /^\(?'((?:[^']|'')*)'(?:::[^']*)?\)?$/;
const EMPTY_ARRAY = /^(?:'\{\}'|ARRAY\[\])(?:::[^']*)?$/;

/** Value of a default that is a plain literal, as PostgreSQL prints it; undefined for null and every other expression. */
function plainLiteral(sql: string, schema: JsonSchema): unknown {
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
