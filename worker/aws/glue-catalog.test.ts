import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Database, Table } from "@aws-sdk/client-glue";
import { afterEach, describe, expect, it } from "vitest";
import type { FaultRule } from "../../demo/faults.ts";
import { demoCredentials, type Simulator, type SimulatorOptions, startSimulator } from "../../demo/simulator.ts";
import type { Coverage } from "../record/recording.ts";
import type { AwsOptions } from "./clients.ts";
import { type CatalogProgress, type CatalogSink, type ReadCatalogOptions, readCatalog } from "./glue-catalog.ts";
import { GlueSession } from "./glue-session.ts";

const REGION = "eu-central-1";
const cleaning: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const clean of cleaning.splice(0).reverse()) await clean();
});

async function simulate(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await startSimulator(options);
  cleaning.push(() => simulator.close());
  return simulator;
}

const small = (databases: number, tablesPerDatabase: number, faults: readonly FaultRule[] = []) =>
  simulate({ catalog: { databases, tablesPerDatabase }, faults });

interface Kept {
  tables: Map<string, Table[]>;
  databases: Map<string, { database: Database | null; coverage: Coverage }>;
  progress: CatalogProgress[];
}

/** Reads a catalog as the assessor does, only more hastily. */
async function read(
  endpoint: string,
  options: ReadCatalogOptions & Partial<AwsOptions> & { sink?: Partial<CatalogSink> } = {},
): Promise<Kept> {
  const { sink = {}, ...rest } = options;
  const kept: Kept = { tables: new Map(), databases: new Map(), progress: [] };
  const standIn = { endpoint, credentials: demoCredentials };
  const glue = new GlueSession({
    ...{ region: REGION, standIn, maxAttempts: 3, retryDelay: 5, requestTimeout: 20_000 },
    ...rest,
  });
  cleaning.push(async () => glue.destroy());
  await readCatalog(
    glue,
    {
      table(name, table) {
        kept.tables.set(name, [...(kept.tables.get(name) ?? []), table]);
        return undefined;
      },
      database(name, database, coverage) {
        expect(kept.databases.has(name)).toBe(false);
        kept.databases.set(name, { database, coverage });
        return undefined;
      },
      ...sink,
    },
    { concurrency: 8, ...rest, onProgress: progress => kept.progress.push(progress) },
  );
  return kept;
}

/** `database.table` of everything, in order, repetitions included. */
function namesIn({ tables }: Kept): string[] {
  return [...tables].flatMap(([name, list]) => list.map(table => `${name}.${table.Name}`)).sort();
}

function namesOf(simulator: Simulator, without: readonly string[] = []): string[] {
  const catalog = simulator.catalogOf();
  const names: string[] = [];
  for (let i = 0; i < catalog.databaseCount(REGION); i++) {
    const entry = catalog.databaseAt(REGION, i);
    if (entry === undefined || entry.isDenied || without.includes(entry.database.Name)) continue;
    for (let j = 0; j < entry.tableCount; j++) names.push(`${entry.database.Name}.${entry.tableNameAt(j)}`);
  }
  return names.sort();
}

function databaseNames(simulator: Simulator): string[] {
  const catalog = simulator.catalogOf();
  return Array.from(
    { length: catalog.databaseCount(REGION) },
    (_, i) => catalog.databaseAt(REGION, i)?.database.Name ?? "",
  );
}

/** What is not COMPLETE. */
function gaps({ databases }: Kept): Record<string, Coverage> {
  return Object.fromEntries(
    [...databases]
      .filter(([, { coverage }]) => coverage.status !== "COMPLETE")
      .map(([n, { coverage }]) => [n, coverage]),
  );
}

describe("a catalog that answers", () => {
  it("arrives whole, every table once, several databases at a time", async () => {
    const simulator = await simulate({ faults: [{ kind: "delay", ms: 5 }] });
    const kept = await read(simulator.url);
    expect(namesIn(kept)).toEqual(namesOf(simulator));
    expect([...kept.databases.keys()].sort()).toEqual(databaseNames(simulator).sort());
    expect(gaps(kept)).toEqual({});
    expect(simulator.counters.mostAtOnce).toBeGreaterThan(1);
    expect(simulator.counters.byOutcome).toEqual({ ok: simulator.counters.total });
    for (const [name, { database, coverage }] of kept.databases) {
      expect(database?.Name).toBe(name);
      expect(coverage.tablesRead).toBe(kept.tables.get(name)?.length ?? 0);
    }
  });

  it("keeps what AWS says of a table as it is", async () => {
    const simulator = await simulate();
    const kept = await read(simulator.url);
    const entry = simulator.catalogOf().databaseAt(REGION, 0);
    const told = entry?.tableAt(0);
    const table = kept.tables.get(entry?.database.Name ?? "")?.find(({ Name }) => Name === told?.Name);
    expect(told?.Parameters).toBeDefined();
    expect(table).toMatchObject({
      TableType: told?.TableType,
      Parameters: told?.Parameters,
      PartitionKeys: told?.PartitionKeys,
      StorageDescriptor: told?.StorageDescriptor,
    });
  });

  it("lists the tables of a linked database under the link's name", async () => {
    const simulator = await simulate();
    const kept = await read(simulator.url);
    const [link, listed] = [...kept.databases].find(([, { database }]) => database?.TargetDatabase !== undefined) ?? [];
    const tables = kept.tables.get(link ?? "") ?? [];
    expect(tables.length).toBeGreaterThan(0);
    expect(tables.map(table => table.DatabaseName)).toContain(listed?.database?.TargetDatabase?.DatabaseName);
    expect(tables.map(table => table.DatabaseName)).not.toContain(link);
  });

  it("never has more calls under way than readers and the list", async () => {
    const simulator = await small(12, 250, [{ kind: "delay", ms: 10 }]);
    await read(simulator.url, { concurrency: 3 });
    expect(simulator.counters.mostAtOnce).toBeGreaterThan(1);
    expect(simulator.counters.mostAtOnce).toBeLessThanOrEqual(4);
  });

  it("reads databases while the list of them is still coming", async () => {
    const simulator = await small(250, 1, [{ kind: "delay", operation: "GetDatabases", skip: 1, ms: 300 }]);
    const kept = await read(simulator.url);
    expect(namesIn(kept)).toEqual(namesOf(simulator));
    const firstTables = simulator.requests.findIndex(({ operation }) => operation === "GetTables");
    const lastList = simulator.requests.findLastIndex(({ operation }) => operation === "GetDatabases");
    expect(firstTables).toBeLessThan(lastList);
    expect(kept.progress.some(({ listComplete, databasesDone }) => !listComplete && databasesDone > 0)).toBe(true);
    expect(kept.progress.at(-1)).toEqual({
      ...{ databases: 250, listComplete: true, databasesDone: 250, databasesIncomplete: 0, tables: 250 },
      ...{ throttled: 0, inFlight: 0, limit: expect.any(Number) },
    });
  });

  it("may be empty", async () => {
    const simulator = await simulate({ catalog: { regions: ["us-west-2"] } });
    const kept = await read(simulator.url);
    expect(kept.databases.size + kept.tables.size).toBe(0);
  });
});

describe("federated catalogs", () => {
  const federated = (faults: readonly FaultRule[] = []) =>
    simulate({
      catalog: { databases: 2, tablesPerDatabase: 3 },
      federatedCatalogs: {
        "s3tablescatalog/lake": { databases: 1, tablesPerDatabase: 120 },
        "warehouse/sales": { databases: 2, tablesPerDatabase: 4 },
      },
      faults,
    });

  it("are read like the account's own, under their path", async () => {
    const simulator = await federated();
    const kept = await read(simulator.url);
    const names = [...kept.databases.keys()];
    expect(names.filter(name => name.startsWith("s3tablescatalog/lake/"))).toHaveLength(1);
    expect(names.filter(name => name.startsWith("warehouse/sales/"))).toHaveLength(2);
    expect([names.length, namesIn(kept).length]).toEqual([5, 2 * 3 + 120 + 2 * 4]);
    expect(gaps(kept)).toEqual({});
  });

  it("are left alone when only the account's own is wanted, and so are unwanted databases", async () => {
    const simulator = await federated();
    expect((await read(simulator.url, { federated: false })).databases.size).toBe(2);
    expect(simulator.counters.byOperation.GetCatalogs).toBeUndefined();
    const kept = await read(simulator.url, { isWanted: name => name.startsWith("warehouse/") });
    expect([...kept.databases.keys()].every(name => name.startsWith("warehouse/sales/"))).toBe(true);
    expect(kept.progress.at(-1)).toMatchObject({ databases: 2, databasesDone: 2, tables: 8 });
  });

  it("that may not be listed leave a gap in the list of databases, and the rest is read", async () => {
    const simulator = await federated([{ kind: "deny", operation: "GetCatalogs" }]);
    const kept = await read(simulator.url);
    expect(namesIn(kept)).toHaveLength(6);
    expect(gaps(kept)).toMatchObject({
      "": { status: "PARTIAL", operation: "glue:GetCatalogs", errorCode: "AccessDeniedException", tablesRead: 2 },
    });
  });

  it("do not exist where the service has never heard of them", async () => {
    const simulator = await small(2, 3, [
      { kind: "error", operation: "GetCatalogs", status: 400, code: "UnknownOperationException" },
    ]);
    expect(gaps(await read(simulator.url))).toEqual({});
  });
});

describe("Iceberg metadata", () => {
  it("is asked for only when it is wanted, for Iceberg tables only, and without its history", async () => {
    const simulator = await simulate();
    await read(simulator.url);
    expect(simulator.counters.byOperation.GetTable).toBeUndefined();
    const kept = await read(simulator.url, { icebergMetadata: true });
    const iceberg = [...kept.tables.values()].flat().filter(table => table.IcebergTableMetadata !== undefined);
    expect(iceberg.length).toBeGreaterThan(5);
    expect(iceberg.every(({ Parameters }) => /iceberg/i.test(Parameters?.table_type ?? ""))).toBe(true);
    expect(iceberg[0]?.IcebergTableMetadata).toMatchObject({ FormatVersion: "2", Schemas: [{ SchemaId: 1 }] });
    expect(gaps(kept)).toEqual({});
  });

  it("that is refused keeps the tables, and the database is not whole", async () => {
    const simulator = await simulate({ faults: [{ kind: "deny", operation: "GetTable" }] });
    const kept = await read(simulator.url, { icebergMetadata: true });
    expect(namesIn(kept)).toEqual(namesOf(simulator));
    const [gap] = Object.values(gaps(kept));
    expect(gap).toMatchObject({ status: "PARTIAL", operation: "glue:GetTable", errorCode: "AccessDeniedException" });
  });
});

describe("a sink that is slower than AWS", () => {
  it("holds every reader back", async () => {
    const simulator = await small(20, 300);
    const gate = Promise.withResolvers<void>();
    let waiting = 0;
    const held = read(simulator.url, {
      concurrency: 4,
      sink: {
        table() {
          waiting++;
          return gate.promise;
        },
      },
    });
    while (waiting < 4) await sleep(5);
    await sleep(100);
    expect(waiting).toBe(4);
    expect(simulator.counters.byOperation.GetTables).toBe(4);
    gate.resolve();
    await held;
    expect(simulator.counters.byOperation.GetTables).toBe(20 * 3);
  });

  it("ends the run when it fails", async () => {
    const simulator = await small(20, 300);
    const broken = new Error("the disk is full");
    await expect(read(simulator.url, { sink: { table: () => Promise.reject(broken) } })).rejects.toBe(broken);
    expect(simulator.counters.byOperation.GetTables).toBeLessThanOrEqual(9);
  });
});

describe("what passes", () => {
  const passing: Record<string, FaultRule> = {
    throttling: { kind: "throttle", every: 3 },
    "internal errors": { kind: "error", every: 3 },
    unavailability: { kind: "error", status: 503, every: 3 },
    "resets before the answer": { kind: "reset", point: "before", every: 3 },
    "resets in the answer": { kind: "reset", point: "body", every: 3 },
    "truncated answers": { kind: "truncate", every: 3 },
  };
  it.each(Object.entries(passing))("is tried again: %s", async (_name, fault) => {
    const simulator = await small(6, 220, [fault]);
    const kept = await read(simulator.url, { maxAttempts: 8, retryDelay: 1 });
    expect(namesIn(kept)).toEqual(namesOf(simulator));
    expect(gaps(kept)).toEqual({});
    expect(simulator.counters.total).toBeGreaterThan(simulator.counters.byOutcome.ok ?? 0);
  });

  it("is tried again: no answer at all", async () => {
    const simulator = await small(4, 120, [{ kind: "hang", operation: "GetTables", skip: 1, times: 2 }]);
    const kept = await read(simulator.url, { requestTimeout: 300 });
    expect(namesIn(kept)).toEqual(namesOf(simulator));
    expect(simulator.counters.byOutcome["no answer"]).toBe(2);
  });

  it("is tried again: an answer that stops in the middle", async () => {
    let calls = 0;
    const server = createServer((request, response) => {
      request.resume();
      const target = String(request.headers["x-amz-target"]);
      const list = !target.endsWith("GetTables");
      const answer = target.endsWith("GetDatabases") ? { DatabaseList: [{ Name: "one" }] } : { CatalogList: [] };
      const body = JSON.stringify(list ? answer : { TableList: [{ Name: "only" }] });
      response.writeHead(200, { "content-type": "application/x-amz-json-1.1", "content-length": body.length });
      if (!list && calls++ === 0) response.write(body.slice(0, 10));
      else response.end(body);
    });
    await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
    cleaning.push(async () => {
      server.closeAllConnections();
      server.close();
    });
    const kept = await read(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { requestTimeout: 300 });
    expect(namesIn(kept)).toEqual(["one.only"]);
    expect(gaps(kept)).toEqual({});
    expect(calls).toBe(2);
  });

  it("does not use up the patience for other databases", async () => {
    const simulator = await small(30, 3, [{ kind: "throttle", every: 2 }]);
    const lost = databaseNames(simulator).slice(0, 20);
    for (const database of lost) simulator.faults.add({ kind: "error", database });
    const kept = await read(simulator.url, { maxAttempts: 12, retryDelay: 1 });
    expect(Object.keys(gaps(kept)).sort()).toEqual(lost);
    expect(namesIn(kept)).toEqual(namesOf(simulator, lost));
  });

  it("loses and doubles nothing, whatever comes together", async () => {
    for (const seed of ["one", "two", "three", "four", "five"]) {
      const simulator = await simulate({
        seed,
        catalog: { databases: 9, tablesPerDatabase: 230 },
        faults: [
          { kind: "throttle", probability: 0.15 },
          { kind: "reset", point: "before", probability: 0.08 },
          { kind: "reset", point: "body", probability: 0.08 },
          { kind: "truncate", probability: 0.08 },
          { kind: "error", probability: 0.08 },
          { kind: "hang", operation: "GetTables", probability: 0.03 },
          { kind: "lie", lie: "repeatItem", probability: 0.2 },
          { kind: "lie", lie: "emptyPage", probability: 0.05 },
        ],
      });
      const kept = await read(simulator.url, { maxAttempts: 15, retryDelay: 1, requestTimeout: 250, concurrency: 5 });
      expect({ seed, gaps: gaps(kept) }).toEqual({ seed, gaps: {} });
      expect(namesIn(kept)).toEqual(namesOf(simulator));
      await simulator.close();
    }
  });
});

describe("what does not pass", () => {
  const lasting: [string, FaultRule, Partial<Coverage>][] = [
    ["denied", { kind: "deny" }, { status: "DENIED", errorCode: "AccessDeniedException" }],
    ["throttled out", { kind: "throttle" }, { status: "THROTTLED", errorCode: "ThrottlingException" }],
    ["internal errors", { kind: "error" }, { status: "FAILED", errorCode: "InternalServiceException" }],
    ["gone", { kind: "error", status: 400, code: "EntityNotFoundException" }, { errorCode: "EntityNotFoundException" }],
    ["resets", { kind: "reset", point: "before" }, { status: "FAILED", errorCode: "ECONNRESET" }],
    ["resets in the answer", { kind: "reset", point: "body" }, { status: "FAILED", errorCode: "ECONNRESET" }],
    ["truncated answers", { kind: "truncate" }, { status: "FAILED", errorCode: "BrokenAnswer" }],
  ];
  it.each(lasting)("is in the coverage with AWS's code, and the rest is read: %s", async (_name, fault, expected) => {
    const simulator = await small(5, 150);
    const [, lost = ""] = databaseNames(simulator);
    simulator.faults.add({ ...fault, database: lost });
    const kept = await read(simulator.url, { maxAttempts: 2 });
    expect(namesIn(kept)).toEqual(namesOf(simulator, [lost]));
    expect(Object.keys(gaps(kept))).toEqual([lost]);
    const coverage = kept.databases.get(lost)?.coverage;
    expect(coverage).toMatchObject({ ...expected, tablesRead: 0, operation: "glue:GetTables" });
    expect(coverage?.errorMessage).toMatch(/\w+ \w+/);
  });

  it("names a time-out", async () => {
    const simulator = await small(2, 5);
    const [lost = ""] = databaseNames(simulator);
    simulator.faults.add({ kind: "hang", database: lost });
    const kept = await read(simulator.url, { maxAttempts: 2, requestTimeout: 200 });
    expect(gaps(kept)).toMatchObject({ [lost]: { status: "FAILED", errorCode: "TimeoutError" } });
  });

  it("does not ask again where the answer is no", async () => {
    const simulator = await small(1, 5, [{ kind: "deny", operation: "GetTables" }]);
    await read(simulator.url, { maxAttempts: 8 });
    expect(simulator.counters.byOperation.GetTables).toBe(1);
  });

  it("keeps the pages before it", async () => {
    const simulator = await small(3, 250);
    const [lost = ""] = databaseNames(simulator);
    simulator.faults.add({ kind: "deny", database: lost, skip: 1 });
    const kept = await read(simulator.url);
    expect(gaps(kept)).toEqual({
      [lost]: expect.objectContaining({ status: "PARTIAL", tablesRead: 100, errorCode: "AccessDeniedException" }),
    });
    expect(kept.tables.get(lost)).toHaveLength(100);
    expect(kept.progress.at(-1)).toMatchObject({ databasesDone: 3, databasesIncomplete: 1, tables: 600 });
  });

  it("leaves the databases that were listed before the list broke off", async () => {
    const simulator = await small(250, 1, [{ kind: "deny", operation: "GetDatabases", skip: 2 }]);
    const kept = await read(simulator.url);
    expect(gaps(kept)).toEqual({
      "": expect.objectContaining({ status: "PARTIAL", operation: "glue:GetDatabases", tablesRead: 200 }),
    });
    expect(kept.databases.get("")?.database).toBeNull();
    expect(kept.databases.size).toBe(201);
    expect(kept.progress.at(-1)).toMatchObject({ databases: 200, listComplete: false, databasesDone: 200 });
  });

  it("is told when not even the list could be read", async () => {
    const simulator = await small(3, 1, [{ kind: "deny", operation: "GetDatabases" }]);
    const kept = await read(simulator.url);
    expect(gaps(kept)).toMatchObject({ "": { status: "DENIED", errorCode: "AccessDeniedException" } });
    expect(kept.databases.size).toBe(1);
  });
});

describe("an untruthful catalog", () => {
  it("does not send the reader in circles", async () => {
    const simulator = await small(3, 250);
    const [lost = ""] = databaseNames(simulator);
    simulator.faults.add({ kind: "lie", lie: "repeatToken", database: lost, skip: 1 });
    const kept = await read(simulator.url);
    expect(gaps(kept)).toMatchObject({
      [lost]: { status: "PARTIAL", errorCode: "RepeatedPageToken", tablesRead: 200 },
    });
    expect(kept.tables.get(lost)).toHaveLength(200);
    expect(simulator.requests.filter(({ database }) => database === lost).length).toBeLessThan(10);
  });

  it("does not send the reader in circles through the list", async () => {
    const simulator = await small(250, 1, [{ kind: "lie", lie: "repeatToken", operation: "GetDatabases", skip: 1 }]);
    const kept = await read(simulator.url);
    expect(Object.keys(gaps(kept))).toEqual([""]);
    expect(kept.databases.size).toBe(201);
  });

  it("is believed again when it comes to its senses", async () => {
    const simulator = await small(2, 250, [
      { kind: "lie", lie: "repeatToken", operation: "GetTables", times: 2 },
      { kind: "lie", lie: "emptyPage", operation: "GetTables", skip: 3, times: 2 },
    ]);
    const kept = await read(simulator.url);
    expect(namesIn(kept)).toEqual(namesOf(simulator));
    expect(gaps(kept)).toEqual({});
  });

  it("names each table and database once", async () => {
    const simulator = await small(120, 3, [{ kind: "lie", lie: "repeatItem" }]);
    const kept = await read(simulator.url);
    expect(namesIn(kept)).toEqual(namesOf(simulator));
    expect(kept.databases.size).toBe(120);
    expect(kept.progress.at(-1)).toMatchObject({ databases: 120, tables: 360 });
  });
});

describe("what ends the run", () => {
  it("is an expired token, at once", async () => {
    const simulator = await small(40, 300, [{ kind: "expire", afterCalls: 12 }]);
    await expect(read(simulator.url, { maxAttempts: 10 })).rejects.toMatchObject({ name: "ExpiredTokenException" });
    expect(simulator.counters.byOutcome.ExpiredTokenException).toBeLessThanOrEqual(9);
  });

  const slow: [string, FaultRule][] = [
    ["answers", { kind: "delay", ms: 10 }],
    ["silence", { kind: "hang", skip: 4 }],
    ["waits between attempts", { kind: "throttle", skip: 4 }],
  ];
  it.each(slow)("is an abort during %s, with its reason", async (_name, fault) => {
    const simulator = await small(40, 300, [fault]);
    const controller = new AbortController();
    const reason = new Error("enough");
    const run = read(simulator.url, { signal: controller.signal, retryDelay: 60_000, requestTimeout: 600_000 });
    while (simulator.counters.total < 4) await sleep(5);
    await sleep(50);
    controller.abort(reason);
    await expect(run).rejects.toBe(reason);
    // The simulator counts a call when it is over; those cut off have ended by now, and no new ones come.
    await sleep(100);
    const calls = simulator.counters.total;
    await sleep(100);
    expect(simulator.counters.total).toBe(calls);
  });

  it("is an abort before it began", async () => {
    const simulator = await small(4, 3);
    await expect(read(simulator.url, { signal: AbortSignal.abort(new Error("no")) })).rejects.toThrow("no");
    expect(simulator.counters.total).toBe(0);
  });
});
