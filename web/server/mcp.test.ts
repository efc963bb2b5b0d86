import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ToolListChangedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { call, createTool, recordAssessment } from "../../mcp/session.fixture.ts";
import { packageRoot } from "../../postgres/package-root.ts";
import { freePort } from "../../postgres/throwaway.ts";
import { createTestDatabase, type TestDatabase } from "../../test/database.ts";
import { startWebServer, type WebServer } from "./server.ts";
import { readSettings } from "./settings.ts";
import { startProvider, type TestProvider } from "./sign-in/testing.ts";

const OURS = "111111111111";
const THEIRS = "222222222222";
const AUDIENCE = "https://migrate.example.com/mcp";

let database: TestDatabase;
let provider: TestProvider;
let local: WebServer;
let guarded: WebServer;
const clients: Client[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  await recordAssessment(database, OURS, "us-east-1");
  await recordAssessment(database, THEIRS, "us-east-1");
  await database.query("select a2o.grant_account_access('ann', $1), a2o.grant_account_access('bob', $2)", [
    OURS,
    THEIRS,
  ]);
  await createTool(
    database,
    "sleeps(seconds double precision)",
    "returns text language sql stable as $$ select 'slept' from pg_sleep(seconds) $$",
    "Sleeps.",
  );
  provider = await startProvider([]);
  const options = { databaseUrl: database.urlFor("a2o_authenticator"), log: () => undefined };
  local = await startWebServer({
    ...options,
    port: await freePort(),
    identity: { role: "a2o_operator", user: "ann" },
  });
  const port = await freePort();
  const settings = readSettings({
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    OIDC_ISSUER: provider.issuer,
    OIDC_AUDIENCE: AUDIENCE,
    OIDC_USER_CLAIM: "sub",
  });
  guarded = await startWebServer({ ...options, ...settings, port });
});
afterAll(async () => {
  for (const client of clients) await client.close().catch(() => undefined);
  await local?.close();
  await guarded?.close();
  await provider?.close();
  await database?.drop();
});

const tokenFor = (sub: string, seconds = 60) =>
  provider.sign({
    ...{ iss: provider.issuer, aud: AUDIENCE, sub },
    ...{ iat: Math.floor(Date.now() / 1000), exp: Math.floor(Date.now() / 1000) + seconds },
  });

async function connect(server: WebServer, headers: Record<string, string> = {}) {
  const client = new Client({ name: "test", version: "0.0.0" });
  const transport = new StreamableHTTPClientTransport(new URL("/mcp", server.url), { requestInit: { headers } });
  await client.connect(transport);
  clients.push(client);
  return { client, transport };
}
const connectAs = async (user: string) => connect(guarded, { authorization: `Bearer ${await tokenFor(user)}` });

const latest = async (client: Client, account: string) =>
  (await call(client, "get_latest_assessment", { region: "us-east-1", account_id: account })).structured;

const HELLO = {
  ...{ jsonrpc: "2.0", id: 1, method: "initialize" },
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "0" } },
};

function post(server: WebServer, message: unknown, headers: Record<string, string> = {}) {
  return fetch(`${server.url}/mcp`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json, text/event-stream", ...headers },
    body: JSON.stringify(message),
  });
}

describe("over HTTP", () => {
  it("the SDK's client lists, calls, reads and asks with the rights of who runs it", async () => {
    const { client } = await connect(local);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain("search_tables");
    expect(await latest(client, OURS)).toMatchObject({ total_tables: 2, message: null });
    expect(await latest(client, THEIRS)).toMatchObject({ total_tables: null });
    const { contents } = await client.readResource({ uri: "a2o://status" });
    expect(JSON.parse(contents[0] !== undefined && "text" in contents[0] ? contents[0].text : "")).toMatchObject({
      member: "ann",
      accounts: [OURS],
    });
    expect((await client.listPrompts()).prompts).not.toHaveLength(0);
  });

  it("cannot write, whoever asks: the local user is an operator, the session is not", async () => {
    await createTool(
      database,
      "acts(out who text, out read_only text, out member text)",
      "language sql stable as $$ select current_user::text, current_setting('transaction_read_only'), current_setting('a2o.user') $$",
      "Acts.",
    );
    const { client } = await connect(local);
    expect((await call(client, "acts")).structured).toEqual({ who: "a2o_reader", read_only: "on", member: "ann" });
  });

  it("hears of new functions", async () => {
    const { client } = await connect(local);
    const changed = Promise.withResolvers<void>();
    client.setNotificationHandler(ToolListChangedNotificationSchema, () => changed.resolve());
    await client.listTools();
    // The stream that brings it may not be open yet.
    const again = setInterval(() => database.query("notify a2o_tools"), 300);
    await createTool(database, "later()", "returns text language sql stable as $$ select 'here' $$", "Later.");
    await changed.promise;
    clearInterval(again);
    expect((await call(client, "later")).structured).toEqual({ result: "here" });
  });

  it("cancels in PostgreSQL what the client cancels", async () => {
    const { client } = await connect(local);
    const sleeping = async () =>
      (
        await database.query(
          "select from pg_stat_activity where datname = $1 and state = 'active' and query like '%\"sleeps\"%' and pid <> pg_backend_pid()",
          [database.name],
        )
      ).length;
    const cancel = new AbortController();
    const called = client.callTool({ name: "sleeps", arguments: { seconds: 15 } }, undefined, {
      signal: cancel.signal,
    });
    const refused = expect(called).rejects.toThrow();
    await expect.poll(sleeping, { timeout: 10_000 }).toBe(1);
    cancel.abort();
    await refused;
    await expect.poll(sleeping, { timeout: 10_000 }).toBe(0);
  });

  it("serves fifty clients at once", async () => {
    const crowd = await Promise.all(Array.from({ length: 50 }, () => connect(local)));
    const answers = await Promise.all(crowd.map(({ client }) => latest(client, OURS)));
    for (const answer of answers) expect(answer).toMatchObject({ total_tables: 2 });
    await Promise.all(crowd.map(({ transport }) => transport.terminateSession()));
  });

  it("ends a session when the client does", async () => {
    const { transport } = await connect(local);
    const session = { "mcp-session-id": transport.sessionId ?? "" };
    await transport.terminateSession();
    const response = await post(local, { jsonrpc: "2.0", id: 2, method: "tools/list" }, session);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining("initialize") } });
  });

  it("refuses what comes from a page of another site, by another name, without a session, or too large", async () => {
    expect((await post(local, HELLO, { origin: "https://evil.example.com" })).status).toBe(403);
    const port = new URL(local.url).port;
    const { stdout } = await promisify(execFile)("curl", [
      ...[
        "-s",
        "-o",
        "/dev/null",
        "-w",
        "%{http_code}",
        "-H",
        "Host: evil.example.com",
        `http://127.0.0.1:${port}/mcp`,
      ],
    ]);
    expect(stdout).toBe("421");
    const without = await post(local, { jsonrpc: "2.0", id: 2, method: "tools/list" });
    expect([without.status, await without.json()]).toMatchObject([400, { error: { message: expect.any(String) } }]);
    expect((await post(local, { ...HELLO, padding: "x".repeat(1_100_000) })).status).toBe(413);
    const response = await post(local, HELLO);
    expect(response.status).toBe(200);
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  });
});

describe("with sign-in", () => {
  it("asks for a bearer token, and says where they are to be had", async () => {
    const response = await post(guarded, HELLO);
    expect(response.status).toBe(401);
    const metadataUrl = /resource_metadata="([^"]+)"/.exec(response.headers.get("www-authenticate") ?? "")?.[1] ?? "";
    expect(metadataUrl).toBe(`${guarded.url}/.well-known/oauth-protected-resource/mcp`);
    expect(await (await fetch(metadataUrl)).json()).toMatchObject({
      resource: `${guarded.url}/mcp`,
      authorization_servers: [expect.stringContaining(provider.issuer)],
    });
    expect((await post(guarded, HELLO, { authorization: `Bearer ${await tokenFor("ann", -60)}` })).status).toBe(401);
  });

  it("shows each user their own accounts", async () => {
    const [ann, bob, nobody] = [await connectAs("ann"), await connectAs("bob"), await connectAs("newcomer")];
    expect(await latest(ann.client, OURS)).toMatchObject({ total_tables: 2 });
    expect(await latest(ann.client, THEIRS)).toMatchObject({ total_tables: null });
    expect(await latest(bob.client, THEIRS)).toMatchObject({ total_tables: 2 });
    expect(await latest(bob.client, OURS)).toMatchObject({ total_tables: null });
    expect(await latest(nobody.client, OURS)).toMatchObject({
      message: expect.stringContaining("Nothing has been assessed that you may read."),
    });
  });

  it("does not let one user into the session of another", async () => {
    const { transport } = await connectAs("ann");
    const foreign = await post(
      guarded,
      { jsonrpc: "2.0", id: 2, method: "tools/list" },
      { authorization: `Bearer ${await tokenFor("bob")}`, "mcp-session-id": transport.sessionId ?? "" },
    );
    expect(foreign.status).toBe(404);
  });

  it("ends a stream when the sign-in it was opened with ends", async () => {
    const begun = await post(guarded, HELLO, { authorization: `Bearer ${await tokenFor("ann")}` });
    const stream = await fetch(`${guarded.url}/mcp`, {
      headers: {
        accept: "text/event-stream",
        authorization: `Bearer ${await tokenFor("ann", 2)}`,
        "mcp-session-id": begun.headers.get("mcp-session-id") ?? "",
      },
    });
    expect(stream.status).toBe(200);
    await expect(stream.text()).rejects.toThrow();
  });
});

describe("the official conformance suite", () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "a2o-conformance-"));
    // What its server scenarios ask for, as functions: nothing in TypeScript knows of it.
    await database.query(`
      create function a2o_mcp.test_simple_text() returns text language sql stable as $$ select 'This is a simple text response for testing.' $$;
      create function a2o_mcp.test_error_handling() returns text language plpgsql stable as $$ begin raise exception 'This tool intentionally returns an error for testing' using errcode = 'A2O99'; end $$;
      create function a2o_mcp_resources.static_text() returns text language sql stable as $$ select 'This is the content of the static text resource.' $$;
      comment on function a2o_mcp_resources.static_text is E'Text.\\n@uri test://static-text';
      create function a2o_mcp_resources.template_data(id text) returns jsonb language sql stable as $$ select jsonb_build_object('id', id, 'templateTest', true, 'data', 'Data for ID: ' || id) $$;
      comment on function a2o_mcp_resources.template_data is E'Data.\\n@uri test://template/{id}/data';
      create function a2o_mcp_prompts.test_simple_prompt() returns text language sql stable as $$ select 'This is a simple prompt for testing.' $$;
      create function a2o_mcp_prompts.test_prompt_with_arguments(arg1 text, arg2 text) returns text language sql stable
        as $$ select format('Prompt with arguments: arg1=''%s'', arg2=''%s''', arg1, arg2) $$;
      create function a2o_mcp_completions.arg1(value text) returns setof a2o_mcp_completions.choice language sql stable as $$ select 'test', null $$;
      grant execute on all functions in schema a2o_mcp, a2o_mcp_resources, a2o_mcp_prompts, a2o_mcp_completions to a2o_reader`);
  });
  afterAll(() => rm(directory, { recursive: true }));

  // Pictures, sound, logging, sampling, elicitation and subscriptions are nothing that an answer from SQL has; a session's
  // streams are not resumed, because an answer is asked for again instead.
  const NOT_OURS = [
    "logging-set-level",
    "tools-call-image",
    "tools-call-audio",
    "tools-call-embedded-resource",
    "tools-call-mixed-content",
    "tools-call-with-logging",
    "tools-call-with-progress",
    "tools-call-sampling",
    "tools-call-elicitation",
    "json-schema-2020-12",
    "elicitation-sep1034-defaults",
    "elicitation-sep1330-enums",
    "resources-read-binary",
    "resources-subscribe",
    "resources-unsubscribe",
    "prompts-get-embedded-resource",
    "prompts-get-with-image",
    "server-sse-polling",
  ];

  it("passes in every scenario that is not about what SQL cannot answer", async () => {
    const baseline = join(directory, "baseline.yml");
    await writeFile(baseline, `server:\n${NOT_OURS.map(name => `  - ${name}\n`).join("")}`);
    const run = promisify(execFile)(
      process.execPath,
      [
        join(packageRoot, "node_modules/@modelcontextprotocol/conformance/dist/index.js"),
        ...["server", "--url", `${local.url}/mcp`, "--suite", "all", "--spec-version", "2025-11-25"],
        ...["--expected-failures", baseline, "-o", directory],
      ],
      { maxBuffer: 2 ** 24 },
    );
    const { stdout } = await run.catch((error: { stdout: string }) => {
      throw new Error(error.stdout);
    });
    expect(stdout).toContain("tools-list");
  });
});
