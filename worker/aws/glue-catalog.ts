import {
  type Database,
  GetDatabasesCommand,
  type GetDatabasesCommandOutput,
  GetTablesCommand,
  type GetTablesCommandOutput,
  type GlueClient,
  type Table,
} from "@aws-sdk/client-glue";
import type { Coverage } from "../record/recording.ts";
import { awsErrorCode, awsErrorMessage, coverageOf, isCredentialError } from "./errors.ts";

/** Largest page AWS allows for GetDatabases and GetTables. */
const PAGE_SIZE = 100;

/** How often in one listing a page token may come again before it counts as a circle. */
const REPEATED_TOKENS = 3;

export interface CatalogSink {
  /** A table, under the name its database has in the list. A promise holds the reader back. */
  table(databaseName: string, table: Table): Promise<void> | undefined;
  /** A database, once it is known how far it could be read; name '' and null stand for the list of databases itself. */
  database(databaseName: string, database: Database | null, coverage: Coverage): Promise<void> | undefined;
}

export interface CatalogProgress {
  /** Databases in the list so far, and whether the list is at its end. */
  databases: number;
  listComplete: boolean;
  databasesDone: number;
  databasesIncomplete: number;
  tables: number;
}

export interface ReadCatalogOptions {
  /** Databases read at once. */
  concurrency?: number;
  signal?: AbortSignal | undefined;
  onProgress?: (progress: CatalogProgress) => void;
}

/**
 * Reads every database and table of a Glue Data Catalog, each once. What cannot be read is told to the sink as coverage and
 * does not stop the rest; only an error of the credentials, of the sink, or an abort (with the signal's reason) ends the run.
 */
export async function readCatalog(
  glue: GlueClient,
  sink: CatalogSink,
  options: ReadCatalogOptions = {},
): Promise<CatalogProgress> {
  const progress: CatalogProgress = {
    databases: 0,
    listComplete: false,
    databasesDone: 0,
    databasesIncomplete: 0,
    tables: 0,
  };
  const told = () => options.onProgress?.({ ...progress });
  const waiting: Database[] = [];
  const seen = new Set<string>();
  let wake = Promise.withResolvers<void>();
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);

  const list = async () => {
    const coverage = await pages<GetDatabasesCommandOutput>(
      "glue:GetDatabases",
      signal,
      token => glue.send(new GetDatabasesCommand({ MaxResults: PAGE_SIZE, NextToken: token }), { abortSignal: signal }),
      page => {
        for (const database of page.DatabaseList ?? []) {
          if (database.Name === undefined || seen.has(database.Name)) continue;
          seen.add(database.Name);
          waiting.push(database);
          progress.databases++;
        }
        told();
        wake.resolve();
        wake = Promise.withResolvers();
        return undefined;
      },
      () => progress.databases,
    );
    if (coverage.status !== "COMPLETE") await sink.database("", null, coverage);
    progress.listComplete = coverage.status === "COMPLETE";
  };

  const readDatabase = async (database: Database, name: string) => {
    // Tables made or dropped meanwhile shift the pages, so that a table may come twice.
    const names = new Set<string>();
    const coverage = await pages<GetTablesCommandOutput>(
      "glue:GetTables",
      signal,
      token =>
        glue.send(new GetTablesCommand({ DatabaseName: name, MaxResults: PAGE_SIZE, NextToken: token }), {
          abortSignal: signal,
        }),
      async page => {
        for (const table of page.TableList ?? []) {
          if (table.Name === undefined || names.has(table.Name)) continue;
          names.add(table.Name);
          progress.tables++;
          const full = sink.table(name, table);
          if (full !== undefined) await full;
        }
        told();
      },
      () => names.size,
    );
    await sink.database(name, database, coverage);
    progress.databasesDone++;
    if (coverage.status !== "COMPLETE") progress.databasesIncomplete++;
    told();
  };

  const listing = { done: false };
  const lister = list().finally(() => {
    listing.done = true;
    wake.resolve();
  });
  const reader = async () => {
    for (;;) {
      signal.throwIfAborted();
      const database = waiting.shift();
      if (database?.Name !== undefined) await readDatabase(database, database.Name);
      else if (listing.done) return;
      else await wake.promise;
    }
  };
  const work = [lister, ...Array.from({ length: options.concurrency ?? 8 }, reader)];
  try {
    await Promise.all(work);
  } catch (error) {
    stop.abort();
    await Promise.allSettled(work);
    options.signal?.throwIfAborted();
    throw error;
  }
  return progress;
}

/** Follows the pages of one operation to the end, or to the error that ends it, and says how far it came. */
async function pages<Page extends { NextToken?: string | undefined }>(
  operation: string,
  signal: AbortSignal,
  fetch: (token: string | undefined) => Promise<Page>,
  take: (page: Page) => Promise<void> | undefined,
  taken: () => number,
): Promise<Coverage> {
  const broken = (status: Coverage["status"], errorCode: string, errorMessage: string) => ({
    status,
    tablesRead: taken(),
    operation,
    errorCode,
    errorMessage,
  });
  const tokens = new Set<string>();
  let repeated = 0;
  let token: string | undefined;
  do {
    let page: Page;
    try {
      page = await fetch(token);
    } catch (error) {
      if (signal.aborted || isCredentialError(error)) throw error;
      return broken(coverageOf(error, taken()), awsErrorCode(error), awsErrorMessage(error));
    }
    await take(page);
    token = page.NextToken === "" ? undefined : page.NextToken;
    if (token !== undefined && tokens.has(token) && ++repeated > REPEATED_TOKENS) {
      const message = "AWS gave the same page token again and again; the pages after it are unknown.";
      return broken("PARTIAL", "RepeatedPageToken", message);
    }
    if (token !== undefined) tokens.add(token);
  } while (token !== undefined);
  return { status: "COMPLETE", tablesRead: taken() };
}
