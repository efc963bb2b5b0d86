import compress from "@fastify/compress";
import fastify from "fastify";
import { authenticatorPool, explainConnectError } from "../../postgres/connect.ts";
import { errorCode, UserError } from "../../postgres/user-error.ts";
import { acceptSockets } from "./graphql/live/socket.ts";
import { createGraphql } from "./graphql/serve.ts";
import { checkDashboardIsBuilt, serveDashboard } from "./http/dashboard.ts";
import { sendSecurityHeaders } from "./http/headers.ts";
import { refuseForeignHosts } from "./http/origin.ts";
import type { Identity } from "./identity.ts";
import { requireIdentity } from "./sign-in/identify.ts";
import { localSignIn } from "./sign-in/local.ts";

export interface WebServerOptions {
  /** Login URL of a2o_authenticator, or of a superuser who gives itself up for it. */
  databaseUrl: string;
  port: number;
  /** Whose rights every request has: on loopback nobody signs in. */
  identity: Pick<Identity, "role" | "user">;
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

/**
 * Serves GraphQL at /graphql and the dashboard at / on loopback.
 * @throws UserError when the port is taken, or the dashboard was not built.
 */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  checkDashboardIsBuilt();
  const { databaseUrl, log } = options;
  const pool = authenticatorPool(databaseUrl, POOL_SIZE);
  const onError = (reference: string, error: unknown) =>
    log(`web: ${reference}: ${error instanceof Error ? error.message : String(error)}`);
  const listenPool = authenticatorPool(databaseUrl, 1, "live");
  const cleanups: (() => Promise<void>)[] = [() => pool.end(), () => listenPool.end()];
  const close = async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  };
  try {
    const graphql = await createGraphql({ pool, listenPool, onError, log }).catch((error: unknown) => {
      throw explainConnectError(error, databaseUrl);
    });
    cleanups.push(graphql.release);
    const app = fastify({ bodyLimit: 100_000, forceCloseConnections: "idle" });
    cleanups.push(() => app.close());
    await acceptSockets(app);
    app.decorateRequest("identity", null);
    refuseForeignHosts(app);
    await sendSecurityHeaders(app);
    await app.register(compress);
    // Whatever reads for a user is mounted in here.
    await app.register(async signedIn => {
      signedIn.addHook("onRequest", requireIdentity(localSignIn(options.identity)));
      await graphql.addTo(signedIn);
    });
    app.get("/healthz", async () => ({ status: "ok", service: "aws2openstack" }));
    await serveDashboard(app);
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
