import { CompleteRequestSchema, ErrorCode, McpError } from "@modelcontextprotocol/sdk/types.js";
import { explain } from "../explain.ts";
import type { Offering } from "../server.ts";
import { callWithWords } from "./words.ts";

/** The protocol's own limit. */
const MAX_VALUES = 100;

export interface Choice {
  value: string;
  title: string | null;
}

/** What may be written for an argument of this name, given how it begins; nothing when no function completes it. */
export async function choicesFor(
  offering: Offering,
  argument: string,
  value: string,
  limit: number,
  signal: AbortSignal,
): Promise<Choice[]> {
  const completion = (await offering.database.catalogue()).completions.get(argument);
  if (completion === undefined) return [];
  const rows = await callWithWords(offering, completion, { value }, limit, signal);
  return rows.map(row => JSON.parse(row) as Choice);
}

export function offerCompletion(offering: Offering): void {
  const { server, database, log } = offering;
  server.setRequestHandler(CompleteRequestSchema, async ({ params: { ref, argument } }, { signal }) => {
    try {
      const { prompts, resources } = await database.catalogue();
      const completed =
        ref.type === "ref/prompt"
          ? prompts.get(ref.name)
          : [...resources.values()].find(resource => resource.uri === ref.uri);
      if (completed === undefined)
        throw new McpError(ErrorCode.InvalidParams, "There is nothing of this name to complete.");
      if (!Object.hasOwn(completed.inputSchema.properties, argument.name)) return { completion: { values: [] } };
      const choices = await choicesFor(offering, argument.name, argument.value, MAX_VALUES + 1, signal);
      return {
        completion: {
          values: choices.slice(0, MAX_VALUES).map(choice => choice.value),
          hasMore: choices.length > MAX_VALUES,
        },
      };
    } catch (error) {
      if (error instanceof McpError || signal.aborted) throw error;
      throw new McpError(ErrorCode.InternalError, explain(error, "Completion", log));
    }
  });
}
