import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../test/database.ts";

const TABLES = [
  "migration_progress",
  "migration_metrics",
  "progress_5_minutes",
  "progress_hours",
  "metrics_5_minutes",
  "metrics_hours",
];

const ACCOUNT = "111111111111";
const HOUR = 3_600_000;

let db: TestDatabase;
let job: string;
beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  await db.query("delete from a2o.migration_jobs");
  await db.query("insert into a2o.accounts values ($1) on conflict do nothing", [ACCOUNT]);
  const [row] = await db.query<{ id: string }>(
    `insert into a2o.migration_jobs (job_type, aws_job_id, job_name, aws_account_id, region, status, started_at)
     values ('DMS', 'arn', 'orders', $1, 'eu-west-1', 'RUNNING', now() - interval '40 days') returning id`,
    [ACCOUNT],
  );
  job = row?.id ?? "";
});
afterAll(() => db.drop());

/** Two hours before the month began, so that what is tried spans two partitions; within everything that is kept. */
const now = new Date();
const BASE = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1) - 2 * HOUR;
const SECONDS = 5 * 3600;
const at = (second: number) => new Date(BASE + second * 1000).toISOString();

interface Sample {
  second: number;
  percent: number | null;
  rows: number | null;
}
interface Point {
  metric: string;
  second: number;
  value: number;
}

const addSamples = (samples: Sample[]) =>
  db.query(
    `insert into a2o.migration_progress (job_id, sampled_at, aws_account_id, percent, rows_copied)
     select $1, sampled_at, $2, percent, rows from unnest($3::timestamptz[], $4::numeric[], $5::bigint[]) as s(sampled_at, percent, rows) on conflict do nothing`,
    [job, ACCOUNT, samples.map(s => at(s.second)), samples.map(s => s.percent), samples.map(s => s.rows)],
  );
const addPoints = (points: Point[]) =>
  db.query(
    `insert into a2o.migration_metrics as m (job_id, metric_name, sampled_at, aws_account_id, value, unit)
     select $1, name, sampled_at, $2, value, 'Count' from unnest($3::text[], $4::timestamptz[], $5::double precision[]) as p(name, sampled_at, value)
     on conflict (job_id, metric_name, sampled_at) do update set value = excluded.value where m.value <> excluded.value`,
    [job, ACCOUNT, points.map(p => p.metric), points.map(p => at(p.second)), points.map(p => p.value)],
  );
async function rollUp(atMost = 500): Promise<number> {
  const [row] = await db.query<{ hours: number }>("select a2o.roll_up_history($1) as hours", [atMost]);
  return row?.hours ?? 0;
}

/** What a step of so many seconds holds, from all that was ever written. */
function stepsOf<Item extends { second: number }>(items: Iterable<Item>, width: number): [string, Item[]][] {
  const steps = Map.groupBy(
    [...items].sort((a, b) => a.second - b.second),
    ({ second }) => at(Math.floor(second / width) * width),
  );
  return [...steps].sort(([a], [b]) => (a < b ? -1 : 1));
}
const known = (values: (number | null)[]) => values.filter(value => value !== null);
const least = (values: number[]) => (values.length === 0 ? null : Math.min(...values));
const most = (values: number[]) => (values.length === 0 ? null : Math.max(...values));
const mean = (values: number[]) =>
  values.length === 0 ? null : Number((values.reduce((sum, value) => sum + value, 0) / values.length).toPrecision(10));
const rounded = (value: unknown) => (typeof value === "number" ? Number(value.toPrecision(10)) : value);

/** At most one sample a second and one point of a metric a second, of which a later one counts. */
class Reference {
  samples = new Map<number, Sample>();
  points = new Map<string, Point>();

  addSamples(samples: Sample[]) {
    for (const sample of samples) if (!this.samples.has(sample.second)) this.samples.set(sample.second, sample);
  }
  addPoints(points: Point[]) {
    for (const point of points) this.points.set(`${point.metric} ${point.second}`, point);
  }
  progress(width: number) {
    return stepsOf(this.samples.values(), width).map(([step, samples]) => {
      const [percents, rows] = [known(samples.map(s => s.percent)), known(samples.map(s => s.rows))];
      const last = samples.at(-1);
      return {
        ...{
          step,
          samples: samples.length,
          last_sampled_at: at(last?.second ?? 0),
          percent: last?.percent,
          rows: last?.rows,
        },
        ...{ percent_min: least(percents), percent_max: most(percents), percent_avg: mean(percents) },
        ...{ rows_min: least(rows), rows_max: most(rows), rows_avg: mean(rows) },
      };
    });
  }
  metrics(width: number) {
    return [...Map.groupBy(this.points.values(), ({ metric }) => metric)]
      .flatMap(([metric, points]) =>
        stepsOf(points, width).map(([step, inStep]) => {
          const values = inStep.map(({ value }) => value);
          return {
            ...{ metric, step, samples: values.length, value_avg: mean(values), value_last: values.at(-1) },
            ...{ value_min: least(values), value_max: most(values) },
          };
        }),
      )
      .sort((a, b) => (a.metric + a.step < b.metric + b.step ? -1 : 1));
  }
}

const iso = '\'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"\'';
async function storedProgress(table: string) {
  const rows = await db.query(
    `select to_char(step_at at time zone 'UTC', ${iso}) as step, samples, to_char(last_sampled_at at time zone 'UTC', ${iso}) as last_sampled_at,
       percent::float8 as percent, rows_copied::float8 as rows, percent_min::float8 as percent_min, percent_max::float8 as percent_max, percent_avg,
       rows_copied_min::float8 as rows_min, rows_copied_max::float8 as rows_max, rows_copied_avg as rows_avg
     from a2o.${table} where job_id = $1 order by step_at`,
    [job],
  );
  return rows.map(row => ({ ...row, percent_avg: rounded(row.percent_avg), rows_avg: rounded(row.rows_avg) }));
}
async function storedMetrics(table: string) {
  const rows = await db.query(
    `select metric_name as metric, to_char(step_at at time zone 'UTC', ${iso}) as step, samples, value_avg, value_last, value_min, value_max
     from a2o.${table} where job_id = $1 order by metric_name collate "C", step_at`,
    [job],
  );
  return rows.map(row => ({ ...row, value_avg: rounded(row.value_avg) }));
}
/** What charts say of the whole time, in steps of so many seconds, gaps left out; that every step is there is checked. */
async function charted(width: number) {
  const span = [job, at(0), at(SECONDS - 1), SECONDS / width];
  const progress = await db.query<{ samples: number }>(
    `select to_char(step_at at time zone 'UTC', ${iso}) as step, samples, percent::float8 as percent, rows_copied::float8 as rows from a2o.job_progress($1, $2, $3, $4)`,
    span,
  );
  expect(progress).toHaveLength(SECONDS / width);
  const metrics = await db.query<{ samples: number }>(
    `select metric_name as metric, to_char(step_at at time zone 'UTC', ${iso}) as step, samples, average as value_avg, minimum as value_min, maximum as value_max
     from a2o.job_metrics($1, $2, $3, $4) order by metric_name collate "C", step_at`,
    span,
  );
  return {
    progress: progress.filter(({ samples }) => samples > 0),
    metrics: metrics
      .filter(({ samples }) => samples > 0)
      .map(row => ({ ...row, value_avg: rounded("value_avg" in row ? row.value_avg : null) })),
  };
}
const chartOf = (reference: Reference, width: number) => ({
  progress: reference.progress(width).map(({ step, samples, percent, rows }) => ({ step, samples, percent, rows })),
  metrics: reference.metrics(width).map(({ value_last: _, ...row }) => row),
});

const second = fc.integer({ min: 0, max: SECONDS - 1 });
const sample = fc.record({
  second,
  percent: fc.option(fc.integer({ min: 0, max: 100 })),
  rows: fc.option(fc.integer({ min: 0, max: 1_000_000 })),
});
const point = fc.record({
  metric: fc.constantFrom("CDCLatencySource", "CDCLatencyTarget"),
  // CloudWatch's minutes, so that many come again.
  second: second.map(value => value - (value % 60)),
  value: fc.integer({ min: 0, max: 1_000 }),
});
const step = fc.oneof(
  fc.record({ what: fc.constant("samples" as const), items: fc.array(sample, { minLength: 1, maxLength: 12 }) }),
  fc.record({
    what: fc.constant("points" as const),
    items: fc.uniqueArray(point, { minLength: 1, maxLength: 12, selector: p => `${p.metric} ${p.second}` }),
  }),
  fc.record({ what: fc.constant("roll up" as const), atMost: fc.integer({ min: 1, max: 4 }) }),
);

describe("roll-ups", () => {
  it("say what all samples say, whatever the order, however late and often they come, and charts say so at any time", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async steps => {
        for (const table of TABLES) {
          await db.query(`delete from a2o.${table}`);
        }
        await db.query("delete from a2o_private.stale_hours");
        const reference = new Reference();
        for (const one of steps) {
          if (one.what === "roll up") await rollUp(one.atMost);
          else if (one.what === "samples") {
            await addSamples(one.items);
            reference.addSamples(one.items);
          } else {
            await addPoints(one.items);
            reference.addPoints(one.items);
          }
        }
        for (const width of [300, 3600])
          expect([width, await charted(width)]).toEqual([width, chartOf(reference, width)]);
        while ((await rollUp()) > 0);
        expect(await storedProgress("progress_5_minutes")).toEqual(reference.progress(300));
        expect(await storedProgress("progress_hours")).toEqual(reference.progress(3600));
        expect(await storedMetrics("metrics_5_minutes")).toEqual(reference.metrics(300));
        expect(await storedMetrics("metrics_hours")).toEqual(reference.metrics(3600));
        for (const width of [300, 3600])
          expect([width, await charted(width)]).toEqual([width, chartOf(reference, width)]);
        // Again from the beginning, nothing changes, not even a row's place.
        const places = () => db.query("select ctid::text, step_at from a2o.progress_5_minutes order by 2");
        const before = await places();
        await db.query(
          "insert into a2o_private.stale_hours (kind, job_id, hour_at) select distinct 'PROGRESS'::a2o_private.sample_kind, job_id, date_trunc('hour', sampled_at, 'UTC') from a2o.migration_progress",
        );
        await rollUp();
        expect(await places()).toEqual(before);
      }),
      { numRuns: 40 },
    );
  });

  it("miss no sample that is written while they are made", async () => {
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      for (let i = 0; i < 40; i++) await addSamples([{ second: i * 97 + writer, percent: null, rows: i }]);
    });
    let done = false;
    const rolling = (async () => {
      while (!done) await rollUp(2);
    })();
    await Promise.all(writers);
    done = true;
    await rolling;
    while ((await rollUp()) > 0);
    expect(await db.query("select sum(samples)::int as samples from a2o.progress_5_minutes")).toEqual([
      { samples: 160 },
    ]);
    expect(await db.query("select sum(samples)::int as samples from a2o.progress_hours")).toEqual([{ samples: 160 }]);
  });

  it("leave gaps as gaps", async () => {
    await addSamples([0, 60, 7200].map(second => ({ second, percent: 1, rows: 1 })));
    await rollUp();
    const steps = await db.query<{ samples: number; percent: string | null }>(
      "select samples, percent from a2o.job_progress($1, $2, $3, 60) order by step_at",
      [job, at(0), at(SECONDS - 1)],
    );
    expect(steps.map(({ samples }) => samples)).toEqual([2, ...Array(23).fill(0), 1, ...Array(35).fill(0)]);
    expect(steps[1]?.percent).toBeNull();
  });

  it("stand in for samples that are no longer kept, even in a short time", async () => {
    await addSamples([0, 30, 60, 400].map(second => ({ second, percent: 5, rows: second })));
    await rollUp();
    const steps = async () =>
      (
        await db.query<{ samples: number }>("select samples from a2o.job_progress($1, $2, $3, 100) order by step_at", [
          job,
          at(0),
          at(599),
        ])
      )
        .map(({ samples }) => samples)
        .filter(samples => samples > 0);
    expect(await steps()).toEqual([1, 1, 1, 1]);
    await db.query("update a2o.retention set keep_for = '1 minute' where what = 'migration_progress'");
    expect(await steps()).toEqual([3, 1]);
    await db.query("update a2o.retention set keep_for = '1 minute' where what = 'progress_5_minutes'");
    expect(await steps()).toEqual([4]);
    await db.query(
      "update a2o.retention set keep_for = '90 days' where what in ('migration_progress', 'progress_5_minutes')",
    );
  });

  it("are the worker's to make, and of their account to read", async () => {
    await addSamples([{ second: 0, percent: 1, rows: 1 }]);
    await db.as("a2o_worker", async ({ query }) => {
      expect(await query("select a2o.roll_up_history() as hours")).toEqual([{ hours: 1 }]);
    });
    const reader = await db.createLogin("a2o_operator");
    await db.query("select a2o.grant_account_access($1, '222222222222')", [reader]);
    await rollUp();
    await db.as(reader, async ({ query }) => {
      await expect(query("select a2o.roll_up_history()")).rejects.toMatchObject({ code: "42501" });
      await expect(query("select a2o.make_history_partitions()")).rejects.toMatchObject({ code: "42501" });
      expect(await query("select * from a2o.progress_hours")).toEqual([]);
      await expect(query("select * from a2o_private.stale_hours")).rejects.toMatchObject({ code: "42501" });
      expect(await query("select * from a2o.job_progress($1, $2)", [job, at(0)])).toEqual([]);
    });
  });
});

describe("partitions", () => {
  const months = async (table = "migration_progress") =>
    (
      await db.query<{ month: string }>(
        `select right(c.relname, 6) as month from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'a2o.${table}'::regclass order by 1`,
      )
    ).map(({ month }) => month);
  const month = (offset: number) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset, 1)).toISOString().slice(0, 7).replace("-", "");

  it("are there for this month and the next two, closed to everybody, and there is none for anything else", async () => {
    await db.as("a2o_worker", ({ query }) => query("select a2o.make_history_partitions()"));
    for (const table of TABLES) {
      expect([table, await months(table)]).toEqual([table, expect.arrayContaining([0, 1, 2].map(month))]);
      const partitions = await db.query(
        `select c.relrowsecurity as is_closed, c.relowner::regrole::text as owner, pg_get_expr(c.relpartbound, c.oid) ~ '^FOR VALUES FROM' as has_bounds,
           exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'f') as has_key
         from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'a2o.${table}'::regclass`,
      );
      expect([table, new Set(partitions.map(row => JSON.stringify(row)))]).toEqual([
        table,
        new Set([JSON.stringify({ is_closed: true, owner: "a2o_owner", has_bounds: true, has_key: true })]),
      ]);
    }
    await expect(
      db.query(
        "insert into a2o.migration_progress (job_id, sampled_at, aws_account_id) values ($1, '2001-01-01', $2)",
        [job, ACCOUNT],
      ),
    ).rejects.toMatchObject({ code: "23514" });
  });

  it("are made for a sample of a month that has none, when several polls bring such samples at once, too", async () => {
    const told = ["eu-west-1", "eu-west-2", "eu-west-3"].map(async (region, i) => {
      const [monitor] = await db.query<{ id: string }>("select id from a2o.add_monitor($1, $2)", [ACCOUNT, region]);
      const poll = (second: number) => ({
        poll_id: crypto.randomUUID(),
        monitor_id: monitor?.id,
        jobs: [
          {
            ...{
              job_type: "DMS",
              aws_job_id: `arn:${region}`,
              aws_parent_id: `arn:${region}`,
              run_key: "1",
              job_name: "late",
              status: "RUNNING",
            },
            ...{
              started_at: "2023-05-31T23:00:00Z",
              resumed_at: "2023-05-31T23:00:00Z",
              percent: 10 + second,
              observed_at: new Date(Date.UTC(2023, 4, 31, 23, 59, second)),
            },
          },
        ],
        metrics: [
          { job: 1, metric_name: "CDCLatencySource", unit: "Seconds", points: [[`2023-0${6 + i}-01T00:00:00Z`, 1]] },
        ],
      });
      for (const second of [1, 2]) {
        const login = await db.createLogin("a2o_worker");
        expect(login).toBeTruthy();
        await db.query("select * from a2o.record_poll($1)", [JSON.stringify(poll(second))]);
      }
    });
    await Promise.all(told);
    expect(await months()).toEqual(expect.arrayContaining(["202305", "202306", "202307", "202308"]));
    expect(
      await db.query("select count(*)::int as n from a2o.migration_progress where sampled_at < '2024-01-01'"),
    ).toEqual([{ n: 6 }]);
    expect(
      await db.query("select count(*)::int as n from a2o.migration_metrics where sampled_at < '2024-01-01'"),
    ).toEqual([{ n: 3 }]);
  });

  it("are made by a worker that is no superuser", async () => {
    const [monitor] = await db.query<{ id: string }>("select id from a2o.add_monitor($1, 'eu-north-1')", [ACCOUNT]);
    await db.as("a2o_worker", async ({ query }) => {
      const observed = {
        observed_at: "2022-02-02T00:00:00Z",
        started_at: "2022-02-01T00:00:00Z",
        resumed_at: "2022-02-01T00:00:00Z",
      };
      const poll = {
        poll_id: crypto.randomUUID(),
        monitor_id: monitor?.id,
        jobs: [{ job_type: "DMS", aws_job_id: "arn:n", run_key: "1", status: "RUNNING", percent: 1, ...observed }],
      };
      await query("select * from a2o.record_poll($1)", [JSON.stringify(poll)]);
      expect(await query("select percent::int from a2o.migration_progress where sampled_at < '2023-01-01'")).toEqual([
        { percent: 1 },
      ]);
    });
    expect(await months()).not.toContain("202202");
  });

  it("are dropped whole when the retention says so, though never before they are rolled up", async () => {
    await db.query("select a2o_private.make_history_partitions(array[timestamptz '2024-03-15'])");
    await db.query(
      "insert into a2o.migration_progress (job_id, sampled_at, aws_account_id, percent) select $1, timestamptz '2024-03-15' + n * interval '30 seconds', $2, 1 from generate_series(1, 50) n",
      [job, ACCOUNT],
    );
    const removed = async () => {
      const rows = await db.query<{ what: string; removed: number }>(
        "select what, removed::int from a2o.apply_retention() where removed > 0",
      );
      return Object.fromEntries(rows.map(row => [row.what, row.removed]));
    };
    expect((await removed()).migration_progress ?? 0).toBe(0);
    expect(await months()).toContain("202403");
    while ((await rollUp()) > 0);
    expect(await removed()).toMatchObject({ migration_progress: 50, progress_5_minutes: 6 });
    expect(await months()).not.toContain("202403");
    expect(await db.query("select samples from a2o.progress_hours where step_at = '2024-03-15'")).toEqual([
      { samples: 50 },
    ]);
    // A sample that comes now does not undo what was rolled up.
    await db.query("select a2o_private.make_history_partitions(array[timestamptz '2024-03-15'])");
    await db.query(
      "insert into a2o.migration_progress (job_id, sampled_at, aws_account_id, percent) values ($1, '2024-03-15 00:00:05+00', $2, 1)",
      [job, ACCOUNT],
    );
  });
});
