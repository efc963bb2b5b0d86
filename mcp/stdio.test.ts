import { type ChildProcessWithoutNullStreams, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../test/database.ts";
import { call, createTool, recordAssessment } from "./session.fixture.ts";

const ACCOUNT = "111111111111";
const entry = fileURLToPath(new URL("stdio.fixture.ts", import.meta.url));
const inspector = fileURLToPath(
  new URL("../node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js", import.meta.url),
);

let db: TestDatabase;
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "a2o-inspector-"));
  db = await createTestDatabase();
  await recordAssessment(db, ACCOUNT, "us-east-1");
  await db.query("insert into a2o.account_access (member, aws_account_id) values ('a2o_mcp', '*')");
  await createTool(
    db,
    "sleeps(seconds double precision)",
    "returns text language sql stable as $$ select 'slept' from pg_sleep(seconds) $$",
    "Sleeps.",
  );
});
afterAll(async () => {
  await db.drop();
  await rm(home, { recursive: true });
});

describe("the official inspector", () => {
  const inspect = async (...args: string[]) => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [inspector, "--cli", process.execPath, entry, "-e", `A2O_TEST_URL=${db.urlFor("a2o_mcp")}`, ...args],
      // Its catalog of servers and their secrets belongs to nobody here.
      { env: { ...process.env, HOME: home } },
    );
    return JSON.parse(stdout);
  };

  it("lists the tools and finds nothing to object to in their schemas", async () => {
    const { result, schemaFindings } = await inspect("--method", "tools/list", "--format", "json", "--strict");
    expect(schemaFindings ?? []).toEqual([]);
    expect(result.tools.map((tool: { name: string }) => tool.name)).toContain("get_latest_assessment");
  });

  it("calls one", async () => {
    const { result } = await inspect(
      ...["--method", "tools/call", "--tool-name", "get_latest_assessment", "--format", "json"],
      ...["--tool-arg", "region=us-east-1", "--tool-arg", `account_id=${ACCOUNT}`],
    );
    expect(result.structuredContent).toMatchObject({ aws_account_id: ACCOUNT, total_tables: 2, migration_ready: 1 });
  });
});

describe("over stdio", () => {
  it("the SDK's client lists and calls, with answers that fit the output schemas", async () => {
    const client = new Client({ name: "test", version: "0.0.0" });
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [entry],
        env: { A2O_TEST_URL: db.urlFor("a2o_mcp") },
        stderr: "ignore",
      }),
    );
    await client.listTools();
    const { structured } = await call(client, "get_latest_assessment", { account_id: ACCOUNT, region: "us-east-1" });
    expect(structured).toMatchObject({ total_tables: 2 });
    const huge = await call(client, "get_latest_assessment", { account_id: ACCOUNT, region: "x".repeat(10 * 2 ** 20) });
    expect(huge.text).toMatch(/^region has 10485760 characters/);
    await expect(call(client, "get_latest_assessment", { region: "x".repeat(33 * 2 ** 20) })).rejects.toThrow(
      /at most 33554432 bytes/,
    );
    expect(await call(client, "get_latest_assessment", { account_id: ACCOUNT, region: "us-east-1" })).toMatchObject({
      structured: { total_tables: 2 },
    });
    await client.close();
  });

  it("answers what was piped in, writes nothing but protocol and ends with 0 when stdin does", async () => {
    const server = new Serving(db.urlFor("a2o_mcp"));
    server.send("not json", { jsonrpc: "2.0", id: "a", method: "initialize", params: hello });
    server.send({ jsonrpc: "2.0", method: "notifications/initialized" }, { nonsense: true });
    server.send({
      jsonrpc: "2.0",
      id: "b",
      method: "tools/call",
      params: { name: "sleeps", arguments: { seconds: 0.3 } },
    });
    server.process.stdin.end();
    expect(await server.ended).toEqual([0, null]);
    expect(server.messages()).toMatchObject([
      { id: "a", result: { serverInfo: { name: "aws2openstack", version: "0.0.0" } } },
      { id: "b", result: { structuredContent: { result: "slept" } } },
    ]);
    expect(await connections()).toBe(0);
  });

  it.each(["SIGINT", "SIGTERM"] as const)("ends with 0 on %s, cancelling what runs", async signal => {
    const server = new Serving(db.urlFor("a2o_mcp"));
    server.send({ jsonrpc: "2.0", id: 1, method: "initialize", params: hello });
    server.send({
      jsonrpc: "2.0",
      id: 2,
      method: "tools/call",
      params: { name: "sleeps", arguments: { seconds: 15 } },
    });
    while (!(await connections("active"))) await new Promise(resolve => setTimeout(resolve, 20));
    server.process.kill(signal);
    expect(await server.ended).toEqual([0, null]);
    expect(await connections()).toBe(0);
  });

  it("ends when its reader is gone", async () => {
    const server = new Serving(db.urlFor("a2o_mcp"));
    server.send({ jsonrpc: "2.0", id: 1, method: "initialize", params: hello });
    await once(server.process.stdout, "data");
    server.process.stdout.destroy();
    for (let id = 2; id < 5; id++) server.send({ jsonrpc: "2.0", id, method: "tools/list" });
    expect(await server.ended).toEqual([0, null]);
  });

  /** Backends of the server, once those that are ending have ended. */
  async function connections(state?: string): Promise<number> {
    for (let attempt = 0; ; attempt++) {
      const rows = await db.query(
        `select from pg_stat_activity where datname = $1 and application_name = 'aws2openstack mcp'
           and ($2::text is null or state = $2 and query like '%"sleeps"%')`,
        [db.name, state ?? null],
      );
      if (rows.length === 0 && state === undefined) return 0;
      if (state !== undefined || attempt === 50) return rows.length;
      await new Promise(resolve => setTimeout(resolve, 20));
    }
  }
});

const hello = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "raw", version: "0" } };

/** A server to which lines are written as they are. */
class Serving {
  readonly process: ChildProcessWithoutNullStreams;
  readonly ended: Promise<unknown[]>;
  #output = "";

  constructor(url: string) {
    this.process = spawn(process.execPath, [entry], { env: { ...process.env, A2O_TEST_URL: url } });
    this.process.stdout.setEncoding("utf8").on("data", text => {
      this.#output += text;
    });
    this.process.stderr.resume();
    this.process.stdin.on("error", () => undefined);
    this.ended = once(this.process, "exit");
  }

  send(...lines: (string | object)[]): void {
    for (const line of lines) this.process.stdin.write(`${typeof line === "string" ? line : JSON.stringify(line)}\n`);
  }

  /** What it wrote to stdout so far; every line must be JSON. */
  messages(): unknown[] {
    return this.#output
      .split("\n")
      .slice(0, -1)
      .map(line => JSON.parse(line));
  }
}
