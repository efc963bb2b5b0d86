import type { FastifyInstance } from "fastify";
import { identityOf, type SignIn } from "./identify.ts";

/** `/session`: who the page's requests are signed in as, how, until when, and where to sign out. */
export function serveSession(app: FastifyInstance, { signOutUrl }: SignIn): void {
  app.get("/session", async (request, reply) => {
    const { user, role, signIn, expiresAt } = identityOf(request);
    reply.header("cache-control", "no-store");
    return { user, role, signIn, expiresAt, signOutUrl: signIn === "session" ? signOutUrl : null };
  });
}
