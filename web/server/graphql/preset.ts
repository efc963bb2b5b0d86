import "./environment.ts";
import { PgSimplifyInflectionPreset } from "@graphile/simplify-inflection";
import type { FastifyReply, FastifyRequest } from "fastify";
// Brings the type of a websocket's context.
import type {} from "grafserv/node";
import { makePgService } from "postgraphile/adaptors/pg";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import type { Database } from "../database/database.ts";
import { settingsOf } from "../identity.ts";
import { identityOf } from "../sign-in/identify.ts";
import { ConnectionsPlugin, connectionsFor } from "./connections.ts";
import { isDevelopment } from "./environment.ts";
import { LimitsPlugin } from "./limits.ts";
import type { Change } from "./live/changes.ts";
import { LivePlugin } from "./live/plugin.ts";
import { maskError } from "./mask-error.ts";
import { NoNullsInListsPlugin } from "./schema/lists.ts";
import { NamesPlugin } from "./schema/names.ts";
import { NeverNullPlugin } from "./schema/never-null.ts";
import { PagesPlugin } from "./schema/pages.ts";
import { SurfacePlugin } from "./schema/surface.ts";
import { WithinPlugin } from "./schema/within.ts";
import { TracesPlugin } from "./traces.ts";

export interface PresetOptions {
  /** Its login, a2o_authenticator, is what decides which objects the schema shows. */
  database: Database;
  /** What a member is told of, see Changes. */
  subscribe: (member: string, kinds: readonly string[]) => AsyncIterableIterator<Change>;
  /** Called with what a masked error really was. */
  onError: (reference: string, error: unknown) => void;
  /** Called with the code of each error that an execution ended in, OTHER where it has none. */
  onTold?: (code: string) => void;
}

/** PostGraphile over the schema a2o: readable names, no generated mutations, errors masked unless they are ours. */
export function createPreset({ database, subscribe, onError, onTold }: PresetOptions): GraphileConfig.Preset {
  return {
    extends: [PostGraphileAmberPreset, PgSimplifyInflectionPreset],
    plugins: [
      NamesPlugin,
      NeverNullPlugin,
      SurfacePlugin,
      WithinPlugin,
      PagesPlugin,
      NoNullsInListsPlugin,
      LimitsPlugin,
      LivePlugin,
      ConnectionsPlugin,
      TracesPlugin,
    ],
    // Global node ids, a query field on Query itself and Relay's extras of mutations serve no caller of ours.
    disablePlugins: ["NodePlugin", "QueryQueryPlugin", "MutationPayloadQueryPlugin", "PgMutationPayloadEdgePlugin"],
    pgServices: [makePgService({ pool: database.pool, schemas: ["a2o"], pubsub: false })],
    schema: {
      dontSwallowErrors: true,
      defaultBehavior: "-insert -update -delete -list",
      // No row of a connection is null, and an argument without a default is required.
      pgForbidSetofFunctionsToReturnNull: true,
    },
    gather: { pgStrictFunctions: true },
    grafast: {
      context: (requestContext, args) => {
        const identity = identityOf(requestOf(requestContext));
        const settings = { ...settingsOf(identity), statement_timeout: "15s" };
        // Under Fastify it is Fastify's reply, see requestOf.
        const reply = requestContext.fastifyv5?.reply as FastifyReply | undefined;
        return {
          ...connectionsFor(database, settings, args ?? {}, reply),
          changes: { subscribe: (kinds: string) => subscribe(identity.user, kinds.split(" ")) },
        };
      },
      explain: false,
    },
    grafserv: {
      graphqlPath: "/graphql",
      graphiql: isDevelopment,
      graphiqlPath: "/graphiql",
      graphiqlOnGraphQLGET: false,
      graphqlOverGET: false,
      watch: false,
      websockets: false,
      maxRequestLength: 100_000,
      maskError(error) {
        const told = maskError(error, onError);
        onTold?.(typeof told.extensions.code === "string" ? told.extensions.code : "OTHER");
        return told;
      },
    },
  };
}

/** The HTTP request, or the one that a websocket began with. */
function requestOf(context: Partial<Grafast.RequestContext>): FastifyRequest {
  // Under Fastify it is Fastify's request; the type only knows plain Node's.
  const request: object | undefined = context.fastifyv5?.request ?? context.ws?.request;
  if (request === undefined) throw new Error("GraphQL answers requests of Fastify only");
  return request as FastifyRequest;
}
