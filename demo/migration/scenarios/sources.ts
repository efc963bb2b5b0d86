import type { Catalog } from "../../catalog/model.ts";
import { randomFrom } from "../../random.ts";
import type { DmsTableScript } from "../scripts.ts";

/** Whether a name fits a pattern in which `%` stands for any text. */
export function fits(name: string, pattern: string): boolean {
  const parts = pattern.split("%").map(part => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(name);
}

/** Up to `most` tables of a catalog's database whose names fit: what a database behind them would hold. */
export function tablesOf(
  catalog: Catalog,
  region: string,
  database: string,
  pattern: string,
  except: string | undefined,
  most: number,
): DmsTableScript[] {
  const entry = catalog.findDatabase(region, database);
  const tables: DmsTableScript[] = [];
  for (let position = 0; entry && position < entry.tableCount && tables.length < most; position++) {
    const table = entry.tableNameAt(position) ?? "";
    if (!fits(table, pattern) || (except !== undefined && fits(table, except))) continue;
    const random = randomFrom(`${catalog.accountId}/${region}/${database}/${table}/rows`);
    tables.push({
      schema: database,
      table,
      rows: Math.ceil(random.logNormal(4e5, 1.2)),
      bytesPerRow: random.integer(60, 700),
    });
  }
  return tables;
}

/** The s3:// location of a table; undefined when it has none. */
export function locationOf(catalog: Catalog, region: string, database: string, table: string): string | undefined {
  const location = catalog.findDatabase(region, database)?.findTable(table)?.StorageDescriptor?.Location;
  if (!location?.startsWith("s3://")) return undefined;
  return location.endsWith("/") ? location : `${location}/`;
}

/** The folder that most of a database's tables lie in; undefined when none lies on S3. */
export function folderOf(catalog: Catalog, region: string, database: string): string | undefined {
  const entry = catalog.findDatabase(region, database);
  const counts = new Map<string, number>();
  for (let position = 0; entry && position < entry.tableCount; position++) {
    const location = entry.tableAt(position)?.StorageDescriptor?.Location ?? "";
    const folder = /^(s3:\/\/.+\/)[^/]+\/?$/.exec(location)?.[1];
    if (folder !== undefined) counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts].toSorted((left, right) => right[1] - left[1])[0]?.[0];
}
