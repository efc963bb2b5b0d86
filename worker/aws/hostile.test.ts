// Whatever the network and AWS do, nothing is lost in silence and nothing is there twice.
import type { Table } from "@aws-sdk/client-glue";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { FaultRule } from "../../demo/faults.ts";
import { demoCredentials, type Simulator, startSimulator } from "../../demo/simulator.ts";
import type { Coverage, ReadBefore } from "../record/recording.ts";
import { readCatalog } from "./glue-catalog.ts";
import { GlueSession } from "./glue-session.ts";

const REGION = "eu-central-1";

const share = (most: number) => fc.integer({ min: 0, max: Math.round(100 * most) }).map(percent => percent / 100);

/** A catalog, its own and a federated one, and what goes wrong with how many of the calls. */
const hostile = (most: number) =>
  fc.record({
    seed: fc.string({ minLength: 1, maxLength: 8 }),
    databases: fc.integer({ min: 1, max: 5 }),
    tables: fc.integer({ min: 0, max: 320 }),
    federated: fc.integer({ min: 0, max: 2 }),
    faults: fc.record({
      throttle: share(most),
      before: share(most),
      body: share(most),
      truncate: share(most),
      error: share(most),
      hang: share(most / 4),
      repeatItem: share(0.3),
      emptyPage: share(0.05),
    }),
  });
type Hostile = ReturnType<typeof hostile> extends fc.Arbitrary<infer T> ? T : never;

async function simulate({ seed, databases, tables, federated, faults }: Hostile): Promise<Simulator> {
  const rules: FaultRule[] = [
    { kind: "throttle", probability: faults.throttle },
    { kind: "reset", point: "before", probability: faults.before },
    { kind: "reset", point: "body", probability: faults.body },
    { kind: "truncate", probability: faults.truncate },
    { kind: "error", probability: faults.error },
    { kind: "hang", operation: "GetTables", probability: faults.hang },
    { kind: "lie", lie: "repeatItem", probability: faults.repeatItem },
    { kind: "lie", lie: "emptyPage", probability: faults.emptyPage },
  ];
  return startSimulator({
    seed,
    catalog: { databases, tablesPerDatabase: tables, regions: [REGION] },
    ...(federated > 0 && {
      federatedCatalogs: {
        "s3tablescatalog/lake": { databases: federated, tablesPerDatabase: 110, regions: [REGION] },
      },
    }),
    faults: rules,
  });
}

/** `database.table` of everything in the account's own catalog. */
function everythingIn(simulator: Simulator): string[] {
  const names: string[] = [];
  const catalog = simulator.catalogOf();
  for (let i = 0; i < catalog.databaseCount(REGION); i++) {
    const entry = catalog.databaseAt(REGION, i);
    for (let j = 0; j < (entry?.tableCount ?? 0); j++) names.push(`${entry?.database.Name}.${entry?.tableNameAt(j)}`);
  }
  return names.sort();
}

interface Rows {
  tables: { database: string; name: string; next: string | undefined }[];
  coverage: Map<string, Coverage>;
}

async function read(
  simulator: Simulator,
  rows: Rows,
  options: { maxAttempts: number; before?: ReadBefore; signal?: AbortSignal; onTable?: () => void },
): Promise<void> {
  const glue = new GlueSession({
    ...{ region: REGION, standIn: { endpoint: simulator.url, credentials: demoCredentials } },
    ...{ retryDelay: 1, requestTimeout: 250, maxAttempts: options.maxAttempts },
  });
  try {
    await readCatalog(
      glue,
      {
        table(database, table: Table, next) {
          rows.tables.push({ database, name: table.Name ?? "", next });
          options.onTable?.();
          return undefined;
        },
        database(name, _database, coverage) {
          rows.coverage.set(name, coverage);
          return undefined;
        },
      },
      { before: options.before, signal: options.signal },
    );
  } finally {
    glue.destroy();
  }
}

const namesOf = ({ tables }: Rows) => tables.map(({ database, name }) => `${database}.${name}`).sort();
const own = (names: readonly string[]) => names.filter(name => !name.includes("/")).sort();
const runs = (numRuns: number) => ({ numRuns, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: false });

it("reads everything once when calls are tried often enough", async () => {
  await fc.assert(
    fc.asyncProperty(hostile(0.15), async setting => {
      await using simulator = await simulate(setting);
      const rows: Rows = { tables: [], coverage: new Map() };
      await read(simulator, rows, { maxAttempts: 20 });
      expect([...rows.coverage].filter(([, { status }]) => status !== "COMPLETE")).toEqual([]);
      const names = namesOf(rows);
      expect(own(names)).toEqual(everythingIn(simulator));
      expect(new Set(names).size).toBe(names.length);
      expect(names.length - own(names).length).toBe(setting.federated * 110);
    }),
    runs(8),
  );
});

it("says of every database whether it is whole, when calls are given up", async () => {
  await fc.assert(
    fc.asyncProperty(hostile(0.5), async setting => {
      await using simulator = await simulate(setting);
      const rows: Rows = { tables: [], coverage: new Map() };
      await read(simulator, rows, { maxAttempts: 2 });
      const names = namesOf(rows);
      expect(new Set(names).size).toBe(names.length);
      const listIsWhole = !rows.coverage.has("");
      for (const name of everythingIn(simulator)) {
        const status = rows.coverage.get(name.slice(0, name.indexOf(".")))?.status;
        // There; or its database, or the list of databases, is known to be incomplete.
        if (!names.includes(name))
          expect(status ?? (listIsWhole ? "in no list" : "PARTIAL")).not.toMatch(/COMPLETE|in no list/);
      }
      for (const [database, { tablesRead, status }] of rows.coverage) {
        if (database === "") continue;
        expect(tablesRead).toBe(rows.tables.filter(row => row.database === database).length);
        if (status !== "COMPLETE") expect(rows.coverage.get(database)?.errorCode).toMatch(/\w/);
      }
    }),
    runs(10),
  );
});

it("goes on after any interruption with what was kept, and ends with everything once", async () => {
  await fc.assert(
    fc.asyncProperty(
      hostile(0.05),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 3 }),
      async (setting, stops) => {
        await using simulator = await simulate(setting);
        const all = everythingIn(simulator).length + setting.federated * 110;
        const rows: Rows = { tables: [], coverage: new Map() };
        for (const stop of [...stops, 1]) {
          const controller = new AbortController();
          const until = stop === 1 ? Number.POSITIVE_INFINITY : Math.ceil(stop * all);
          const reading = read(simulator, rows, {
            maxAttempts: 20,
            before: staged(rows),
            signal: controller.signal,
            onTable: () => rows.tables.length >= until && controller.abort("enough"),
          });
          await reading.catch(error => expect(error).toBe("enough"));
        }
        const names = namesOf(rows);
        expect(new Set(names).size).toBe(names.length);
        expect(names).toHaveLength(all);
        expect(own(names)).toEqual(everythingIn(simulator));
      },
    ),
    runs(8),
  );
});

/** What a run is taken over with, made of the rows as a2o.staged_databases makes it of the staging tables. */
function staged({ tables, coverage }: Rows): ReadBefore {
  const done = new Map([...coverage].map(([name, { tablesRead }]) => [name, tablesRead]));
  const begun = new Map<string, { next: string | undefined; names: string[] }>();
  for (const { database, name, next } of tables) {
    if (done.has(database)) continue;
    const rows = begun.get(database) ?? { next: undefined, names: [] };
    rows.names.push(name);
    if (next !== undefined) rows.next = next;
    begun.set(database, rows);
  }
  return { done, begun };
}
