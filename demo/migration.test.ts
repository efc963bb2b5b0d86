import {
  DescribeReplicationInstancesCommand,
  DescribeReplicationsCommand,
  DescribeReplicationTasksCommand,
  DescribeTableStatisticsCommand,
  paginateDescribeReplicationTasks,
  paginateDescribeTableStatistics,
  type ReplicationTask,
  type TableStatistics,
} from "@aws-sdk/client-database-migration-service";
import {
  DescribeLocationS3Command,
  DescribeTaskCommand,
  DescribeTaskExecutionCommand,
  ListTaskExecutionsCommand,
  ListTasksCommand,
  paginateListTaskExecutions,
} from "@aws-sdk/client-datasync";
import { GetJobRunsCommand, GetJobsCommand, paginateGetJobRuns } from "@aws-sdk/client-glue";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JobScript } from "./migration/scripts.ts";
import { type Simulator, startSimulator } from "./simulator.ts";
import { dataSyncClient, dmsClient, glueClient } from "./testing.ts";

const startsAt = new Date("2026-11-25T00:00:00Z");
const minute = 60_000;

/** A simulator of these jobs whose clock moves only by hand. */
function simulate(...jobs: JobScript[]): Promise<Simulator> {
  return startSimulator({ clock: { startsAt, factor: 0 }, migration: { jobs } });
}

const orders = { schema: "sales", table: "orders", rows: 1_000_000 };

async function taskOf(simulator: Simulator): Promise<ReplicationTask> {
  const { ReplicationTasks: tasks = [] } = await dmsClient(simulator).send(new DescribeReplicationTasksCommand({}));
  const [task] = tasks;
  if (!task) throw new Error("no task");
  return task;
}

async function tablesOf(simulator: Simulator): Promise<TableStatistics[]> {
  const { ReplicationTaskArn: arn } = await taskOf(simulator);
  const answer = await dmsClient(simulator).send(new DescribeTableStatisticsCommand({ ReplicationTaskArn: arn }));
  return answer.TableStatistics ?? [];
}

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

describe("a DataSync task", () => {
  const copy = { kind: "datasync", name: "lake", source: "s3://lake/sales/", bytes: 1e12, files: 9_000 } as const;

  it("goes through its phases, all zero while it launches", async () => {
    await using simulator = await simulate({
      ...copy,
      runs: [
        { startsAfter: -300, minutes: 60, end: "failed", message: "bucket is read-only" },
        { startsAfter: 0, minutes: 100 },
      ],
    });
    const client = dataSyncClient(simulator);
    const [task] = (await client.send(new ListTasksCommand({}))).Tasks ?? [];
    const described = await client.send(new DescribeTaskCommand({ TaskArn: task?.TaskArn }));
    const source = await client.send(new DescribeLocationS3Command({ LocationArn: described.SourceLocationArn }));
    expect(source.LocationUri).toBe("s3://lake/sales/");
    const execution = (arn: string | undefined) =>
      client.send(new DescribeTaskExecutionCommand({ TaskExecutionArn: arn }));
    const { TaskExecutions: executions = [] } = await client.send(
      new ListTaskExecutionsCommand({ TaskArn: task?.TaskArn }),
    );
    expect(executions.map(({ Status }) => Status).toSorted()).toEqual(["ERROR", "QUEUED"]);
    const failed = await execution(executions.find(({ Status }) => Status === "ERROR")?.TaskExecutionArn);
    expect(failed.Result).toMatchObject({ TransferStatus: "ERROR", ErrorDetail: "bucket is read-only" });
    const seen: string[] = [];
    for (let minutes = 0; minutes <= 100; minutes++) {
      simulator.clock.set(startsAt.getTime() + minutes * minute);
      const now = await execution(described.CurrentTaskExecutionArn);
      if (seen.at(-1) !== now.Status) seen.push(now.Status ?? "");
      if (now.Status === "QUEUED" || now.Status === "LAUNCHING") {
        expect([now.EstimatedBytesToTransfer, now.BytesWritten, now.FilesTransferred]).toEqual([0, 0, 0]);
      }
      if (now.Status === "TRANSFERRING")
        expect(now.BytesWritten).toBeLessThanOrEqual(now.EstimatedBytesToTransfer ?? 0);
    }
    expect(seen).toEqual(["QUEUED", "LAUNCHING", "PREPARING", "TRANSFERRING", "VERIFYING", "SUCCESS"]);
    expect(await execution(described.CurrentTaskExecutionArn)).toMatchObject({
      BytesWritten: 1e12,
      FilesVerified: 9_000,
      Result: { PrepareStatus: "SUCCESS", TransferStatus: "SUCCESS", VerifyStatus: "SUCCESS" },
    });
  });

  it("refuses what it does not know", async () => {
    await using simulator = await simulate({ ...copy, runs: [] });
    const client = dataSyncClient(simulator);
    const arn = "arn:aws:datasync:eu-central-1:210987654321:task/task-00000000000000000";
    await expect(client.send(new DescribeTaskCommand({ TaskArn: arn }))).rejects.toMatchObject({
      name: "InvalidRequestException",
    });
  });
});

describe("a Glue job", () => {
  const job = { kind: "glue", name: "convert", bytes: 1e11 } as const;

  it("runs, times out, is stopped and succeeds, newest run first", async () => {
    await using simulator = await simulate({
      ...job,
      arguments: { "--source_table": "orders" },
      hasMetrics: false,
      runs: [
        { startsAfter: -300, minutes: 60 },
        { startsAfter: -200, minutes: 60, end: "timeout" },
        { startsAfter: -100, minutes: 60, end: "stopped" },
        { startsAfter: 0, minutes: 60 },
      ],
    });
    const client = glueClient(simulator);
    const runs = async () => (await client.send(new GetJobRunsCommand({ JobName: "convert" }))).JobRuns ?? [];
    expect((await runs()).map(run => run.JobRunState)).toEqual(["STARTING", "STOPPED", "TIMEOUT", "SUCCEEDED"]);
    simulator.clock.advance(30 * minute);
    const [running] = await runs();
    expect(running?.JobRunState).toBe("RUNNING");
    expect(running?.CompletedOn).toBeUndefined();
    const [definition] = (await client.send(new GetJobsCommand({}))).Jobs ?? [];
    expect(definition?.DefaultArguments).toMatchObject({ "--source_table": "orders" });
    expect(definition?.DefaultArguments).not.toHaveProperty("--enable-metrics");
  });

  it("tries a failed run again", async () => {
    await using simulator = await simulate({
      ...job,
      maxRetries: 3,
      runs: [{ startsAfter: 0, minutes: 30, end: "failed", message: "out of memory" }],
    });
    simulator.clock.advance(300 * minute);
    const runs = (await glueClient(simulator).send(new GetJobRunsCommand({ JobName: "convert" }))).JobRuns ?? [];
    const [last, before] = runs;
    expect(runs.length).toBeGreaterThan(1);
    expect(last?.PreviousRunId).toBe(before?.Id);
    expect(last?.Attempt).toBe(runs.length - 1);
    expect(before).toMatchObject({ JobRunState: "FAILED", ErrorMessage: "out of memory" });
  });
});

describe("whatever the jobs", () => {
  const runs = fc.array(
    fc.record({
      startsAfter: fc.integer({ min: -500, max: 200 }),
      minutes: fc.integer({ min: 5, max: 120 }),
      end: fc.constantFrom("done", "failed", "stopped", "timeout"),
      endsAfter: fc.double({ min: 0.05, max: 0.95, noNaN: true }),
      stalls: fc.array(
        fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), minutes: fc.integer({ min: 1, max: 60 }) }),
      ),
    }),
    { minLength: 1, maxLength: 3 },
  );

  it("loads never shrink within a run and table counts add up", async () => {
    await using simulator = await simulate();
    const { createMigration } = await import("./migration.ts");
    fc.assert(
      fc.property(
        runs,
        fc.array(
          fc.record({ rows: fc.nat(1e9), failsAfter: fc.option(fc.double({ min: 0.1, max: 0.9, noNaN: true })) }),
          {
            minLength: 1,
            maxLength: 20,
          },
        ),
        (scripts, sizes) => {
          const tables = sizes.map(({ rows, failsAfter }, index) => ({
            schema: "s",
            table: `t${index}`,
            rows,
            ...(failsAfter !== null && { failsAfter }),
          }));
          const migration = createMigration(
            { jobs: [{ kind: "dms", name: "x", type: "full-load", tables, runs: scripts }] },
            { seed: "s", accountId: "1", origin: 0 },
            simulator.catalogOf(),
          );
          const [job] = migration.in("eu-central-1").dmsTasks;
          if (!job) throw new Error("no task");
          let run: unknown;
          let loaded = 0;
          let percent = 0;
          for (let time = -510 * minute; time < 600 * minute; time += 7 * minute) {
            const { stats } = job.stateAt(time);
            const { rows } = job.loadedAt(time);
            if (job.runAt(time)?.key !== run) [run, loaded, percent] = [job.runAt(time)?.key, 0, 0];
            expect(rows).toBeGreaterThanOrEqual(loaded);
            loaded = rows;
            if (!stats) continue;
            const { TablesLoaded = 0, TablesLoading = 0, TablesQueued = 0, TablesErrored = 0 } = stats;
            expect(TablesLoaded + TablesLoading + TablesQueued + TablesErrored).toBe(tables.length);
            expect(stats.FullLoadProgressPercent).toBeGreaterThanOrEqual(percent);
            expect(stats.FullLoadProgressPercent).toBeLessThanOrEqual(100);
            percent = stats.FullLoadProgressPercent ?? 0;
            expect(job.tablesAt(time).reduce((sum, table) => sum + (table.FullLoadRows ?? 0), 0)).toBe(rows);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it("a seed and a moment tell everything: another simulator says the same, in any order of asking", async () => {
    const jobs: JobScript[] = [
      {
        kind: "datasync",
        name: "again",
        source: "s3://b/",
        bytes: 1e12,
        files: 10,
        runs: { startsAfter: -5_000, every: 120, minutes: 40, ends: { done: 3, failed: 1 } },
      },
      { kind: "glue", name: "job", bytes: 1e9, runs: { startsAfter: -9_000, every: 60, minutes: 20 } },
    ];
    await using first = await simulate(...jobs);
    await using second = await simulate(...jobs);
    second.clock.advance(1_000 * minute);
    const ask = async (simulator: Simulator) => {
      const executions: unknown[] = [];
      const client = dataSyncClient(simulator);
      for await (const page of paginateListTaskExecutions({ client }, {}))
        executions.push(...(page.TaskExecutions ?? []));
      const answer = await glueClient(simulator).send(new GetJobRunsCommand({ JobName: "job" }));
      return { executions, runs: answer.JobRuns };
    };
    await ask(second);
    second.clock.set(startsAt);
    expect(await ask(second)).toEqual(await ask(first));
  });

  it("paging loses and repeats nothing, even when jobs come and go between the pages", async () => {
    const common = { kind: "dms", type: "full-load", tables: [orders], runs: [] } as const;
    const names = Array.from({ length: 90 }, (_, index) => `task-${index}`);
    await using simulator = await simulate(
      ...names.map(name => ({ ...common, name }) as const),
      ...names.map(name => ({ ...common, name: `brief-${name}`, deletedAfter: 1 }) as const),
    );
    const client = dmsClient(simulator);
    const seen: (string | undefined)[] = [];
    for await (const page of paginateDescribeReplicationTasks({ client, pageSize: 20 }, {})) {
      seen.push(...(page.ReplicationTasks ?? []).map(task => task.ReplicationTaskIdentifier));
      simulator.clock.advance(minute);
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(names));
  });

  it("tables and runs are paged too", async () => {
    const tables = Array.from({ length: 730 }, (_, index) => ({ ...orders, table: `t${index}`, rows: 10 }));
    await using simulator = await simulate(
      { kind: "dms", name: "wide", type: "full-load", tables, runs: [{ startsAfter: 0, minutes: 60 }] },
      { kind: "glue", name: "often", bytes: 1, runs: { startsAfter: -10_000, every: 20, minutes: 5 } },
    );
    simulator.clock.advance(30 * minute);
    const { ReplicationTaskArn: arn } = await taskOf(simulator);
    const seen: TableStatistics[] = [];
    const pages = paginateDescribeTableStatistics(
      { client: dmsClient(simulator), pageSize: 500 },
      { ReplicationTaskArn: arn },
    );
    for await (const page of pages) seen.push(...(page.TableStatistics ?? []));
    expect(new Set(seen.map(table => table.TableName)).size).toBe(730);
    const ids: (string | undefined)[] = [];
    let last = Number.POSITIVE_INFINITY;
    for await (const page of paginateGetJobRuns({ client: glueClient(simulator) }, { JobName: "often" })) {
      for (const run of page.JobRuns ?? []) {
        ids.push(run.Id);
        expect(run.StartedOn?.getTime()).toBeLessThan(last);
        last = run.StartedOn?.getTime() ?? 0;
      }
    }
    expect(ids).toHaveLength(502);
    expect(new Set(ids).size).toBe(502);
  });
});

describe("what goes wrong with jobs' calls", () => {
  const load = { kind: "dms", name: "orders", type: "full-load", tables: [orders] } as const;

  it("an old answer tells a finished job as running again", async () => {
    await using simulator = await simulate({ ...load, runs: [{ startsAfter: 0, minutes: 60 }] });
    simulator.clock.advance(70 * minute);
    expect((await taskOf(simulator)).Status).toBe("stopped");
    const remove = simulator.faults.add({ kind: "old", ms: 30 * minute, service: "dms" });
    const old = await taskOf(simulator);
    expect(old.Status).toBe("running");
    expect(old.ReplicationTaskStats?.FullLoadProgressPercent).toBeLessThan(100);
    expect(simulator.requests.at(-1)?.toldOf).toBe(startsAt.getTime() + 40 * minute);
    remove();
    expect((await taskOf(simulator)).Status).toBe("stopped");
  });

  it("the Date header is the simulated clock's, unless it is skewed", async () => {
    await using simulator = await simulate({ ...load, runs: [] });
    simulator.clock.advance(90 * minute);
    const dateOf = async () => {
      const response = await fetch(simulator.url, { method: "POST" });
      await response.arrayBuffer();
      return response.headers.get("date");
    };
    expect(await dateOf()).toBe("Wed, 25 Nov 2026 01:30:00 GMT");
    simulator.faults.add({ kind: "skew", ms: -10 * minute });
    const client = dmsClient(simulator);
    let seen: string | undefined;
    client.middlewareStack.add(
      next => async args => {
        const answer = await next(args);
        const { response } = answer as { response: { headers: Record<string, string> } };
        seen = response.headers.date;
        return answer;
      },
      { step: "deserialize", priority: "low" },
    );
    await client.send(new DescribeReplicationTasksCommand({}));
    expect(seen).toBe("Wed, 25 Nov 2026 01:20:00 GMT");
  });

  it("strikes one service, one region or one job", async () => {
    await using simulator = await simulate(
      { ...load, runs: [{ startsAfter: 0, minutes: 60 }] },
      { kind: "glue", name: "one", bytes: 1, runs: [] },
      { kind: "glue", name: "two", bytes: 1, runs: [] },
    );
    simulator.faults.add({ kind: "throttle", service: "dms", region: "us-east-1" });
    simulator.faults.add({ kind: "deny", resource: "two" });
    const describeTasks = new DescribeReplicationTasksCommand({});
    await expect(dmsClient(simulator, "us-east-1").send(describeTasks)).rejects.toThrow("Rate exceeded");
    expect((await dmsClient(simulator).send(describeTasks)).ReplicationTasks).toHaveLength(1);
    const runs = (name: string) => glueClient(simulator).send(new GetJobRunsCommand({ JobName: name }));
    await expect(runs("two")).rejects.toThrow(/glue:GetJobRuns on resource: arn:aws:glue:eu-central-1:\d+:job\/two/);
    expect((await runs("one")).JobRuns).toEqual([]);
  });

  it("keeps what was asked and answered when a test wants to compare", async () => {
    await using simulator = await startSimulator({
      clock: { startsAt, factor: 0 },
      migration: { jobs: [{ ...load, runs: [{ startsAfter: 0, minutes: 60 }] }] },
      keepAnswers: true,
    });
    simulator.clock.advance(30 * minute);
    const told = await taskOf(simulator);
    const { input, output, toldOf } = simulator.requests.at(-1) ?? {};
    expect(input).toEqual({});
    expect(toldOf).toBe(startsAt.getTime() + 30 * minute);
    expect(output).toMatchObject({
      ReplicationTasks: [{ ReplicationTaskArn: told.ReplicationTaskArn, Status: "running" }],
    });
    const [job] = simulator.migrationOf().in("eu-central-1").dmsTasks;
    expect(job?.stateAt(toldOf ?? 0).stats?.FullLoadProgressPercent).toBe(
      told.ReplicationTaskStats?.FullLoadProgressPercent,
    );
  });
});
