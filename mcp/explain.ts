import { randomBytes } from "node:crypto";
import pg from "pg";
import { isUnreachable } from "../postgres/unreachable.ts";

/**
 * What a failure means to the one who asked. Our own errors (A2O…) say it themselves; of others only the kind is told, and the
 * log has the details under the reference.
 */
export function explain(error: unknown, what: string, log: (line: string) => void): string {
  const code = error instanceof pg.DatabaseError ? (error.code ?? "") : "";
  if (error instanceof pg.DatabaseError && code.startsWith("A2O")) {
    return error.hint === undefined ? error.message : `${error.message.replace(/[.:]?$/, ".")} ${error.hint}`;
  }
  const reference = randomBytes(4).toString("hex");
  log(`${reference} ${what}: ${code} ${detailsOf(error)}`);
  return `${kindOf(error, code)} (reference ${reference} in the server's log)`;
}

function kindOf(error: unknown, code: string): string {
  if (code === "57014")
    return "The query took too long and was stopped. Ask for less: narrower arguments or a smaller limit.";
  if (code === "25006") return "The tool tried to change data, which this server does not allow.";
  if (code === "42501") return "The database denied access to something the tool needs.";
  if (code === "42883") return "That is no longer there in this form. List the tools again.";
  if (code.startsWith("53")) return "The database is at its limits just now. Try again in a moment.";
  if (isUnreachable(error)) return "The database does not answer just now, or is too busy. Try again in a moment.";
  if (/^2[23]/.test(code)) return "The database could not work with these values.";
  return "The call failed inside the database.";
}

function detailsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const parts: (string | undefined)[] =
    error instanceof pg.DatabaseError ? [error.message, error.detail, error.hint, error.where] : [error.message];
  return parts
    .filter(part => part !== undefined)
    .join(" · ")
    .replace(/\s+/g, " ")
    .slice(0, 1_000);
}
