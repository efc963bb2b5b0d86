import {
  CallToolRequestSchema,
  type CallToolResult,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
} from "@modelcontextprotocol/sdk/types.js";
import { inSpan } from "../../telemetry/span.ts";
import { answerOf, errorAnswer, MAX_ROWS } from "../answer.ts";
import { type CheckedArguments, checkArguments } from "../arguments.ts";
import type { Tool } from "../catalogue/tool.ts";
import type { McpDatabase } from "../database.ts";
import { explain } from "../explain.ts";
import type { Offering } from "../server.ts";
import { withProgress } from "./progress.ts";

export function offerTools({ server, database, asker, log }: Offering): void {
  server.setRequestHandler(ListToolsRequestSchema, async () => {
    try {
      const { tools } = await database.catalogue();
      return { tools: [...tools.values()].map(listed) };
    } catch (error) {
      throw new McpError(ErrorCode.InternalError, explain(error, "The list of tools", log));
    }
  });

  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra): Promise<CallToolResult> => {
    const { signal } = extra;
    try {
      const { tool, checked } = await prepare(database, params.name, params.arguments ?? {});
      if (!checked.ok) return errorAnswer(checked.problems.join("\n"));
      const { parameters } = checked;
      const attributes = { "mcp.method.name": "tools/call", "gen_ai.tool.name": tool.name };
      return await inSpan(`tools/call ${tool.name}`, { kind: "server", attributes }, () =>
        withProgress(extra, async () =>
          answerOf(tool, await database.call({ called: tool, parameters, limit: MAX_ROWS + 1, asker, signal })),
        ),
      );
    } catch (error) {
      if (error instanceof McpError || signal.aborted) throw error;
      return errorAnswer(explain(error, params.name.slice(0, 100), log));
    }
  });
}

/** Finds the tool and checks the arguments; what the tool as last read does not allow, it may allow by now. */
async function prepare(
  database: McpDatabase,
  name: string,
  given: Record<string, unknown>,
): Promise<{ tool: Tool; checked: CheckedArguments }> {
  const recent = database.recentCatalogue()?.tools.get(name);
  if (recent !== undefined) {
    const checked = checkArguments(recent, given);
    if (checked.ok) return { tool: recent, checked };
  }
  const { tools } = await database.catalogue();
  const tool = tools.get(name);
  if (tool === undefined) throw unknownTool(name, [...tools.keys()]);
  return { tool, checked: checkArguments(tool, given) };
}

function unknownTool(name: string, names: string[]): McpError {
  const there = names.length === 0 ? "There are no tools." : `The tools are: ${names.join(", ")}.`;
  return new McpError(ErrorCode.InvalidParams, `There is no tool ${JSON.stringify(name.slice(0, 100))}. ${there}`);
}

function listed({ name, title, description, inputSchema, outputSchema }: Tool) {
  const annotations = { title, readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };
  return { name, title, description, inputSchema, outputSchema, annotations };
}
