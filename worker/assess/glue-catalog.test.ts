import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { demoCredentials, type Simulator, startSimulator } from "../../demo/simulator.ts";
import { withClient } from "../../postgres/connect.ts";
import { UserError } from "../../postgres/user-error.ts";
import { createTestDatabase, type TestDatabase } from "../../test/database.ts";
import { type AssessmentResult, type AssessOptions, assessGlueCatalog } from "./glue-catalog.ts";
import { JSON_REPORT, MARKDOWN_REPORT } from "./reports.ts";

let db: TestDatabase;
let simulator: Simulator;
let directory: string;

beforeAll(async () => {
  db = await createTestDatabase();
  simulator = await startSimulator();
});
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "aws2openstack-assess-"));
});
afterEach(async () => {
  simulator.faults.clear();
  await db.query("delete from a2o.assessments");
  await rm(directory, { recursive: true, force: true });
});
afterAll(async () => {
  await simulator.close();
  await db.drop();
});

function assess(options: Partial<AssessOptions> = {}): Promise<AssessmentResult> {
  const standIn = { endpoint: simulator.url, credentials: demoCredentials };
  return withClient(db.url, { role: "a2o_ingest", purpose: "test" }, client =>
    assessGlueCatalog(client, {
      ...{ region: "us-east-1", standIn, keep: true, outputDirectory: directory, maxAttempts: 2, retryDelay: 5 },
      ...options,
    }),
  );
}

async function nothingStored(): Promise<void> {
  expect(await db.query("select from a2o.assessments")).toEqual([]);
  expect(await db.query("select from a2o.tables")).toEqual([]);
  expect(await db.query("select from a2o_private.runs")).toEqual([]);
  expect(
    await db.query(
      "select tablename from pg_tables where schemaname in ('a2o', 'a2o_private') and tablename ~ '^(run|tables)_[0-9a-f]{32}'",
    ),
  ).toEqual([]);
}

describe("an assessment", () => {
  it("counts what it stored, and says what it could not read", async () => {
    const result = await assess();
    const [counted] = await db.query(
      `select count(*)::int as "totalTables", count(*) filter (where is_iceberg)::int as "icebergTables",
         count(*) filter (where migration_readiness = 'READY')::int as "migrationReady",
         count(*) filter (where migration_readiness = 'NEEDS_CONVERSION')::int as "needsConversion",
         count(*) filter (where migration_readiness = 'UNKNOWN')::int as unknown,
         (select count(*)::int from a2o.databases where assessment_id = $1) as "totalDatabases"
       from a2o.tables where assessment_id = $1`,
      [result.id],
    );
    expect(result.summary).toMatchObject(counted ?? {});
    expect(result.summary.totalTables).toBeGreaterThan(100);
    expect(result).toMatchObject({ isNew: true, isSimulated: true, awsAccountId: "210987654321", region: "us-east-1" });
    expect(result.unread).toEqual([
      expect.objectContaining({ databaseName: "hr_restricted", status: "DENIED", errorCode: "AccessDeniedException" }),
    ]);
    expect(await db.query("select is_simulated, origin from a2o.assessments")).toEqual([
      { is_simulated: true, origin: "GLUE" },
    ]);
  });

  it("writes reports that say the same", async () => {
    const result = await assess();
    const report = JSON.parse(await readFile(join(directory, JSON_REPORT), "utf8"));
    expect(report.assessment_metadata).toMatchObject({ assessment_id: result.id, is_simulated: true });
    expect(report.summary).toMatchObject({
      total_tables: result.summary.totalTables,
      migration_ready: result.summary.migrationReady,
      needs_conversion: result.summary.needsConversion,
    });
    expect(report.tables).toHaveLength(result.summary.totalTables);
    expect(await readFile(join(directory, MARKDOWN_REPORT), "utf8")).toContain("hr_restricted");
  });

  it("judges and reports the same when it is not kept, and leaves nothing", async () => {
    const { summary } = await assess();
    await db.query("delete from a2o.assessments");
    const result = await assess({ keep: false });
    expect(result.summary).toEqual(summary);
    expect((await readdir(directory)).sort()).toEqual([JSON_REPORT, MARKDOWN_REPORT]);
    await nothingStored();
  });

  it("writes no reports unless asked to", async () => {
    const result = await assess({ outputDirectory: undefined });
    expect([result.jsonReport, result.markdownReport]).toEqual([undefined, undefined]);
    expect(await readdir(directory)).toEqual([]);
  });

  it("stores a table once that AWS lists twice", async () => {
    const honest = await assess({ keep: false });
    simulator.faults.add({ kind: "lie", lie: "repeatItem" });
    expect((await assess()).summary).toEqual(honest.summary);
  });
});

describe("reports that cannot be written", () => {
  const places: [string, (place: string) => Promise<unknown>, RegExp][] = [
    [
      "a file stands in the way",
      place => writeFile(place, ""),
      /cannot be written to .*: a file of that name is in the way/,
    ],
    [
      "a directory has a report's name",
      place => mkdir(join(place, MARKDOWN_REPORT), { recursive: true }),
      /is a directory/,
    ],
  ];
  it.each(places)("are noticed before AWS is read: %s", async (_name, prepare, message) => {
    const place = join(directory, "place");
    await prepare(place);
    const before = simulator.counters.byOperation.GetDatabases ?? 0;
    const error = await assess({ outputDirectory: place }).catch(error => error);
    expect(error).toBeInstanceOf(UserError);
    expect(error.message).toMatch(message);
    expect(simulator.counters.byOperation.GetDatabases ?? 0).toBe(before);
    await nothingStored();
  });

  it("leave the earlier ones as they were", async () => {
    await assess();
    const before = await readFile(join(directory, JSON_REPORT), "utf8");
    await db.query("delete from a2o.assessments");
    // Fails while the second report is written, after the first is whole.
    await db.query("alter function a2o.report_markdown(uuid) rename to report_markdown_away");
    try {
      await expect(assess()).rejects.toThrow("report_markdown");
    } finally {
      await db.query("alter function a2o.report_markdown_away(uuid) rename to report_markdown");
    }
    expect(await readFile(join(directory, JSON_REPORT), "utf8")).toBe(before);
    expect((await readdir(directory)).sort()).toEqual([JSON_REPORT, MARKDOWN_REPORT]);
    await nothingStored();
  });
});

describe("a run that is broken off", () => {
  it("by expired credentials stores and writes nothing", async () => {
    simulator.faults.add({ kind: "expire", operation: "GetTables", afterCalls: 3 });
    const error = await assess().catch(error => error);
    expect(error).toBeInstanceOf(UserError);
    expect(error.message).toMatch(/^AWS refused the credentials: ExpiredTokenException/);
    expect(await readdir(directory)).toEqual([]);
    await nothingStored();
  });

  it("while AWS is read stores and writes nothing", async () => {
    simulator.faults.add({ kind: "hang", operation: "GetTables", skip: 3 });
    const controller = new AbortController();
    const run = assess({
      signal: controller.signal,
      onProgress: ({ tables }) => tables > 0 && controller.abort("enough"),
    });
    await expect(run).rejects.toBe("enough");
    expect(await readdir(directory)).toEqual([]);
    await nothingStored();
  });

  it("while the database judges cancels that", async () => {
    const controller = new AbortController();
    const holding = await db.as("a2o_owner", async ({ client }) => {
      // The recording waits for this lock when it stores.
      await client.query("lock table a2o.assessments in access exclusive mode");
      const run = assess({ signal: controller.signal });
      const settled = run.then(
        () => "stored",
        reason => reason,
      );
      for (;;) {
        const { rows } = await client.query(
          "select from pg_locks where not granted and relation = 'a2o.assessments'::regclass",
        );
        if (rows.length > 0) break;
        await sleep(20);
      }
      controller.abort("enough");
      return settled;
    });
    expect(holding).toBe("enough");
    expect(await readdir(directory)).toEqual([]);
    await nothingStored();
  });
});
