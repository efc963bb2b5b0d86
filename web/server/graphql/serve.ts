import "./environment.ts";
import type { FastifyInstance } from "fastify";
import { grafserv } from "grafserv/fastify/v5";
import { postgraphile } from "postgraphile";
import { createPreset, type PresetOptions } from "./preset.ts";

export interface Graphql {
  /** Adds /graphql to an app (or a part of one) whose requests all passed `requireIdentity`. */
  addTo(app: FastifyInstance): Promise<void>;
  /** Call when the app is closed. */
  release(): Promise<void>;
}

/** Builds the schema now, so that a login that does not work, or a database that was never migrated, is told at the start. */
export async function createGraphql(options: PresetOptions): Promise<Graphql> {
  const instance = postgraphile(createPreset(options));
  const release = () => Promise.resolve(instance.release());
  try {
    await instance.getSchema();
  } catch (error) {
    await release().catch(() => undefined);
    throw error;
  }
  return {
    addTo: async app => {
      await instance.createServ(grafserv).addTo(app);
    },
    release,
  };
}
