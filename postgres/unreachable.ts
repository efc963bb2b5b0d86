import pg from "pg";
import { errorCode, UserError } from "./user-error.ts";

/** Whether an error means that the database is away, rather than that it refused something. */
export function isUnreachable(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return /^(?:08|53|57P)/.test(error.code ?? "");
  if (!(error instanceof Error) || error instanceof UserError || error.name === "AbortError") return false;
  return (
    /^(?:ECONN|EHOST|ENET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|ENOENT)/.test(errorCode(error) ?? "") ||
    /terminated|timeout|not queryable|Connection ended/i.test(error.message)
  );
}
