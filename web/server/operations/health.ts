import type { FastifyInstance } from "fastify";
import { stateSeenBy } from "../../../postgres/migrate.ts";
import type { Database } from "../database/database.ts";

/** Milliseconds that the database may take to answer a probe. */
const PATIENCE = 3000;

/**
 * `/healthz`: the process answers. `/readyz`: it can serve, because the database answers and has this version's schema; tells of
 * the replica, too, without which it serves as well.
 */
export function serveHealth(app: FastifyInstance, database: Database, isClosing: () => boolean): void {
  const config = { anyHost: true };
  app.get("/healthz", { config }, async () => ({ status: "ok", service: "aws2openstack" }));
  app.get("/readyz", { config }, async (request, reply) => {
    if (isClosing()) return reply.code(503).send({ status: "closing" });
    const schema = await within(PATIENCE, stateSeenBy(database.pool)).catch((error: unknown) => {
      request.log.warn({ err: error }, "not ready: the database does not answer");
      return null;
    });
    if (schema === null) return reply.code(503).send({ status: "the database does not answer" });
    const { pending, foreign } = schema;
    if (pending.length === 0) {
      return {
        status: "ready",
        // A newer version migrated it: those that still run go on until they are replaced.
        ...(foreign.length > 0 && { newer: foreign }),
        ...(database.replica !== null && database.status()),
      };
    }
    return reply.code(503).send({ status: "the database lacks migrations of this version", pending });
  });
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
