import {
  GetCatalogsCommand,
  type GetCatalogsCommandOutput,
  GetDatabasesCommand,
  type GetDatabasesCommandOutput,
  GetTableCommand,
  GetTablesCommand,
  type GetTablesCommandOutput,
  type GlueClient,
  type IcebergTableMetadata,
} from "@aws-sdk/client-glue";
import { type AwsOptions, glueClient } from "./clients.ts";
import type { Credentials } from "./credentials.ts";
import { isCredentialError, isThrottled } from "./errors.ts";
import { explainAwsError } from "./explain.ts";
import { AdaptiveLimit } from "./limit.ts";
import { ANSWERED, keepTablesPlain, tablesOf } from "./plain-tables.ts";

/** Largest page AWS allows for GetDatabases and GetTables. */
const PAGE_SIZE = 100;

export interface Page {
  /** Undefined for the first page. */
  token: string | undefined;
  signal: AbortSignal;
}

/**
 * Glue in one account and region: every call waits for its turn under one limit, and a call refused because the credentials
 * expired is made again with new ones, so that a listing goes on at the page where it stopped.
 */
export class GlueSession {
  readonly limit: AdaptiveLimit;
  readonly #options: AwsOptions;
  readonly #credentials: Credentials | undefined;
  #client: GlueClient;
  #generation: number;

  /** Without `credentials` an expired session ends the reading. */
  constructor(options: AwsOptions, credentials?: Credentials, limit: AdaptiveLimit = new AdaptiveLimit()) {
    this.#options = options;
    this.#credentials = credentials;
    this.limit = limit;
    this.#generation = credentials?.generation ?? 0;
    this.#client = this.#connect();
  }

  /** Catalogs besides the account's own that can have databases, nested ones included. */
  catalogs({ token, signal }: Page): Promise<GetCatalogsCommandOutput> {
    const input = { Recursive: true, HasDatabases: true, MaxResults: PAGE_SIZE, NextToken: token };
    return this.#send(signal, glue => glue.send(new GetCatalogsCommand(input), { abortSignal: signal }));
  }

  /** @param catalogId undefined for the account's own catalog */
  databases(catalogId: string | undefined, { token, signal }: Page): Promise<GetDatabasesCommandOutput> {
    const input = { CatalogId: catalogId, MaxResults: PAGE_SIZE, NextToken: token };
    return this.#send(signal, glue => glue.send(new GetDatabasesCommand(input), { abortSignal: signal }));
  }

  tables(catalogId: string | undefined, database: string, { token, signal }: Page): Promise<GetTablesCommandOutput> {
    const input = { CatalogId: catalogId, DatabaseName: database, MaxResults: PAGE_SIZE, NextToken: token };
    return this.#send(signal, async glue => {
      const answer = await glue.send(new GetTablesCommand(input), { abortSignal: signal });
      return { ...answer, TableList: tablesOf(input) };
    });
  }

  /** What Glue keeps of an Iceberg table's own metadata; GetTables does not tell it. */
  async icebergMetadata(
    catalogId: string | undefined,
    database: string,
    table: string,
    signal: AbortSignal,
  ): Promise<IcebergTableMetadata | undefined> {
    const command = new GetTableCommand({
      CatalogId: catalogId,
      DatabaseName: database,
      Name: table,
      AttributesToGet: ["NAME", "LATEST_ICEBERG_METADATA"],
    });
    const { Table } = await this.#send(signal, glue => glue.send(command, { abortSignal: signal }));
    return Table?.IcebergTableMetadata;
  }

  destroy(): void {
    this.#client.destroy();
  }

  async #send<Output>(signal: AbortSignal, call: (glue: GlueClient) => Promise<Output>): Promise<Output> {
    for (;;) {
      const generation = this.#generation;
      try {
        const output = await call(this.#client);
        this.#credentials?.worked();
        return output;
      } catch (error) {
        if (signal.aborted || this.#credentials === undefined || !isCredentialError(error)) throw error;
        await this.#credentials.renew(generation, explainAwsError(error, this.#options));
        signal.throwIfAborted();
        if (this.#generation === this.#credentials.generation) continue;
        // Calls of other databases may still be on their way through the old client, which ends by itself when idle.
        this.#generation = this.#credentials.generation;
        this.#client = this.#connect();
      }
    }
  }

  #connect(): GlueClient {
    const client = glueClient({
      ...this.#options,
      ...(this.#credentials !== undefined && { credentials: this.#credentials.provider }),
    });
    keepTablesPlain(client);
    // Inside the retries, so that what waits before another attempt takes nobody's turn.
    client.middlewareStack.add(
      (next, context) => args =>
        this.limit.run(answered => {
          context[ANSWERED] = answered;
          return next(args);
        }, isThrottled),
      { step: "finalizeRequest", priority: "low", name: "waitForTurn" },
    );
    return client;
  }
}
