import {
  DescribeReplicationInstancesCommand,
  DescribeReplicationsCommand,
  DescribeReplicationTasksCommand,
} from "@aws-sdk/client-database-migration-service";
import { describe, expect, it } from "vitest";
import { dmsClient, simulate, startsAt, tablesOf, taskOf } from "../testing.ts";

const minute = 60_000;
const orders = { schema: "sales", table: "orders", rows: 1_000_000 };

describe("a DMS task", () => {
  it("starts, loads and ends as finished", async () => {
    await using simulator = await simulate({
      kind: "dms",
      name: "orders",
      type: "full-load",
      createdAfter: 0,
      tables: [orders, { schema: "sales", table: "order_lines", rows: 4_000_000 }],
      runs: [{ startsAfter: 10, minutes: 100 }],
    });
    expect((await taskOf(simulator)).Status).toBe("creating");
    simulator.clock.advance(5 * minute);
    const ready = await taskOf(simulator);
    expect(ready).toMatchObject({ Status: "ready", MigrationType: "full-load" });
    expect(ready.ReplicationTaskStats).toBeUndefined();
    expect(await tablesOf(simulator)).toEqual([]);
    simulator.clock.advance(6 * minute);
    expect((await taskOf(simulator)).Status).toBe("starting");
    simulator.clock.advance(50 * minute);
    const running = await taskOf(simulator);
    expect(running.Status).toBe("running");
    expect(running.StopReason).toBeUndefined();
    expect(running.ReplicationTaskStats?.FullLoadProgressPercent).toBeGreaterThan(20);
    expect(running.ReplicationTaskStats?.FullLoadProgressPercent).toBeLessThan(80);
    expect(running.ReplicationTaskStats?.StartDate).toEqual(new Date(startsAt.getTime() + 10 * minute));
    simulator.clock.advance(60 * minute);
    const done = await taskOf(simulator);
    expect(done).toMatchObject({ Status: "stopped", StopReason: "Stop Reason FULL_LOAD_ONLY_FINISHED" });
    expect(done.LastFailureMessage).toBeUndefined();
    expect(done.ReplicationTaskStats).toMatchObject({
      FullLoadProgressPercent: 100,
      TablesLoaded: 2,
      TablesLoading: 0,
    });
    expect((await tablesOf(simulator)).map(table => [table.TableState, table.FullLoadRows])).toEqual([
      ["Table completed", 4_000_000],
      ["Table completed", 1_000_000],
    ]);
  });

  it("fails with a message, stops, and is gone when it is deleted", async () => {
    const common = { kind: "dms", type: "full-load", tables: [orders] } as const;
    await using simulator = await simulate(
      { ...common, name: "a", runs: [{ startsAfter: 0, minutes: 60, end: "failed", message: "ORA-01555" }] },
      { ...common, name: "b", runs: [{ startsAfter: 0, minutes: 60, end: "stopped" }] },
      { ...common, name: "c", runs: [{ startsAfter: 0, minutes: 600 }], deletedAfter: 30 },
    );
    const client = dmsClient(simulator);
    const tasks = async () => {
      const answer = await client.send(new DescribeReplicationTasksCommand({}));
      return new Map(answer.ReplicationTasks?.map(task => [task.ReplicationTaskIdentifier, task]));
    };
    simulator.clock.advance(20 * minute);
    expect([...(await tasks()).values()].map(({ Status }) => Status)).toEqual(["running", "running", "running"]);
    simulator.clock.advance(30 * minute);
    const after = await tasks();
    expect(after.get("a")).toMatchObject({ Status: "failed", LastFailureMessage: "ORA-01555" });
    expect(after.get("b")).toMatchObject({ Status: "stopped", StopReason: "Stop Reason NORMAL" });
    expect(after.has("c")).toBe(false);
  });

  it("stands still while it stalls, and only then", async () => {
    await using simulator = await simulate({
      kind: "dms",
      name: "stalls",
      type: "full-load",
      tables: [orders],
      runs: [{ startsAfter: 0, minutes: 60, stalls: [{ at: 0.5, minutes: 30 }] }],
    });
    const rowsAt = async (minutes: number) => {
      simulator.clock.set(startsAt.getTime() + minutes * minute);
      return (await tablesOf(simulator))[0]?.FullLoadRows ?? 0;
    };
    const during = await rowsAt(35);
    expect(during).toBeGreaterThan(0);
    expect(await rowsAt(55)).toBe(during);
    expect((await taskOf(simulator)).Status).toBe("running");
    expect(await rowsAt(70)).toBeGreaterThan(during);
    expect(await rowsAt(91)).toBe(orders.rows);
  });

  it("tells tables in error and rows that differ, and leaves a suspended table's changes out", async () => {
    await using simulator = await simulate({
      kind: "dms",
      name: "flawed",
      type: "full-load-and-cdc",
      changes: { perSecond: 100 },
      tables: [
        { ...orders, table: "broken", failsAfter: 0.4 },
        { ...orders, table: "differs", mismatches: 7 },
        { ...orders, table: "sound" },
      ],
      runs: [{ startsAfter: 0, minutes: 60 }],
    });
    simulator.clock.advance(180 * minute);
    expect((await taskOf(simulator)).ReplicationTaskStats).toMatchObject({ TablesLoaded: 2, TablesErrored: 1 });
    const [broken, differs, sound] = await tablesOf(simulator);
    expect(broken).toMatchObject({ TableState: "Table error", FullLoadRows: 400_000, ValidationState: "Table error" });
    expect(broken?.FullLoadErrorRows).toBeGreaterThan(0);
    expect(broken?.Inserts).toBe(0);
    expect(differs).toMatchObject({ ValidationState: "Mismatched records", ValidationFailedRecords: 7 });
    expect(sound).toMatchObject({ TableState: "Table completed", ValidationState: "Validated" });
    expect(sound?.Inserts).toBeGreaterThan(50_000);
  });

  it("follows changes, falls behind and catches up", async () => {
    await using simulator = await simulate({
      kind: "dms",
      name: "cdc",
      type: "cdc",
      changes: { perSecond: 10, delays: [{ startsAfter: 60, minutes: 60, peakSeconds: 900 }] },
      tables: [orders],
      runs: [{ startsAfter: 0, minutes: 2 }],
    });
    const behind = async (minutes: number) => {
      simulator.clock.set(startsAt.getTime() + minutes * minute);
      const [table] = await tablesOf(simulator);
      return (table?.Inserts ?? 0) - (table?.AppliedInserts ?? 0);
    };
    expect(await behind(59)).toBeLessThan(50);
    expect(await behind(98)).toBeGreaterThan(1_000);
    expect(await behind(121)).toBeLessThan(50);
    expect(await taskOf(simulator)).toMatchObject({ Status: "running", MigrationType: "cdc" });
  });

  it("leaves settings out when asked, and filters by what AWS filters by", async () => {
    const common = { kind: "dms", tables: [orders], runs: [{ startsAfter: 0, minutes: 60 }] } as const;
    await using simulator = await simulate(
      { ...common, name: "load", type: "full-load", mappings: [{ action: "include", schema: "sales", table: "%" }] },
      { ...common, name: "follow", type: "cdc", changes: { perSecond: 1 }, instance: "dms-cdc" },
    );
    const client = dmsClient(simulator);
    const filter = (name: string, ...values: string[]) =>
      client.send(new DescribeReplicationTasksCommand({ Filters: [{ Name: name, Values: values }] }));
    const found = (await filter("migration-type", "full-load")).ReplicationTasks ?? [];
    expect(found.map(task => task.ReplicationTaskIdentifier)).toEqual(["load"]);
    expect(JSON.parse(found[0]?.TableMappings ?? "")).toMatchObject({
      rules: [{ "rule-action": "include", "object-locator": { "schema-name": "sales", "table-name": "%" } }],
    });
    const bare = await client.send(new DescribeReplicationTasksCommand({ WithoutSettings: true }));
    expect(bare.ReplicationTasks?.map(task => task.ReplicationTaskSettings)).toEqual([undefined, undefined]);
    await expect(filter("replication-task-id", "none")).rejects.toMatchObject({ name: "ResourceNotFoundFault" });
    await expect(filter("colour", "blue")).rejects.toMatchObject({ name: "InvalidParameterValueException" });
    const { ReplicationInstances: instances } = await client.send(new DescribeReplicationInstancesCommand({}));
    expect(instances?.map(instance => instance.ReplicationInstanceIdentifier).toSorted()).toEqual([
      "dms-cdc",
      "dms-main",
    ]);
    expect(await client.send(new DescribeReplicationTasksCommand({ MaxRecords: 5 })).catch(error => error.name)).toBe(
      "InvalidParameterValueException",
    );
  });

  it("is a replication when it is serverless", async () => {
    await using simulator = await simulate({
      kind: "dms",
      name: "serverless",
      type: "full-load",
      isServerless: true,
      tables: [orders],
      runs: [{ startsAfter: 0, minutes: 60, end: "failed" }],
    });
    const client = dmsClient(simulator);
    const replication = async () => (await client.send(new DescribeReplicationsCommand({}))).Replications?.[0];
    expect((await client.send(new DescribeReplicationTasksCommand({}))).ReplicationTasks).toEqual([]);
    expect((await replication())?.Status).toBe("initializing");
    simulator.clock.advance(20 * minute);
    expect(await replication()).toMatchObject({ Status: "running", ProvisionData: { ProvisionState: "provisioned" } });
    simulator.clock.advance(20 * minute);
    const failed = await replication();
    expect(failed?.Status).toBe("failed");
    expect(failed?.FailureMessages?.[0]).toMatch(/Failed to connect/);
  });
});
