import type { FastifyReply, FastifyRequest } from "fastify";
import type { Identity } from "../identity.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Set on every route behind `requireIdentity`. */
    identity: Identity | null;
    /** Whether that sign-in still stands: a websocket lives longer than the request it began with. */
    isSignedIn: (() => Promise<boolean>) | null;
  }
}

/** Tells who sent a request; null when it brings no valid sign-in. */
export type Identify = (request: FastifyRequest) => Promise<Identity | null>;

export interface SignIn {
  identify: Identify;
  /** Where a browser goes to sign in; null when there is no such page. */
  signInUrl: string | null;
  /** Where it posts to sign out. */
  signOutUrl: string | null;
  /** Whether bearer tokens are taken, which a 401 then says. */
  takesBearer: boolean;
}

/**
 * Hook for everything that reads for a user: GraphQL, its websocket, exports, MCP. Whoever is not signed in gets 401 with
 * the address to sign in.
 */
export function requireIdentity({ identify, signInUrl, takesBearer }: SignIn) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    request.identity = await identify(request);
    request.isSignedIn = async () => (await identify(request))?.user === request.identity?.user;
    if (request.identity !== null) return;
    if (takesBearer) reply.header("www-authenticate", 'Bearer realm="aws2openstack"');
    return reply.code(401).send({ error: "not signed in", signInUrl });
  };
}

/** Who sent a request that passed `requireIdentity`. */
export function identityOf(request: FastifyRequest): Identity {
  if (request.identity === null) throw new Error(`${request.routeOptions.url} is not behind requireIdentity`);
  return request.identity;
}
