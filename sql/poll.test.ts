import fc from "fast-check";
import type { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../test/database.ts";

const OURS = "111111111111";
const REGION = "eu-central-1";

let db: TestDatabase;
let monitorId: string;
beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  await db.query("delete from a2o.monitors");
  await db.query("delete from a2o.migration_jobs");
  const [monitor] = await db.query<{ id: string }>("select id from a2o.add_monitor($1, $2)", [OURS, REGION]);
  monitorId = monitor?.id ?? "";
});
afterAll(() => db.drop());

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 1, 0, minutes)).toISOString();

interface Answer {
  job_type?: string;
  aws_job_id?: string;
  run_key?: string | null;
  observed_at: string;
  status?: string | undefined;
  [member: string]: unknown;
}

const answer = (more: Answer) => ({
  job_type: "DATASYNC",
  aws_job_id: "exec-1",
  run_key: "",
  job_name: "copy",
  ...more,
});

/** Records a poll as the worker does; `pollId` when it was begun, else one of its own that was overtaken. */
async function record(poll: Record<string, unknown>, pollId: string = crypto.randomUUID()): Promise<void> {
  await db.query("select * from a2o.record_poll($1)", [
    JSON.stringify({ poll_id: pollId, monitor_id: monitorId, ...poll }),
  ]);
}

async function begin(): Promise<string> {
  const pollId = crypto.randomUUID();
  await db.query("update a2o.monitors set next_poll_at = now(), leased_until = null");
  const [row] = await db.query("select a2o.begin_poll($1, $2) is not null as begun", [monitorId, pollId]);
  expect(row).toEqual({ begun: true });
  return pollId;
}

const jobs = () =>
  db.query(
    "select aws_job_id, run_key, status, percent::float8 as percent, bytes_copied::int as bytes from a2o.migration_jobs order by 1, 2",
  );
const samples = () => db.query("select sampled_at, bytes_copied::int as bytes from a2o.migration_progress order by 1");

describe("record_poll", () => {
  it("counts a poll once however often it is sent, its calls too", async () => {
    const pollId = await begin();
    const poll = {
      jobs: [answer({ observed_at: at(1), status: "RUNNING", bytes_copied: 5 })],
      usage: [{ operation: "datasync:ListTasks", calls: 3, errors: 0, throttled: 0, metrics_requested: 0 }],
      metrics: [{ job: 1, metric_name: "BytesWritten", unit: "Bytes", points: [[at(1), 5]] }],
    };
    for (let i = 0; i < 3; i++) await record(poll, pollId);
    expect(await samples()).toHaveLength(1);
    expect(await db.query("select calls::int from a2o.monitor_usage")).toEqual([{ calls: 3 }]);
    expect(await db.query("select from a2o.migration_metrics")).toHaveLength(1);
  });

  it("takes a data point that comes again with more in it, and keeps one of each moment", async () => {
    const poll = (value: number) => ({
      jobs: [answer({ observed_at: at(value), status: "RUNNING" })],
      metrics: [
        {
          job: 1,
          metric_name: "BytesWritten",
          unit: "Bytes",
          points: [
            [at(1), value],
            [at(2), 7],
          ],
        },
      ],
    });
    await record(poll(5));
    await record(poll(9));
    expect(await db.query("select value from a2o.migration_metrics order by sampled_at")).toEqual([
      { value: 9 },
      { value: 7 },
    ]);
  });

  it("is for the worker alone, and does nothing for a monitor that was removed", async () => {
    for (const role of ["a2o_reader", "a2o_operator", "a2o_ingest", "a2o_mcp"]) {
      await db.as(role, async ({ query }) => {
        await expect(query("select a2o.record_poll('{}')")).rejects.toMatchObject({ code: "42501" });
        await expect(query("select a2o.begin_poll(null, null)")).rejects.toMatchObject({ code: "42501" });
      });
    }
    await db.query("delete from a2o.monitors");
    await record({ jobs: [answer({ observed_at: at(1), status: "RUNNING" })] });
    expect(await jobs()).toEqual([]);
  });

  it("gives the first run of a task its key when AWS tells it, and a later run a job of its own", async () => {
    const task = { job_type: "DMS", aws_job_id: "arn" };
    await record({ jobs: [answer({ ...task, run_key: null, observed_at: at(0), status: "PENDING" })] });
    await record({
      jobs: [answer({ ...task, run_key: null, observed_at: at(1), status: "RUNNING", resumed_at: at(1) })],
    });
    await record({
      jobs: [answer({ ...task, run_key: at(1), observed_at: at(2), status: "RUNNING", resumed_at: at(1) })],
    });
    expect(await jobs()).toMatchObject([{ run_key: at(1), status: "RUNNING" }]);
    await record({
      jobs: [
        answer({
          ...task,
          run_key: at(1),
          observed_at: at(9),
          status: "COMPLETED",
          resumed_at: at(1),
          completed_at: at(8),
        }),
      ],
    });
    // Starts anew: no key yet, then one.
    await record({
      jobs: [answer({ ...task, run_key: null, observed_at: at(20), status: "RUNNING", resumed_at: at(19) })],
    });
    expect(await jobs()).toMatchObject([{ status: "RUNNING" }, { run_key: at(1), status: "COMPLETED" }]);
    await record({
      jobs: [answer({ ...task, run_key: at(19), observed_at: at(21), status: "RUNNING", resumed_at: at(19) })],
    });
    expect(await jobs()).toMatchObject([
      { run_key: at(1), status: "COMPLETED" },
      { run_key: at(19), status: "RUNNING" },
    ]);
    // An answer of the first run that was held up makes no third job.
    await record({
      jobs: [answer({ ...task, run_key: at(1), observed_at: at(5), status: "RUNNING", resumed_at: at(1) })],
    });
    expect(await jobs()).toHaveLength(2);
  });

  it("reopens a DMS job that was resumed after it had stopped, and no other", async () => {
    const run = { job_type: "DMS", aws_job_id: "arn", run_key: at(0) };
    await record({
      jobs: [
        answer({
          ...run,
          observed_at: at(10),
          status: "FAILED",
          resumed_at: at(0),
          completed_at: at(9),
          error_message: "no",
        }),
      ],
    });
    await record({ jobs: [answer({ ...run, observed_at: at(11), status: "RUNNING", resumed_at: at(0) })] });
    expect(await jobs()).toMatchObject([{ status: "FAILED" }]);
    await record({ jobs: [answer({ ...run, observed_at: at(20), status: "RUNNING", resumed_at: at(15) })] });
    expect(await db.query("select status, completed_at, error_message from a2o.migration_jobs")).toEqual([
      { status: "RUNNING", completed_at: null, error_message: null },
    ]);
    // The stop that came before it, told late.
    await record({
      jobs: [answer({ ...run, observed_at: at(21), status: "FAILED", resumed_at: at(0), completed_at: at(9) })],
    });
    expect(await jobs()).toMatchObject([{ status: "RUNNING" }]);
  });

  it("says nothing of a monitor's health for a poll that was overtaken", async () => {
    const late = await begin();
    const next = await begin();
    const failed = (code: string) => ({
      services: [{ service: "DMS", is_blind: true, is_complete: false, error_code: code, error_message: "…" }],
    });
    await record({ services: [{ service: "DMS", is_complete: true, listed_at: at(5), listed: [] }] }, next);
    await record(failed("Late"), late);
    expect(await db.query("select consecutive_failures, error_code from a2o.monitors")).toEqual([
      { consecutive_failures: 0, error_code: null },
    ]);
  });

  /** A job's course as AWS would tell it, answer by answer. */
  const course = fc
    .record({ steps: fc.integer({ min: 1, max: 8 }), ends: fc.constantFrom("COMPLETED", "FAILED", undefined) })
    .map(({ steps, ends }) =>
      Array.from({ length: steps + 1 }, (_, i) => {
        const isLast = i === steps && ends !== undefined;
        return {
          observed_at: at(i + 1),
          status: isLast ? ends : "RUNNING",
          started_at: at(0),
          completed_at: isLast ? at(i + 1) : undefined,
          bytes_copied: 10 * (i + 1),
          bytes_total: 100,
        };
      }),
    );

  it("ends with the newest state and each sample once, in whatever order and however often answers come", async () => {
    await fc.assert(
      fc.asyncProperty(
        course.chain(answers =>
          fc.record({
            answers: fc.constant(answers),
            arrivals: fc
              .tuple(
                fc.shuffledSubarray(answers, { minLength: answers.length }),
                fc.array(fc.constantFrom(...answers), { maxLength: 4 }),
              )
              .map(([each, again]) => [...each, ...again]),
          }),
        ),
        async ({ answers, arrivals }) => {
          await db.query("delete from a2o.migration_jobs");
          for (const told of arrivals) await record({ jobs: [answer(told)] });
          const newest = answers.at(-1);
          const [job, ...others] = await db.query(
            "select status, completed_at, bytes_copied::int as bytes, observed_at from a2o.migration_jobs",
          );
          expect(others).toEqual([]);
          expect(job).toEqual({
            status: newest?.status,
            completed_at: newest?.completed_at === undefined ? null : new Date(newest.completed_at),
            bytes: newest?.bytes_copied,
            observed_at: new Date(newest?.observed_at ?? ""),
          });
          // The last state has a sample only where it ended a job that was seen running.
          const running = answers.filter(({ status }) => status === "RUNNING").map(told => told.bytes_copied);
          const sampled = (await samples()).map(({ bytes }) => bytes);
          expect(sampled.filter(bytes => running.includes(Number(bytes)))).toEqual(running);
          expect(sampled.length - running.length).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("does the same when two workers record at once", async () => {
    const clients: Client[] = [];
    await db.as("a2o_worker", async ({ client: one }) => {
      await db.as("a2o_worker", async ({ client: two }) => {
        clients.push(one, two);
        for (const client of clients) await client.query("commit");
        await Promise.all(
          clients.map(async (client, which) => {
            for (let i = 1; i <= 20; i++) {
              const poll = {
                poll_id: crypto.randomUUID(),
                monitor_id: monitorId,
                // Both tell the even minutes, each only one of the odd ones.
                jobs:
                  i % 2 === 0 || i % 4 === 1 + 2 * which
                    ? ["a", "b", "c"].map(id =>
                        answer({
                          aws_job_id: id,
                          observed_at: at(i),
                          status: i === 20 ? "COMPLETED" : "RUNNING",
                          completed_at: i === 20 ? at(20) : undefined,
                          bytes_copied: i,
                        }),
                      )
                    : [],
              };
              await client.query("select * from a2o.record_poll($1)", [JSON.stringify(poll)]);
            }
          }),
        );
      });
    });
    expect(await db.query("select status, count(*)::int from a2o.migration_jobs group by 1")).toEqual([
      { status: "COMPLETED", count: 3 },
    ]);
    const counted = await db.query(
      "select job_id, count(*)::int as samples, count(distinct sampled_at)::int as moments from a2o.migration_progress group by 1",
    );
    expect(counted).toHaveLength(3);
    for (const { samples: found, moments } of counted) expect([found, moments]).toEqual([20, 20]);
  });
});
