import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../demo/simulator.ts";
import { createTestDatabase, type TestDatabase } from "../test/database.ts";
import { a2o, temporaryDirectory } from "./testing.ts";

const REGION = "eu-central-1";
const JSON_REPORT = "glue-catalog-assessment.json";
const MARKDOWN_REPORT = "glue-catalog-assessment.md";

let db: TestDatabase;
let simulator: Simulator;
let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
/** Its embedded database judges where there is no other; set up once. */
let home: Awaited<ReturnType<typeof temporaryDirectory>>;

beforeAll(async () => {
  db = await createTestDatabase();
  simulator = await startSimulator({
    catalog: { databases: 4, tablesPerDatabase: 120, regions: [REGION, "us-east-1"] },
  });
  home = await temporaryDirectory();
  await chmod(home.path, 0o711);
});
beforeEach(async () => {
  directory = await temporaryDirectory();
});
afterEach(async () => {
  simulator.faults.clear();
  await db.query("delete from a2o.assessments");
  // What an interrupted run left for --resume.
  await db.query("update a2o_private.runs set kept_until = null");
  await db.query("select a2o_private.forget_abandoned_runs()");
  await directory.remove();
});
afterAll(async () => {
  await a2o(["db", "reset", "--yes"], { env: { AWS2OPENSTACK_HOME: home.path } });
  await home.remove();
  await simulator.close();
  await db.drop();
});

const reports = (...rest: string[]) => join(directory.path, "reports", ...rest);
const environment = (more: Record<string, string | undefined> = {}) => ({
  ...simulator.environment(),
  AWS2OPENSTACK_HOME: home.path,
  DATABASE_URL: db.url,
  ...more,
});
const assess = (
  args: string[] = [],
  env: Record<string, string | undefined> = {},
  during?: (c: { kill(s: "SIGINT"): void }) => unknown,
) =>
  a2o(
    [
      "assess",
      "glue-catalog",
      "--output-dir",
      reports(),
      ...(args.includes("--region") ? [] : ["--region", REGION]),
      ...args,
    ],
    {
      env: environment(env),
      ...(during && { during }),
    },
  );
const stored = () => db.query("select id, region, total_tables, is_simulated from a2o.assessments order by region");
const staged = () =>
  db.query("select tablename from pg_tables where schemaname = 'a2o_private' and tablename like 'run\\_%'");

describe("assess glue-catalog", () => {
  it("writes the reports and stores what they say", async () => {
    const { code, stdout, stderr } = await assess();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [row] = await stored();
    expect(row).toMatchObject({ region: REGION, total_tables: 480, is_simulated: true });
    expect(stdout).toContain("Starting Glue Catalog assessment for region: eu-central-1\n");
    expect(stdout).toContain("Found 4 databases with 480 tables in account 210987654321 (simulated)\n");
    expect(stdout).toMatch(new RegExp(`Saved to \\S+ at 127\\.0\\.0\\.1:\\d+: ${row?.id}\nAssessment complete\n`));
    expect(stdout).not.toContain("\u001b");
    const report = JSON.parse(await readFile(reports(JSON_REPORT), "utf8"));
    expect(report.summary.total_tables).toBe(480);
    expect(await readFile(reports(MARKDOWN_REPORT), "utf8")).toMatch(/^# AWS Glue Catalog Assessment\n/);
    expect((await readdir(reports())).sort()).toEqual([JSON_REPORT, MARKDOWN_REPORT]);
    expect(await staged()).toEqual([]);
  });

  it("prints JSON and nothing else with --json", async () => {
    const { code, stdout, stderr } = await assess(["--json"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [result, ...others] = JSON.parse(stdout);
    const [row] = await stored();
    expect(others).toEqual([]);
    expect(result).toMatchObject({
      ...{ assessment_id: row?.id, is_new: true, region: REGION, aws_account_id: "210987654321", is_simulated: true },
      summary: { total_databases: 4, total_tables: 480, total_estimated_size_gb: expect.any(Number) },
      ...{ unread: [], json_report: reports(JSON_REPORT), markdown_report: reports(MARKDOWN_REPORT) },
    });
  });

  it("exits with 3 when something could not be read, and says what", async () => {
    const denied = simulator.catalogOf().databaseAt(REGION, 0)?.database.Name ?? "";
    simulator.faults.add({ kind: "deny", database: denied });
    const { code, stdout, stderr } = await assess();
    expect(code).toBe(3);
    expect(stdout).toContain("Assessment complete, except for 1 database (exit code 3)");
    expect(stderr).toMatch(new RegExp(`^Not read in full: ${denied} \\(denied\\): AccessDeniedException: `));
    expect(await readFile(reports(MARKDOWN_REPORT), "utf8")).toContain("AccessDeniedException");
    expect((await stored())[0]).toMatchObject({ total_tables: 360 });
  });

  it("takes several regions, each with its own reports", async () => {
    const { code, stdout } = await assess(["--region", `${REGION},us-east-1,${REGION}`, "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).map((result: { json_report: string }) => result.json_report)).toEqual([
      reports(REGION, JSON_REPORT),
      reports("us-east-1", JSON_REPORT),
    ]);
    expect((await stored()).map(row => row.region)).toEqual([REGION, "us-east-1"]);
  });

  it("keeps what is done when another region fails, and exits with 3", async () => {
    simulator.faults.add({ kind: "expire", afterCalls: 0, region: "us-east-1" });
    const { code, stdout, stderr } = await assess(["--region", `${REGION},us-east-1`, "--json"]);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject([
      { region: REGION, summary: { total_tables: 480 } },
      { region: "us-east-1", aws_account_id: "210987654321", error: expect.stringContaining("ExpiredToken") },
    ]);
    expect(stderr).toMatch(/^Error: 210987654321 in us-east-1: AWS refused the credentials: ExpiredToken/);
  });

  it("stores and writes nothing when the credentials expire on the way, and keeps what was read for --resume", async () => {
    simulator.faults.add({ kind: "expire", operation: "GetTables", afterCalls: 5 });
    const { code, stderr } = await assess();
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^\d+ tables of 210987654321 in eu-central-1 are kept for a day: the same command with --resume goes on\.\nError: AWS refused the credentials: ExpiredTokenException: The security token included in the request is expired\.\nGet fresh ones, e\.g\. with: aws sso login\n$/,
    );
    expect(await readdir(reports())).toEqual([]);
    expect(await stored()).toEqual([]);
  });

  it.each([
    ["no credentials", { AWS_ACCESS_KEY_ID: undefined }, [], "There are no AWS credentials."],
    [
      "an unknown profile",
      { AWS_ACCESS_KEY_ID: undefined },
      ["--profile", "nobody"],
      "Profile nobody gives no credentials",
    ],
    [
      "no AWS there",
      { AWS_ENDPOINT_URL: "http://127.0.0.1:9" },
      [],
      "Nothing answers at http://127.0.0.1:9 (ECONNREFUSED).",
    ],
  ])("explains %s", async (_name, env, args, message) => {
    const { code, stderr } = await assess(args, env);
    expect(code).toBe(1);
    expect(stderr).toContain(`Error: ${message}`);
    expect(stderr.trim().split("\n")).toHaveLength(2);
  });

  it("does not read AWS for reports that cannot be written", async () => {
    await writeFile(reports(), "in the way");
    const { code, stderr } = await assess();
    expect(code).toBe(1);
    expect(stderr).toBe(
      `Error: The reports cannot be written to ${reports()}: a file of that name is in the way.\nChoose another --output-dir.\n`,
    );
    expect(await stored()).toEqual([]);
  });

  it("leaves nothing half-written on Ctrl-C", async () => {
    simulator.faults.add({ kind: "hang", operation: "GetTables", skip: 2 });
    const before = simulator.counters.total;
    const { code, stdout, stderr } = await assess([], {}, async child => {
      while (simulator.counters.total < before + 4) await sleep(20);
      child.kill("SIGINT");
    });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^Interrupted; nothing was stored or written\./),
    });
    expect(stdout).not.toContain("Saved");
    expect(await readdir(reports())).toEqual([]);
    expect(await stored()).toEqual([]);
  });
});

describe("assess glue-catalog without a database that can be used", () => {
  const advice = /To store them later: aws2openstack ingest \S+glue-catalog-assessment\.json\n/;

  it("keeps nothing without DATABASE_URL and --save-to-db, and the reports can be ingested", async () => {
    const env = { DATABASE_URL: undefined };
    const { code, stdout } = await assess([], env);
    expect(code).toBe(0);
    expect(stdout).not.toContain("Saved");
    expect((await a2o(["list"], { env: environment(env) })).stdout).toMatch(/^No assessment is stored yet\./);

    const ingested = await a2o(["ingest", "--json", reports(JSON_REPORT)], { env: environment() });
    const [report] = JSON.parse(ingested.stdout);
    expect(report).toMatchObject({ is_new: true, tables: 480, databases: 4 });
    expect((await stored()).map(row => row.id)).toEqual([report.id]);
  });

  it("stores in the embedded one with --save-to-db", async () => {
    const env = { DATABASE_URL: undefined };
    const { code, stdout } = await assess(["--save-to-db", "--json"], env);
    expect(code).toBe(0);
    const [{ assessment_id, stored_in }] = JSON.parse(stdout);
    expect(stored_in).toBe("the embedded database");
    const listed = JSON.parse((await a2o(["list", "--json"], { env: environment(env) })).stdout);
    expect(listed.map((row: { id: string }) => row.id)).toEqual([assessment_id]);
    const status = JSON.parse((await a2o(["db", "status", "--json"], { env: environment(env) })).stdout);
    expect(status).toMatchObject({ state: "stopped", home: home.path, used_by: [] });
  });

  const unusable: [string, () => Promise<string>, RegExp][] = [
    [
      "is out of reach",
      async () => "postgresql://me:s3cret@127.0.0.1:9/a2o",
      /No PostgreSQL answers for a2o at 127\.0\.0\.1:9\./,
    ],
    ["refuses the password", async () => wrongPassword(db.urlFor("a2o_mcp")), /PostgreSQL refused the login/],
    [
      "was never migrated",
      async () => Object.assign(new URL(db.url), { pathname: "/template1" }).href,
      /lacks what this version needs: .*\nRun `aws2openstack db migrate`/,
    ],
    ["may not be written", async () => db.urlFor(await db.createLogin("a2o_reader")), /may not become a2o_ingest/],
  ];
  it.each(unusable)("warns, and writes the reports all the same, when it %s", async (_name, url, reason) => {
    const { code, stdout, stderr } = await assess([], { DATABASE_URL: await url() });
    expect(stderr).toMatch(/^Warning: nothing is saved/);
    expect(stderr).toMatch(reason);
    expect(stderr).toMatch(advice);
    expect(stderr + stdout).not.toMatch(/s3cret|wr0ng/);
    expect(code).toBe(0);
    expect(stdout).not.toContain("Saved");
    expect(JSON.parse(await readFile(reports(JSON_REPORT), "utf8")).summary.total_tables).toBe(480);
  });

  it("warns when the database goes away in the middle", async () => {
    const removeDelay = simulator.faults.add({ kind: "delay", operation: "GetTables", ms: 150 });
    const before = simulator.counters.total;
    const run = assess();
    while (simulator.counters.total < before + 3) await sleep(10);
    await db.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'aws2openstack assess' and datname = current_database()",
    );
    removeDelay();
    const { code, stdout, stderr } = await run;
    expect(stderr).toMatch(/^Warning: nothing is saved/);
    expect(stderr).toMatch(advice);
    expect({ code, saved: stdout.includes("Saved"), stored: await stored() }).toEqual({
      code: 0,
      saved: false,
      stored: [],
    });
    expect(existsSync(reports(JSON_REPORT))).toBe(true);
  });
});

function wrongPassword(text: string): string {
  return Object.assign(new URL(text), { password: "wr0ng" }).href;
}

describe("ingest and list", () => {
  const env = () => environment();

  it("take several files, however one of them is, and the same one once", async () => {
    await assess();
    const report = await readFile(reports(JSON_REPORT));
    await db.query("delete from a2o.assessments");
    const [zipped, broken] = [reports("again.json.gz"), reports("broken.json")];
    await writeFile(zipped, gzipSync(report));
    await writeFile(broken, report.subarray(0, 5000));
    const { code, stdout, stderr } = await a2o(["ingest", broken, reports(JSON_REPORT), zipped], { env: env() });
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /480 tables in 4 databases stored in .* as \S+\n.*again\.json\.gz: stored already as \S+\n$/,
    );
    expect(stderr).toContain(broken);
    expect(stderr).not.toContain("Run it again with --debug");
    expect(await stored()).toHaveLength(1);

    const piped = await a2o(["ingest", "-", "--json"], { env: env(), input: report });
    expect(JSON.parse(piped.stdout)).toEqual([expect.objectContaining({ file: "-", is_new: false })]);
  });

  it("say which file is not there", async () => {
    const { code, stderr } = await a2o(["ingest", reports("nothing.json")], { env: env() });
    expect(code).toBe(1);
    expect(stderr).toContain("nothing.json: cannot be read: it does not exist");
  });

  it("show what is stored, newest first", async () => {
    const empty = await a2o(["list"], { env: env() });
    expect(empty).toMatchObject({ code: 0, stdout: expect.stringContaining("No assessment is stored yet.") });
    expect((await a2o(["list", "--json"], { env: env() })).stdout).toBe("[]\n");
    await assess();
    await assess(["--region", "us-east-1"]);
    const all = await a2o(["list"], { env: env() });
    expect(all.stdout).toMatch(/^Assessment +Assessed \(UTC\) +Account +Region +Databases +Tables +Ready/);
    expect(all.stdout.trim().split("\n")).toHaveLength(3);
    const [newest, ...others] = JSON.parse((await a2o(["list", "--json", "--limit", "1"], { env: env() })).stdout);
    expect(others).toEqual([]);
    expect(newest).toMatchObject({
      region: "us-east-1",
      total_tables: 480,
      is_simulated: true,
      completeness_percent: 100,
    });
  });
});

describe("db", () => {
  it("tells how the database stands and where it is", async () => {
    const status = JSON.parse((await a2o(["db", "status", "--json"], { env: environment() })).stdout);
    expect(status).toMatchObject({ pending: [], foreign: [] });
    expect(status.applied.length).toBeGreaterThan(0);
    const plain = await a2o(["db", "status"], { env: environment() });
    expect(plain.stdout).toMatch(/^pending +none$/m);
    expect(plain.stdout).not.toContain(new URL(db.url).password);
    expect((await a2o(["db", "url"], { env: environment() })).stdout).toBe(`${db.url}\n`);
    expect((await a2o(["db", "migrate"], { env: environment() })).stdout).toMatch(/ was up to date\.\n$/);
  });

  it("hands arguments after -- to psql, and the connection where nobody sees it", async () => {
    const bin = join(directory.path, "bin");
    await mkdir(bin);
    await writeFile(
      join(bin, "psql"),
      '#!/bin/sh\nprintf "%s\\n" "$@"\necho "$PGUSER $PGPASSWORD $PGHOST $PGPORT $PGDATABASE $PGSSLMODE"\nexit 7\n',
      {
        mode: 0o755,
      },
    );
    const env = environment({
      PATH: `${bin}:${process.env.PATH}`,
      DATABASE_URL: "postgresql://me:s3%20cret@there:5/a2o?sslmode=require",
    });
    const { code, stdout } = await a2o(["db", "psql", "--", "-c", "select 1", "--help"], { env });
    expect(code).toBe(7);
    expect(stdout).toBe("-c\nselect 1\n--help\nme s3 cret there 5 a2o require\n");
  });

  it("says how to get psql where there is none", async () => {
    const { code, stderr } = await a2o(["db", "psql"], { env: environment({ PATH: directory.path }) });
    expect(code).toBe(1);
    expect(stderr).toContain("psql is not installed");
    expect(stderr).not.toContain(new URL(db.url).password);
  });

  it("resets only the embedded database, and only when told to", async () => {
    const own = await a2o(["db", "reset", "--yes"], { env: environment() });
    expect(own.code).toBe(2);
    expect(own.stderr).toContain("DATABASE_URL is set, and reset deletes only the embedded database.");
    const unasked = await a2o(["db", "reset"], { env: environment({ DATABASE_URL: undefined }) });
    expect(unasked.stdout + unasked.stderr).not.toContain("Deleted");
  });

  it("has no URL for an embedded database that does not run", async () => {
    const { code, stdout, stderr } = await a2o(["db", "url"], { env: environment({ DATABASE_URL: undefined }) });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("is not running");
  });
});
