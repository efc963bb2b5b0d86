import { ErrorCode, McpError } from "@modelcontextprotocol/sdk/types.js";
import { type CheckedArguments, checkArguments } from "../arguments.ts";
import type { SqlFunction } from "../catalogue/function.ts";
import type { JsonSchema } from "../catalogue/json-schema.ts";
import { explain } from "../explain.ts";
import type { Offering } from "../server.ts";

/**
 * Calls a function whose arguments came as words, as those of prompts and URIs do, and gives its rows as JSON.
 * @throws McpError with words for the model, also for what the database did not like
 */
export async function callWithWords(
  { database, asker, log }: Offering,
  called: SqlFunction,
  words: Readonly<Record<string, unknown>>,
  limit: number,
  signal: AbortSignal,
): Promise<string[]> {
  const checked = checkWords(called, words);
  if (!checked.ok) throw new McpError(ErrorCode.InvalidParams, checked.problems.join("\n"));
  try {
    return await database.call({ called, parameters: checked.parameters, limit, asker, signal });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new McpError(ErrorCode.InvalidParams, explain(error, called.name, log));
  }
}

function checkWords(called: SqlFunction, words: Readonly<Record<string, unknown>>): CheckedArguments {
  const { properties, required } = called.inputSchema;
  const meant = Object.entries(words)
    // A field left empty in a form, unless an empty text is what is asked for.
    .filter(([name, word]) => word !== "" || required.includes(name))
    .map(([name, word]) => [name, meaning(word, properties[name])] as const);
  return checkArguments(called, Object.fromEntries(meant));
}

/** A word as the number or truth value that is asked for; others stay for the check to name. */
function meaning(word: unknown, schema: JsonSchema | undefined): unknown {
  if (typeof word !== "string") return word;
  if ((schema?.type === "integer" || schema?.type === "number") && word.trim() !== "") {
    const number = Number(word);
    return Number.isNaN(number) ? word : number;
  }
  if (schema?.type === "boolean" && (word === "true" || word === "false")) return word === "true";
  return word;
}

/** The text that a function of one text or JSON value gave. */
export function textOf(row: string | undefined): string {
  const value: unknown = JSON.parse(row ?? "null");
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}
