import { GetDatabasesCommand, GetTablesCommand } from "@aws-sdk/client-glue";
import { describe, expect, it } from "vitest";
import { FaultPlan, type FaultRule } from "./faults.ts";
import { RateLimiter } from "./rate-limit.ts";
import { startSimulator } from "./simulator.ts";
import { glueClient, listDatabases, listTables } from "./testing.ts";

const catalog = { databases: 2, tablesPerDatabase: 250 } as const;
const getDatabases = new GetDatabasesCommand({});

describe("a fault is seen by the real client", () => {
  const errors: readonly (readonly [rule: FaultRule, seen: Record<string, unknown>])[] = [
    [
      { kind: "throttle" },
      { name: "ThrottlingException", message: "Rate exceeded", $metadata: { httpStatusCode: 400 } },
    ],
    [{ kind: "deny" }, { name: "AccessDeniedException", message: expect.stringContaining("glue:GetDatabases") }],
    [{ kind: "error" }, { name: "InternalServiceException", $fault: "server", $metadata: { httpStatusCode: 500 } }],
    [
      { kind: "error", status: 503 },
      { name: "ServiceUnavailableException", $metadata: { httpStatusCode: 503 } },
    ],
    [{ kind: "error", status: 400, code: "FederationSourceException" }, { name: "FederationSourceException" }],
    [{ kind: "expire", afterCalls: 0 }, { name: "ExpiredTokenException" }],
    [{ kind: "reset", point: "before" }, { code: "ECONNRESET" }],
    [{ kind: "reset", point: "body" }, { code: "ECONNRESET" }],
    [{ kind: "truncate" }, { name: "SyntaxError" }],
  ];
  it.each(errors)("%o", async (rule, seen) => {
    await using simulator = await startSimulator({ catalog, faults: [rule] });
    await expect(glueClient(simulator).send(getDatabases)).rejects.toMatchObject(seen);
  });

  it("no answer at all, until the client gives up", async () => {
    await using simulator = await startSimulator({ catalog, faults: [{ kind: "hang" }] });
    const abortSignal = AbortSignal.timeout(100);
    await expect(glueClient(simulator).send(getDatabases, { abortSignal })).rejects.toMatchObject({
      name: "AbortError",
    });
    await expect.poll(() => simulator.counters.byOutcome).toEqual({ "no answer": 1 });
  });

  it("closing ends hanging and delayed calls", async () => {
    const simulator = await startSimulator({
      catalog,
      faults: [
        { kind: "hang", times: 1 },
        { kind: "delay", ms: 60_000, skip: 1 },
      ],
    });
    const calls = [glueClient(simulator).send(getDatabases), glueClient(simulator).send(getDatabases)];
    const ends = Promise.allSettled(calls);
    await new Promise(resolve => setTimeout(resolve, 100));
    await simulator.close();
    expect((await ends).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  });
});

describe("a rule", () => {
  it("means the calls it names, and can be taken back", async () => {
    await using simulator = await startSimulator({ catalog });
    const client = glueClient(simulator);
    const [first = "", second = ""] = (await listDatabases(client)).map(({ Name }) => Name ?? "");
    const remove = simulator.faults.add({ kind: "deny", operation: "GetTables", database: first });
    await expect(listTables(client, first)).rejects.toMatchObject({ name: "AccessDeniedException" });
    expect(await listTables(client, second)).toHaveLength(250);
    remove();
    expect(await listTables(client, first)).toHaveLength(250);
  });

  it("strikes every Nth call, after skipping some, so many times", () => {
    const subject = {
      service: "glue",
      operation: "GetTables",
      region: "us-east-1",
      accountId: "1",
      accessKeyId: "A",
      callerArn: "arn",
      action: "glue:GetTables",
      resourceArn: "arn",
    };
    const plan = new FaultPlan("seed", [{ kind: "throttle", every: 2, skip: 3, times: 2 }]);
    const struck = Array.from({ length: 12 }, () => plan.judge(subject).error !== undefined);
    expect(struck.flatMap((isStruck, index) => (isStruck ? [index + 1] : []))).toEqual([5, 7]);
  });

  it("with a probability strikes the same calls for the same seed, in whatever order they come", () => {
    const subjects = Array.from({ length: 400 }, (_, index) => ({
      service: "glue",
      operation: "GetTables",
      region: "us-east-1",
      accountId: "1",
      accessKeyId: "A",
      callerArn: "arn",
      action: "glue:GetTables",
      resourceArn: "arn",
      database: `db${index}`,
    }));
    const struckBy = (seed: string, order: typeof subjects) => {
      const plan = new FaultPlan(seed, [{ kind: "throttle", probability: 0.25 }]);
      return order.filter(subject => plan.judge(subject).error).map(({ database }) => database);
    };
    const struck = struckBy("one", subjects);
    expect(struckBy("one", subjects.toReversed()).toReversed()).toEqual(struck);
    expect(struckBy("two", subjects)).not.toEqual(struck);
    expect(struck.length).toBeGreaterThan(60);
    expect(struck.length).toBeLessThan(140);
  });

  it("lets a retrying client through: throttling is passed by trying again", async () => {
    await using simulator = await startSimulator({ catalog, faults: [{ kind: "throttle", times: 1 }] });
    const client = glueClient(simulator, "eu-central-1", { maxAttempts: 3 });
    expect(await listDatabases(client)).toHaveLength(2);
    expect(simulator.counters.byOutcome).toEqual({ ThrottlingException: 1, ok: 1 });
  });

  it("expires an access key for good, until credentials change", async () => {
    await using simulator = await startSimulator({ catalog, faults: [{ kind: "expire", afterCalls: 2 }] });
    const client = glueClient(simulator);
    await client.send(getDatabases);
    await client.send(getDatabases);
    await expect(client.send(getDatabases)).rejects.toMatchObject({ name: "ExpiredTokenException" });
    await expect(client.send(getDatabases)).rejects.toMatchObject({ name: "ExpiredTokenException" });
    const credentials = { accessKeyId: "AKIARENEWED", secretAccessKey: "new" };
    expect(await listDatabases(glueClient(simulator, "eu-central-1", { credentials }))).toHaveLength(2);
  });

  it("delays each page", async () => {
    await using simulator = await startSimulator({ catalog, faults: [{ kind: "delay", ms: 60 }] });
    const startedAt = performance.now();
    await listDatabases(glueClient(simulator));
    expect(performance.now() - startedAt).toBeGreaterThan(55);
  });
});

describe("a lie", () => {
  it("repeats a page's token", async () => {
    await using simulator = await startSimulator({ catalog, faults: [{ kind: "lie", lie: "repeatToken", skip: 1 }] });
    const client = glueClient(simulator);
    const DatabaseName = simulator.catalogOf().databaseAt("eu-central-1", 0)?.database.Name;
    const first = await client.send(new GetTablesCommand({ DatabaseName }));
    const second = await client.send(new GetTablesCommand({ DatabaseName, NextToken: first.NextToken }));
    expect(second.NextToken).toBe(first.NextToken);
  });

  it("answers an empty page with a token", async () => {
    await using simulator = await startSimulator({ catalog, faults: [{ kind: "lie", lie: "emptyPage", every: 2 }] });
    const client = glueClient(simulator);
    const DatabaseName = simulator.catalogOf().databaseAt("eu-central-1", 0)?.database.Name ?? "";
    expect(await listTables(client, DatabaseName)).toHaveLength(250);
    expect(simulator.requests.map(({ items }) => items)).toEqual([100, 0, 100, 0, 50]);
  });

  it("lists a table twice, and absurd sizes", async () => {
    await using simulator = await startSimulator({
      catalog: { databases: 1, tablesPerDatabase: 5 },
      faults: [
        { kind: "lie", lie: "repeatItem" },
        { kind: "lie", lie: "absurdSizes" },
      ],
    });
    const DatabaseName = simulator.catalogOf().databaseAt("eu-central-1", 0)?.database.Name ?? "";
    const tables = await listTables(glueClient(simulator), DatabaseName);
    expect(tables).toHaveLength(6);
    expect(tables[5]).toEqual(tables[4]);
    expect(tables[0]?.Parameters).toMatchObject({ sizeKey: "9223372036854775808", numRows: "-9223372036854775809" });
  });
});

describe("the rate limit", () => {
  it("throttles more concurrent calls than allowed", async () => {
    await using simulator = await startSimulator({
      catalog,
      limit: { concurrent: 2 },
      faults: [{ kind: "delay", ms: 100 }],
    });
    const client = glueClient(simulator);
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => client.send(getDatabases)));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
    expect(simulator.counters.byOutcome).toEqual({ ok: 2, ThrottlingException: 4 });
    simulator.setLimit({});
    const unlimited = await Promise.allSettled(Array.from({ length: 6 }, () => client.send(getDatabases)));
    expect(unlimited.every(({ status }) => status === "fulfilled")).toBe(true);
  });

  it("refills its bucket over time", () => {
    let now = 0;
    const limiter = new RateLimiter({ perSecond: 10, burst: 3 }, () => now);
    const enter = () => limiter.enter(["account"], "GetTables") !== undefined;
    expect([enter(), enter(), enter(), enter()]).toEqual([true, true, true, false]);
    now = 100;
    expect([enter(), enter()]).toEqual([true, false]);
    expect(limiter.enter(["another account"], "GetTables")).toBeDefined();
  });

  it("can be one bucket for all operations of a service", () => {
    const limiter = new RateLimiter({ per: "service", perSecond: 10, burst: 2 }, () => 0);
    const enter = (operation: string, service = "glue") => limiter.enter(["account", service], operation) !== undefined;
    expect([enter("GetTables"), enter("GetDatabases"), enter("GetTables")]).toEqual([true, true, false]);
    expect(enter("DescribeReplicationTasks", "dms")).toBe(true);
  });
});
