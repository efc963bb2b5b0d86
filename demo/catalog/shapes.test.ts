import { paginateGetTables, type Table } from "@aws-sdk/client-glue";
import { describe, expect, it } from "vitest";
import { createCatalog } from "../catalog.ts";
import { startSimulator } from "../simulator.ts";
import { glueClient } from "../testing.ts";

const size = { databases: 30, tablesPerDatabase: 250, shapes: 3 };

describe("a catalog of few shapes", () => {
  it("has the names and places of any other, and no gap is left open", async () => {
    await using simulator = await startSimulator({ catalog: size });
    const plain = createCatalog({ ...size, shapes: undefined });
    const client = glueClient(simulator);
    for (const index of [0, 11, 29]) {
      const expected = plain.databaseAt("eu-central-1", index);
      const DatabaseName = expected?.database.Name ?? "";
      const tables: Table[] = [];
      for await (const page of paginateGetTables({ client }, { DatabaseName })) tables.push(...(page.TableList ?? []));
      const names = Array.from({ length: expected?.tableCount ?? 0 }, (_, position) => expected?.tableNameAt(position));
      expect(tables.map(({ Name }) => Name)).toEqual(names);
      const other = expected?.tableAt(0);
      for (const table of tables) {
        expect(table.DatabaseName).toBe(DatabaseName);
        expect((table as { DatabaseId?: string }).DatabaseId ?? other?.DatabaseId).toBe(other?.DatabaseId);
        const location = table.StorageDescriptor?.Location ?? "";
        if (location.startsWith("s3://lake-curated-eu-central-1-210987654321/")) {
          expect(location).toMatch(
            new RegExp(`^s3://lake-curated-eu-central-1-210987654321/${DatabaseName}/${table.Name}/?`),
          );
        }
        expect(JSON.stringify(table)).not.toContain("zzz");
      }
      // Of everything a table tells but its name and place, few kinds are left.
      const kinds = new Set(tables.map(({ Parameters }) => JSON.stringify(Object.keys(Parameters ?? {}))));
      expect(kinds.size).toBeGreaterThan(5);
    }
  });

  it("tells the same table alone as in a page, every time", () => {
    const [first, second] = [createCatalog(size), createCatalog(size)].map(catalog =>
      catalog.databaseAt("eu-central-1", 7),
    );
    for (let position = 249; position >= 0; position--) {
      const table = first?.tableAt(position);
      expect(first?.findTable(table?.Name ?? "")).toEqual(table);
      expect(JSON.parse(second?.tableJsonAt?.(position) ?? "null")).toEqual(table);
    }
  });
});
