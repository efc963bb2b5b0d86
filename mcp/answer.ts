import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import type { JsonSchema } from "./catalogue/json-schema.ts";
import type { Tool } from "./catalogue/tool.ts";
import { parseExact, rawNumber } from "./exact-json.ts";

/** Rows that one call of a set-returning function gives. */
export const MAX_ROWS = 500;
/**
 * Bytes of structured content, and characters of text. A token of JSON is some three bytes, and a client may show both to the
 * model, which gets some 16,000 tokens then.
 */
const MAX_STRUCTURED = 32_000;
const MAX_ANSWER_TEXT = 16_000;
/** Characters of one value in the text; the structured content has all of it. */
const MAX_VALUE = 300;

/** The result of a call from the rows it gave, each as JSON. `rows` may hold one more than MAX_ROWS. */
export function answerOf(tool: Tool, rows: string[]): CallToolResult {
  if (tool.answer === "list") return listAnswer(tool, rows);
  const row = rows[0] ?? "null";
  if (Buffer.byteLength(row) > MAX_STRUCTURED) return tooLarge(row);
  const value = conform(parseExact(row), valueSchema(tool));
  const structuredContent = tool.answer !== "value" && isObject(value) ? value : { result: value };
  return { content: [{ type: "text", text: cutText(objectText(structuredContent)) }], structuredContent };
}

function valueSchema({ answer, outputSchema }: Tool): JsonSchema {
  return answer === "value" ? (outputSchema.properties.result ?? {}) : outputSchema;
}

function listAnswer(tool: Tool, rows: string[]): CallToolResult {
  const itemSchema = tool.outputSchema.properties.items?.items ?? {};
  const items: unknown[] = [];
  let size = 0;
  for (const row of rows.slice(0, MAX_ROWS)) {
    size += Buffer.byteLength(row) + 1;
    if (size > MAX_STRUCTURED) break;
    items.push(conform(parseExact(row), itemSchema));
  }
  const first = rows[0];
  if (items.length === 0 && first !== undefined) return tooLarge(first);
  const missing = rows.length > MAX_ROWS ? `more than ${MAX_ROWS}` : String(rows.length);
  const note =
    items.length < rows.length
      ? `Cut: the first ${items.length} of ${missing} items. Ask for fewer, with narrower arguments.`
      : undefined;
  return {
    content: [{ type: "text", text: listText(items, note) }],
    structuredContent: note === undefined ? { items } : { items, note },
  };
}

/** An answer that says what went wrong, for the model to act on. */
export function errorAnswer(text: string): CallToolResult {
  return { content: [{ type: "text", text }], isError: true };
}

function tooLarge(row: string): CallToolResult {
  return errorAnswer(
    `The answer is too large (${Buffer.byteLength(row)} bytes; at most ${MAX_STRUCTURED}). Ask for less: narrower arguments or a smaller limit.`,
  );
}

/** NaN and infinity come from PostgreSQL as strings, where the schema promises a number or a date. */
function conform(value: unknown, { anyOf, ...own }: JsonSchema): unknown {
  const schema = anyOf?.[0] ?? own;
  if (typeof value === "string") {
    const isText = schema.type === undefined || (schema.type === "string" && schema.format === undefined);
    return !isText && /^(?:NaN|-?infinity)$/i.test(value) ? null : value;
  }
  const { items, properties } = schema;
  if (Array.isArray(value)) return items === undefined ? value : value.map(item => conform(item, items));
  if (!isObject(value) || properties === undefined) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, conform(part, properties[name] ?? {})]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && rawNumber(value) === undefined;
}

/** `key: value` lines; what is null is left out. */
function objectText(object: Record<string, unknown>): string {
  const lines = Object.entries(object).flatMap(([name, value]) => {
    if (value === null) return [];
    if (isTable(value)) return [`${name}:`, ...tableLines(value)];
    return [`${name}: ${valueText(value)}`];
  });
  return lines.length === 0 ? "Empty: every value is null." : lines.join("\n");
}

function listText(items: unknown[], note: string | undefined): string {
  const lines = items.length === 0 ? ["No rows."] : isTable(items) ? tableLines(items) : items.map(valueText);
  return cutText([...(note === undefined ? [] : [note]), ...lines].join("\n"));
}

type Table = [Record<string, unknown>, ...Record<string, unknown>[]];

function isTable(value: unknown): value is Table {
  return Array.isArray(value) && value.length > 0 && value.every(isObject);
}

/** A header and a line per row. A column that is null in every row is left out. */
function tableLines(rows: Table): string[] {
  const columns = Object.keys(rows[0]).filter(column => rows.some(row => (row[column] ?? null) !== null));
  const cell = (value: unknown) =>
    value === null || value === undefined ? "" : valueText(value).replaceAll("|", "\\|");
  return [columns.join(" | "), ...rows.map(row => columns.map(column => cell(row[column])).join(" | "))];
}

const BREAKS_LINES = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** One line, so that a name or comment from AWS cannot pass for a line of ours. */
function valueText(value: unknown): string {
  const text = typeof value === "string" && !BREAKS_LINES.test(value) ? value : JSON.stringify(value);
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE).toWellFormed()}…` : text;
}

/** Cuts at a line's end. */
function cutText(text: string): string {
  if (text.length <= MAX_ANSWER_TEXT) return text;
  const kept = text.slice(0, text.lastIndexOf("\n", MAX_ANSWER_TEXT));
  const left = text.slice(kept.length + 1).split("\n").length;
  return `${kept}\n… ${left} more lines; structuredContent has them all.`;
}
