// First: what it sets is read when the libraries are loaded.
import "./graphql/environment.ts";
import { setTimeout as sleep } from "node:timers/promises";
import compress from "@fastify/compress";
import cookie from "@fastify/cookie";
import fastify, { type FastifyInstance, LogController } from "fastify";
import type { Pool } from "pg";
import { authenticatorPool, explainConnectError } from "../../postgres/connect.ts";
import { errorCode, UserError } from "../../postgres/user-error.ts";
import { isLoopback } from "../../worker/operations/access.ts";
import { openDatabase } from "./database/database.ts";
import { serveExports } from "./exports/routes.ts";
import { acceptSockets } from "./graphql/live/socket.ts";
import { createGraphql } from "./graphql/serve.ts";
import { COMPRESSION } from "./http/compression.ts";
import { checkDashboardIsBuilt, serveDashboard } from "./http/dashboard.ts";
import { answerErrors } from "./http/errors.ts";
import { sendSecurityHeaders } from "./http/headers.ts";
import { limitAddresses, limitUsers } from "./http/limits.ts";
import { refuseForeignSites, requireOwnPage } from "./http/origin.ts";
import type { Identity } from "./identity.ts";
import { serveHealth } from "./operations/health.ts";
import { createLogger, logRequests, requestId } from "./operations/logger.ts";
import {
  countExports,
  createMetrics,
  type Metrics,
  measureLive,
  measureReplica,
  measureRequests,
  serveMetrics,
} from "./operations/metrics.ts";
import { traceRoutes } from "./operations/traces.ts";
import { serveMcp, serveMcpMetadata } from "./serve-mcp.ts";
import { defaultSettings, type WebSettings } from "./settings.ts";
import { createSignIn } from "./sign-in/create.ts";
import { requireIdentity, type SignIn } from "./sign-in/identify.ts";
import { localSignIn } from "./sign-in/local.ts";
import { serveSession } from "./sign-in/serve-session.ts";

export interface WebServerOptions extends Partial<WebSettings> {
  /** Login URL of a2o_authenticator, or of a superuser who gives itself up for it. */
  databaseUrl: string;
  /** Address to listen at; beyond loopback only with `signIn`. */
  host?: string;
  port: number;
  /** Whose rights every request has where nobody signs in. */
  identity?: Pick<Identity, "role" | "user">;
  /** Takes the lines of the log, which are JSON. */
  log: (line: string) => void;
}

export interface WebServer {
  /** Address that browsers use. */
  url: string;
  /** Says that it is not ready any longer, lets requests under way finish, then closes. */
  close(): Promise<void>;
}

/** Each holds a connection of its own, so that they take none from the pages. */
const EXPORTS_AT_A_TIME = 4;
/** Connections for MCP, whose slow calls must not hold up the dashboard. */
const MCP_POOL_SIZE = 8;

/** Milliseconds that requests under way may still take when the server closes. */
const DRAIN = 10_000;

/**
 * Serves the dashboard at /, GraphQL at /graphql, and what operators of a server need.
 * @throws UserError when the port is taken, the dashboard was not built, or nobody would have to sign in from elsewhere
 */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const settings: WebSettings = { ...defaultSettings, ...options };
  const { databaseUrl, host = "127.0.0.1", port } = options;
  checkDashboardIsBuilt();
  checkReach(host, settings);
  const logger = createLogger(settings.logLevel, options.log);
  const database = openDatabase({ ...settings, databaseUrl, log: line => logger.warn(line) });
  const { pool } = database;
  const exportPool = authenticatorPool(databaseUrl, EXPORTS_AT_A_TIME, "export");
  const mcpPool = authenticatorPool(databaseUrl, MCP_POOL_SIZE, "mcp");
  const metrics = createMetrics({ ...database.pools, export: exportPool, mcp: mcpPool });
  measureReplica(metrics, database);
  let isClosing = false;
  const cleanups: (() => Promise<void>)[] = [() => database.close(), () => exportPool.end(), () => mcpPool.end()];
  const close = async () => {
    isClosing = true;
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  };
  try {
    const graphql = await createGraphql({
      database,
      log: line => logger.warn(line),
      onError: (reference, error) => logger.error({ reference, err: error }, "GraphQL failed"),
      onTold: code => metrics.graphqlErrors.inc({ code }),
    }).catch((error: unknown) => {
      throw explainConnectError(error, databaseUrl);
    });
    cleanups.push(graphql.release);
    measureLive(metrics, graphql.live);
    const app = fastify({
      loggerInstance: logger,
      logController: new LogController({ disableRequestLogging: true }),
      genReqId: requestId,
      trustProxy: settings.trustedProxies.length === 0 ? false : settings.trustedProxies,
      bodyLimit: 100_000,
      forceCloseConnections: "idle",
    });
    cleanups.push(() => drain(app));
    await acceptSockets(app);
    // A form of another site can send text/plain without asking; what we take is JSON.
    app.removeContentTypeParser("text/plain");
    app.decorateRequest("identity", null);
    app.decorateRequest("isSignedIn", null);
    traceRoutes(app);
    logRequests(app);
    measureRequests(app, metrics);
    answerErrors(app);
    // A connection that stayed open after its last answer would hold up closing.
    app.addHook("onSend", async (_request, reply) => {
      if (isClosing) reply.header("connection", "close");
    });
    refuseForeignSites(app, settings.publicUrl);
    await sendSecurityHeaders(app);
    await app.register(compress, COMPRESSION);
    await app.register(cookie);
    serveHealth(app, database, () => isClosing);
    serveMetrics(app, metrics, settings.metricsToken);
    serveMcpMetadata(app, settings);
    const signIn = await signInOf(app, options, settings, metrics, pool);
    // Whatever reads for a user is mounted in here.
    await app.register(async signedIn => {
      signedIn.addHook("onRequest", requireIdentity(signIn));
      signedIn.addHook("onRequest", requireOwnPage);
      await limitUsers(signedIn, settings.requestsPerMinute);
      serveSession(signedIn, signIn);
      await graphql.addTo(signedIn);
      serveExports(signedIn, { pool: exportPool, onEnd: countExports(metrics) });
      const log = (line: string) => logger.warn(line);
      cleanups.push(await serveMcp(signedIn, { pool: mcpPool, listenUrl: settings.listenDatabaseUrl, settings, log }));
    });
    await serveDashboard(app, line => logger.warn(line));
    const listening = await app.listen({ host, port });
    return { url: settings.publicUrl?.origin ?? listening, close };
  } catch (error) {
    await close().catch(() => undefined);
    if (errorCode(error) !== "EADDRINUSE") throw error;
    throw new UserError(
      `Port ${port} on ${host} is taken by another program.`,
      `Choose another with --port, e.g. --port ${port + 1}, or end that program (see it with: ss -ltnp 'sport = :${port}').`,
      { cause: error },
    );
  }
}

/** @throws UserError when others could reach a server that asks nobody to sign in */
function checkReach(host: string, { signIn, publicUrl }: WebSettings): void {
  if (signIn !== null) return;
  const reach = [
    isLoopback(host) ? undefined : `listen at ${host}`,
    publicUrl === null || isLoopback(publicUrl.hostname) ? undefined : `be reached as ${publicUrl.origin}`,
  ].find(sentence => sentence !== undefined);
  if (reach === undefined) return;
  throw new UserError(
    `Without sign-in, everybody who can reach this server could read everything, so it does not ${reach}.`,
    "Set OIDC_ISSUER (sign-in by OpenID Connect, or bearer tokens) or PROXY_USER_HEADER (a proxy that signs in), see docs/web-server.md; or keep --host 127.0.0.1.",
  );
}

async function signInOf(
  app: FastifyInstance,
  { identity }: WebServerOptions,
  { signIn, publicUrl, trustedProxies }: WebSettings,
  { signIns }: Metrics,
  pool: Pool,
): Promise<SignIn> {
  if (signIn === null) {
    if (identity === undefined) throw new Error("there is neither sign-in nor an identity for everybody");
    return localSignIn(identity);
  }
  if (publicUrl === null) throw new UserError("Signing in needs PUBLIC_URL, the address that browsers use.");
  const onSignIn = (outcome: string) => signIns.inc({ outcome });
  let created: SignIn | undefined;
  await app.register(async scope => {
    await limitAddresses(scope);
    created = await createSignIn(scope, { settings: signIn, publicUrl, trustedProxies, pool, onSignIn });
  });
  if (created === undefined) throw new Error("sign-in was not set up");
  return created;
}

/** Whoever does not finish in time is cut off. */
async function drain(app: FastifyInstance): Promise<void> {
  const late = new AbortController();
  const cutOff = sleep(DRAIN, undefined, { signal: late.signal }).then(
    () => app.server.closeAllConnections(),
    () => undefined,
  );
  await app.close();
  late.abort();
  await cutOff;
}
