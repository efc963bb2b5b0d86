import type { WireDatabase, WireTable } from "../wire.ts";

/**
 * A Glue Data Catalog of one account: databases and tables in the order of their names (by code unit), addressed
 * by position, so that a page costs only its own objects.
 */
export interface Catalog {
  readonly accountId: string;
  /** The regions that have databases; any other region is simply empty, as in AWS. */
  readonly regions: readonly string[];
  databaseCount(region: string): number;
  /** The database at a position; undefined past the end. */
  databaseAt(region: string, position: number): DatabaseEntry | undefined;
  /** The database of that name, however its letters are cased. */
  findDatabase(region: string, name: string): DatabaseEntry | undefined;
}

/** A database and its tables. */
export interface DatabaseEntry {
  readonly database: WireDatabase;
  /** The caller may list this database but not read its tables. */
  readonly isDenied: boolean;
  readonly tableCount: number;
  /** The name at a position, cheaper than the table; undefined past the end. */
  tableNameAt(position: number): string | undefined;
  /** The table at a position; undefined past the end. */
  tableAt(position: number): WireTable | undefined;
  /** The table at a position as GetTables sends it, where that costs less than building it; undefined past the end. */
  tableJsonAt?(position: number): string | undefined;
  /** The table of that name, however its letters are cased. */
  findTable(name: string): WireTable | undefined;
}
