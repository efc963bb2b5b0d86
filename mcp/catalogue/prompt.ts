import { describeFunction, type SqlFunction } from "./function.ts";
import type { FunctionRow, Types } from "./functions.ts";
import { lookUp, Unusable } from "./types.ts";

/** A function of schema a2o_mcp_prompts: it returns the words that open a conversation. */
export type Prompt = SqlFunction;

/** A function of schema a2o_mcp_completions. It completes every argument of its name in resources and prompts. */
export type Completion = SqlFunction;

/** @throws Unusable */
export function describePrompt(row: FunctionRow, types: Types, warn: (warning: string) => void): Prompt {
  const { comment: _, ...described } = describeFunction(row, types, warn);
  if (row.returns_set || lookUp(row.returns, types).name !== "text") throw new Unusable("it does not return one text");
  return described;
}

/**
 * Takes what was typed as `value` and gives rows of `value` and `title`.
 * @throws Unusable
 */
export function describeCompletion(row: FunctionRow, types: Types, warn: (warning: string) => void): Completion {
  const { comment: _, ...described } = describeFunction(row, types, warn);
  if (described.inputSchema.required.join() !== "value") throw new Unusable("it does not take one text named value");
  const columns = lookUp(row.returns, types)
    .columns?.map(column => column.name)
    .join();
  if (!row.returns_set || columns !== "value,title") throw new Unusable("it does not return rows of value and title");
  return described;
}
