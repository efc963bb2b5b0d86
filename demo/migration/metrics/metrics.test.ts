import {
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  type Metric,
  type MetricDataQuery,
  paginateGetMetricData,
  paginateListMetrics,
} from "@aws-sdk/client-cloudwatch";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Simulator } from "../../simulator.ts";
import { cloudWatchClient, simulate, startsAt } from "../../testing.ts";
import type { JobScript } from "../scripts.ts";

const minute = 60_000;

const at = (minutes: number): Date => new Date(startsAt.getTime() + minutes * minute);

function query(
  id: string,
  namespace: string,
  name: string,
  dimensions: Record<string, string>,
  stat = "Average",
): MetricDataQuery {
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  return {
    Id: id,
    MetricStat: { Metric: { Namespace: namespace, MetricName: name, Dimensions }, Period: 60, Stat: stat },
  };
}

async function metrics(
  simulator: Simulator,
  queries: MetricDataQuery[],
  window: Partial<GetMetricDataCommandInput> = {},
): Promise<Map<string, number[]>> {
  const values = new Map<string, number[]>();
  const input = { StartTime: startsAt, EndTime: at(600), MetricDataQueries: queries, ...window };
  for await (const page of paginateGetMetricData({ client: cloudWatchClient(simulator) }, input)) {
    for (const { Id: id = "", Values: more = [] } of page.MetricDataResults ?? []) {
      values.set(id, [...(values.get(id) ?? []), ...more]);
    }
  }
  return values;
}

const sum = (values: readonly number[] | undefined): number =>
  (values ?? []).reduce((total, value) => total + value, 0);

describe("what CloudWatch tells agrees with the describe calls", () => {
  it("a DMS load's rows a second add up to the rows loaded", async () => {
    await using simulator = await simulate({
      kind: "dms",
      name: "orders",
      type: "full-load-and-cdc",
      changes: { perSecond: 40, delays: [{ startsAfter: 120, minutes: 60, peakSeconds: 600 }] },
      tables: [{ schema: "sales", table: "orders", rows: 5_000_000, bytesPerRow: 1024 }],
      runs: [{ startsAfter: 0, minutes: 60, stalls: [{ at: 0.5, minutes: 20 }] }],
    });
    const [job] = simulator.migrationOf().in("eu-central-1").dmsTasks;
    const dimensions = {
      ReplicationInstanceIdentifier: "dms-main",
      ReplicationTaskIdentifier: job?.resourceId ?? "",
    };
    const dms = (name: string) => query(name.toLowerCase(), "AWS/DMS", name, dimensions);
    const names = [
      "FullLoadThroughputRowsTarget",
      "FullLoadThroughputBandwidthTarget",
      "CDCLatencyTarget",
      "CDCThroughputRowsTarget",
    ];
    simulator.clock.set(at(30));
    const early = await metrics(simulator, names.map(dms));
    expect(sum(early.get("fullloadthroughputrowstarget")) * 60).toBeCloseTo(
      job?.loadedAt(at(29).getTime()).rows ?? 0,
      -1,
    );
    simulator.clock.set(at(200));
    const late = await metrics(simulator, names.map(dms));
    expect(sum(late.get("fullloadthroughputrowstarget")) * 60).toBeCloseTo(5_000_000, -1);
    // A kilobyte for each row.
    expect(sum(late.get("fullloadthroughputbandwidthtarget")) * 60).toBeCloseTo(5_000_000, -1);
    expect(Math.max(...(late.get("cdclatencytarget") ?? []))).toBeGreaterThan(500);
    expect(late.get("cdclatencytarget")?.[0]).toBeLessThan(10);
    const stalled = await metrics(simulator, [dms("FullLoadThroughputRowsTarget")], {
      StartTime: at(35),
      EndTime: at(48),
    });
    expect(stalled.get("fullloadthroughputrowstarget")).toEqual(new Array(13).fill(0));
  });

  it("needs both dimensions of a DMS task", async () => {
    await using simulator = await simulate({
      kind: "dms",
      name: "orders",
      type: "full-load",
      tables: [{ schema: "sales", table: "orders", rows: 5_000_000 }],
      runs: [{ startsAfter: 0, minutes: 60 }],
    });
    simulator.clock.set(at(30));
    const id = simulator.migrationOf().in("eu-central-1").dmsTasks[0]?.resourceId ?? "";
    const name = "FullLoadThroughputRowsTarget";
    const values = await metrics(simulator, [
      query("half", "AWS/DMS", name, { ReplicationTaskIdentifier: id }),
      query("name", "AWS/DMS", name, {
        ReplicationInstanceIdentifier: "dms-main",
        ReplicationTaskIdentifier: "orders",
      }),
      query("both", "AWS/DMS", name, { ReplicationInstanceIdentifier: "dms-main", ReplicationTaskIdentifier: id }),
    ]);
    expect(values.get("half")).toEqual([]);
    expect(values.get("name")).toEqual([]);
    expect(values.get("both")?.length).toBeGreaterThan(20);
  });

  it("a DataSync execution's bytes and a Glue run's add up, and jobs without metrics have none", async () => {
    const glue = { kind: "glue", bytes: 5e11, runs: [{ startsAfter: 0, minutes: 90 }] } as const;
    await using simulator = await simulate(
      {
        kind: "datasync",
        name: "lake",
        source: "s3://b/",
        bytes: 1e12,
        files: 5_000,
        runs: [{ startsAfter: 0, minutes: 90 }],
      },
      { ...glue, name: "loud" },
      { ...glue, name: "silent", hasMetrics: false },
    );
    const jobs = simulator.migrationOf().in("eu-central-1");
    simulator.clock.set(at(200));
    const [run] = jobs.glueByName("loud")?.attemptsAt(at(200).getTime()) ?? [];
    const read = "glue.ALL.s3.filesystem.read_bytes";
    const values = await metrics(simulator, [
      query("written", "AWS/DataSync", "BytesWritten", { TaskId: jobs.dataSyncTasks[0]?.taskId ?? "" }, "Sum"),
      query("read", "Glue", read, { JobName: "loud", JobRunId: run?.id ?? "", Type: "gauge" }, "Sum"),
      query("all", "Glue", read, { JobName: "loud", JobRunId: "ALL", Type: "gauge" }, "Sum"),
      query(
        "stages",
        "Glue",
        "glue.driver.aggregate.numCompletedStages",
        { JobName: "loud", JobRunId: "ALL", Type: "count" },
        "Sum",
      ),
      query("wrong", "Glue", read, { JobName: "loud", JobRunId: "ALL", Type: "count" }, "Sum"),
      query("silent", "Glue", read, { JobName: "silent", JobRunId: "ALL", Type: "gauge" }, "Sum"),
    ]);
    expect(sum(values.get("written"))).toBe(1e12);
    expect(sum(values.get("read"))).toBe(5e11);
    expect(values.get("all")).toEqual(values.get("read"));
    expect(sum(values.get("stages"))).toBe(24);
    expect(values.get("wrong")).toEqual([]);
    expect(values.get("silent")).toEqual([]);
  });
});

describe("GetMetricData", () => {
  const task: JobScript = {
    kind: "datasync",
    name: "lake",
    source: "s3://b/",
    bytes: 1e12,
    files: 5_000,
    runs: [{ startsAfter: 0, minutes: 300 }],
  };

  it("tells nothing that is not published yet", async () => {
    await using simulator = await simulate(task);
    const dimensions = { TaskId: simulator.migrationOf().in("eu-central-1").dataSyncTasks[0]?.taskId ?? "" };
    const ask = async () =>
      (await metrics(simulator, [query("m", "AWS/DataSync", "BytesWritten", dimensions, "Sum")])).get("m")?.length;
    simulator.clock.set(at(10));
    expect(await ask()).toBe(9);
    simulator.clock.set(at(10.5));
    expect(await ask()).toBe(10);
  });

  it("pages without loss or repetition, whatever the page, the order and the faults", async () => {
    await using simulator = await simulate(task, {
      kind: "glue",
      name: "convert",
      bytes: 1e11,
      runs: [{ startsAfter: 0, minutes: 300 }],
    });
    simulator.clock.set(at(200));
    const dimensions = { TaskId: simulator.migrationOf().in("eu-central-1").dataSyncTasks[0]?.taskId ?? "" };
    const queries = [
      query("a", "AWS/DataSync", "BytesWritten", dimensions, "Sum"),
      query("none", "AWS/DataSync", "BytesWritten", { TaskId: "task-none" }, "Sum"),
      query(
        "b",
        "Glue",
        "glue.driver.aggregate.bytesRead",
        { JobName: "convert", JobRunId: "ALL", Type: "count" },
        "Sum",
      ),
    ];
    const whole = await metrics(simulator, queries);
    expect(whole.get("none")).toEqual([]);
    expect(whole.get("a")?.length).toBeGreaterThan(150);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 13, max: 500 }), fc.boolean(), fc.boolean(), async (size, up, lying) => {
        const remove = lying
          ? simulator.faults.add({ kind: "lie", lie: "partialData", service: "monitoring" })
          : () => {};
        const paged = await metrics(simulator, queries, {
          MaxDatapoints: size,
          ScanBy: up ? "TimestampAscending" : "TimestampDescending",
        });
        remove();
        for (const [id, values] of whole) expect(paged.get(id)).toEqual(up ? values.toReversed() : values);
      }),
      { numRuns: 12 },
    );
  });

  it("says when data is partial, and counts what it was asked for", async () => {
    await using simulator = await simulate(task);
    simulator.clock.set(at(200));
    const dimensions = { TaskId: simulator.migrationOf().in("eu-central-1").dataSyncTasks[0]?.taskId ?? "" };
    const input = {
      StartTime: startsAt,
      EndTime: at(200),
      MaxDatapoints: 10,
      MetricDataQueries: [
        query("a", "AWS/DataSync", "BytesWritten", dimensions),
        query("b", "AWS/DataSync", "FilesTransferred", dimensions),
      ],
    };
    const client = cloudWatchClient(simulator);
    const page = await client.send(new GetMetricDataCommand(input));
    expect(page.MetricDataResults?.map(({ Id, StatusCode }) => [Id, StatusCode])).toEqual([["a", "PartialData"]]);
    expect(page.MetricDataResults?.[0]?.Timestamps?.[0]).toEqual(at(198));
    expect(page.NextToken).toBeDefined();
    expect(simulator.counters.metrics).toBe(2);
    expect(simulator.requests.at(-1)).toMatchObject({ service: "monitoring", operation: "GetMetricData", metrics: 2 });
    simulator.faults.add({ kind: "lie", lie: "internalError" });
    const broken = await client.send(new GetMetricDataCommand({ ...input, MaxDatapoints: 1_000 }));
    expect(broken.MetricDataResults?.map(({ StatusCode }) => StatusCode)).toEqual(["InternalError", "Complete"]);
  });

  it("refuses what CloudWatch refuses", async () => {
    await using simulator = await simulate(task);
    const client = cloudWatchClient(simulator);
    const ask = (queries: MetricDataQuery[], window = {}) =>
      client.send(
        new GetMetricDataCommand({ StartTime: startsAt, EndTime: at(5), MetricDataQueries: queries, ...window }),
      );
    const one = query("a", "AWS/DataSync", "BytesWritten", {});
    const many = Array.from({ length: 501 }, (_, index) => ({ ...one, Id: `m${index}` }));
    await expect(ask(many)).rejects.toThrow(/size greater than 500/);
    expect((await ask(many.slice(1))).MetricDataResults).toHaveLength(500);
    await expect(ask([one, one])).rejects.toThrow(/not unique/);
    await expect(ask([{ ...one, Id: "Upper" }])).rejects.toThrow(/expected pattern/);
    await expect(ask([one], { EndTime: startsAt })).rejects.toThrow(/less than/);
    await expect(ask([one], { NextToken: "bogus" })).rejects.toMatchObject({ name: "InvalidNextToken" });
    const relent = simulator.faults.add({ kind: "throttle", service: "monitoring" });
    await expect(ask([one])).rejects.toMatchObject({ name: "Throttling", message: "Rate exceeded" });
    relent();
    simulator.faults.add({ kind: "deny", service: "monitoring" });
    await expect(ask([one])).rejects.toMatchObject({
      name: "AccessDenied",
      message: expect.stringContaining("not authorized to perform: cloudwatch:GetMetricData"),
    });
  });

  it("lists the metrics that have data", async () => {
    await using simulator = await simulate(
      task,
      { kind: "glue", name: "silent", hasMetrics: false, bytes: 1, runs: [{ startsAfter: 0, minutes: 60 }] },
      { kind: "glue", name: "loud", bytes: 1, runs: { startsAfter: -10_000, every: 60, minutes: 50 } },
    );
    simulator.clock.set(at(30));
    const list = async (input: Record<string, unknown>) => {
      const found: Metric[] = [];
      for await (const page of paginateListMetrics({ client: cloudWatchClient(simulator) }, input)) {
        found.push(...(page.Metrics ?? []));
      }
      return found;
    };
    expect((await list({ Namespace: "AWS/DataSync" })).length).toBe(12);
    const glue = await list({ Namespace: "Glue", MetricName: "glue.ALL.s3.filesystem.read_bytes" });
    const jobs = glue.map(metric => metric.Dimensions?.find(({ Name }) => Name === "JobName")?.Value);
    expect(new Set(jobs)).toEqual(new Set(["loud"]));
    expect(glue.length).toBe(1 + 168);
    const recent = await list({
      Namespace: "Glue",
      MetricName: "glue.ALL.s3.filesystem.read_bytes",
      RecentlyActive: "PT3H",
    });
    expect(recent.length).toBe(1 + 3);
  });
});
