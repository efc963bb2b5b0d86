import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../test/database.ts";

const OURS = "111111111111";
const THEIRS = "222222222222";
const ROLE = `arn:aws:iam::${OURS}:role/reader`;

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  for (const account of [OURS, THEIRS])
    await db.query("insert into a2o.accounts (aws_account_id) values ($1)", [account]);
});
afterEach(() => db.query("delete from a2o.assessment_schedules"));
afterAll(() => db.drop());

const nextRun = async (every: string, after: string) =>
  (await db.query<{ at: Date }>("select a2o.next_run($1, $2) as at", [every, after]))[0]?.at.toISOString();
const add = async (every = "day", account = OURS, regions = "eu-west-1") =>
  (await db.query<{ id: string }>("select id from a2o.schedule_assessment($1, $2, $3)", [account, regions, every]))[0]
    ?.id ?? "";

describe("how often", () => {
  it.each([
    ["hour", "2026-11-25T03:30:00Z", "2026-11-25T04:30:00.000Z"],
    ["6h", "2026-11-25T03:30:00Z", "2026-11-25T09:30:00.000Z"],
    ["30m", "2026-11-25T03:30:00Z", "2026-11-25T04:00:00.000Z"],
    ["Day", "2026-11-25T03:30:00Z", "2026-11-26T03:30:00.000Z"],
    ["2 weeks", "2026-11-25T03:30:00Z", "2026-12-09T03:30:00.000Z"],
    ["month", "2026-01-31T03:30:00Z", "2026-02-28T03:30:00.000Z"],
    ["0 3 * * *", "2026-11-25T03:30:00Z", "2026-11-26T03:00:00.000Z"],
    ["0 3 * * *", "2026-11-25T03:00:00Z", "2026-11-26T03:00:00.000Z"],
    ["*/15 * * * *", "2026-11-25T03:31:07Z", "2026-11-25T03:45:00.000Z"],
    ["30 22 * * 1-5", "2026-11-27T23:00:00Z", "2026-11-30T22:30:00.000Z"],
    ["0 0 * * 7", "2026-11-25T03:30:00Z", "2026-11-29T00:00:00.000Z"],
    ["0 0 13 * 5", "2026-11-25T00:00:00Z", "2026-11-27T00:00:00.000Z"],
    ["5,10-12 8 1 */3 *", "2026-11-25T03:30:00Z", "2027-01-01T08:05:00.000Z"],
    ["0 12 29 2 *", "2026-11-25T03:30:00Z", "2028-02-29T12:00:00.000Z"],
    ["10/20 * * * *", "2026-11-25T03:31:00Z", "2026-11-25T03:50:00.000Z"],
  ])("is said as %s", async (every, after, expected) => {
    expect(await nextRun(every, after)).toBe(expected);
  });

  it.each([
    "",
    "sometimes",
    "0 h",
    "1m",
    "4 minutes",
    "* * * *",
    "60 * * * *",
    "* 24 * * *",
    "5-1 * * * *",
    "*/0 * * * *",
    "x * * * *",
    "0 0 31 2 *",
  ])("is not said as %j", async every => {
    await expect(nextRun(every, "2026-11-25T03:30:00Z")).rejects.toMatchObject({
      code: "A2O40",
      hint: expect.any(String),
    });
  });

  it("comes after, at a minute that fits, and no earlier one does", async () => {
    const field = (low: number, high: number) =>
      fc.oneof(
        fc.constant({ text: "*", numbers: undefined as number[] | undefined }),
        fc.uniqueArray(fc.integer({ min: low, max: high }), { minLength: 1, maxLength: 3 }).map(numbers => ({
          text: numbers.join(","),
          numbers: numbers as number[] | undefined,
        })),
      );
    await fc.assert(
      fc.asyncProperty(
        field(0, 59),
        field(0, 23),
        fc.date({ min: new Date("2026-01-01"), max: new Date("2028-01-01"), noInvalidDate: true }),
        async (minute, hour, after) => {
          const fits = (at: Date) =>
            (minute.numbers?.includes(at.getUTCMinutes()) ?? true) &&
            (hour.numbers?.includes(at.getUTCHours()) ?? true);
          const expected = new Date(Math.floor(after.getTime() / 60_000) * 60_000 + 60_000);
          while (!fits(expected)) expected.setTime(expected.getTime() + 60_000);
          expect(await nextRun(`${minute.text} ${hour.text} * * *`, after.toISOString())).toBe(expected.toISOString());
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("a schedule", () => {
  it("is due at once, and the same wish again only changes how often", async () => {
    const id = await add("day");
    expect(await add("week")).toBe(id);
    expect(await add("week", OURS, "eu-west-2")).not.toBe(id);
    const rows = await db.query(
      "select every, state, next_run_at <= now() as due from a2o.assessment_schedules order by regions",
    );
    expect(rows).toMatchObject([
      { every: "week", state: "WAITING" },
      { every: "week", due: true },
    ]);
  });

  it("names credentials that fit the account, and holds none", async () => {
    const one = (...values: unknown[]) =>
      db.query("select role_arn, external_id from a2o.schedule_assessment($1, 'all', 'day', null, $2, $3)", values);
    expect(await one(OURS, ROLE, "s3same")).toEqual([{ role_arn: ROLE, external_id: "s3same" }]);
    await expect(one(THEIRS, ROLE, null)).rejects.toMatchObject({ code: "A2O42" });
    await expect(one(OURS, null, "s3same")).rejects.toMatchObject({ code: "A2O42" });
    await expect(one("12", null, null)).rejects.toMatchObject({ code: "A2O05" });
    await expect(one("*", null, null)).rejects.toMatchObject({ code: "A2O05" });
    const columns = await db.query(
      "select column_name from information_schema.columns where table_name = 'assessment_schedules' and column_name ~ 'secret|token|password|access_key'",
    );
    expect(columns).toEqual([]);
  });

  it("is handed out once when it is due, however many ask, and moves on in step", async () => {
    const id = await add("day");
    await db.query("update a2o.assessment_schedules set next_run_at = '2026-11-25T03:00:00Z'");
    const take = (at: string) =>
      db.as("a2o_worker", async ({ query }) => {
        const rows = await query("select id from a2o.take_due_schedules($1)", [at]);
        await query("select 1");
        return rows;
      });
    // `as` rolls back, so each of these would take it.
    expect(await take("2026-11-25T02:59:00Z")).toEqual([]);
    expect(await take("2026-11-25T03:00:30Z")).toEqual([{ id }]);
    const twice = await Promise.all(
      Array.from({ length: 5 }, () => db.query("select id from a2o.take_due_schedules('2026-11-28T07:00:00Z')")),
    );
    expect(twice.flat()).toEqual([{ id }]);
    const [row] = await db.query<{ next_run_at: Date }>("select next_run_at from a2o.assessment_schedules");
    // Three were missed and are not made up for.
    expect(row?.next_run_at.toISOString()).toBe("2026-11-29T03:00:00.000Z");
  });

  it("waits while it is paused, and goes on without making up for it", async () => {
    const id = await add("hour");
    await db.query("update a2o.assessment_schedules set next_run_at = now() - interval '5 hours'");
    await db.query("select a2o.pause_schedule($1)", [id]);
    expect(await db.query("select id from a2o.take_due_schedules()")).toEqual([]);
    await db.query("select a2o.resume_schedule($1)", [id]);
    expect(await db.query("select is_paused, next_run_at > now() as later from a2o.assessment_schedules")).toEqual([
      { is_paused: false, later: true },
    ]);
    await db.query("select a2o.remove_schedule($1)", [id]);
    expect(await db.query("select from a2o.assessment_schedules")).toEqual([]);
  });

  it("is another account's to see and to change for nobody", async () => {
    const [ours, theirs] = [await add("day", OURS), await add("day", THEIRS)];
    await db.query("select a2o.grant_account_access('ann', $1)", [OURS]);
    await db.as(
      "a2o_operator",
      async ({ query }) => {
        expect(await query("select id from a2o.assessment_schedules")).toEqual([{ id: ours }]);
        for (const change of ["pause", "resume", "remove"]) {
          const call = query(`select a2o.${change}_schedule($1)`, [theirs]);
          await expect(call).rejects.toMatchObject({ code: "A2O43" });
          const unknown = query(`select a2o.${change}_schedule($1)`, ["00000000-0000-0000-0000-000000000000"]);
          await expect(unknown).rejects.toMatchObject({ code: "A2O43" });
          await query(`select a2o.${change}_schedule($1)`, [ours]);
        }
        const foreign = query("select a2o.schedule_assessment($1, 'all', 'day')", [THEIRS]);
        await expect(foreign).rejects.toMatchObject({ code: "A2O41" });
        await query("select a2o.schedule_assessment($1, 'all', 'day')", [OURS]);
        await expect(query("update a2o.assessment_schedules set every = 'hour'")).rejects.toMatchObject({
          code: "42501",
        });
      },
      { user: "ann" },
    );
    await db.as(
      "a2o_reader",
      async ({ query }) => {
        await expect(query("select a2o.pause_schedule($1)", [ours])).rejects.toMatchObject({ code: "42501" });
        await expect(query("select a2o.take_due_schedules()")).rejects.toMatchObject({ code: "42501" });
      },
      { user: "ann" },
    );
  });
});
