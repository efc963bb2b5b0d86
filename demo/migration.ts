import type { Catalog } from "./catalog/model.ts";
import { Migration } from "./migration/migration.ts";
import type { Place } from "./migration/place.ts";
import type { JobScript } from "./migration/scripts.ts";

export interface MigrationOptions {
  /** Jobs written out, for tests: their times count from the moment at which the clock started. */
  readonly jobs?: readonly JobScript[];
}

/** What an account migrates, and how. */
export function createMigration(
  options: MigrationOptions | undefined,
  place: Omit<Place, "region">,
  _catalog: Catalog | undefined,
): Migration {
  return new Migration(options?.jobs ?? [], place);
}
