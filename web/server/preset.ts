import "./environment.ts";
import { PgSimplifyInflectionPreset } from "@graphile/simplify-inflection";
import type { Pool } from "pg";
import { makePgService } from "postgraphile/adaptors/pg";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { maskError } from "./mask-error.ts";

/** Settings of the transaction that answers one request: the role, and the member whose accounts it may read. */
export interface Identity {
  role: "a2o_reader" | "a2o_operator";
  user: string;
}

export interface PresetOptions {
  /** Logged in as a2o_authenticator: it is what decides which objects the schema shows. */
  pool: Pool;
  identity: Identity;
  /** Called with what a masked error really was. */
  onError: (reference: string, error: unknown) => void;
}

/** PostGraphile over the schema a2o: readable names, no generated mutations, errors masked unless they are ours. */
export function createPreset({ pool, identity, onError }: PresetOptions): GraphileConfig.Preset {
  return {
    extends: [PostGraphileAmberPreset, PgSimplifyInflectionPreset],
    plugins: [NamesPlugin],
    // Global node ids and a query field on Query itself serve no caller of ours.
    disablePlugins: ["NodePlugin", "QueryQueryPlugin"],
    pgServices: [makePgService({ pool, schemas: ["a2o"], pubsub: false })],
    schema: { dontSwallowErrors: true, defaultBehavior: "-insert -update -delete -list" },
    grafast: {
      context: () => ({ pgSettings: { role: identity.role, "a2o.user": identity.user, statement_timeout: "15s" } }),
      explain: false,
    },
    grafserv: {
      graphqlPath: "/graphql",
      graphiql: false,
      watch: false,
      websockets: false,
      maxRequestLength: 100_000,
      maskError: error => maskError(error, onError),
    },
  };
}

const NamesPlugin: GraphileConfig.Plugin = {
  name: "NamesPlugin",
  version: "1.0.0",
  inflection: {
    replace: {
      // Without global node ids, nothing else is called id.
      _attributeName: (previous, _options, details) =>
        previous?.({ ...details, skipRowId: true }) ?? details.attributeName,
      // The singular of "databases" is not "databasis".
      singularize(previous, _options, text) {
        return /databases$/i.test(text) ? text.slice(0, -1) : (previous?.(text) ?? text);
      },
    },
  },
};
