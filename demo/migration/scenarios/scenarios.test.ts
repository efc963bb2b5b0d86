import {
  DescribeReplicationTasksCommand,
  paginateDescribeReplicationTasks,
} from "@aws-sdk/client-database-migration-service";
import { paginateListTasks } from "@aws-sdk/client-datasync";
import { paginateGetJobs } from "@aws-sdk/client-glue";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCatalog } from "../../catalog.ts";
import { createMigration } from "../../migration.ts";
import { startSimulator } from "../../simulator.ts";
import { dataSyncClient, dmsClient, glueClient } from "../../testing.ts";
import type { Migration } from "../migration.ts";
import { isStalled } from "../run.ts";
import { demoBeginning } from "./demo-company.ts";
import { fits } from "./sources.ts";

const hour = 3_600_000;
const day = 24 * hour;
const place = { seed: "aws2openstack", accountId: "210987654321", origin: 0 };

/** What runs, ended or stands still in a region at a moment, over all services. */
function censusOf(migration: Migration, region: string, time: number) {
  const jobs = migration.in(region);
  const dms = [...jobs.dmsTasks, ...jobs.replications].filter(job => job.existsAt(time));
  const statuses = dms.map(job => job.stateAt(time).status);
  const executions = jobs.dataSyncTasks.flatMap(job => {
    const run = job.newestAt(time);
    return run ? [job.statusAt(run, time)] : [];
  });
  const runs = jobs.glueJobs.flatMap(job =>
    job
      .attemptsAt(time)
      .slice(0, 1)
      .map(({ run }) => job.stateAt(run, time)),
  );
  const all = [...statuses, ...executions, ...runs];
  return {
    running: all.filter(status => /^(?:running|TRANSFERRING|PREPARING|VERIFYING|RUNNING)$/.test(status)).length,
    ended: all.filter(status => /^(?:stopped|SUCCESS|SUCCEEDED)$/.test(status)).length,
    failed: statuses.filter(status => status === "failed").length,
    stalled: dms.filter(job => {
      const run = job.runAt(time);
      return run !== undefined && isStalled(run, time);
    }).length,
  };
}

describe("the demo company's migration", () => {
  const catalog = createCatalog();
  const migration = createMigration(undefined, place, catalog);

  it("is alive at any moment: some jobs run, some have ended, mostly one stands still and one has failed", () => {
    let stalled = 0;
    let failed = 0;
    const moments = 400;
    for (let index = 0; index < moments; index++) {
      const census = censusOf(migration, "eu-central-1", demoBeginning + 14 * day + index * 1.37 * hour);
      expect(census.running).toBeGreaterThanOrEqual(3);
      expect(census.ended).toBeGreaterThanOrEqual(1);
      stalled += census.stalled > 0 ? 1 : 0;
      failed += census.failed > 0 ? 1 : 0;
    }
    expect(stalled).toBeGreaterThan(moments * 0.7);
    expect(failed).toBeGreaterThan(moments * 0.8);
  });

  it("has weeks of history behind it, good and bad", () => {
    const time = demoBeginning + 21 * day;
    const [order] = migration
      .in("eu-central-1")
      .dataSyncTasks.filter(({ script }) => script.name === "clickstream-history");
    const ends = order?.executionsAt(time).map(run => order.statusAt(run, time)) ?? [];
    expect(ends.length).toBeGreaterThan(400);
    expect(ends.filter(end => end === "ERROR").length).toBeGreaterThan(3);
    expect(order?.executionsAt(time)[0]?.startsAt).toBeLessThan(time - 20 * day);
  });

  it("moves tables that are in the catalog", () => {
    for (const region of migration.regions) {
      const jobs = migration.in(region);
      for (const job of [...jobs.dmsTasks, ...jobs.replications]) {
        expect(job.script.tables.length).toBeGreaterThan(3);
        const rules = job.script.mappings ?? [];
        for (const { schema, table } of job.script.tables) {
          expect(catalog.findDatabase(region, schema)?.findTable(table)?.Name).toBe(table);
          if (rules.length === 0) continue;
          const [include, exclude] = ["include", "exclude"].map(action =>
            rules.some(rule => rule.action === action && rule.schema === schema && fits(table, rule.table)),
          );
          expect([table, include, exclude]).toEqual([table, true, false]);
        }
      }
      const locations: string[] = [];
      for (let index = 0; index < catalog.databaseCount(region); index++) {
        const entry = catalog.databaseAt(region, index);
        for (let position = 0; entry && position < entry.tableCount; position++) {
          locations.push(entry.tableAt(position)?.StorageDescriptor?.Location ?? "");
        }
      }
      for (const job of jobs.dataSyncTasks) {
        const { source } = job.script;
        expect([source, locations.some(location => `${location}/`.startsWith(source))]).toEqual([source, true]);
      }
      for (const { script } of jobs.glueJobs) {
        for (const args of [script.arguments ?? {}, ...(script.turns ?? [])]) {
          const { "--source_database": database, "--source_table": table } = args;
          if (!database || !table) continue;
          expect([table, catalog.findDatabase(region, database)?.findTable(table)?.Name]).toEqual([table, table]);
        }
      }
    }
  });

  it("is what a simulator tells unless it is told otherwise, and nothing in a catalog of another kind", async () => {
    await using simulator = await startSimulator();
    const { ReplicationTasks: tasks = [] } = await dmsClient(simulator).send(new DescribeReplicationTasksCommand({}));
    expect(tasks.map(task => task.ReplicationTaskIdentifier)).toContain("shop-orders-live");
    await using sized = await startSimulator({ catalog: { databases: 2 } });
    expect((await dmsClient(sized).send(new DescribeReplicationTasksCommand({}))).ReplicationTasks).toEqual([]);
  });
});

describe("a fleet", () => {
  it("runs as many jobs as it was asked for, for hours, over tables of the catalog", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 250 }), fc.integer({ min: 0, max: 600 }), (running, minutes) => {
        const catalog = createCatalog({ databases: 10, tablesPerDatabase: 100 });
        const migration = createMigration({ fleet: { running } }, place, catalog);
        const census = censusOf(migration, "eu-central-1", minutes * 60_000 + 60_000);
        // A few may just be starting.
        expect(census.running).toBeGreaterThanOrEqual(Math.floor(running * 0.8));
        expect(census.running).toBeLessThanOrEqual(running);
        const [task] = migration.in("eu-central-1").dmsTasks;
        const table = task?.script.tables[0];
        expect(catalog.findDatabase("eu-central-1", table?.schema ?? "")?.findTable(table?.table ?? "")).toBeDefined();
      }),
      { numRuns: 15 },
    );
  });

  it("is listed page by page", async () => {
    await using simulator = await startSimulator({
      catalog: { databases: 10, tablesPerDatabase: 100 },
      migration: { fleet: { running: 1_000 } },
    });
    let count = 0;
    for await (const page of paginateDescribeReplicationTasks({ client: dmsClient(simulator), pageSize: 100 }, {})) {
      count += page.ReplicationTasks?.length ?? 0;
    }
    for await (const page of paginateListTasks({ client: dataSyncClient(simulator) }, {}))
      count += page.Tasks?.length ?? 0;
    for await (const page of paginateGetJobs({ client: glueClient(simulator) }, {})) count += page.Jobs?.length ?? 0;
    expect(count).toBe(1_000);
    expect(simulator.counters.byOperation).toEqual({ DescribeReplicationTasks: 4, ListTasks: 3, GetJobs: 3 });
  });
});
