import type { FastifyInstance } from "fastify";

/** Names a browser on this machine may use. Any other Host header is another site pointing its name at us. */
const LOCAL_HOSTS = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** Refuses requests that reached us under another site's name (DNS rebinding). */
export function refuseForeignHosts(app: FastifyInstance): void {
  app.addHook("onRequest", async (request, reply) => {
    if (!LOCAL_HOSTS.has(request.hostname)) return reply.code(421).send("This server answers to localhost only.\n");
  });
}
