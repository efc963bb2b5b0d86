// The web server's process of bench/graphql.ts: GraphQL as it is served, and beside it the same answers by plain SQL.
import "../web/server/graphql/environment.ts";
import fastify from "fastify";
import type { PoolClient } from "pg";
import pg from "pg";
import { openDatabase } from "../web/server/database/database.ts";
import { acceptSockets } from "../web/server/graphql/live/socket.ts";
import { createGraphql } from "../web/server/graphql/serve.ts";
import { settingsOf } from "../web/server/identity.ts";
import { requireIdentity } from "../web/server/sign-in/identify.ts";
import { localSignIn } from "../web/server/sign-in/local.ts";

const [databaseUrl = ""] = process.argv.slice(2);
const reader = { role: "a2o_reader", user: "bench" } as const;
const say = (line: string) => process.stderr.write(`${line}\n`);

const database = openDatabase({ databaseUrl, log: say });
const graphql = await createGraphql({ database, log: say, onError: (_reference, error) => say(String(error)) });
const app = fastify({ bodyLimit: 1_000_000, forceCloseConnections: true });
await acceptSockets(app);
app.decorateRequest("identity", null);
app.decorateRequest("isSignedIn", null);
app.addHook("onRequest", requireIdentity(localSignIn(reader)));
await graphql.addTo(app);

const settings = { ...settingsOf({ ...reader, signIn: "local", expiresAt: null }), statement_timeout: "15s" };
app.post<{ Body: { statements: string[] } }>("/sql", async ({ body }) => {
  const client = await database.pool.connect();
  try {
    await client.query("begin read only");
    await client.query("select set_config(el->>0, el->>1, true) from json_array_elements($1::json) el", [
      JSON.stringify(Object.entries(settings)),
    ]);
    const answers = [];
    for (const statement of body.statements) answers.push((await client.query(statement)).rows);
    await client.query("commit");
    return { answers };
  } finally {
    client.release();
  }
});

const url = await app.listen({ host: "127.0.0.1", port: 0 });
process.send?.(url);

let recorded: string[] = [];
const query = pg.Client.prototype.query;
process.on("message", async message => {
  if (message === "memory") {
    globalThis.gc?.();
    const { heapUsed, rss } = process.memoryUsage();
    process.send?.({ heap: heapUsed / 2 ** 20, resident: rss / 2 ** 20 });
  } else if (message === "record") {
    recorded = [];
    pg.Client.prototype.query = function (this: PoolClient, ...args: unknown[]) {
      const [sent] = args as [string | { text: string; values?: unknown[] }];
      if (typeof sent !== "string") recorded.push(withValues(this, sent.text, sent.values ?? []));
      return Reflect.apply(query, this, args);
    } as typeof query;
    process.send?.(null);
  } else if (message === "recorded") {
    pg.Client.prototype.query = query;
    process.send?.(recorded);
  } else if (message === "stop") {
    await app.close();
    await graphql.release();
    await database.close();
    process.disconnect();
  }
});

function withValues(client: PoolClient, text: string, values: unknown[]): string {
  return text.replaceAll(/\$(\d+)/g, (_, place: string) => {
    const value = values[Number(place) - 1];
    return value === null || value === undefined ? "null" : client.escapeLiteral(String(value));
  });
}
