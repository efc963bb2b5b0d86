import type { RequestHandlerExtra } from "@modelcontextprotocol/sdk/shared/protocol.js";
import type { ServerNotification, ServerRequest } from "@modelcontextprotocol/sdk/types.js";

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** Milliseconds between two words of life; a quick call says none. */
const RHYTHM = 1_000;

/**
 * Tells a client that asked for it, once a second, how many seconds `work` has taken. There is no total: PostgreSQL does not
 * know how far a query is, and a statement's end after 20 seconds is no measure of it.
 */
export async function withProgress<T>({ _meta, sendNotification }: Extra, work: () => Promise<T>): Promise<T> {
  const progressToken = _meta?.progressToken;
  if (progressToken === undefined) return work();
  const start = performance.now();
  const timer = setInterval(() => {
    const progress = Math.round((performance.now() - start) / 1000);
    const params = { progressToken, progress, message: `The database has worked on it for ${progress} s.` };
    sendNotification({ method: "notifications/progress", params }).catch(() => undefined);
  }, RHYTHM);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
