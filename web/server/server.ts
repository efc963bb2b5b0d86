import "./environment.ts";
import { existsSync } from "node:fs";
import { join } from "node:path";
import compress from "@fastify/compress";
import helmet from "@fastify/helmet";
import serveStatic from "@fastify/static";
import fastify from "fastify";
import { grafserv } from "grafserv/fastify/v5";
import { postgraphile } from "postgraphile";
import { authenticatorPool, explainConnectError } from "../../postgres/connect.ts";
import { packageRoot } from "../../postgres/package-root.ts";
import { errorCode, UserError } from "../../postgres/user-error.ts";
import { createPreset, type Identity } from "./preset.ts";

export interface WebServerOptions {
  /** Login URL of a2o_authenticator, or of a superuser who gives itself up for it. */
  databaseUrl: string;
  port: number;
  /** Whose rights every request has: on loopback nobody signs in. */
  identity: Identity;
  log: (line: string) => void;
}

export interface WebServer {
  url: string;
  /** Lets requests under way finish, then closes. */
  close(): Promise<void>;
}

/** Connections to PostgreSQL; a request holds one only while its queries run. */
const POOL_SIZE = 10;

const HOST = "127.0.0.1";
/** Names a browser on this machine may use. Any other Host header is another site pointing its name at us. */
const LOCAL_HOSTS = new Set(["127.0.0.1", "localhost", "[::1]"]);
const appDirectory = join(packageRoot, "dist/web/app");

/**
 * Serves GraphQL at /graphql and the dashboard at / on loopback.
 * @throws UserError when the port is taken, or the dashboard was not built.
 */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  if (!existsSync(join(appDirectory, "index.html"))) {
    throw new UserError("The dashboard is not built.", "Run: npm run build:web");
  }
  const pool = authenticatorPool(options.databaseUrl, POOL_SIZE);
  const instance = postgraphile(
    createPreset({
      pool,
      identity: options.identity,
      onError: (reference, error) =>
        options.log(`web: ${reference}: ${error instanceof Error ? error.message : String(error)}`),
    }),
  );
  const app = fastify({ bodyLimit: 100_000, forceCloseConnections: "idle" });
  const close = async () => {
    await app.close();
    await instance.release();
    await pool.end();
  };
  try {
    // A login that does not work, or a database that was never migrated, is told now and not at the first request.
    await Promise.resolve(instance.getSchema()).catch((error: unknown) => {
      throw explainConnectError(error, options.databaseUrl);
    });
    app.addHook("onRequest", async (request, reply) => {
      if (!LOCAL_HOSTS.has(request.hostname)) return reply.code(421).send("This server answers to localhost only.\n");
    });
    await app.register(helmet, {
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          "default-src": ["'self'"],
          "script-src": ["'self'"],
          "style-src": ["'self'"],
          "img-src": ["'self'", "data:"],
          "font-src": ["'self'"],
          "connect-src": ["'self'"],
          "object-src": ["'none'"],
          "base-uri": ["'none'"],
          "form-action": ["'self'"],
          "frame-ancestors": ["'none'"],
        },
      },
      // Plain HTTP on loopback; a proxy that ends TLS sets its own.
      strictTransportSecurity: false,
    });
    await app.register(compress);
    await instance.createServ(grafserv).addTo(app);
    await app.register(serveStatic, {
      root: appDirectory,
      cacheControl: false,
      setHeaders: (reply, path) => {
        reply.header("cache-control", path.includes("/assets/") ? "public, max-age=31536000, immutable" : "no-cache");
      },
    });
    app.get("/healthz", async () => ({ status: "ok", service: "aws2openstack" }));
    app.setNotFoundHandler((request, reply) => {
      const wantsPage = request.method === "GET" && (request.headers.accept ?? "").includes("text/html");
      return wantsPage ? reply.sendFile("index.html") : reply.code(404).send({ error: "not found" });
    });
    const url = await app.listen({ host: HOST, port: options.port });
    return { url, close };
  } catch (error) {
    await close().catch(() => undefined);
    if (errorCode(error) !== "EADDRINUSE") throw error;
    throw new UserError(
      `Port ${options.port} on ${HOST} is taken by another program.`,
      `Choose another with --port, e.g. --port ${options.port + 1}, or end that program (see it with: ss -ltnp 'sport = :${options.port}').`,
      { cause: error },
    );
  }
}
