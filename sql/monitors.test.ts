import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../test/database.ts";

const OURS = "111111111111";
const THEIRS = "222222222222";
const REGION = "eu-central-1";

let db: TestDatabase;
let operator: string;
let foreman: string;
beforeAll(async () => {
  db = await createTestDatabase();
  operator = await db.createLogin("a2o_operator");
  foreman = await db.createLogin("a2o_operator");
  await db.query("select a2o.grant_account_access($1, $2)", [operator, OURS]);
  await db.query("select a2o.grant_account_access($1, '*')", [foreman]);
});
afterAll(() => db.drop());

describe("a monitor", () => {
  beforeEach(() => db.query("delete from a2o.monitors"));

  it("is added by an operator for an account of theirs, even one nobody has seen, and watches all services", async () => {
    await db.as(operator, async ({ query }) => {
      const [monitor] = await query("select * from a2o.add_monitor($1, $2)", [OURS, REGION]);
      expect(monitor).toMatchObject({
        aws_account_id: OURS,
        monitor_name: REGION,
        services: "{DMS,DATASYNC,GLUE}",
        credentials_kind: "DEFAULT",
        poll_seconds: 30,
        created_by: operator,
        is_simulated: false,
      });
      expect(await query("select state, calls_this_month from a2o.monitor_overview")).toEqual([
        { state: "WAITING", calls_this_month: "0" },
      ]);
      expect(await query("select service from a2o.monitor_services order by 1")).toHaveLength(4);
    });
  });

  it("is refused for an account that is not the operator's, and to a reader", async () => {
    await db.as(operator, async ({ query }) => {
      await expect(query("select a2o.add_monitor($1, $2)", [THEIRS, REGION])).rejects.toMatchObject({ code: "A2O31" });
      await expect(query("select a2o.add_monitor('*', $1)", [REGION])).rejects.toMatchObject({ code: "A2O05" });
    });
    await db.as("a2o_reader", ({ query }) =>
      expect(query("select a2o.add_monitor($1, $2)", [OURS, REGION])).rejects.toMatchObject({ code: "42501" }),
    );
  });

  it.each([
    ["a profile with the default chain", "credentials_kind => 'DEFAULT', profile_name => 'p'"],
    ["no profile where one is meant", "credentials_kind => 'PROFILE'"],
    ["a role of another account", `credentials_kind => 'ROLE', role_arn => 'arn:aws:iam::${THEIRS}:role/r'`],
    ["a role that is not named", "credentials_kind => 'ROLE'"],
    ["an external id without a role", "external_id => 'x'"],
    ["no service", "services => '{}'"],
    ["CloudWatch by itself", "services => '{CLOUDWATCH}'"],
    ["a stand-in", "credentials_kind => 'STAND_IN'"],
    ["polling without a pause", "poll_seconds => 0"],
    ["no name", "monitor_name => ''"],
  ])("is refused with %s", async (_what, settings) => {
    await db.as(foreman, ({ query }) =>
      expect(query(`select a2o.add_monitor($1, $2, ${settings})`, [OURS, REGION])).rejects.toMatchObject({
        code: "A2O33",
      }),
    );
  });

  it("is refused in what is no region, and twice under one name", async () => {
    await db.as(foreman, async ({ query }) => {
      await expect(query("select a2o.add_monitor($1, 'moon')", [OURS])).rejects.toMatchObject({ code: "A2O33" });
      await query("select a2o.add_monitor($1, $2)", [OURS, REGION]);
      await expect(query("select a2o.add_monitor($1, $2)", [OURS, REGION])).rejects.toMatchObject({ code: "A2O32" });
      await query("select a2o.add_monitor($1, $2, monitor_name => 'second')", [OURS, REGION]);
    });
  });

  it("of a stand-in is the owner's alone to add, and moves to the new endpoint when added again", async () => {
    const add = "select id, endpoint, is_simulated from a2o.add_stand_in_monitor($1, $2, $3)";
    await db.as(foreman, ({ query }) =>
      expect(query(add, [OURS, REGION, "http://127.0.0.1:1"])).rejects.toMatchObject({ code: "42501" }),
    );
    const [first] = await db.query(add, [OURS, REGION, "http://127.0.0.1:1"]);
    const [second] = await db.query(add, [OURS, REGION, "http://127.0.0.1:2"]);
    expect(second).toEqual({ id: first?.id, endpoint: "http://127.0.0.1:2", is_simulated: true });
  });

  it("is paused, resumed and removed by an operator of its account only", async () => {
    const [monitor] = await db.query<{ id: string }>("select id from a2o.add_monitor($1, $2)", [THEIRS, REGION]);
    await db.as(operator, async ({ query }) => {
      for (const verb of ["pause", "resume", "remove"]) {
        await expect(query(`select a2o.${verb}_monitor($1)`, [monitor?.id])).rejects.toMatchObject({ code: "A2O30" });
        await expect(query(`select a2o.${verb}_monitor(null)`)).rejects.toMatchObject({ code: "A2O30" });
      }
    });
    await db.as(foreman, async ({ query }) => {
      const state = async () => (await query("select state from a2o.monitor_overview"))[0]?.state;
      await query("select a2o.pause_monitor($1)", [monitor?.id]);
      expect(await state()).toBe("PAUSED");
      await query("select a2o.resume_monitor($1)", [monitor?.id]);
      expect(await state()).toBe("WAITING");
      await query("select a2o.remove_monitor($1)", [monitor?.id]);
      expect(await state()).toBeUndefined();
    });
  });

  it("is announced to listeners", async () => {
    const heard: unknown[] = [];
    await db.as("a2o_authenticator", async ({ client }) => {
      client.on("notification", ({ payload }) => heard.push(JSON.parse(payload ?? "")));
      await client.query("commit; listen a2o");
      const [monitor] = await db.query<{ id: string }>("select id from a2o.add_monitor($1, $2)", [OURS, REGION]);
      await expect.poll(() => heard).toEqual([expect.objectContaining({ kind: "MONITOR", id: monitor?.id })]);
    });
  });
});

describe("active_jobs", () => {
  let base: number;
  beforeEach(() => {
    base = Date.now();
  });
  const sample = (jobId: string, secondsAgo: number, values: Record<string, number>) => {
    const names = Object.keys(values);
    return db.query(
      `insert into a2o.migration_progress (job_id, aws_account_id, sampled_at, ${names.join(", ")})
       values ($1, '${OURS}', $2, ${names.map((_, i) => `$${i + 3}`).join(", ")})`,
      [jobId, new Date(base - secondsAgo * 1000), ...Object.values(values)],
    );
  };
  const job = async (values: Record<string, unknown>) => {
    const all = {
      job_type: "DMS",
      aws_job_id: "arn",
      aws_account_id: OURS,
      region: REGION,
      status: "RUNNING",
      aws_status: "running",
      ...values,
    };
    const names = Object.keys(all);
    const [row] = await db.query<{ id: string }>(
      `insert into a2o.migration_jobs (started_at, last_seen_at, ${names.join(", ")})
       values (now() - interval '1 hour', now(), ${names.map((_, i) => `$${i + 1}`).join(", ")}) returning id`,
      Object.values(all),
    );
    return row?.id ?? "";
  };
  const active = async (id: string) =>
    (
      await db.query("select *, extract(epoch from eta_at - now()) as eta from a2o.active_jobs where job_id = $1", [id])
    )[0];

  beforeAll(() => db.query("insert into a2o.accounts (aws_account_id) values ($1) on conflict do nothing", [OURS]));
  afterEach(() => db.query("delete from a2o.migration_jobs"));

  it("estimates the end of an even load with high confidence", async () => {
    const id = await job({ job_type: "DATASYNC", aws_status: "TRANSFERRING" });
    // A thousand bytes in each half minute, the last one now, of a hundred thousand.
    for (let i = 0; i < 20; i++) await sample(id, 30 * i, { bytes_copied: 60_000 - 1000 * i, bytes_total: 100_000 });
    const row = await active(id);
    expect(row).toMatchObject({
      phase: "LOADING",
      eta_confidence: "HIGH",
      is_stalled: false,
      samples: 20,
      is_stale: false,
    });
    expect(row?.bytes_per_second).toBeCloseTo(1000 / 30, 6);
    expect(Number(row?.eta)).toBeCloseTo(40 * 30, -1);
  });

  it("has little confidence when the pace changes, and says between when and when", async () => {
    const id = await job({ job_type: "DATASYNC", aws_status: "TRANSFERRING" });
    for (let i = 0; i < 10; i++)
      await sample(id, 30 * i + 300, { bytes_copied: 20_000 - 1000 * i, bytes_total: 100_000 });
    for (let i = 0; i < 10; i++) await sample(id, 30 * i, { bytes_copied: 60_000 - 4000 * i, bytes_total: 100_000 });
    const row = await active(id);
    expect(row?.eta_confidence).toBe("LOW");
    const times = [row?.eta_earliest_at, row?.eta_at, row?.eta_latest_at].map(Number);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(new Set(times).size).toBe(3);
  });

  it("falls back on the pace since the start when the percentage moves too seldom, without calling that a stall", async () => {
    const id = await job({ percent: 50 });
    for (let i = 0; i < 25; i++) await sample(id, 30 * i, { percent: 50, rows_copied: 9000 - i });
    const row = await active(id);
    expect(row).toMatchObject({ eta_confidence: "LOW", is_stalled: false });
    expect(Number(row?.eta)).toBeCloseTo(3600, -2);
  });

  it("invents no percentage, end or stall for a Glue job whose bytes nobody told", async () => {
    const id = await job({ job_type: "GLUE_JOB", aws_status: "RUNNING" });
    for (let i = 0; i < 25; i++) await sample(id, 30 * i, { elapsed_ms: 1_000_000 - 30_000 * i });
    expect(await active(id)).toMatchObject({
      phase: "RUNNING",
      percent: null,
      eta_at: null,
      eta_confidence: null,
      is_stalled: null,
      rows_per_second: null,
    });
  });

  it("calls a load stalled when nothing moved for ten minutes though AWS answered, and says since when", async () => {
    const id = await job({ percent: 40 });
    for (let i = 0; i < 30; i++)
      await sample(id, 30 * i, { percent: i < 24 ? 40 : 39, rows_copied: i < 24 ? 500 : 499 });
    const [row] = await db.query(
      "select is_stalled, round(extract(epoch from now() - stalled_since) / 30)::int as steps from a2o.active_jobs",
    );
    expect(row).toEqual({ is_stalled: true, steps: 24 });
    expect(await active(id)).toMatchObject({ eta_at: null, eta_confidence: null });
    // Nobody asked for the last ten minutes: that is not known to be a stall.
    await db.query("delete from a2o.migration_progress where sampled_at > now() - interval '11 minutes'");
    expect(await active(id)).toMatchObject({ is_stalled: false });
  });

  it("does not call quiet replication stalled, and estimates no end for it", async () => {
    const id = await job({ migration_type: "full-load-and-cdc", percent: 100 });
    for (let i = 0; i < 30; i++) await sample(id, 30 * i, { percent: 100, rows_copied: 500 });
    expect(await active(id)).toMatchObject({
      phase: "REPLICATING",
      is_stalled: null,
      stalled_since: null,
      eta_at: null,
    });
  });

  it("shows waiting jobs and those that ended lately, and marks what AWS was not asked about", async () => {
    await job({ aws_job_id: "waiting", status: "PENDING", aws_status: "ready" });
    await job({ aws_job_id: "done", status: "COMPLETED", completed_at: new Date(Date.now() - 600_000) });
    await job({ aws_job_id: "long done", status: "COMPLETED", completed_at: new Date(Date.now() - 7_200_000) });
    const gone = await job({ aws_job_id: "gone" });
    await db.query("update a2o.migration_jobs set gone_at = now() where id = $1", [gone]);
    const unheard = await job({ aws_job_id: "unheard" });
    await db.query("update a2o.migration_jobs set last_seen_at = now() - interval '10 minutes' where id = $1", [
      unheard,
    ]);
    expect(await db.query("select aws_job_id, phase, is_stale from a2o.active_jobs order by 1")).toEqual([
      { aws_job_id: "done", phase: "ENDED", is_stale: false },
      { aws_job_id: "gone", phase: "GONE", is_stale: false },
      { aws_job_id: "unheard", phase: "LOADING", is_stale: true },
      { aws_job_id: "waiting", phase: "WAITING", is_stale: false },
    ]);
  });

  it("links a job to AWS's console, a simulated one to nowhere", async () => {
    const execution = `arn:aws:datasync:${REGION}:${OURS}:task/task-0a1b/execution/exec-2c3d`;
    const id = await job({ job_type: "DATASYNC", aws_job_id: execution });
    expect((await active(id))?.console_url).toBe(
      `https://${REGION}.console.aws.amazon.com/datasync/home?region=${REGION}#/history/task-0a1b/exec-2c3d`,
    );
    await db.query("update a2o.migration_jobs set is_simulated = true");
    expect((await active(id))?.console_url).toBeNull();
  });

  it("charts progress in equal steps with a gap where nobody asked", async () => {
    const id = await job({});
    for (const i of [0, 1, 2, 30, 31]) await sample(id, 60 * i, { rows_copied: 100_000 - 100 * i });
    const steps = await db.query<{ samples: number; rows_copied: string | null; rows_per_second: number | null }>(
      "select samples, rows_copied, rows_per_second from a2o.job_progress($1, now() - interval '33 minutes', now(), 40)",
      [id],
    );
    expect(steps.length).toBeLessThanOrEqual(41);
    expect(steps.filter(({ samples }) => samples === 0).length).toBeGreaterThan(20);
    expect(steps.every(({ samples, rows_copied }) => (samples === 0) === (rows_copied === null))).toBe(true);
    expect(new Set(steps.map(step => step.rows_per_second?.toFixed(3)))).toEqual(
      new Set([undefined, (100 / 60).toFixed(3)]),
    );
    // The first step after a gap has none: three samples in a row give two rates, two give one.
    expect(steps.filter(step => step.rows_per_second !== null)).toHaveLength(3);
  });

  it("charts metrics, each with its gaps, to members of the account only", async () => {
    const id = await job({});
    await db.query(
      `insert into a2o.migration_metrics (job_id, metric_name, sampled_at, aws_account_id, value, unit)
       select $1, 'CDCLatencyTarget', date_trunc('minute', now()) - make_interval(mins => m), '${OURS}', m, 'Seconds' from unnest(array[1, 2, 5]) m`,
      [id],
    );
    const read = "select samples, average from a2o.job_metrics($1, now() - interval '10 minutes', now(), 30)";
    await db.as(operator, async ({ query }) => {
      expect(await query(read, [id])).toEqual([
        { samples: 1, average: 5 },
        { samples: 0, average: null },
        { samples: 0, average: null },
        { samples: 1, average: 2 },
        { samples: 1, average: 1 },
      ]);
      expect(await query("select * from a2o.active_jobs")).toHaveLength(1);
      expect(await query("select * from a2o.job_progress($1)", [id])).not.toEqual([]);
    });
    await db.as("a2o_reader", async ({ query }) => {
      expect(await query(read, [id])).toEqual([]);
      expect(await query("select * from a2o.job_progress($1)", [id])).toEqual([]);
      expect(await query("select * from a2o.active_jobs")).toEqual([]);
    });
  });
});
