import { existsSync } from "node:fs";
import { join } from "node:path";
import serveStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";
import { packageRoot } from "../../../postgres/package-root.ts";
import { UserError } from "../../../postgres/user-error.ts";
import { serveFirstView } from "./first-view.ts";

export const appDirectory = join(packageRoot, "dist/web/app");

/** @throws UserError when the dashboard was not built */
export function checkDashboardIsBuilt(): void {
  if (!existsSync(join(appDirectory, "index.html"))) {
    throw new UserError("The dashboard is not built.", "Run: npm run build:web");
  }
}

/** Serves the built dashboard: hashed assets for good, the page itself always asked for again and for every address of its own. */
export async function serveDashboard(app: FastifyInstance, log: (line: string) => void): Promise<void> {
  await app.register(serveStatic, {
    root: appDirectory,
    cacheControl: false,
    preCompressed: true,
    // The sign-in page is a template: its route fills it in.
    allowedPath: path => path !== "/sign-in.html",
    setHeaders: (reply, path) => {
      reply.header("cache-control", path.includes("/assets/") ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });
  await serveFirstView(app, join(appDirectory, "index.html"), log);
  app.setNotFoundHandler((request, reply) => {
    const wantsPage = request.method === "GET" && (request.headers.accept ?? "").includes("text/html");
    return wantsPage ? reply.sendFile("index.html") : reply.code(404).send({ error: "not found" });
  });
}
