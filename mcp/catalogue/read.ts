import type { ClientBase } from "pg";
import { type FunctionRow, readFunctions, SCHEMAS, type Types } from "./functions.ts";
import { type Completion, describeCompletion, describePrompt, type Prompt } from "./prompt.ts";
import { describeResource, type Resource } from "./resource.ts";
import { describeTool, type Tool } from "./tool.ts";
import { Unusable } from "./types.ts";

/** All that MCP offers, each by name. */
export interface Catalogue {
  tools: Map<string, Tool>;
  resources: Map<string, Resource>;
  prompts: Map<string, Prompt>;
  completions: Map<string, Completion>;
}

/**
 * Describes every function of the schemas that the current role may execute. One that cannot be what its schema says is left
 * out, and `warn` hears why.
 */
export async function readCatalogue(client: ClientBase, warn: (warning: string) => void): Promise<Catalogue> {
  const { functions, types } = await readFunctions(client);
  const describeAll = <Described>(
    schema: FunctionRow["schema"],
    describe: (row: FunctionRow, types: Types, warn: (warning: string) => void) => Described,
  ) => {
    const rows = functions.filter(row => row.schema === schema);
    const names = rows.map(row => row.name);
    const described = new Map<string, Described>();
    for (const row of rows) {
      try {
        if (names.indexOf(row.name) !== names.lastIndexOf(row.name)) {
          throw new Unusable("there are several functions of this name");
        }
        described.set(row.name, describe(row, types, warn));
      } catch (error) {
        if (!(error instanceof Unusable)) throw error;
        warn(`${schema}.${row.name} is not a ${SCHEMAS[schema]}: ${error.message}.`);
      }
    }
    return described;
  };
  return {
    tools: describeAll("a2o_mcp", describeTool),
    resources: describeAll("a2o_mcp_resources", describeResource),
    prompts: describeAll("a2o_mcp_prompts", describePrompt),
    completions: describeAll("a2o_mcp_completions", describeCompletion),
  };
}
