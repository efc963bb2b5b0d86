import { UriTemplate } from "@modelcontextprotocol/sdk/shared/uriTemplate.js";
import { describeFunction, type SqlFunction } from "./function.ts";
import type { FunctionRow, Types } from "./functions.ts";
import { lookUp, Unusable } from "./types.ts";

/**
 * A function of schema a2o_mcp_resources. Its comment has `@uri`, a URI or (RFC 6570) a template of one, whose variables are
 * the function's arguments, and perhaps `@mime`.
 */
export interface Resource extends SqlFunction {
  uri: string;
  /** Undefined for a plain URI. */
  template: UriTemplate | undefined;
  mimeType: string;
}

/** @throws Unusable */
export function describeResource(row: FunctionRow, types: Types, warn: (warning: string) => void): Resource {
  const { comment, ...described } = describeFunction(row, types, warn);
  const uri = comment.tags.get("uri");
  if (uri === undefined) throw new Unusable("its comment has no @uri");
  const template = UriTemplate.isTemplate(uri) ? new UriTemplate(uri) : undefined;
  const names = Object.keys(described.inputSchema.properties);
  const variables = template?.variableNames ?? [];
  if (names.length !== variables.length || names.some(name => !variables.includes(name))) {
    throw new Unusable(`the variables of its @uri are not its arguments (${names.join(", ") || "none"})`);
  }
  if (row.returns_set) throw new Unusable("it returns a set; a resource is one value");
  const type = lookUp(row.returns, types);
  const isText = type.schema === "pg_catalog" && type.name === "text";
  const isJson = type.schema === "pg_catalog" && (type.name === "json" || type.name === "jsonb");
  if (!isText && !isJson) throw new Unusable("it returns neither text nor json");
  return {
    ...described,
    uri,
    template,
    mimeType: comment.tags.get("mime") ?? (isText ? "text/plain" : "application/json"),
  };
}
