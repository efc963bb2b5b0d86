import type { FastifyInstance } from "fastify";
import { atRoute, isTraced } from "../../../telemetry/span.ts";

/** Names the span of each request by its route, when requests are traced. */
export function traceRoutes(app: FastifyInstance): void {
  if (!isTraced()) return;
  app.addHook("onRequest", async request => {
    // The dashboard's own paths are one route; it knows them, the server does not.
    if (!request.is404) atRoute(request.method, request.routeOptions.url ?? "/*");
  });
}
