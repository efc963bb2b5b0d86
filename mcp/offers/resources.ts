import { setTimeout as sleep } from "node:timers/promises";
import {
  ErrorCode,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  McpError,
  ReadResourceRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";
import type { Resource } from "../catalogue/resource.ts";
import { explain } from "../explain.ts";
import type { Offering } from "../server.ts";
import { choicesFor } from "./completion.ts";
import { callWithWords, textOf } from "./words.ts";

/** "Resource not found", as the protocol numbers it. */
const NOT_FOUND = -32002;
/** Resources of one template that the list names; a URI of the template reaches all others. */
const LISTED_OF_TEMPLATE = 25;
/** Milliseconds in which several changes are looked at together. */
const TOGETHER = 100;

interface Listed {
  uri: string;
  name: string;
  title: string;
  description: string;
  mimeType: string;
}

/** Returns `compare`: tells the client when its list is no longer what it was told. */
export function offerResources(offering: Offering): { compare: () => void } {
  const { server, database, log } = offering;
  let told: string | undefined;

  /** Plain resources, then those of each template of one variable that can be completed, as this asker may see them. */
  const list = async (signal: AbortSignal): Promise<Listed[]> => {
    const { resources } = await database.catalogue();
    const found: Listed[] = [];
    for (const resource of resources.values()) {
      const { uri, template, name, title, description, mimeType } = resource;
      if (template === undefined) {
        found.push({ uri, name, title, description, mimeType });
        continue;
      }
      const [variable, ...others] = template.variableNames;
      if (variable === undefined || others.length > 0) continue;
      for (const choice of await choicesFor(offering, variable, "", LISTED_OF_TEMPLATE, signal)) {
        found.push({
          uri: template.expand({ [variable]: choice.value }),
          name: `${name}_${choice.value}`,
          title: `${title}: ${choice.title ?? choice.value}`,
          description,
          mimeType,
        });
      }
    }
    return found;
  };
  const guarded = async <T>(what: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof McpError || signal.aborted) throw error;
      throw new McpError(ErrorCode.InternalError, explain(error, what, log));
    }
  };

  server.setRequestHandler(ListResourcesRequestSchema, (_request, { signal }) =>
    guarded("The list of resources", signal, async () => {
      const resources = await list(signal);
      told = JSON.stringify(resources);
      return { resources };
    }),
  );

  server.setRequestHandler(ListResourceTemplatesRequestSchema, (_request, { signal }) =>
    guarded("The list of resource templates", signal, async () => {
      const { resources } = await database.catalogue();
      return {
        resourceTemplates: [...resources.values()]
          .filter(({ template }) => template !== undefined)
          .map(({ uri, name, title, description, mimeType }) => ({
            uriTemplate: uri,
            name,
            title,
            description,
            mimeType,
          })),
      };
    }),
  );

  server.setRequestHandler(ReadResourceRequestSchema, ({ params: { uri } }, { signal }) =>
    guarded(uri.slice(0, 200), signal, async () => {
      const { resources } = await database.catalogue();
      const found = findResource(uri, [...resources.values()]);
      if (found === undefined) {
        const there = [...resources.values()].map(resource => resource.uri).join(", ");
        throw new McpError(
          NOT_FOUND,
          `There is no resource ${JSON.stringify(uri.slice(0, 200))}. There are: ${there}.`,
        );
      }
      const { resource, variables } = found;
      const [row] = await callWithWords(offering, resource, variables, 1, signal);
      return { contents: [{ uri, mimeType: resource.mimeType, text: textOf(row) }] };
    }),
  );

  // Whether an assessment of somebody else came is not this client's to know: only its own list counts. One comparison
  // after the other, and what another commit may have torn apart is left to the comparison that this commit asks for.
  let comparing = Promise.resolve();
  let isAsked = false;
  const compare = () => {
    if (told === undefined || isAsked) return;
    isAsked = true;
    comparing = comparing
      .then(() => sleep(TOGETHER, undefined, { ref: false }))
      .then(() => {
        isAsked = false;
        return list(AbortSignal.timeout(30_000));
      })
      .then(resources => {
        const now = JSON.stringify(resources);
        if (isAsked || now === told) return;
        told = now;
        return server.sendResourceListChanged();
      })
      .catch(() => undefined);
  };
  return { compare };
}

function findResource(
  uri: string,
  resources: readonly Resource[],
): { resource: Resource; variables: Record<string, unknown> } | undefined {
  const plain = resources.find(resource => resource.template === undefined && resource.uri === uri);
  if (plain !== undefined) return { resource: plain, variables: {} };
  // The SDK's matching refuses longer ones by throwing.
  if (uri.length > 10_000) return undefined;
  for (const resource of resources) {
    const variables = resource.template?.match(uri);
    if (variables == null) continue;
    const decoded = Object.entries(variables).map(([name, value]) => [name, decode(value)] as const);
    return { resource, variables: Object.fromEntries(decoded) };
  }
  return undefined;
}

function decode(value: string | string[]): unknown {
  if (typeof value !== "string") return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
