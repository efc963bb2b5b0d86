import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isLoopback } from "../../../worker/operations/access.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** For probes, which call a server by its address. */
    anyHost?: boolean;
  }
}

/**
 * Refuses requests that reached us under another site's name (DNS rebinding), and whatever a page of another site sends that
 * could change or read something (CSRF).
 */
export function refuseForeignSites(app: FastifyInstance, publicUrl: URL | null): void {
  app.addHook("onRequest", async (request, reply) => {
    if (request.routeOptions.config.anyHost === true) return;
    if (!isLoopback(request.hostname) && request.host !== publicUrl?.host) {
      return reply.code(421).send(`This server answers to ${publicUrl?.host ?? "localhost"} only.\n`);
    }
    const { origin } = request.headers;
    if (origin !== undefined && origin !== ownOrigin(request, publicUrl)) return refuse(reply);
    // Links from elsewhere may lead here; scripts, images and requests of other pages may not.
    const site = request.headers["sec-fetch-site"];
    const isForeign = site === "cross-site" || site === "same-site";
    if (isForeign && (changesSomething(request) || request.headers["sec-fetch-mode"] !== "navigate")) {
      return refuse(reply);
    }
  });
}

/**
 * A cookie, or a proxy that signs in by itself, comes along with whatever a browser sends. So a request signed in by one that
 * could change something must say that it comes from our own page, as browsers do.
 */
export async function requireOwnPage(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const signIn = request.identity?.signIn;
  if ((signIn !== "session" && signIn !== "proxy") || !changesSomething(request)) return;
  if (request.headers.origin === undefined && request.headers["sec-fetch-site"] !== "same-origin") {
    return refuse(reply);
  }
}

function changesSomething(request: FastifyRequest): boolean {
  return !["GET", "HEAD"].includes(request.method) || request.headers.upgrade !== undefined;
}

function ownOrigin(request: FastifyRequest, publicUrl: URL | null): string {
  return request.host === publicUrl?.host ? publicUrl.origin : `${request.protocol}://${request.host}`;
}

function refuse(reply: FastifyReply) {
  return reply.code(403).send({ error: "this request does not come from a page of this server" });
}
