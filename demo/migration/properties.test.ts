import {
  paginateDescribeReplicationTasks,
  paginateDescribeTableStatistics,
  type TableStatistics,
} from "@aws-sdk/client-database-migration-service";
import { paginateListTaskExecutions } from "@aws-sdk/client-datasync";
import { GetJobRunsCommand, paginateGetJobRuns } from "@aws-sdk/client-glue";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMigration } from "../migration.ts";
import type { Simulator } from "../simulator.ts";
import { dataSyncClient, dmsClient, glueClient, simulate, startsAt, taskOf } from "../testing.ts";
import type { JobScript } from "./scripts.ts";

const minute = 60_000;
const orders = { schema: "sales", table: "orders", rows: 1_000_000 };

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
