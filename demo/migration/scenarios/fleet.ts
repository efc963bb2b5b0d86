import type { Catalog } from "../../catalog/model.ts";
import { randomFrom } from "../../random.ts";
import type { DmsTableScript, JobScript } from "../scripts.ts";

/** A fleet of jobs that all run, for measurements. */
export interface FleetOptions {
  /** How many jobs run at any time: four DMS tasks, three DataSync tasks and three Glue jobs of every ten. */
  readonly running: number;
  /** The catalog's first region when left out. */
  readonly region?: string;
  /** How long each run takes; a day when left out. As soon as it ends the next one starts. */
  readonly minutes?: number;
  /** How many tables each DMS task loads; 5 when left out. */
  readonly tablesPerTask?: number;
}

/** Jobs over the catalog's tables, each started some time before the beginning, so that they stand at different points. */
export function fleetJobs(catalog: Catalog, options: FleetOptions): JobScript[] {
  const { running, region = catalog.regions[0] ?? "eu-central-1", minutes = 1_440, tablesPerTask = 5 } = options;
  const databases = catalog.databaseCount(region);
  const tableAt = (number: number): { database: string; table: string } => {
    const entry = databases === 0 ? undefined : catalog.databaseAt(region, number % databases);
    const position = Math.floor(number / Math.max(1, databases)) % Math.max(1, entry?.tableCount ?? 1);
    return { database: entry?.database.Name ?? "fleet", table: entry?.tableNameAt(position) ?? `table_${number}` };
  };
  return Array.from({ length: running }, (_, number): JobScript => {
    const random = randomFrom(`${catalog.accountId}/fleet/${number}`);
    const name = `fleet-${String(number).padStart(5, "0")}`;
    const every = minutes + 1;
    const runs = { startsAfter: -Math.floor(random.next() * minutes * 0.6) - 1, every, minutes: minutes * 1.25 };
    const kind = number % 10;
    if (kind < 4) {
      const tables = Array.from({ length: tablesPerTask }, (_, index): DmsTableScript => {
        const { database, table } = tableAt(number * tablesPerTask + index);
        return { schema: database, table, rows: Math.ceil(random.logNormal(2e8, 1)), bytesPerRow: 300 };
      });
      return { kind: "dms", name, region, type: "full-load", instance: `dms-${number % 7}`, tables, runs };
    }
    const { database, table } = tableAt(number * tablesPerTask);
    const bytes = Math.ceil(random.logNormal(5e12, 1));
    if (kind < 7) {
      const source = `s3://lake-curated-${region}-${catalog.accountId}/${database}/${table}/`;
      return { kind: "datasync", name, region, source, bytes, files: Math.ceil(bytes / 128e6), runs };
    }
    const args = { "--source_database": database, "--source_table": table };
    return { kind: "glue", name, region, bytes, arguments: args, runs };
  });
}
