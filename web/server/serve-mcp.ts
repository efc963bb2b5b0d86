import type { FastifyInstance } from "fastify";
import type pg from "pg";
import { McpDatabase } from "../../mcp/database.ts";
import { HttpSessions } from "../../mcp/http.ts";
import { toolVersion } from "../../worker/version.ts";
import type { WebSettings } from "./settings.ts";
import { identityOf } from "./sign-in/identify.ts";

export interface ServeMcpOptions {
  /** Logged in as a2o_authenticator; stays the caller's. A slow tool holds a connection, so it is not the dashboard's. */
  pool: pg.Pool;
  /** Login that hears of new functions, where the pool's goes through a pooler. */
  listenUrl: string | null;
  settings: WebSettings;
  log: (line: string) => void;
}

/** Bytes of one message. */
const MAX_MESSAGE = 1_000_000;

const METADATA = "/.well-known/oauth-protected-resource";

/** Serves MCP at /mcp to whoever is signed in; mounted where `requireIdentity` is. Returns what ends its sessions. */
export async function serveMcp(
  app: FastifyInstance,
  { pool, listenUrl, settings, log }: ServeMcpOptions,
): Promise<() => Promise<void>> {
  const database = await McpDatabase.open({ pool, listenUrl: listenUrl ?? undefined, role: "a2o_reader", log });
  const sessions = new HttpSessions({ database, version: toolVersion, log });
  const metadataUrl = metadataOf(settings) === undefined ? undefined : `${settings.publicUrl?.origin}${METADATA}/mcp`;

  app.route({
    method: ["GET", "POST", "DELETE"],
    url: "/mcp",
    bodyLimit: MAX_MESSAGE,
    onSend: async (_request, reply) => {
      // Clients find the provider from here (RFC 9728).
      if (reply.statusCode === 401 && metadataUrl !== undefined) {
        reply.header("www-authenticate", `Bearer realm="aws2openstack", resource_metadata="${metadataUrl}"`);
      }
    },
    handler: async (request, reply) => {
      for (const [name, value] of Object.entries(reply.getHeaders())) {
        if (value !== undefined) reply.raw.setHeader(name, value);
      }
      reply.hijack();
      await sessions.handle(request.raw, reply.raw, request.body, identityOf(request));
    },
  });
  return async () => {
    await sessions.close();
    await database.close();
  };
}

/** Tells clients whose tokens are taken; open to everybody, as it must be. */
export function serveMcpMetadata(app: FastifyInstance, settings: WebSettings): void {
  const metadata = metadataOf(settings);
  if (metadata === undefined) return;
  for (const path of [METADATA, `${METADATA}/mcp`]) app.get(path, async () => metadata);
}

function metadataOf({ signIn, publicUrl }: WebSettings) {
  if (signIn?.provider == null || signIn.audience === null || publicUrl === null) return undefined;
  return {
    resource: `${publicUrl.origin}/mcp`,
    resource_name: "aws2openstack",
    authorization_servers: [signIn.provider.issuer.href],
    bearer_methods_supported: ["header"],
  };
}
