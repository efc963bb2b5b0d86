import { randomUUID } from "node:crypto";
import { isSafeError } from "postgraphile/grafast";
import { GraphQLError } from "postgraphile/graphql";
import { BusyError } from "../database/acquire.ts";

/**
 * What a caller may know of an error: mistakes in the query and our own SQL errors (A2Oxx, with their hint) as they are;
 * anything else only by a reference under which the log has it.
 */
export function maskError(error: GraphQLError, onError: (reference: string, error: unknown) => void): GraphQLError {
  const { originalError } = error;
  if (originalError === undefined || originalError === null || originalError instanceof GraphQLError) return error;
  // Grafast's and ours, made for callers.
  if (isSafeError(originalError)) {
    return rewritten(error, originalError.message, { code: "BAD_REQUEST", ...originalError.extensions });
  }
  if ("code" in originalError && typeof originalError.code === "string" && originalError.code.startsWith("A2O")) {
    const hint = "hint" in originalError && typeof originalError.hint === "string" ? originalError.hint : null;
    return rewritten(error, originalError.message, { code: originalError.code, hint });
  }
  if ("code" in originalError && originalError.code === "57014") {
    return rewritten(error, "The query took longer than 15 seconds and was stopped.", { code: "TIMEOUT" });
  }
  if ("code" in originalError && originalError.code === "42501") {
    return rewritten(error, "Your role may not do this.", { code: "FORBIDDEN" });
  }
  if (originalError instanceof BusyError) {
    return rewritten(error, "The server has more to answer than it can; try again.", { code: "BUSY" });
  }
  const reference = randomUUID();
  onError(reference, originalError);
  return rewritten(error, `Something went wrong on the server (reference ${reference}).`, {
    code: "INTERNAL",
    reference,
  });
}

function rewritten(error: GraphQLError, message: string, extensions: Record<string, unknown>): GraphQLError {
  return new GraphQLError(message, { nodes: error.nodes ?? null, path: error.path ?? null, extensions });
}
