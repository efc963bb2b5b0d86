// Secrets with a mark go in wherever secrets can; the mark must come out of nothing that is printed or logged.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { a2o, temporaryDirectory } from "../cli/testing.ts";
import { type Simulator, startSimulator } from "../demo/simulator.ts";
import { freePort } from "../postgres/throwaway.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";
import { startCommand } from "./processes.ts";

const MARK = "canary";
const canary = (what: string) => `${MARK}-${what}-0123456789abcdef0123456789abcdef`;

let db: TestDatabase;
let simulator: Simulator;
let home: Awaited<ReturnType<typeof temporaryDirectory>>;
/** A login that may do everything, whose password carries the mark. */
let databaseUrl: string;
let login: string;
/** Whatever any process printed, by what it was. */
const printed: [what: string, text: string][] = [];

const AWS = {
  AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
  AWS_SECRET_ACCESS_KEY: canary("aws-secret"),
  AWS_SESSION_TOKEN: canary("aws-token"),
};

beforeAll(async () => {
  db = await createTestDatabase();
  simulator = await startSimulator({ catalog: { databases: 1, tablesPerDatabase: 1, regions: ["eu-central-1"] } });
  home = await temporaryDirectory();
  login = await db.createLogin("a2o_owner", "a2o_ingest", "a2o_worker", "a2o_operator");
  await db.query(`alter role ${login} password '${canary("database")}'`);
  const url = new URL(db.urlFor(login));
  url.password = canary("database");
  databaseUrl = url.href;
});
afterAll(async () => {
  await home?.remove();
  await simulator?.close();
  await db?.drop();
});

/** Runs a command and keeps what it printed. */
async function run(args: string[], env: Record<string, string> = {}) {
  const outcome = await a2o(args, {
    env: { AWS2OPENSTACK_HOME: home.path, DATABASE_URL: databaseUrl, ...AWS, AWS_ENDPOINT_URL: simulator.url, ...env },
  });
  printed.push([args.join(" "), `${outcome.stdout}\n${outcome.stderr}`]);
  return outcome;
}

const hasMark = () => printed.filter(([, text]) => text.includes(MARK)).map(([what]) => what);

it("would be found, since one command prints the connection on purpose", async () => {
  await run(["db", "url"]);
  expect(hasMark()).toEqual(["db url"]);
  printed.length = 0;
});

it("stay out of what commands print, well or in error, with --debug too", async () => {
  for (const args of [
    ["db", "status"],
    ["doctor", "--region", "eu-central-1"],
    ["doctor", "--json", "--region", "eu-central-1"],
    ["list", "--json"],
    ["monitor", "add", "--region", "eu-central-1"],
    ["monitor", "test", "--region", "eu-central-1"],
    ["assess", "glue-catalog", "--region", "eu-central-1", "--output-dir", home.path, "--debug"],
  ]) {
    await run(args);
  }
  simulator.faults.add({ kind: "deny", operation: "GetDatabases" });
  const refused = await run([
    "assess",
    "glue-catalog",
    "--region",
    "eu-central-1",
    "--output-dir",
    home.path,
    "--debug",
  ]);
  expect(refused.code).toBe(1);
  simulator.faults.clear();

  const wrong = new URL(databaseUrl);
  wrong.password = canary("wrong-password");
  const elsewhere = new URL(databaseUrl);
  elsewhere.port = String(await freePort());
  for (const url of [
    wrong.href,
    elsewhere.href,
    // Not a URL: the password has what must be escaped.
    `postgresql://ann:${canary("unescaped")}%/#[@host:x/a2o`,
    `${databaseUrl}&sslmode=verify-full&sslrootcert=/no/such/file`,
    `${databaseUrl}-not-there`,
  ]) {
    const [first, ...more] = [["worker"], ["db", "status"], ["list"], ["db", "migrate"], ["doctor"]];
    for (const args of url === wrong.href ? [first ?? [], ...more] : [first ?? []]) {
      args.push("--debug");
      expect([args, (await run(args, { DATABASE_URL: url })).code]).not.toEqual([args, 0]);
    }
  }
  for (const env of [
    {
      SESSION_KEY: `${MARK}-short`,
      PUBLIC_URL: "https://a.example.com",
      OIDC_ISSUER: "https://b.example.com",
      OIDC_CLIENT_ID: "x",
    },
    { AUTHENTICATOR_DATABASE_URL: wrong.href },
    { AUTHENTICATOR_DATABASE_URL: databaseUrl, READ_DATABASE_URL: canary("replica") },
  ]) {
    expect((await run(["serve", "--debug"], env as Record<string, string>)).code).not.toBe(0);
  }
  expect(hasMark()).toEqual([]);
}, 120_000);

it("stay out of the web server's log, whoever sends them and whatever fails", async () => {
  // A provider that answers nothing but errors.
  const provider = createServer((_request, response) => response.writeHead(500).end(canary("provider"))).listen(
    0,
    "127.0.0.1",
  );
  await new Promise(resolve => provider.once("listening", resolve));
  const port = await freePort();
  await db.query("create view a2o.broken with (security_invoker = true) as select 1 / (length('') + 0) as broken");
  await db.query("grant select on a2o.broken to a2o_reader");
  const authenticator = await db.createLogin();
  await db.query(`alter role ${authenticator} superuser password '${canary("database")}'`);
  const url = new URL(db.urlFor(authenticator));
  url.password = canary("database");
  const serving = startCommand(["serve", "--port", String(port)], {
    AUTHENTICATOR_DATABASE_URL: url.href,
    LOG_LEVEL: "debug",
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    OIDC_ISSUER: `http://127.0.0.1:${(provider.address() as AddressInfo).port}`,
    OIDC_CLIENT_ID: "dashboard",
    OIDC_CLIENT_SECRET: canary("client-secret"),
    OIDC_AUDIENCE: "dashboard",
    PROXY_USER_HEADER: "x-user",
    TRUSTED_PROXIES: "127.0.0.1",
    SESSION_KEY: `${canary("new-key")},${canary("old-key")}`,
    METRICS_TOKEN: canary("metrics"),
  });
  try {
    await serving.printed("Server listening at");
    const at = (path: string, init: RequestInit = {}) =>
      fetch(`http://127.0.0.1:${port}${path}`, { redirect: "manual", ...init }).then(
        async response => [response.status, await response.text()] as const,
      );
    const query = (text: string, headers: Record<string, string> = {}) =>
      at("/graphql", {
        method: "POST",
        headers: {
          "content-type": "application/json",
          origin: `http://127.0.0.1:${port}`,
          "x-user": "ann",
          ...headers,
        },
        body: JSON.stringify({ query: text, variables: { password: canary("variable") } }),
      });
    expect((await at("/metrics", { headers: { authorization: `Bearer ${canary("metrics")}` } }))[0]).toBe(200);
    expect((await at("/metrics", { headers: { authorization: `Bearer ${canary("other")}` } }))[0]).toBe(403);
    expect((await at("/session", { headers: { cookie: `a2o-session=${canary("cookie")}` } }))[0]).toBe(401);
    await at("/session", { headers: { authorization: `Bearer ${canary("bearer")}` } });
    await at(`/sign-in/callback?code=${canary("code")}&state=${canary("state")}`);
    await at("/sign-in/start");
    expect(
      (await at(`/exports/tables.csv?assessmentId=${canary("argument")}`, { headers: { "x-user": "ann" } }))[0],
    ).toBe(400);
    expect((await query(`{ brokens { nodes { broken } } } # ${canary("query")}`))[1]).toContain("INTERNAL");
    expect((await query(`{ nothing(password: "${canary("query")}") }`))[0]).toBe(400);
    await at("/graphql", {
      method: "POST",
      headers: { "content-type": "application/json", "x-user": "ann" },
      body: `{${canary("body")}`,
    });
    await at("/mcp", {
      method: "POST",
      headers: { "content-type": "application/json", "x-user": "ann" },
      body: `{"${canary("body")}`,
    });
    await expect.poll(() => serving.output()).toContain("GraphQL failed");
  } finally {
    serving.child.kill("SIGTERM");
    expect(await serving.exited()).toBe(0);
    provider.close();
  }
  printed.push(["serve", serving.output()]);
  expect(serving.output()).toContain('"msg":"request"');
  expect(hasMark()).toEqual([]);
}, 60_000);

it("stay out of the worker's log, when AWS refuses and when the database goes away", async () => {
  simulator.faults.add({ kind: "deny", operation: "DescribeReplicationTasks" });
  const working = startCommand(["worker", "--debug"], {
    DATABASE_URL: databaseUrl,
    ...AWS,
    AWS_ENDPOINT_URL: simulator.url,
  });
  await working.printed("Ctrl-C stops it.");
  await expect
    .poll(() => db.query("select from a2o.monitors where last_polled_at is not null and error_code is not null"), {
      timeout: 30_000,
    })
    .not.toEqual([]);
  await db.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where usename = $1 and pid <> pg_backend_pid()",
    [login],
  );
  await working.interrupt();
  printed.push(["worker", working.output()]);
  expect(hasMark()).toEqual([]);
}, 60_000);

it("are not stored either: the database has a monitor's role and profile, and no key", async () => {
  const rows = await db.query<{ row: string }>("select m::text as row from a2o.monitors m");
  expect(rows).not.toEqual([]);
  for (const { row } of rows) expect(row).not.toContain(MARK);
});
