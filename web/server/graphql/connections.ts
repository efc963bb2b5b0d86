import type { FastifyReply } from "fastify";
import type { PoolClient } from "pg";
import type { WithPgClient } from "postgraphile/@dataplan/pg";
import {
  makeWithPgClientViaPgClientAlreadyInTransaction,
  type NodePostgresPgClient,
} from "postgraphile/@dataplan/pg/adaptors/pg";
import type { DocumentNode } from "postgraphile/graphql";
import { getOperationAST } from "postgraphile/graphql";
import type { Database } from "../database/database.ts";
import { Reads } from "../database/reads.ts";
import { inTransaction, type Settings } from "../database/transaction.ts";

declare global {
  namespace Grafast {
    interface Context {
      /** What a query reads through; ended by ConnectionsPlugin. */
      reads?: Reads;
    }
  }
}

export interface Operation {
  document?: DocumentNode;
  operationName?: string | null | undefined;
}

/**
 * How an operation reaches the database: a query in one read-only transaction, from the replica if there is one; each mutation
 * in a transaction of its own; an event of a subscription like a query, always from the primary, which told of it.
 */
export function connectionsFor(
  database: Database,
  settings: Settings,
  { document, operationName }: Operation,
  reply: FastifyReply | undefined,
): Partial<Grafast.Context> {
  const operation = document && getOperationAST(document, operationName)?.operation;
  if (operation === "query") {
    const reads = new Reads(database, settings, source => reply?.header("x-read-from", source));
    return { reads, withPgClient: through(work => reads.run(work)) };
  }
  if (operation === "subscription") {
    return { withPgClient: through(work => inTransaction(database.pool, settings, "read", work)) };
  }
  return {
    withPgClient: through(async work => {
      const result = await inTransaction(database.pool, settings, "write", work);
      await database.written();
      return result;
    }),
  };
}

type Run = <T>(work: (client: PoolClient) => Promise<T>) => Promise<T>;

/** PostGraphile's way of asking for a connection, answered with one that already has its transaction and settings. */
function through(run: Run): WithPgClient<NodePostgresPgClient> {
  const withPgClient: WithPgClient<NodePostgresPgClient> = (_settings, callback) =>
    run(async client => makeWithPgClientViaPgClientAlreadyInTransaction(client, true)(null, callback));
  return withPgClient;
}

/** Ends what a query read through. */
export const ConnectionsPlugin: GraphileConfig.Plugin = {
  name: "ConnectionsPlugin",
  version: "1.0.0",
  grafast: {
    middleware: {
      async execute(next, { args }) {
        try {
          return await next();
        } finally {
          const { reads } = args.contextValue as Partial<Grafast.Context>;
          // In the background: the answer is complete.
          void reads?.end();
        }
      },
    },
  },
};
