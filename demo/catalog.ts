import { createDemoCatalog } from "./catalog/demo-catalog.ts";
import type { Catalog } from "./catalog/model.ts";
import { createSizedCatalog } from "./catalog/sized-catalog.ts";

export interface CatalogOptions {
  /** Equal options give equal catalogs, to the last character. */
  readonly seed?: string;
  /** Twelve digits. */
  readonly accountId?: string;
  /** 0 is the first; later ones differ as a company's catalog differs a week later. */
  readonly generation?: number;
  /** The moment of generation 0, which creation and update times count back from; 2026-11-01 when left out. */
  readonly asOf?: Date;
  /** The regions that have databases: eu-central-1 and us-east-1 in the demo catalog, eu-central-1 in a sized one. */
  readonly regions?: readonly string[];
  /** Databases that may be listed but not read, besides the demo catalog's hr_restricted. */
  readonly denied?: readonly string[];
  /** With a number of databases (in each region), a generated catalog of that size takes the demo catalog's place. */
  readonly databases?: number;
  /** How many tables each of those databases has; 100 when left out. */
  readonly tablesPerDatabase?: number;
  /**
   * For measurements: in a generated catalog, so many different tables of each word ("orders", "customers", …) whose names
   * and places alone differ from then on. A page costs a tenth, so that it is not the simulator that is measured.
   */
  readonly shapes?: number | undefined;
}

/** A Glue catalog as a real company's looks: the demo company's, or one of any size. Nothing is built before it is read. */
export function createCatalog(options: CatalogOptions = {}): Catalog {
  const { databases, tablesPerDatabase = 100, generation = 0, denied = [], regions, shapes } = options;
  if (!Number.isSafeInteger(generation) || generation < 0) throw new RangeError("generation must be 0 or more");
  const common = {
    seed: options.seed ?? "aws2openstack",
    accountId: options.accountId ?? "210987654321",
    asOf: Math.floor((options.asOf?.getTime() ?? Date.UTC(2026, 10, 1)) / 1000),
    generation,
  };
  if (databases === undefined) return createDemoCatalog(common, regions, denied);
  return createSizedCatalog(common, { databases, tablesPerDatabase, shapes }, regions ?? ["eu-central-1"], denied);
}
