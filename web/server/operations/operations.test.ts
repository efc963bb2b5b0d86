import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../../../postgres/throwaway.ts";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";
import { startWebServer, type WebServer, type WebServerOptions } from "../server.ts";
import { readSettings } from "../settings.ts";

let database: TestDatabase;
let server: WebServer;
const log: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  await database.query(`create view a2o.slow with (security_invoker = true) as
    select pg_sleep(1)::text as slept, current_setting('a2o.user') as user_name`);
  await database.query(
    "create view a2o.broken with (security_invoker = true) as select 1 / (length('') + 0) as broken",
  );
  await database.query("grant select on a2o.slow, a2o.broken to a2o_reader");
  server = await start();
});
afterAll(async () => {
  await server?.close();
  await database?.drop();
});

async function start(more: Partial<WebServerOptions> = {}): Promise<WebServer> {
  return startWebServer({
    databaseUrl: database.urlFor("a2o_authenticator"),
    port: await freePort(),
    identity: { role: "a2o_reader", user: "ann" },
    log: line => log.push(line),
    ...more,
  });
}

async function get(path: string, headers: Record<string, string> = {}, from = server) {
  const response = await fetch(`${from.url}${path}`, { headers });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** With headers that fetch does not let through, such as Host. */
function raw(path: string, headers: Record<string, string>): Promise<{ status: number | undefined; length: number }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url);
    const sent = request({ host: hostname, port, path, headers }, response => {
      let length = 0;
      response.on("data", chunk => {
        length += chunk.length;
      });
      response.on("end", () => resolve({ status: response.statusCode, length }));
    });
    sent.on("error", reject).end();
  });
}

describe("probes", () => {
  it("say that the server lives, and that it is ready", async () => {
    expect(await get("/healthz")).toMatchObject({ status: 200 });
    expect(await get("/readyz")).toMatchObject({ status: 200, text: '{"status":"ready"}' });
  });

  it("are answered under any name, since they call an address; nothing else is", async () => {
    for (const path of ["/healthz", "/readyz"]) {
      expect((await raw(path, { host: "10.1.2.3:8501" })).status).toBe(200);
    }
    expect((await raw("/graphql", { host: "10.1.2.3:8501" })).status).toBe(421);
  });

  it("say that the server is not ready when the database lacks a migration of this version", async () => {
    const [row] = await database.query<{ hash: string }>("select hash from graphile_migrate.migrations limit 1");
    await database.query("update graphile_migrate.migrations set hash = 'another' where hash = $1", [row?.hash]);
    try {
      const { status, text } = await get("/readyz");
      expect(status).toBe(503);
      expect(JSON.parse(text)).toMatchObject({ pending: [expect.stringContaining("aws2openstack.sql")] });
      expect((await get("/healthz")).status).toBe(200);
    } finally {
      await database.query("update graphile_migrate.migrations set hash = $1 where hash = 'another'", [row?.hash]);
    }
  });

  it("say that the server is not ready when the database is gone", async () => {
    const gone = await createTestDatabase();
    const other = await start({ databaseUrl: gone.urlFor("a2o_authenticator") });
    try {
      await gone.drop();
      expect(await get("/readyz", {}, other)).toMatchObject({
        status: 503,
        text: '{"status":"the database does not answer"}',
      });
    } finally {
      await other.close();
    }
  });
});

describe("metrics", () => {
  it("count requests by route, and connections", async () => {
    await get("/healthz");
    await get("/no/such/address/1");
    await get("/no/such/address/2");
    const { status, text, headers } = await get("/metrics");
    expect(status).toBe(200);
    expect(headers.get("content-type")).toContain("version=0.0.4");
    expect(text).toMatch(
      /a2o_http_request_duration_seconds_count\{route="\/healthz",method="GET",status="200"\} [1-9]/,
    );
    expect(text).toMatch(/a2o_pool_connections\{pool="web",state="idle"\} \d/);
    expect(text).toMatch(/a2o_subscribers 0\n/);
    await expect.poll(async () => (await get("/metrics")).text).toMatch(/a2o_listening 1\n/);
    expect(text).toContain("process_resident_memory_bytes");
    expect(text).not.toContain("/no/such");
  });

  it("count the errors that callers of GraphQL were told, by code", async () => {
    await fetch(`${server.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query: "{ brokens { nodes { broken } } }" }),
    });
    expect((await get("/metrics")).text).toMatch(/a2o_graphql_errors_total\{code="INTERNAL"\} [1-9]/);
  });

  it("are for this machine only, unless a token is set", async () => {
    for (const headers of [
      { host: "migrate.example.com" },
      { "x-forwarded-for": "203.0.113.1" },
      { via: "1.1 proxy" },
      { forwarded: "for=203.0.113.1" },
    ]) {
      expect((await raw("/metrics", headers)).status).toBe(403);
    }
    const other = await start({ metricsToken: "token-of-the-collector" });
    try {
      expect((await get("/metrics", {}, other)).status).toBe(403);
      expect((await get("/metrics", { authorization: "Bearer token-of-somebody-else" }, other)).status).toBe(403);
      expect((await get("/metrics", { authorization: "Bearer token-of-the-collector" }, other)).status).toBe(200);
    } finally {
      await other.close();
    }
  });
});

describe("the log", () => {
  const lines = () => log.map(line => JSON.parse(line));

  it("has a line for each request with its id, which the answer tells", async () => {
    const { headers } = await get("/session?secret=canary");
    const id = headers.get("x-request-id");
    expect(lines().find(line => line.reqId === id)).toMatchObject({
      level: "info",
      msg: "request",
      req: { method: "GET", path: "/session" },
      user: "ann",
      status: 200,
    });
    expect(log.join("\n")).not.toContain("canary");
  });

  it("takes the id that a proxy gave, and no other text", async () => {
    expect((await get("/session", { "x-request-id": "proxy:42" })).headers.get("x-request-id")).toBe("proxy:42");
    for (const bad of ['"}{', "x".repeat(65), "a b"]) {
      expect((await get("/session", { "x-request-id": bad })).headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it("leaves out probes", async () => {
    await get("/healthz");
    await get("/metrics");
    const paths = lines().map(line => line.req?.path);
    expect(paths).not.toContain("/healthz");
    expect(paths).not.toContain("/metrics");
  });
});

it("lets a request under way finish when it closes, and says before that it is not ready", async () => {
  const closing = await start();
  const query = JSON.stringify({ query: "{ slows { nodes { userName } } }" });
  const answer = fetch(`${closing.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: query,
  });
  // Until its query runs.
  await expect
    .poll(() => database.query("select from pg_stat_activity where query like '%slow%' and pid <> pg_backend_pid()"))
    .not.toEqual([]);
  const closed = closing.close();
  expect(await (await answer).json()).toEqual({ data: { slows: { nodes: [{ userName: "ann" }] } } });
  await closed;
  await expect(fetch(`${closing.url}/healthz`)).rejects.toThrow();
});

it("does not listen, or let itself be reached, beyond this machine without sign-in, and names the way out", async () => {
  for (const more of [{ host: "0.0.0.0" }, { host: "::" }, { publicUrl: new URL("https://migrate.example.com") }]) {
    await expect(start(more)).rejects.toMatchObject({
      message: expect.stringMatching(/^Without sign-in, everybody who can reach this server could read everything/),
      advice: expect.stringMatching(/OIDC_ISSUER.*PROXY_USER_HEADER.*docs\/web-server\.md.*--host 127\.0\.0\.1/),
    });
  }
});

it("limits what one signed-in user sends, and not another", async () => {
  const port = await freePort();
  const settings = readSettings({
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    PROXY_USER_HEADER: "x-user",
    TRUSTED_PROXIES: "127.0.0.1",
    REQUESTS_PER_MINUTE: "3",
  });
  const limited = await start({ ...settings, port });
  try {
    const statuses: number[] = [];
    for (let i = 0; i < 4; i++) statuses.push((await get("/session", { "x-user": "ann" }, limited)).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    expect((await get("/session", { "x-user": "ann" }, limited)).headers.get("retry-after")).toMatch(/^\d+$/);
    expect((await get("/session", { "x-user": "bob" }, limited)).status).toBe(200);
    // The page itself is the same for everybody.
    expect((await get("/", {}, limited)).status).toBe(200);
  } finally {
    await limited.close();
  }
});

it("sends what was built compressed, and answers compressed on the fly", async () => {
  const asset = /href="(\/assets\/first-[^"]+\.js)"/.exec((await get("/")).text)?.[1] ?? "";
  const plain = await raw(asset, {});
  for (const encoding of ["br", "gzip"]) {
    const packed = await raw(asset, { "accept-encoding": encoding });
    expect(packed.status).toBe(200);
    expect(packed.length).toBeLessThan(plain.length / 2);
  }
  expect((await raw("/metrics", { "accept-encoding": "br" })).length).toBeLessThan(
    (await raw("/metrics", {})).length / 2,
  );
});
