import { describe, expect, it } from "vitest";
import { type CatalogOptions, createCatalog } from "../catalog.ts";
import type { WireTable } from "../wire.ts";
import { blueprint } from "./blueprint.ts";
import { buildTable } from "./builders.ts";
import { tableKinds } from "./kinds.ts";
import type { Catalog } from "./model.ts";

/** Every table by "region/database/table". */
function tablesOf(catalog: Catalog): Map<string, WireTable> {
  const tables = new Map<string, WireTable>();
  for (const region of catalog.regions) {
    for (let database = 0; database < catalog.databaseCount(region); database++) {
      const entry = catalog.databaseAt(region, database);
      for (let position = 0; position < (entry?.tableCount ?? 0); position++) {
        const table = entry?.tableAt(position);
        if (entry && table) tables.set(`${region}/${entry.database.Name}/${table.Name}`, table);
      }
    }
  }
  return tables;
}

const demo = tablesOf(createCatalog());

describe("the demo catalog", () => {
  it("has about 20 databases and 2,000 tables in two regions, hundreds of terabytes", () => {
    const catalog = createCatalog();
    expect(catalog.regions).toEqual(["eu-central-1", "us-east-1"]);
    expect(catalog.databaseCount("eu-central-1") + catalog.databaseCount("us-east-1")).toBe(blueprint.length);
    expect(demo.size).toBeGreaterThan(1_900);
    expect(demo.size).toBeLessThan(2_200);
    const sizes = [...demo.values()].map(({ Parameters: own, StorageDescriptor: descriptor }) => {
      const parameters: Record<string, string> = { ...descriptor?.Parameters, ...own };
      const size = Number(
        parameters.totalSize ?? parameters["spark.sql.statistics.totalSize"] ?? parameters.sizeKey ?? 0,
      );
      return size > 0 && size < 1e18 ? size : 0;
    });
    const terabytes = sizes.reduce((sum, size) => sum + size, 0) / 1e12;
    expect(terabytes).toBeGreaterThan(100);
    expect(terabytes).toBeLessThan(900);
  });

  it("is the same, to the last character, for the same seed, and another one for another", () => {
    expect(JSON.stringify([...tablesOf(createCatalog())])).toBe(JSON.stringify([...demo]));
    expect(JSON.stringify([...tablesOf(createCatalog({ seed: "other" }))])).not.toBe(JSON.stringify([...demo]));
  });

  it("is in the order of its names, findable by them, within Glue's limits", () => {
    const catalog = createCatalog();
    for (const region of catalog.regions) {
      for (let database = 0; database < catalog.databaseCount(region); database++) {
        const entry = catalog.databaseAt(region, database);
        const names = Array.from(
          { length: entry?.tableCount ?? 0 },
          (_, position) => entry?.tableNameAt(position) ?? "",
        );
        expect(names).toEqual([...new Set(names)].toSorted());
        for (const name of names) {
          expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
          expect(entry?.findTable(name)?.Name).toBe(name);
        }
      }
    }
    expect(catalog.findDatabase("us-east-1", "BILLING")?.database.Name).toBe("billing");
    expect(catalog.findDatabase("us-east-1", "sales")).toBeUndefined();
  });

  it("has every kind of table that people keep in Glue", () => {
    const tables = [...demo.values()];
    const some = (test: (table: WireTable) => boolean) => expect(tables.filter(test).length).toBeGreaterThan(0);
    const parameter = (table: WireTable, name: string) => table.Parameters?.[name];
    for (const text of ["ICEBERG", "DELTA", "delta"]) some(table => parameter(table, "table_type") === text);
    for (const text of ["hudi", "delta", "parquet"])
      some(table => parameter(table, "spark.sql.sources.provider") === text);
    some(table => table.StorageDescriptor?.Location?.endsWith("-__PLACEHOLDER__") ?? false);
    some(table => table.StorageDescriptor?.Location?.endsWith("_symlink_format_manifest") ?? false);
    some(table => parameter(table, "spark.sql.sources.schema") !== undefined);
    some(table => Number(parameter(table, "spark.sql.sources.schema.numParts")) > 1);
    some(table => parameter(table, "metadata_location")?.startsWith("hdfs://") ?? false);
    some(({ StorageDescriptor: descriptor }) =>
      (descriptor?.Columns ?? []).some(column => column.Parameters?.["iceberg.field.current"] === "false"),
    );
    some(table => table.ViewOriginalText?.startsWith("/* Presto View: ") ?? false);
    some(table => table.ViewDefinition !== undefined);
    some(table => table.TableType === "GOVERNED" && table.IsRegisteredWithLakeFormation === true);
    some(table => table.TargetTable !== undefined && table.StorageDescriptor !== undefined);
    some(table => table.TargetTable !== undefined && table.StorageDescriptor === undefined);
    some(table => table.FederatedTable !== undefined);
    some(table => table.StorageDescriptor === undefined && table.TargetTable === undefined);
    some(table => table.StorageDescriptor !== undefined && table.StorageDescriptor.Location === undefined);
    some(table => table.StorageDescriptor?.Columns?.length === 0);
    some(table => (table.StorageDescriptor?.Columns?.length ?? 0) > 1_000);
    some(table => parameter(table, "projection.enabled") === "true");
    some(table => table.StorageDescriptor?.InputFormat === "com.amazon.emr.cloudtrail.CloudTrailInputFormat");
    some(table => table.Name.length === 255);
    for (const size of ["-1", "1.2 GB", "-734003200", "99999999999999999999999"]) {
      some(table => parameter(table, "sizeKey") === size);
    }
    for (const engine of ["mysql", "postgresql", "oracle", "sqlserver", "redshift", "dynamodb"]) {
      some(table => parameter(table, "classification") === engine);
    }
  });

  it("encodes Athena views so that Athena's reader understands them", () => {
    for (const { ViewOriginalText: text, StorageDescriptor: descriptor } of demo.values()) {
      const [, base64] = /^\/\* Presto View: (\S+) \*\/$/.exec(text ?? "") ?? [];
      if (base64 === undefined) continue;
      const view = JSON.parse(Buffer.from(base64, "base64").toString()) as {
        originalSql: string;
        columns: { name: string }[];
      };
      expect(view.originalSql).toMatch(/^SELECT /);
      expect(view.columns.map(({ name }) => name)).toEqual(descriptor?.Columns?.map(({ Name }) => Name));
    }
  });

  it("keeps Spark's schema whole across its parts", () => {
    for (const table of demo.values()) {
      const parts = Number(table.Parameters?.["spark.sql.sources.schema.numParts"] ?? 0);
      if (parts === 0) continue;
      const json = Array.from(
        { length: parts },
        (_, part) => table.Parameters?.[`spark.sql.sources.schema.part.${part}`],
      );
      expect(JSON.parse(json.join(""))).toMatchObject({ type: "struct", fields: expect.any(Array) });
    }
  });

  it("follows a database link: its tables name the target's database and account", () => {
    const entry = createCatalog().findDatabase("eu-central-1", "reference_shared");
    expect(entry?.database.TargetDatabase).toMatchObject({ CatalogId: "444455556666", DatabaseName: "reference" });
    expect(entry?.tableAt(0)).toMatchObject({ CatalogId: "444455556666", DatabaseName: "reference" });
  });

  it("denies one database, and those asked for", () => {
    const denied = (options?: CatalogOptions) =>
      ["hr_restricted", "billing"].map(name => createCatalog(options).findDatabase("us-east-1", name)?.isDenied);
    expect(denied()).toEqual([true, false]);
    expect(denied({ denied: ["billing"] })).toEqual([true, true]);
  });
});

describe("a later generation", () => {
  const later = tablesOf(createCatalog({ generation: 1 }));

  it("differs as a week of work makes it differ", () => {
    const added = [...later.keys()].filter(key => !demo.has(key));
    const removed = [...demo.keys()].filter(key => !later.has(key));
    const kept = [...demo].flatMap(([key, before]) => {
      const after = later.get(key);
      return after ? [{ before, after }] : [];
    });
    const changed = kept.filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after));
    const converted = kept.filter(
      ({ before, after }) => before.Parameters?.table_type === undefined && after.Parameters?.table_type === "ICEBERG",
    );
    const widened = changed.filter(
      ({ before, after }) =>
        (after.StorageDescriptor?.Columns?.length ?? 0) > (before.StorageDescriptor?.Columns?.length ?? 0),
    );
    expect(added.length).toBeGreaterThan(10);
    expect(removed.length).toBeGreaterThan(5);
    expect(converted.length).toBeGreaterThan(10);
    expect(widened.length).toBeGreaterThan(10);
    expect(changed.length).toBeLessThan(kept.length / 2);
    for (const { before, after } of changed) {
      expect(after.UpdateTime ?? 0).toBeGreaterThanOrEqual(before.UpdateTime ?? 0);
      expect(after.CreateTime).toBe(before.CreateTime);
    }
  });

  it("is deterministic, and goes on from the one before", () => {
    expect(JSON.stringify([...tablesOf(createCatalog({ generation: 1 }))])).toBe(JSON.stringify([...later]));
    const third = tablesOf(createCatalog({ generation: 3 }));
    const isIceberg = (table: WireTable | undefined) => table?.Parameters?.table_type === "ICEBERG";
    for (const [key, table] of later) {
      if (isIceberg(table) && third.has(key)) expect(isIceberg(third.get(key)), key).toBe(true);
    }
  });
});

describe("a catalog of any size", () => {
  const million = { databases: 1_000, tablesPerDatabase: 1_000 } as const;

  it("gives any page of a million tables at once, without building the others", () => {
    const startedAt = performance.now();
    const catalog = createCatalog(million);
    expect(catalog.databaseCount("eu-central-1")).toBe(1_000);
    const entry = catalog.databaseAt("eu-central-1", 999);
    expect(entry?.tableCount).toBe(1_000);
    const page = Array.from({ length: 100 }, (_, index) => entry?.tableAt(900 + index)?.Name);
    expect(new Set(page).size).toBe(100);
    expect(performance.now() - startedAt).toBeLessThan(500);
  });

  it("lists names in order, each findable", () => {
    const catalog = createCatalog({ databases: 37, tablesPerDatabase: 1_234, generation: 3 });
    const names = Array.from(
      { length: 37 },
      (_, index) => catalog.databaseAt("eu-central-1", index)?.database.Name ?? "",
    );
    expect(names).toEqual([...new Set(names)].toSorted());
    const entry = catalog.findDatabase("eu-central-1", names[20] ?? "");
    const tables = Array.from({ length: entry?.tableCount ?? 0 }, (_, index) => entry?.tableNameAt(index) ?? "");
    expect(tables).toEqual([...new Set(tables)].toSorted());
    expect(tables.length).toBeGreaterThan(1_234);
    expect(entry?.tableAt(tables.length)).toBeUndefined();
    expect(entry?.findTable(tables[700] ?? "")).toEqual(entry?.tableAt(700));
    expect(entry?.findTable("orders_1")).toBeUndefined();
  });

  it("can be empty, or hold databases without tables", () => {
    expect(createCatalog({ databases: 0 }).databaseAt("eu-central-1", 0)).toBeUndefined();
    const bare = createCatalog({ databases: 1, tablesPerDatabase: 0 }).databaseAt("eu-central-1", 0);
    expect(bare?.tableCount).toBe(0);
    expect(bare?.tableAt(0)).toBeUndefined();
  });
});

describe("buildTable", () => {
  it.each(tableKinds)("builds %s without null members, as JSON would lose them", kind => {
    const setting = { seed: "s", accountId: "210987654321", region: "eu-central-1", database: "d", asOf: 1.8e9 };
    const table = buildTable(
      { ...setting, generation: 0, scale: 1 },
      { name: "t", entity: "orders", kind, domain: "sales" },
    );
    expect(JSON.parse(JSON.stringify(table))).toEqual(table);
    expect(table).toMatchObject({ Name: "t", DatabaseName: "d" });
  });
});
