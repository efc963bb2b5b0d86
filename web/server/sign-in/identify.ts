import type { FastifyReply, FastifyRequest } from "fastify";
import type { Identity } from "../identity.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Set on every route behind `requireIdentity`. */
    identity: Identity | null;
  }
}

/** Tells who sent a request; null when it brings no valid sign-in. */
export type Identify = (request: FastifyRequest) => Promise<Identity | null>;

/** Hook for everything that reads for a user: GraphQL, its websocket, exports. Whoever is not signed in gets 401. */
export function requireIdentity(identify: Identify) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    request.identity = await identify(request);
    if (request.identity === null) return reply.code(401).send({ error: "not signed in" });
  };
}

/** Who sent a request that passed `requireIdentity`. */
export function identityOf(request: FastifyRequest): Identity {
  if (request.identity === null) throw new Error(`${request.routeOptions.url} is not behind requireIdentity`);
  return request.identity;
}
