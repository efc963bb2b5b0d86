import "./environment.ts";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { grafserv } from "grafserv/fastify/v5";
import { postgraphile } from "postgraphile";
import type { Database } from "../database/database.ts";
import { isDevelopment } from "./environment.ts";
import { type Changes, startChanges } from "./live/changes.ts";
import { addSocket } from "./live/socket.ts";
import { createPreset, type PresetOptions } from "./preset.ts";

export interface GraphqlOptions {
  database: Database;
  /** Called with what a masked error really was. */
  onError: (reference: string, error: unknown) => void;
  /** Called with the code of each error that an execution ended in. */
  onTold?: (code: string) => void;
  log: (line: string) => void;
}

export interface Graphql {
  /** Adds /graphql to an app (or a part of one) whose requests all passed `requireIdentity`. */
  addTo(app: FastifyInstance): Promise<void>;
  /** What GraphQL does in the background; for metrics. */
  readonly live: Changes;
  /** Call when the app is closed. */
  release(): Promise<void>;
}

/** Builds the schema now, so that a login that does not work, or a database that was never migrated, is told at the start. */
export async function createGraphql({ database, log, ...told }: GraphqlOptions): Promise<Graphql> {
  let changes: Changes | undefined;
  const subscribe: PresetOptions["subscribe"] = (member, kinds) => {
    if (changes === undefined) throw new Error("subscribed before the server started");
    return changes.subscribe(member, kinds);
  };
  const instance = postgraphile(createPreset({ database, subscribe, ...told }));
  const release = async () => {
    await changes?.close();
    await instance.release();
  };
  try {
    await instance.getSchema();
  } catch (error) {
    await release().catch(() => undefined);
    throw error;
  }
  changes = startChanges({ database, log });
  return {
    addTo: async app => {
      if (isDevelopment) app.addHook("onSend", allowGraphiql);
      const serv = instance.createServ(grafserv);
      await serv.addTo(app);
      await addSocket(app, serv);
    },
    live: changes,
    release,
  };
}

/** GraphiQL's page has scripts and workers of its own inside; for development only. */
async function allowGraphiql({ url }: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (!/^\/(graphiql|ruru-static)\b/.test(url)) return;
  const policy = "default-src 'self' 'unsafe-inline' data: blob:; worker-src 'self' blob:; frame-ancestors 'none'";
  reply.header("content-security-policy", policy);
}
