import { spawn } from "node:child_process";
import { on, once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../test/database.ts";
import { contradictions, everything, glueTable, gone, ingestClient, pidOf, recordCatalog } from "./testing.ts";

let db: TestDatabase;
/** What the database holds besides what dies: one assessment and the columns of all. */
let before: Record<string, number>;

const TABLES = 1500;
const catalog = [{ name: "db", tables: Array.from({ length: TABLES }, (_, i) => glueTable(`t${i}`)) }];

beforeAll(async () => {
  db = await createTestDatabase();
  const client = await ingestClient(db);
  await recordCatalog(client, catalog, { region: "survivor" });
  await client.end();
  before = await everything(db);
});
afterAll(() => db.drop());

/** After a death: either nothing was stored, or all of it, and the next run clears what was staged. Removes it again. */
async function wholeOrNothing(): Promise<boolean> {
  const next = await ingestClient(db);
  await next.query("select a2o.abandon_assessment(run_id) from a2o.begin_assessment()");
  await next.end();
  expect(await contradictions(db)).toEqual([]);
  const found = await db.query<{ id: string; tables: number }>(
    `select a.id, (select count(*)::int from a2o.tables t where t.assessment_id = a.id) as tables
     from a2o.assessments a where a.region <> 'survivor'`,
  );
  if (found.length > 0) expect(found).toMatchObject([{ tables: TABLES }]);
  await db.query("delete from a2o.assessments where region <> 'survivor'");
  expect(await everything(db)).toEqual(before);
  return found.length > 0;
}

describe("death while an assessment is recorded", () => {
  it("of its session, at any moment, leaves a whole assessment or nothing", async () => {
    const timed = await ingestClient(db);
    const start = performance.now();
    await recordCatalog(timed, catalog);
    const whole = performance.now() - start;
    await timed.end();
    expect(await wholeOrNothing()).toBe(true);
    let died = 0;
    for (let i = 0; i < 16; i++) {
      const victim = await ingestClient(db);
      const recorded = recordCatalog(victim, catalog).then(
        () => true,
        () => false,
      );
      await sleep(((i + 0.5) / 16) * whole);
      await db.query("select pg_terminate_backend($1)", [pidOf(victim)]);
      const said = await recorded;
      await gone(db, pidOf(victim));
      const stored = await wholeOrNothing();
      // Who was told that it is stored finds it stored.
      if (said) expect(stored).toBe(true);
      else died++;
    }
    expect(died).toBeGreaterThan(6);
  });

  it.each([
    ["begun", 0],
    ["begun", 15],
    ["staged", 0],
    ["staged", 60],
  ] as const)("of its process by SIGKILL, %s for %i ms, too", async (word, delay) => {
    const login = await db.createLogin("a2o_ingest");
    const script = fileURLToPath(new URL("recording.fixture.ts", import.meta.url));
    const child = spawn(process.execPath, [script, db.urlFor(login), String(TABLES)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const exited = once(child, "exit");
    for await (const [chunk] of on(child.stdout, "data", { close: ["end"] })) if (String(chunk).includes(word)) break;
    await sleep(delay);
    child.kill("SIGKILL");
    await exited;
    // The server finishes the statement it is at, and only then notices.
    const sessions = await db.query<{ pid: number }>("select pid from pg_stat_activity where usename = $1", [login]);
    for (const { pid } of sessions) await gone(db, pid);
    await wholeOrNothing();
  });
});
