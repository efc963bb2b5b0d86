import { once } from "node:events";
import { createServer } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../demo/simulator.ts";
import { freePort } from "../../postgres/throwaway.ts";
import { createTestDatabase, type TestDatabase } from "../../test/database.ts";
import { a2o, temporaryDirectory } from "../testing.ts";
import type { Check } from "./check.ts";
import { checkNode } from "./machine.ts";

let db: TestDatabase;
let simulator: Simulator;
let home: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeAll(async () => {
  db = await createTestDatabase();
  simulator = await startSimulator({ catalog: { databases: 1, tablesPerDatabase: 1, regions: ["eu-central-1"] } });
  home = await temporaryDirectory();
});
afterEach(() => simulator.faults.clear());
afterAll(async () => {
  await home.remove();
  await simulator.close();
  await db.drop();
});

async function doctor(args: string[] = [], env: Record<string, string | undefined> = {}) {
  const port = args.includes("--port") ? [] : ["--port", String(await freePort())];
  const { code, stdout, stderr } = await a2o(["doctor", "--json", ...port, ...args], {
    env: { AWS2OPENSTACK_HOME: home.path, DATABASE_URL: db.url, ...simulator.environment(), ...env },
  });
  expect(stderr).toBe("");
  const { is_healthy, checks }: { is_healthy: boolean; checks: Check[] } = JSON.parse(stdout);
  expect(is_healthy).toBe(code === 0);
  const named = (name: string) => checks.filter(check => check.name === name);
  return { code, checks, named, bad: checks.filter(({ status }) => status === "failed" || status === "warning") };
}
const withAws = ["--region", "eu-central-1"];

describe("doctor", () => {
  it("finds nothing wrong where nothing is", async () => {
    const { code, bad, checks } = await doctor(withAws);
    expect({ code, bad }).toEqual({ code: 0, bad: [] });
    expect(checks.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        "node",
        "disk",
        "port",
        "postgresql",
        "migrations",
        "roles",
        "login",
        "grants",
        "extension",
      ]),
    );
    expect(checks.filter(({ name }) => name.startsWith("may "))).toMatchObject([
      { status: "ok", message: "Allowed: glue:GetDatabases, glue:GetTables" },
      { status: "ok", message: expect.stringContaining("cloudwatch:GetMetricData") },
    ]);
  });

  it("reads for people, and asks neither AWS nor a server that nobody named", async () => {
    const { code, stdout } = await a2o(["doctor", "--port", String(await freePort())], {
      env: { AWS2OPENSTACK_HOME: home.path },
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^This machine\n {2}ok {7}Node\.js /);
    expect(stdout).toContain("skipped  The embedded PostgreSQL is not set up yet");
    expect(stdout).toContain("skipped  No region is named");
    expect(stdout).toMatch(/\nAll is well\.\n$/);
  });

  it("names the IAM statement for what is denied: a failure for assessments, a warning for monitors", async () => {
    for (const operation of ["GetTables", "DescribeReplicationTasks", "ListTasks"])
      simulator.faults.add({ kind: "deny", operation });
    const { code, named } = await doctor(withAws);
    expect(code).toBe(1);
    expect(named("may assess")).toMatchObject([
      { status: "ok", message: "Allowed: glue:GetDatabases" },
      {
        status: "failed",
        message: "Denied: glue:GetTables",
        fix: expect.stringContaining('{"Effect":"Allow","Action":["glue:GetTables"],"Resource":"*"}'),
      },
    ]);
    expect(named("may monitor")[1]).toMatchObject({
      status: "warning",
      message: "Denied: dms:DescribeReplicationTasks, datasync:ListTasks",
    });
  });

  it("says which credentials are missing or have expired", async () => {
    simulator.faults.add({ kind: "expire", operation: "GetCallerIdentity", afterCalls: 0 });
    const expired = await doctor(withAws);
    expect(expired.named("identity")).toMatchObject([
      { status: "failed", message: expect.stringContaining("expired") },
    ]);
    const none = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined, AWS_SESSION_TOKEN: undefined };
    const missing = await doctor(withAws, none);
    expect(missing.named("identity")).toMatchObject([{ status: "failed", message: "There are no AWS credentials" }]);
    expect([expired.code, missing.code]).toEqual([1, 1]);
  });

  it("says what is wrong with the database", async () => {
    const away = await doctor([], { DATABASE_URL: "postgresql://me:s3cret@127.0.0.1:9/a2o" });
    expect(away.named("postgresql")).toMatchObject([{ status: "failed", fix: expect.stringContaining("Start it") }]);
    expect(JSON.stringify(away.checks)).not.toContain("s3cret");
    const empty = await doctor([], { DATABASE_URL: Object.assign(new URL(db.url), { pathname: "/template1" }).href });
    expect(empty.named("migrations")).toMatchObject([{ status: "failed", fix: "aws2openstack db migrate" }]);
    expect([away.code, empty.code]).toEqual([1, 1]);
  });

  it("says what a login may not, and which grant is missing", async () => {
    const [stranger, reader] = [await db.createLogin(), await db.createLogin("a2o_reader")];
    const lost = await doctor([], { DATABASE_URL: db.urlFor(stranger) });
    expect(lost.named("login")).toMatchObject([
      { status: "failed", fix: expect.stringContaining("grant a2o_ingest to") },
    ]);
    expect(lost.code).toBe(1);
    expect((await doctor([], { DATABASE_URL: db.urlFor(reader) })).named("login")).toMatchObject([
      { status: "warning" },
    ]);
    await db.query(
      "alter table a2o.tables disable row level security; revoke select on a2o.assessments from a2o_reader",
    );
    try {
      const { code, named } = await doctor();
      expect(code).toBe(1);
      expect(named("grants").map(({ fix }) => fix)).toEqual([
        "As the owner or an administrator: grant select on a2o.assessments to a2o_reader;",
        "As the owner or an administrator: alter table a2o.tables enable row level security;",
      ]);
    } finally {
      await db.query("alter table a2o.tables enable row level security; grant select on a2o.assessments to a2o_reader");
    }
  });

  it("sees a port that another program has", async () => {
    const server = createServer((_request, response) => response.end("hello"));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    try {
      const { code, named } = await doctor(["--port", String(port)]);
      expect([code, named("port")[0]]).toMatchObject([
        0,
        { status: "warning", fix: `Choose another: aws2openstack up --port ${port + 1}` },
      ]);
    } finally {
      server.close();
    }
  });

  it("knows which Node.js is too old", () => {
    expect(["20.1.0", "22.17.9", "22.18.0", "24.0.0"].map(version => checkNode(version).status)).toEqual([
      ...["failed", "failed", "ok", "ok"],
    ]);
  });
});
