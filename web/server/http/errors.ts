import type { FastifyInstance } from "fastify";

/** What a caller is told of an error: what is their mistake as it is, anything else by the request's id alone. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    const status = statusOf(error) ?? (reply.statusCode >= 400 ? reply.statusCode : 500);
    const message = error instanceof Error ? error.message : String(error);
    if (status < 500) return reply.code(status).send({ error: message });
    request.log.error({ err: error }, "request failed");
    const told = status === 503 ? message : `Something went wrong on the server (reference ${request.id}).`;
    return reply.code(status).send({ error: told, reference: request.id });
  });
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  if ("statusCode" in error && typeof error.statusCode === "number") return error.statusCode;
  return "status" in error && typeof error.status === "number" ? error.status : undefined;
}
