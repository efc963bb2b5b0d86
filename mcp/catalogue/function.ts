import { type Comment, parseComment, titleOf } from "./comment.ts";
import { type FunctionRow, type McpSchema, SCHEMAS, type Types } from "./functions.ts";
import type { JsonSchema, ObjectSchema } from "./json-schema.ts";
import { argumentSchema, plainLiteral, quotedType, Unusable } from "./types.ts";

/** A function that can be called by the names of its arguments. */
export interface SqlFunction {
  schema: McpSchema;
  name: string;
  title: string;
  description: string;
  inputSchema: ObjectSchema & { required: string[] };
  /** SQL types of the arguments, quoted. */
  argumentTypes: Map<string, string>;
}

/** Names that clients and model APIs take for tools and their arguments. */
const USABLE_NAME = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * The part that tools, resources, prompts and completions share.
 * @throws Unusable
 */
export function describeFunction(
  row: FunctionRow,
  types: Types,
  warn: (warning: string) => void,
): SqlFunction & { comment: Comment } {
  if (!USABLE_NAME.test(row.name)) throw new Unusable("its name is not made of letters, digits, _ and - alone");
  if (row.is_variadic) throw new Unusable("it takes any number of arguments (variadic)");
  const comment = parseComment(row.comment ?? "");
  const title = comment.tags.get("title") ?? titleOf(row.name);
  if (comment.description === "") {
    warn(`${row.schema}.${row.name} has no comment, so its ${SCHEMAS[row.schema]} has no description.`);
  }
  const inputs = row.types.flatMap((type, index) => {
    const mode = row.modes?.[index] ?? "i";
    if (mode !== "i" && mode !== "b") return [];
    return [{ name: row.names?.[index] ?? "", type, default: row.defaults[index] ?? null }];
  });

  const properties: Record<string, JsonSchema> = {};
  const argumentTypes = new Map<string, string>();
  for (const input of inputs) {
    if (!USABLE_NAME.test(input.name)) throw new Unusable(`it has an argument named ${JSON.stringify(input.name)}`);
    const schema = argumentSchema(input.type, types);
    const text = comment.params.get(input.name);
    if (text !== undefined) describeArgument(schema, text);
    const value = input.default === null ? undefined : plainLiteral(input.default, schema);
    if (value !== undefined) schema.default = value;
    properties[input.name] = schema;
    argumentTypes.set(input.name, quotedType(input.type, types));
  }
  for (const name of comment.params.keys()) {
    if (!argumentTypes.has(name))
      warn(`${row.schema}.${row.name}: its comment describes @param ${name}, which it does not have.`);
  }
  return {
    schema: row.schema,
    name: row.name,
    title,
    description: comment.description || title,
    inputSchema: {
      type: "object",
      properties,
      required: inputs.slice(0, row.input_count - row.default_count).map(input => input.name),
      additionalProperties: false,
    },
    argumentTypes,
    comment,
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
