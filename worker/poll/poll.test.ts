import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../test/database.ts";
import { MINUTE, STARTS_AT, watch } from "./testing.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const load = {
  kind: "dms",
  name: "orders",
  type: "full-load",
  tables: [
    { schema: "sales", table: "orders", rows: 1_000_000 },
    { schema: "sales", table: "lines", rows: 4_000_000 },
  ],
  runs: [{ startsAfter: 10, minutes: 100 }],
} as const;
const copy = {
  kind: "datasync",
  name: "archive",
  source: "s3://lake-raw/archive/",
  bytes: 5_000_000_000,
  files: 2_000,
  runs: [{ startsAfter: 10, minutes: 100 }],
} as const;
const convert = {
  kind: "glue",
  name: "convert",
  arguments: { "--source_table": "sales.events" },
  bytes: 9_000_000_000,
  runs: [{ startsAfter: 10, minutes: 100 }],
} as const;

describe("polling", () => {
  it("discovers jobs of all three services, with what AWS tells of them and nothing more", async () => {
    await using bench = await watch(db, [load, copy, convert]);
    bench.simulator.clock.advance(60 * MINUTE);
    const polled = await bench.poll();
    expect(polled).toMatchObject({ failures: [], running: 3 });

    expect(await bench.job("orders")).toMatchObject({
      job_type: "DMS",
      status: "RUNNING",
      aws_status: "running",
      migration_type: "full-load",
      started_at: new Date(STARTS_AT.getTime() + 10 * MINUTE),
      completed_at: null,
      bytes_copied: null,
      is_simulated: true,
      source: expect.stringContaining("oracle"),
      details: expect.objectContaining({
        ReplicationInstanceIdentifier: "dms-main",
        TableMappings: expect.objectContaining({ rules: expect.any(Array) }),
      }),
    });
    const task = await bench.job("orders");
    expect(Number(task.percent)).toBeGreaterThan(20);
    expect(Number(task.rows_copied)).toBeGreaterThan(0);
    const transfer = await bench.job("archive");
    expect(transfer).toMatchObject({
      job_type: "DATASYNC",
      status: "RUNNING",
      source: "s3://lake-raw/archive/",
      bytes_total: "5000000000",
      rows_copied: null,
    });
    expect(Number(transfer.percent)).toBeCloseTo(Number(transfer.bytes_copied) / 50_000_000, 1);
    // Glue tells no percentage; its bytes come from CloudWatch.
    const run = await bench.job("convert");
    expect(run).toMatchObject({
      job_type: "GLUE_JOB",
      status: "RUNNING",
      percent: null,
      rows_copied: null,
      bytes_total: null,
      details: expect.objectContaining({
        Arguments: expect.objectContaining({ "--source_table": "sales.events" }),
      }),
    });
    expect(Number(run.bytes_copied)).toBeGreaterThan(0);

    expect(await bench.rows("select sampled_at from a2o.migration_progress")).toHaveLength(3);
    expect(await bench.rows("select schema_name, table_name from a2o.migration_job_tables order by 2")).toEqual([
      { schema_name: "sales", table_name: "lines" },
      { schema_name: "sales", table_name: "orders" },
    ]);
    expect(
      await bench.rows(
        "select distinct metric_name, unit from a2o.migration_metrics where metric_name like '%Target%' order by 1",
      ),
    ).toEqual([
      { metric_name: "FullLoadThroughputBandwidthTarget", unit: "Kilobytes/Second" },
      { metric_name: "FullLoadThroughputRowsTarget", unit: "Count/Second" },
    ]);
    expect(await bench.rows("select state, is_simulated, running_jobs, error_code from a2o.monitor_overview")).toEqual([
      { state: "WATCHING", is_simulated: true, running_jobs: 3, error_code: null },
    ]);
  });

  it("counts every call and metric as the simulator counts them", async () => {
    await using bench = await watch(db, [load, copy, convert]);
    bench.simulator.clock.advance(60 * MINUTE);
    await bench.poll();
    bench.simulator.faults.add({ kind: "throttle", operation: "DescribeTaskExecution", times: 2 });
    await bench.poll();
    const { counters } = bench.simulator;
    const [usage] = await bench.rows(
      "select sum(calls)::int as calls, sum(errors)::int as errors, sum(throttled)::int as throttled, sum(metrics_requested)::int as metrics from a2o.monitor_usage",
    );
    expect(usage).toEqual({ calls: counters.total, errors: 2, throttled: 2, metrics: counters.metrics });
    expect(
      await bench.rows(
        "select calls_this_month::int as calls, metrics_this_month::int as metrics from a2o.monitor_overview",
      ),
    ).toEqual([{ calls: counters.total, metrics: counters.metrics }]);
  });

  it("follows a job from ready to its end, with a sample of each poll in which it ran and one of its end", async () => {
    await using bench = await watch(db, [load, copy, convert]);
    const seen: unknown[] = [];
    for (let minutes = 0; minutes <= 120; minutes += 15) {
      await bench.poll();
      seen.push((await bench.rows("select status from a2o.migration_jobs where job_name = 'orders'"))[0]?.status);
      bench.simulator.clock.advance(15 * MINUTE);
    }
    expect(seen).toEqual(["PENDING", ...Array(7).fill("RUNNING"), "COMPLETED"]);
    const jobs = await bench.rows(
      `select job_name, status, aws_status, stop_reason, percent::float8 as percent, completed_at,
         (select count(*)::int from a2o.migration_progress p where p.job_id = j.id) as samples
       from a2o.migration_jobs j order by job_name`,
    );
    const completed = { status: "COMPLETED", samples: 8, completed_at: expect.any(Date) };
    expect(jobs).toEqual([
      { job_name: "archive", aws_status: "SUCCESS", stop_reason: null, percent: 100, ...completed },
      { job_name: "convert", aws_status: "SUCCEEDED", stop_reason: null, percent: null, ...completed },
      { job_name: "orders", aws_status: "stopped", stop_reason: "FULL_LOAD_ONLY_FINISHED", percent: 100, ...completed },
    ]);
    for (const { completed_at } of jobs) {
      expect(Math.abs(Number(completed_at) - STARTS_AT.getTime() - 110 * MINUTE)).toBeLessThan(5 * MINUTE);
    }
    const [sizes] = await bench.rows(
      "select max(rows_copied)::int as rows, max(bytes_copied)::text as bytes from a2o.migration_jobs where job_type <> 'GLUE_JOB'",
    );
    expect(sizes).toEqual({ rows: 5_000_000, bytes: "5000000000" });
    // Nothing runs any more: slower from now on, and CloudWatch is asked for nothing.
    const before = bench.simulator.counters.metrics;
    const idle = await bench.poll();
    expect(idle?.running).toBe(0);
    expect((idle?.nextAt.getTime() ?? 0) - Date.now()).toBeGreaterThan(200_000);
    expect(bench.simulator.counters.metrics).toBe(before);
  });

  it("keeps each run of a DMS task as a job of its own, a resumed one as the same", async () => {
    const tables = load.tables;
    await using bench = await watch(db, [
      {
        ...load,
        runs: [
          { startsAfter: 0, minutes: 30 },
          { startsAfter: 60, minutes: 30, end: "failed", message: "disk full" },
        ],
      },
      {
        kind: "dms",
        name: "cdc",
        type: "full-load-and-cdc",
        tables,
        changes: { perSecond: 5 },
        runs: [{ startsAfter: 0, minutes: 20 }],
      },
    ]);
    for (let i = 0; i < 12; i++) {
      bench.simulator.clock.advance(10 * MINUTE);
      await bench.poll();
    }
    expect(
      await bench.rows(
        "select j.job_name, j.status, j.error_message, a.phase from a2o.migration_jobs j left join a2o.active_jobs a on a.job_id = j.id order by j.job_name, j.run_key",
      ),
    ).toEqual([
      { job_name: "cdc", status: "RUNNING", error_message: null, phase: "REPLICATING" },
      { job_name: "orders", status: "COMPLETED", error_message: null, phase: null },
      { job_name: "orders", status: "FAILED", error_message: "disk full", phase: null },
    ]);
  });

  it("does not reopen a finished job, nor record a sample, for an answer that tells of the past", async () => {
    await using bench = await watch(db, [load, copy, convert]);
    bench.simulator.clock.advance(60 * MINUTE);
    await bench.poll();
    bench.simulator.clock.advance(60 * MINUTE);
    await bench.poll();
    const before = await bench.rows(
      "select id, status, percent, rows_copied, bytes_copied, completed_at from a2o.migration_jobs order by id",
    );
    expect(before.map(({ status }) => status)).toEqual(Array(3).fill("COMPLETED"));
    const samples = await bench.rows("select job_id, sampled_at from a2o.migration_progress order by 1, 2");
    bench.simulator.faults.add({ kind: "old", ms: 45 * MINUTE });
    bench.simulator.clock.advance(MINUTE);
    await bench.poll();
    expect(
      await bench.rows(
        "select id, status, percent, rows_copied, bytes_copied, completed_at from a2o.migration_jobs order by id",
      ),
    ).toEqual(before);
    expect(await bench.rows("select job_id, sampled_at from a2o.migration_progress order by 1, 2")).toEqual(samples);
  });

  it("does not let a running job fall back either", async () => {
    await using bench = await watch(db, [load, copy]);
    bench.simulator.clock.advance(80 * MINUTE);
    await bench.poll();
    const state = () =>
      bench.rows("select job_name, percent, rows_copied, bytes_copied from a2o.migration_jobs order by 1");
    const before = await state();
    const remove = bench.simulator.faults.add({ kind: "old", ms: 30 * MINUTE });
    bench.simulator.clock.advance(MINUTE);
    await bench.poll();
    expect(await state()).toEqual(before);
    expect(await bench.rows("select from a2o.migration_progress")).toHaveLength(2);
    remove();
    bench.simulator.clock.advance(MINUTE);
    await bench.poll();
    expect(await state()).not.toEqual(before);
    expect(await bench.rows("select from a2o.migration_progress")).toHaveLength(4);
  });

  it("marks a task gone that two listings in a row do not name, and does not call it failed", async () => {
    await using bench = await watch(db, [{ ...load, deletedAfter: 50 }, copy]);
    bench.simulator.clock.advance(40 * MINUTE);
    await bench.poll();
    bench.simulator.clock.advance(20 * MINUTE);
    await bench.poll();
    expect(await bench.job("orders")).toMatchObject({ status: "RUNNING", gone_at: null });
    bench.simulator.clock.advance(MINUTE);
    expect((await bench.poll())?.running).toBe(1);
    expect(await bench.job("orders")).toMatchObject({ status: "RUNNING", gone_at: expect.any(Date) });
    expect(
      await bench.rows(
        "select a2o.migration_jobs_phase(j) as phase from a2o.migration_jobs j where job_name = 'orders'",
      ),
    ).toEqual([{ phase: "GONE" }]);
    expect(await bench.job("archive")).toMatchObject({ gone_at: null });
  });

  it("reads every page of many tasks, and asks for 500 metrics a call", async () => {
    const many = Array.from({ length: 230 }, (_, i) => ({ ...load, name: `task-${i}` }));
    await using bench = await watch(db, many);
    bench.simulator.clock.advance(60 * MINUTE);
    await bench.poll();
    bench.simulator.clearRequests();
    expect((await bench.poll())?.running).toBe(230);
    const { byOperation, metrics } = bench.simulator.counters;
    expect(byOperation).toMatchObject({ DescribeReplicationTasks: 3, DescribeTableStatistics: 230, GetMetricData: 2 });
    expect(byOperation.DescribeEndpoints).toBeUndefined();
    expect(metrics).toBe(920);
  });

  it("finds out by which dimensions CloudWatch knows a serverless replication", async () => {
    await using bench = await watch(db, [{ ...load, name: "serverless", isServerless: true }]);
    bench.simulator.clock.advance(60 * MINUTE);
    await bench.poll();
    expect(await bench.job("serverless")).toMatchObject({ status: "RUNNING", aws_status: "running" });
    expect(Number((await bench.job("serverless")).rows_copied)).toBeGreaterThan(0);
    expect(await bench.rows("select distinct metric_name from a2o.migration_metrics")).toHaveLength(4);
    await bench.poll();
    expect(bench.simulator.counters.byOperation.ListMetrics).toBe(1);
  });

  it("watches only names that fit the monitor's patterns", async () => {
    await using bench = await watch(db, [load, { ...load, name: "other" }, copy, convert]);
    await db.query("update a2o.monitors set name_patterns = '{ord*,con?ert,*chive}'");
    bench.simulator.clock.advance(60 * MINUTE);
    await bench.poll();
    expect(await bench.rows("select job_name from a2o.migration_jobs order by 1")).toEqual([
      { job_name: "archive" },
      { job_name: "orders" },
    ]);
  });
});

describe("trouble of one service", () => {
  const health = (bench: { rows: typeof db.query }) =>
    bench.rows(
      "select service, operation, error_code, is_blind, consecutive_failures from a2o.monitor_services where error_code is not null order by service",
    );

  it("stays its own: what is denied is named, the others go on", async () => {
    await using bench = await watch(db, [load, copy, convert]);
    bench.simulator.clock.advance(60 * MINUTE);
    const remove = bench.simulator.faults.add({ kind: "deny", service: "dms" });
    const polled = await bench.poll();
    expect(polled?.running).toBe(2);
    expect(await health(bench)).toEqual([
      {
        service: "DMS",
        operation: "dms:DescribeReplicationTasks",
        error_code: "AccessDeniedException",
        is_blind: true,
        consecutive_failures: 1,
      },
    ]);
    expect(await bench.rows("select state, error_code from a2o.monitor_overview")).toEqual([
      { state: "DEGRADED", error_code: "AccessDeniedException" },
    ]);
    remove();
    expect(await bench.poll()).toMatchObject({ running: 3, failures: [], wasFailing: true });
    expect(await health(bench)).toEqual([]);
    expect(await bench.rows("select state, failing_since from a2o.monitor_overview")).toEqual([
      { state: "WATCHING", failing_since: null },
    ]);
  });

  it("of single calls leaves the rest of the service known", async () => {
    await using bench = await watch(db, [load, { ...load, name: "second" }, copy, convert]);
    bench.simulator.clock.advance(60 * MINUTE);
    bench.simulator.faults.add({ kind: "deny", operation: "DescribeTableStatistics" });
    bench.simulator.faults.add({ kind: "deny", operation: "DescribeReplicationInstances" });
    bench.simulator.faults.add({ kind: "deny", service: "monitoring" });
    expect((await bench.poll())?.running).toBe(4);
    expect((await bench.job("second")).rows_copied).toBeNull();
    expect(await health(bench)).toMatchObject([
      { service: "DMS", is_blind: false },
      { service: "CLOUDWATCH", operation: "cloudwatch:GetMetricData", is_blind: true },
    ]);
  });

  it("does not take a list for complete that broke off: nothing is gone for that", async () => {
    const runs = [{ startsAfter: -50, minutes: 100 }];
    const many = Array.from({ length: 120 }, (_, i) => ({ ...load, runs, name: `task-${i}` }));
    // The SDK tries any error again whose Date is far from ours: here it is not to be.
    await using bench = await watch(db, many, { clock: { factor: 0 } });
    await bench.poll();
    // The first page comes, the second is refused.
    bench.simulator.faults.add({ kind: "deny", operation: "DescribeReplicationTasks", every: 2 });
    for (let i = 0; i < 3; i++) {
      bench.simulator.clock.advance(MINUTE);
      await bench.poll();
    }
    expect(await bench.rows("select count(*)::int as gone from a2o.migration_jobs where gone_at is not null")).toEqual([
      { gone: 0 },
    ]);
    expect(await health(bench)).toMatchObject([
      { service: "DMS", error_code: "AccessDeniedException", consecutive_failures: 3 },
    ]);
  });

  it("is overcome by trying again where that helps", async () => {
    await using bench = await watch(db, [load, copy, convert]);
    bench.simulator.clock.advance(60 * MINUTE);
    // A call has four attempts, so no more than three of these can strike the same.
    bench.simulator.faults.add({ kind: "throttle", every: 3, times: 2 });
    bench.simulator.faults.add({ kind: "truncate", operation: "GetJobs", times: 1 });
    bench.simulator.faults.add({ kind: "reset", point: "body", operation: "ListTasks", times: 1 });
    bench.simulator.faults.add({ kind: "error", operation: "GetMetricData", times: 1 });
    expect(await bench.poll()).toMatchObject({ failures: [], running: 3 });
  });

  it("that never answers holds nothing up for longer than a poll has, nor spoils what the others told", async () => {
    await using bench = await watch(db, [load, copy, convert]);
    await db.query("update a2o.monitors set poll_seconds = 1");
    bench.simulator.clock.advance(60 * MINUTE);
    bench.simulator.faults.add({ kind: "hang", service: "datasync" });
    expect(await bench.poll()).toMatchObject({
      running: 2,
      failures: [{ operation: "datasync:ListTaskExecutions", code: "TooSlow" }],
    });
    expect(await health(bench)).toMatchObject([{ service: "DATASYNC", is_blind: true }]);
  });

  it("survives figures beyond all bounds, doubled items and halved answers", async () => {
    await using bench = await watch(db, [load, copy, convert]);
    bench.simulator.clock.advance(60 * MINUTE);
    const remove = bench.simulator.faults.add({ kind: "lie", lie: "absurdSizes" });
    await bench.poll();
    remove();
    bench.simulator.clock.advance(MINUTE);
    bench.simulator.faults.add({ kind: "lie", lie: "repeatItem" });
    bench.simulator.faults.add({ kind: "lie", lie: "partialData" });
    expect((await bench.poll())?.running).toBe(3);
    expect(await bench.rows("select from a2o.migration_jobs")).toHaveLength(3);
    expect(Number((await bench.job("orders")).rows_copied)).toBeLessThanOrEqual(5_000_000);
  });
});

describe("trouble of the whole monitor", () => {
  it("with expired credentials blinds it until there are fresh ones", async () => {
    await using bench = await watch(db, [load, copy, convert]);
    bench.simulator.clock.advance(60 * MINUTE);
    await bench.poll();
    const remove = bench.simulator.faults.add({
      kind: "error",
      status: 400,
      code: "ExpiredTokenException",
      message: "expired",
    });
    await bench.poll();
    expect(await bench.rows("select state, error_code, running_jobs from a2o.monitor_overview")).toEqual([
      { state: "BLIND", error_code: "ExpiredTokenException", running_jobs: 3 },
    ]);
    remove();
    expect(await bench.poll()).toMatchObject({ failures: [], running: 3 });
  });

  it("records nothing when the credentials are another account's", async () => {
    await using bench = await watch(db, [load]);
    bench.simulator.clock.advance(60 * MINUTE);
    await db.query("insert into a2o.accounts (aws_account_id) values ('999999999999')");
    await db.query("update a2o.monitors set aws_account_id = '999999999999'");
    await bench.poll();
    expect(await bench.rows("select state, error_code from a2o.monitor_overview")).toEqual([
      { state: "BLIND", error_code: "WrongAccount" },
    ]);
    expect(await bench.rows("select from a2o.migration_jobs")).toEqual([]);
  });

  it("in an outage is asked less and less often, and marks nothing gone", async () => {
    await using bench = await watch(db, [load, copy, convert]);
    bench.simulator.clock.advance(60 * MINUTE);
    await bench.poll();
    bench.simulator.faults.add({ kind: "reset", point: "before" });
    const pauses: number[] = [];
    for (let i = 0; i < 3; i++) {
      const polled = await bench.poll();
      const [row] = await bench.rows<{ pause: number }>(
        "select extract(epoch from next_poll_at - poll_started_at)::int as pause from a2o.monitors",
      );
      expect(polled?.failures.length).toBeGreaterThan(0);
      pauses.push(row?.pause ?? 0);
    }
    expect(pauses).toEqual([30, 60, 120]);
    expect(await bench.rows("select status, gone_at from a2o.migration_jobs")).toEqual(
      Array(3).fill({ status: "RUNNING", gone_at: null }),
    );
  });

  it("measures how far our clock is from AWS's, and keeps AWS's time", async () => {
    await using bench = await watch(db, [load], { clock: { factor: 1 } });
    bench.simulator.faults.add({ kind: "skew", ms: -300_000 });
    const sampledFrom = Date.now() - 300_000;
    await bench.poll();
    const [monitor] = await bench.rows("select clock_skew_ms::int as skew from a2o.monitors");
    expect(Math.abs(Number(monitor?.skew) - 300_000)).toBeLessThan(2_000);
    const [job] = await bench.rows<{ observed_at: Date }>("select observed_at from a2o.migration_jobs");
    expect(Math.abs((job?.observed_at.getTime() ?? 0) - sampledFrom)).toBeLessThan(10_000);
  });

  it("is left alone while it is paused, polled by another worker, or not due", async () => {
    await using bench = await watch(db, [load]);
    await db.query("update a2o.monitors set is_paused = true");
    expect(await bench.poll()).toBeUndefined();
    await db.query("update a2o.monitors set is_paused = false, leased_until = now() + interval '1 minute'");
    expect(await bench.poll()).toBeUndefined();
    // Its worker died a minute ago.
    await db.query("update a2o.monitors set leased_until = now() - interval '1 second'");
    expect(await bench.poll()).toBeDefined();
    expect(bench.simulator.counters.byOperation.GetJobs).toBe(1);
    expect(await bench.query("select monitor_id from a2o.monitors_to_poll()", [])).toMatchObject({ rows: [] });
  });
});

describe("secrets", () => {
  it("that people put into arguments and messages are not stored, nor are credentials", async () => {
    const canary = "canary-9f3b1c";
    await using bench = await watch(db, [
      {
        ...convert,
        arguments: {
          "--db_password": canary,
          "--conn_url": `jdbc:postgresql://admin:${canary}@db/x`,
          "--note": `postgresql://admin:${canary}@db/x`,
        },
      },
      {
        ...load,
        runs: [
          {
            startsAfter: 0,
            minutes: 10,
            end: "failed",
            message: `ORA-01017 password=${canary} for AKIAIOSFODNN7EXAMPLE`,
          },
        ],
      },
    ]);
    bench.simulator.clock.advance(60 * MINUTE);
    const message = `refused AKIAIOSFODNN7EXAMPLE with token=${canary}`;
    bench.simulator.faults.add({ kind: "error", operation: "ListTasks", status: 400, code: "NoException", message });
    const polled = await bench.poll();
    // What the worker logs.
    expect(JSON.stringify(polled?.failures)).toContain("refused … with token=…");
    expect(JSON.stringify(polled)).not.toContain(canary);
    const everything = JSON.stringify([
      await bench.rows("select to_jsonb(j) as row from a2o.migration_jobs j"),
      await bench.rows("select to_jsonb(m) as row from a2o.monitors m"),
      await bench.rows("select to_jsonb(s) as row from a2o.monitor_services s"),
    ]);
    expect(everything).toContain("ORA-01017");
    expect(everything).not.toContain(canary);
    expect(everything).not.toMatch(/AKIA|wJalrXUtnFEMI/);
  });
});
