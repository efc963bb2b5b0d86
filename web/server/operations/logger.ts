import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest } from "fastify";
import { pino } from "pino";
import { traceId } from "../../../telemetry/span.ts";
import type { LogLevel } from "../settings.ts";

/** One line of JSON for each thing worth telling. Headers and queries are never logged: they carry codes, tokens and cookies. */
export function createLogger(level: LogLevel, write: (line: string) => void): FastifyBaseLogger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
      serializers: {
        req: (request: FastifyRequest) => ({
          method: request.method,
          path: request.url.split("?", 1)[0],
          address: request.ip,
        }),
        err: (error: unknown) => describe(error),
      },
    },
    { write: line => write(line.trimEnd()) },
  );
}

/** Type, code, words and stack of an error and its causes: not its other properties, which may hold what was sent. */
function describe(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  return {
    type: error.name,
    ...("code" in error && typeof error.code === "string" ? { code: error.code } : {}),
    message: error.message,
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: describe(error.cause) }),
  };
}

/** The id that the caller or a proxy gave the request, when it is a plain one; else one of ours. */
export function requestId(request: Pick<IncomingMessage, "headers">): string {
  const given = request.headers["x-request-id"];
  return typeof given === "string" && /^[\w.:-]{1,64}$/.test(given) ? given : randomUUID();
}

/** Answers with the request's id, and logs a line when a request is done. Probes are not logged. */
export function logRequests(app: FastifyInstance): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
  });
  app.addHook("onResponse", async (request, reply) => {
    if (request.routeOptions.config.anyHost === true) return;
    const milliseconds = Math.round(reply.elapsedTime);
    const user = request.identity?.user;
    request.log.info({ req: request, user, status: reply.statusCode, milliseconds, traceId: traceId() }, "request");
  });
}
