import type { Database, GetCatalogsCommandOutput, Table } from "@aws-sdk/client-glue";
import type { Coverage, ReadBefore } from "../record/recording.ts";
import {
  awsErrorCode,
  awsErrorMessage,
  coverageOf,
  isCredentialError,
  isUnknown,
  isUnknownOperation,
} from "./errors.ts";
import type { GlueSession, Page } from "./glue-session.ts";
import { isIceberg, kept } from "./iceberg.ts";

/** How often in one listing a page token may come again before it counts as a circle. */
const REPEATED_TOKENS = 3;

export interface CatalogSink {
  /**
   * A table, under the name its database has in the list. A promise holds the reader back.
   * @param next with the last table of a page: the token of the next page, or '' when there is none
   */
  table(databaseName: string, table: Table, next: string | undefined): Promise<void> | undefined;
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
  /** Answers that AWS throttled so far; each is asked for again. */
  throttled: number;
  /** Calls under way, and how many may be at once now. */
  inFlight: number;
  limit: number;
}

export interface ReadCatalogOptions {
  /** Databases read at once. */
  concurrency?: number;
  signal?: AbortSignal | undefined;
  onProgress?: (progress: CatalogProgress) => void;
  /** Which databases are wanted, by the name they are listed under; all when left out. */
  isWanted?: (databaseName: string) => boolean;
  /** False leaves catalogs besides the account's own alone. */
  federated?: boolean;
  /** Asks for what Glue keeps of each Iceberg table's metadata: one more call a table. */
  icebergMetadata?: boolean;
  before?: ReadBefore | undefined;
}

interface Listed {
  /** Undefined for the account's own catalog. */
  catalogId: string | undefined;
  /** As it is listed here: in other catalogs after the catalog's name and a slash. */
  name: string;
  database: Database;
}

/**
 * Reads every database and table of a Glue Data Catalog and of the federated catalogs in it, each once. What cannot be read is
 * told to the sink as coverage and does not stop the rest; only an error of the credentials, of the sink, or an abort (with the
 * signal's reason) ends the run.
 */
export async function readCatalog(
  glue: GlueSession,
  sink: CatalogSink,
  options: ReadCatalogOptions = {},
): Promise<CatalogProgress> {
  const { isWanted = () => true, before, federated = true, icebergMetadata = false } = options;
  const counts = { databases: 0, listComplete: false, databasesDone: 0, databasesIncomplete: 0, tables: 0 };
  const progress = (): CatalogProgress => ({
    ...counts,
    throttled: glue.limit.throttled,
    inFlight: glue.limit.inFlight,
    limit: glue.limit.allowed,
  });
  let pump = () => {};
  const told = () => {
    pump();
    options.onProgress?.(progress());
  };
  const waiting: Listed[] = [];
  const seen = new Set<string>();
  const gaps: Coverage[] = [];
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);

  const listDatabases = async (catalogId: string | undefined, prefix: string) => {
    let listed = 0;
    const coverage = await pages(
      "glue:GetDatabases",
      signal,
      page => glue.databases(catalogId, page),
      page => {
        for (const database of page.DatabaseList ?? []) {
          const name = prefix + (database.Name ?? "");
          if (database.Name === undefined || seen.has(name)) continue;
          seen.add(name);
          listed++;
          if (!isWanted(name)) continue;
          counts.databases++;
          const tables = before?.done.get(name);
          if (tables === undefined) waiting.push({ catalogId, name, database });
          else {
            counts.databasesDone++;
            counts.tables += tables;
          }
        }
        told();
        return undefined;
      },
      () => listed,
    );
    if (coverage.status !== "COMPLETE") gaps.push(inCatalog(coverage, prefix));
  };

  const listCatalogs = async () => {
    const found: { id: string; prefix: string }[] = [];
    const coverage = await pages(
      "glue:GetCatalogs",
      signal,
      page =>
        glue.catalogs(page).catch((error): Pick<GetCatalogsCommandOutput, "CatalogList" | "NextToken"> => {
          if (isUnknownOperation(error)) return { CatalogList: [] };
          throw error;
        }),
      page => {
        for (const { CatalogId, Name } of page.CatalogList ?? []) {
          // Nested catalogs have their path in the id: 111122223333:s3tablescatalog/bucket.
          const path = CatalogId?.split(":").slice(1).join(":") || Name;
          if (CatalogId !== undefined && path !== undefined && !found.some(({ id }) => id === CatalogId)) {
            found.push({ id: CatalogId, prefix: `${path}/` });
          }
        }
        return undefined;
      },
      () => found.length,
    );
    if (coverage.status !== "COMPLETE") gaps.push(coverage);
    for (const { id, prefix } of found) await listDatabases(id, prefix);
  };

  const list = async () => {
    await listDatabases(undefined, "");
    if (federated) await listCatalogs();
    const gap = together(gaps, counts.databases);
    if (gap !== undefined) await sink.database("", null, gap);
    counts.listComplete = gap === undefined;
  };

  const readDatabase = async ({ catalogId, name, database }: Listed) => {
    const begun = before?.begun.get(name);
    // Tables made or dropped meanwhile shift the pages, so that a table may come twice.
    const names = new Set<string>(begun?.names);
    counts.tables += names.size;
    let unknownMetadata: unknown;
    const coverage: Coverage =
      begun?.next === ""
        ? { status: "COMPLETE", tablesRead: names.size }
        : await pages(
            "glue:GetTables",
            signal,
            page => glue.tables(catalogId, database.Name ?? "", page),
            async page => {
              const fresh: Table[] = [];
              for (const table of page.TableList ?? []) {
                if (table.Name === undefined || names.has(table.Name)) continue;
                names.add(table.Name);
                fresh.push(table);
              }
              if (icebergMetadata) {
                const describe = async (table: Table) => {
                  const metadata = await glue.icebergMetadata(catalogId, database.Name ?? "", table.Name ?? "", signal);
                  if (metadata !== undefined) table.IcebergTableMetadata = kept(metadata);
                };
                for (const result of await Promise.allSettled(fresh.filter(isIceberg).map(describe))) {
                  if (result.status === "fulfilled") continue;
                  if (signal.aborted || isCredentialError(result.reason)) throw result.reason;
                  unknownMetadata ??= result.reason;
                }
              }
              counts.tables += fresh.length;
              for (const [i, table] of fresh.entries()) {
                const full = sink.table(name, table, i === fresh.length - 1 ? (page.NextToken ?? "") : undefined);
                if (full !== undefined) await full;
              }
              told();
            },
            () => names.size,
            begun?.next,
          );
    if (coverage.status === "COMPLETE" && unknownMetadata !== undefined) {
      Object.assign(coverage, {
        status: "PARTIAL",
        operation: "glue:GetTable",
        errorCode: awsErrorCode(unknownMetadata),
        errorMessage: `The tables are there, but not all Iceberg metadata: ${awsErrorMessage(unknownMetadata)}`,
      });
    }
    await sink.database(name, database, coverage);
    counts.databasesDone++;
    if (coverage.status !== "COMPLETE") counts.databasesIncomplete++;
    told();
  };

  const open = new Set<Promise<void>>();
  const ended = Promise.withResolvers<void>();
  let isListed = false;
  // One database after the other comes to its end; as many are open as keep all allowed calls busy while some wait to be tried again.
  pump = () => {
    const most = options.concurrency ?? Math.ceil(glue.limit.allowed * 1.5) + 2;
    while (open.size < most && !signal.aborted) {
      const next = waiting.shift();
      if (next === undefined) break;
      const reading = readDatabase(next)
        .catch(ended.reject)
        .finally(() => {
          open.delete(reading);
          pump();
        });
      open.add(reading);
    }
    if (isListed && open.size === 0 && waiting.length === 0) ended.resolve();
  };
  signal.throwIfAborted();
  signal.addEventListener("abort", () => ended.reject(signal.reason), { once: true });
  const listing = list().then(() => {
    isListed = true;
    pump();
  }, ended.reject);
  try {
    await ended.promise;
  } catch (error) {
    stop.abort();
    glue.limit.close();
    await Promise.allSettled([listing, ...open]);
    options.signal?.throwIfAborted();
    throw error;
  }
  return progress();
}

/** Follows the pages of one operation to the end, or to the error that ends it, and says how far it came. */
async function pages<Answer extends { NextToken?: string | undefined }>(
  operation: string,
  signal: AbortSignal,
  fetch: (page: Page) => Promise<Answer>,
  take: (answer: Answer) => Promise<void> | undefined,
  taken: () => number,
  from?: string,
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
  let token = from;
  do {
    let answer: Answer;
    try {
      answer = await fetch({ token, signal });
    } catch (error) {
      if (signal.aborted || isCredentialError(error)) throw error;
      if (from !== undefined && token === from && tokens.size === 0 && isUnknown(error)) {
        // AWS forgets the page tokens of an earlier run after a while. What comes again is recognised by its name.
        token = from = undefined;
        continue;
      }
      return broken(coverageOf(error, taken()), awsErrorCode(error), awsErrorMessage(error));
    }
    await take(answer);
    token = answer.NextToken === "" ? undefined : answer.NextToken;
    if (token !== undefined && tokens.has(token) && ++repeated > REPEATED_TOKENS) {
      const message = "AWS gave the same page token again and again; the pages after it are unknown.";
      return broken("PARTIAL", "RepeatedPageToken", message);
    }
    if (token !== undefined) tokens.add(token);
  } while (token !== undefined);
  return { status: "COMPLETE", tablesRead: taken() };
}

function inCatalog(coverage: Coverage, prefix: string): Coverage {
  if (prefix === "") return coverage;
  return { ...coverage, errorMessage: `In catalog ${prefix.slice(0, -1)}: ${coverage.errorMessage ?? ""}` };
}

/** What is missing from the list of databases as one entry of the ledger: the first gap's words, and how many more there are. */
function together(gaps: readonly Coverage[], listed: number): Coverage | undefined {
  const [first, ...others] = gaps;
  if (first === undefined) return undefined;
  const more = others.map(({ operation, errorCode, errorMessage }) => `${operation}: ${errorCode}: ${errorMessage}`);
  return {
    ...first,
    status: listed > 0 ? "PARTIAL" : first.status,
    tablesRead: listed,
    errorMessage: [first.errorMessage, ...more].join("; "),
  };
}
