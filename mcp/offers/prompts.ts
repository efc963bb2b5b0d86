import {
  ErrorCode,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  McpError,
} from "@modelcontextprotocol/sdk/types.js";
import type { Prompt } from "../catalogue/prompt.ts";
import { explain } from "../explain.ts";
import type { Offering } from "../server.ts";
import { callWithWords, textOf } from "./words.ts";

export function offerPrompts(offering: Offering): void {
  const { server, database, log } = offering;
  const prompts = async () => {
    try {
      return (await database.catalogue()).prompts;
    } catch (error) {
      throw new McpError(ErrorCode.InternalError, explain(error, "The list of prompts", log));
    }
  };

  server.setRequestHandler(ListPromptsRequestSchema, async () => ({
    prompts: [...(await prompts()).values()].map(listed),
  }));

  server.setRequestHandler(GetPromptRequestSchema, async ({ params }, { signal }) => {
    const known = await prompts();
    const prompt = known.get(params.name);
    if (prompt === undefined) {
      const there = known.size === 0 ? "There are none." : `The prompts are: ${[...known.keys()].join(", ")}.`;
      throw new McpError(
        ErrorCode.InvalidParams,
        `There is no prompt ${JSON.stringify(params.name.slice(0, 100))}. ${there}`,
      );
    }
    const [row] = await callWithWords(offering, prompt, params.arguments ?? {}, 1, signal);
    return {
      description: prompt.title,
      messages: [{ role: "user", content: { type: "text", text: textOf(row) } }],
    };
  });
}

function listed({ name, title, description, inputSchema }: Prompt) {
  return {
    name,
    title,
    description,
    arguments: Object.entries(inputSchema.properties).map(([argument, schema]) => ({
      name: argument,
      ...(schema.description !== undefined && { description: schema.description }),
      required: inputSchema.required.includes(argument),
    })),
  };
}
