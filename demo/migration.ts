import type { Catalog } from "./catalog/model.ts";
import { Migration } from "./migration/migration.ts";
import type { Place } from "./migration/place.ts";
import { demoBeginning, demoCompanyJobs } from "./migration/scenarios/demo-company.ts";
import { type FleetOptions, fleetJobs } from "./migration/scenarios/fleet.ts";
import type { JobScript } from "./migration/scripts.ts";

/** Jobs of one's own, a fleet, or both; their times count from the moment at which the clock started. */
export interface MigrationOptions {
  /** Jobs written out, for tests. */
  readonly jobs?: readonly JobScript[];
  /** So many generated jobs that run all the time, for measurements. */
  readonly fleet?: FleetOptions;
}

/** What an account migrates, and how: without options, the demo company's jobs, if the catalog is the demo company's. */
export function createMigration(
  options: MigrationOptions | undefined,
  place: Omit<Place, "region">,
  catalog: Catalog | undefined,
): Migration {
  if (!catalog) return new Migration([], place);
  if (!options) return new Migration(demoCompanyJobs(catalog), { ...place, origin: demoBeginning });
  const { jobs = [], fleet } = options;
  return new Migration([...jobs, ...(fleet ? fleetJobs(catalog, fleet) : [])], place);
}
