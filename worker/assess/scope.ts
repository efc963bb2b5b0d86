import { UserError } from "../../postgres/user-error.ts";

/** Which part of a catalog is read. */
export interface Scope {
  /** Patterns of the databases that are read; all when empty. `*` stands for any text, `?` for one letter. */
  databases: readonly string[];
  /** Patterns of the databases that are left out of those. */
  excludedDatabases: readonly string[];
  /** True leaves federated catalogs alone. */
  ownCatalogOnly: boolean;
  /** One more call for each Iceberg table, for what Glue keeps of its metadata. */
  icebergMetadata: boolean;
}

export const everything: Scope = {
  databases: [],
  excludedDatabases: [],
  ownCatalogOnly: false,
  icebergMetadata: false,
};

/** True when databases may have been left out by their names. */
export function isPartial({ databases, excludedDatabases }: Scope): boolean {
  return databases.length + excludedDatabases.length > 0;
}

/** Tells the wanted databases by their names, without regard to case, as Glue keeps them. */
export function databaseFilter({ databases, excludedDatabases }: Scope): (name: string) => boolean {
  const wanted = databases.map(patternOf);
  const unwanted = excludedDatabases.map(patternOf);
  return name =>
    (wanted.length === 0 || wanted.some(pattern => pattern.test(name))) &&
    !unwanted.some(pattern => pattern.test(name));
}

/**
 * `sales_*,finance` and the like.
 * @throws UserError for an empty pattern
 */
export function patternsOf(texts: readonly string[]): string[] {
  const patterns = texts.flatMap(text => text.split(",")).map(text => text.trim().toLowerCase());
  if (patterns.includes(""))
    throw new UserError("A pattern for databases is empty.", "e.g. --database 'sales_*,finance'");
  return [...new Set(patterns)].sort();
}

function patternOf(text: string): RegExp {
  const escaped = text
    .replace(/[\\^$.|+()[\]{}]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${escaped}$`, "isu");
}

/** What the assessment tells of it; nothing when the whole catalog was wanted. */
export function reportedScope(scope: Scope): object {
  const parts = {
    ...(scope.databases.length > 0 && { databases: scope.databases }),
    ...(scope.excludedDatabases.length > 0 && { excluded_databases: scope.excludedDatabases }),
    ...(scope.ownCatalogOnly && { own_catalog_only: true }),
  };
  return Object.keys(parts).length === 0 ? {} : { assessment_metadata: { scope: parts } };
}
