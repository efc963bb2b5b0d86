import "../environment.ts";
import websocket from "@fastify/websocket";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { makeGraphQLWSConfig } from "grafserv";
import type { FastifyGrafserv } from "grafserv/fastify/v5";
import { makeHandler } from "graphql-ws/use/@fastify/websocket";
import { GraphQLError, getOperationAST } from "postgraphile/graphql";
import type { WebSocket } from "ws";
import { identityOf } from "../../sign-in/identify.ts";

/** Subscriptions of one socket at a time. */
const MAX_SUBSCRIPTIONS = 10;
const KEEP_ALIVE = 30_000;
/** Close codes of 4000 and above are the application's; this one is graphql-ws's for "not allowed". */
const FORBIDDEN = 4403;
/** setTimeout knows no longer time. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/**
 * Prepares an app for websockets. Before any other hook: one that refuses a handshake before this has seen it would leave its
 * connection open for good.
 */
export async function acceptSockets(app: FastifyInstance): Promise<void> {
  await app.register(websocket, { options: { maxPayload: 100_000 } });
}

/**
 * Serves subscriptions over websockets (protocol graphql-transport-ws) at /graphql of an app (see acceptSockets) whose requests
 * all passed `requireIdentity`. Questions and mutations go by HTTP, where their limits are.
 */
export async function addSocket(app: FastifyInstance, grafserv: FastifyGrafserv): Promise<void> {
  const config = makeGraphQLWSConfig(grafserv);
  const handle = makeHandler(
    {
      ...config,
      isProd: true,
      connectionInitWaitTimeout: 10_000,
      async onSubscribe(context, id, payload) {
        if (Object.keys(context.subscriptions).length > MAX_SUBSCRIPTIONS) {
          return refused("TOO_MANY_SUBSCRIPTIONS", `A connection holds at most ${MAX_SUBSCRIPTIONS} subscriptions.`);
        }
        const args = await config.onSubscribe?.(context, id, payload);
        if (args === undefined || args === null || Array.isArray(args) || !("document" in args)) return args;
        if (getOperationAST(args.document, args.operationName)?.operation !== "subscription") {
          return refused(
            "NOT_A_SUBSCRIPTION",
            "A websocket serves subscriptions only; send queries and mutations by POST.",
          );
        }
        return args;
      },
      async onNext(context, id, payload, args, result) {
        // Signed out elsewhere, or the provider's word changed: nothing more is told.
        const { request, socket } = context.extra as { request: FastifyRequest; socket: WebSocket };
        if (!(await request.isSignedIn?.())) socket.close(FORBIDDEN, "Signed out");
        return config.onNext?.(context, id, payload, args, result);
      },
    },
    KEEP_ALIVE,
  );
  app.route({
    method: "GET",
    url: "/graphql",
    onRequest: async (request, reply) => {
      if (isForeign(request)) return reply.code(403).send({ error: "a websocket of another site" });
    },
    handler: async (_request, reply) =>
      reply.code(405).header("allow", "POST").send({ error: "Send GraphQL by POST." }),
    wsHandler(socket, request) {
      const { expiresAt } = identityOf(request);
      if (expiresAt !== null) {
        const left = Math.min(expiresAt.getTime() - Date.now(), LONGEST_TIMEOUT);
        const timer = setTimeout(() => socket.close(FORBIDDEN, "Signed out"), Math.max(left, 0));
        socket.once("close", () => clearTimeout(timer));
      }
      return handle.call(this, socket, request);
    },
  });
}

function refused(code: string, message: string): GraphQLError[] {
  return [new GraphQLError(message, { extensions: { code } })];
}

/** Browsers let any site open a websocket here, with our cookies; they say which site it is. Others send no origin. */
function isForeign(request: FastifyRequest): boolean {
  const { origin } = request.headers;
  if (origin === undefined) return false;
  try {
    return new URL(origin).host !== request.host;
  } catch {
    return true;
  }
}
