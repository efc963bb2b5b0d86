import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { a2o, temporaryDirectory } from "../cli/testing.ts";
import { type Simulator, startSimulator } from "../demo/simulator.ts";
import { packageRoot } from "../postgres/package-root.ts";
import { freePort } from "../postgres/throwaway.ts";
import { createTestDatabase, type TestDatabase } from "../test/database.ts";
import { storeExample } from "../test/example-assessment.ts";
import { startCommand } from "../test/processes.ts";
import { type Collector, type ReceivedSpan, startCollector } from "./testing.ts";

const MARK = "canary";
const canary = (what: string) => `${MARK}-${what}-0123456789abcdef`;
const ACCOUNT = "210987654321";

const AWS = {
  AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
  AWS_SECRET_ACCESS_KEY: canary("aws-secret"),
  AWS_SESSION_TOKEN: canary("aws-token"),
};

let db: TestDatabase;
let simulator: Simulator;
let home: Awaited<ReturnType<typeof temporaryDirectory>>;
let assessmentId: string;
/** A login that may do everything, whose password carries the mark. */
let databaseUrl: string;

beforeAll(async () => {
  db = await createTestDatabase();
  simulator = await startSimulator({ catalog: { databases: 2, tablesPerDatabase: 2, regions: ["eu-central-1"] } });
  home = await temporaryDirectory();
  assessmentId = await storeExample(db, { awsAccountId: ACCOUNT, region: "us-east-1" });
  const login = await db.createLogin("a2o_owner", "a2o_ingest", "a2o_worker", "a2o_operator");
  await db.query(`alter role ${login} superuser password '${canary("database")}'`);
  databaseUrl = Object.assign(new URL(db.urlFor(login)), { password: canary("database") }).href;
  await db.query(`insert into a2o.account_access (member, aws_account_id)
    select member, '*' from unnest(array['local', 'a2o_mcp', '${login}']) as member`);
});
afterAll(async () => {
  await home?.remove();
  await simulator?.close();
  await db?.drop();
});

const tracedTo = ({ url }: Collector) => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
  OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${canary("collector")}`,
  OTEL_BSP_SCHEDULE_DELAY: "100",
});

/** Runs work with a collector, and looks for the mark in all that came: as it must not be there, nor the OTLP header in a span. */
async function collecting(work: (collector: Collector) => Promise<void>): Promise<void> {
  const collector = await startCollector();
  try {
    await work(collector);
    expect(collector.spans.length).toBeGreaterThan(0);
    expect(collector.raw.filter(({ body }) => body.includes(MARK)).map(({ body }) => body)).toEqual([]);
  } finally {
    await collector.close();
  }
}

/** A span with this name and those above it, the topmost last. */
function pathTo(spans: ReceivedSpan[], isIt: (span: ReceivedSpan) => boolean): string[] {
  const path: string[] = [];
  for (let span = spans.find(isIt); span !== undefined; ) {
    path.push(span.name);
    const { parentSpanId, traceId } = span;
    span = spans.find(each => each.spanId === parentSpanId && each.traceId === traceId);
  }
  return path;
}

const statement = (part: string) => (span: ReceivedSpan) =>
  String(span.attributes["db.query.text"] ?? "").includes(part);

/** Everything that a server over stdin and stdout prints for these messages. */
async function mcp(environment: Record<string, string>, messages: object[], preload: string[] = []) {
  const child = spawn(process.execPath, [...preload, join(packageRoot, "cli/main.ts"), "mcp"], {
    env: { PATH: process.env.PATH, HOME: home.path, MCP_DATABASE_URL: db.urlFor("a2o_mcp"), ...environment },
  });
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  child.stdin.end(messages.map(message => `${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`).join(""));
  const [stdout, stderr, [code]] = await ended;
  return { stdout, stderr, code };
}
const HELLO = [
  {
    id: 1,
    method: "initialize",
    params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "test", version: "0" } },
  },
  { method: "notifications/initialized" },
];
const call = (name: string, argumentsOf: object) => ({
  id: 2,
  method: "tools/call",
  params: { name, arguments: argumentsOf },
});

describe("without a variable that wants traces", () => {
  /** Makes a process tell at its end what it loaded, required or imported: these packages are CommonJS. */
  let probe: string;
  beforeAll(async () => {
    probe = join(home.path, "probe.mjs");
    await writeFile(
      probe,
      `import { createRequire } from "node:module";
      process.on("exit", () => {
        const files = Object.keys(createRequire(import.meta.url).cache);
        const packages = files.map(file => /(@opentelemetry.[^/]+|[a-z]+-in-the-middle)/.exec(file)?.[0]).filter(Boolean);
        process.stderr.write("loaded " + JSON.stringify([...new Set(packages)].sort()) + "\\n");
      });`,
    );
  });

  it("loads nothing of OpenTelemetry, whatever the process does", async () => {
    const messages = [...HELLO, call("get_latest_assessment", { region: "us-east-1", account_id: ACCOUNT })];
    const off = await mcp({}, messages, ["--import", probe]);
    expect([off.code, off.stderr]).toEqual([0, expect.stringContaining("loaded []\n")]);
    expect(off.stdout).toContain(assessmentId);
    // The same measure finds it where it is loaded.
    await collecting(async collector => {
      expect((await mcp(tracedTo(collector), messages, ["--import", probe])).stderr).toMatch(
        /loaded .*"@opentelemetry\/sdk-trace-base"/,
      );
    });
    const disabled = { OTEL_SDK_DISABLED: "true", OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1" };
    expect((await mcp(disabled, messages, ["--import", probe])).stderr).toContain("loaded []\n");

    for (const args of [["serve", "--port", String(await freePort())], ["worker"]]) {
      const running = startCommand(args, {
        NODE_OPTIONS: `--import=${probe}`,
        AUTHENTICATOR_DATABASE_URL: databaseUrl,
        DATABASE_URL: databaseUrl,
      });
      await running.printed(args[0] === "serve" ? "Server listening at" : "Ctrl-C stops it.");
      running.child.kill("SIGTERM");
      expect(await running.exited()).toBe(0);
      // Its last words come after it has ended.
      await expect.poll(() => running.output()).toContain("loaded ");
      // The API alone is what prom-client, which makes /metrics, brings along.
      expect(running.output()).toContain(args[0] === "serve" ? 'loaded ["@opentelemetry/api"]\n' : "loaded ");
      expect(running.output()).not.toMatch(/sdk|instrumentation|exporter|in-the-middle/);
    }
  });
});

describe("traces", () => {
  it("lead from a request over its GraphQL operation to the statements, and tell no value, query or header", async () => {
    await collecting(async collector => {
      const port = await freePort();
      const serving = startCommand(["serve", "--port", String(port)], {
        AUTHENTICATOR_DATABASE_URL: databaseUrl,
        ...tracedTo(collector),
        OTEL_SERVICE_NAME: "dashboard",
        OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=staging",
      });
      await serving.printed("Server listening at");
      const at = (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${port}${path}`, init);
      const query = (source: string, variables: object = {}) =>
        at("/graphql", {
          method: "POST",
          headers: { "content-type": "application/json", "x-mark": canary("header"), cookie: `a=${canary("cookie")}` },
          body: JSON.stringify({ query: source, variables }),
        });
      const named =
        "query Named($id: UUID!, $name: String) { searchTables(assessmentId: $id, pattern: $name) { totalCount } }";
      const answer = await query(named, { id: assessmentId, name: canary("variable") });
      expect(await answer.text()).toContain('"totalCount"');
      await query(`{ searchTables(assessmentId: "${assessmentId}", pattern: "${canary("literal")}") { totalCount } }`);
      // PostgreSQL's message quotes the value.
      await query(
        `mutation Broken { acknowledgeAlert(input: { alertId: "00000000-0000-0000-0000-000000000000", note: "${canary("note")}" }) { clientMutationId } }`,
      );
      await (await at(`/exports/tables.ndjson?assessmentId=${assessmentId}&databaseName=${canary("address")}`)).text();
      await (await at(`/tables/${canary("path")}?q=${canary("question")}`)).text();
      await (await at("/healthz")).text();
      serving.child.kill("SIGTERM");
      expect(await serving.exited()).toBe(0);

      const { spans } = collector;
      const lines = serving
        .output()
        .trimEnd()
        .split("\n")
        .map((line): { traceId?: string; req?: { path: string } } => JSON.parse(line));
      const { traceId } = spans.find(({ name }) => name === "POST /graphql") ?? {};
      expect(lines.find(line => line.traceId === traceId)?.req?.path).toBe("/graphql");
      expect(pathTo(spans, statement("search_tables"))).toEqual([
        expect.stringMatching(/^pg\.query:/),
        "GraphQL query",
        "POST /graphql",
      ]);
      expect(spans.find(({ name }) => name === "GraphQL query")).toMatchObject({
        service: "dashboard",
        attributes: { "graphql.operation.type": "query", "graphql.operation.name": "Named" },
      });
      expect(spans.find(({ name }) => name === "GraphQL mutation")).toMatchObject({ status: 2 });
      expect(spans.find(({ name }) => name.startsWith("GET /exports/"))).toMatchObject({
        kind: 2,
        attributes: { "http.response.status_code": 400, "http.request.method": "GET" },
      });
      expect(spans.filter(({ name }) => /healthz/.test(name))).toEqual([]);
      expect(collector.raw.map(({ path }) => path)).toContain("/v1/traces");
      expect(collector.raw[0]?.headers).toMatchObject({
        authorization: `Bearer ${canary("collector")}`,
        "content-type": "application/x-protobuf",
      });
      expect(collector.raw.map(({ body }) => body).join("")).toContain("staging");
    });
  });

  it("lead from a task of the worker to its calls to AWS and statements", async () => {
    await collecting(async collector => {
      await db.query("select a2o.add_monitor($1, 'eu-central-1')", [ACCOUNT]);
      const working = startCommand(["worker"], {
        DATABASE_URL: databaseUrl,
        ...AWS,
        AWS_ENDPOINT_URL: simulator.url,
        ...tracedTo(collector),
        OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      });
      await expect
        .poll(() => pathTo(collector.spans, ({ name }) => name.endsWith(".DescribeReplicationTasks")), {
          timeout: 30_000,
        })
        .toEqual([expect.stringContaining("DescribeReplicationTasks"), "task monitors/poll"]);
      working.child.kill("SIGTERM");
      expect(await working.exited()).toBe(0);
      const task = collector.spans.find(({ name }) => name === "task monitors/poll");
      expect(task).toMatchObject({ service: "aws2openstack-worker", kind: 5, parentSpanId: "", status: 0 });
      expect(task?.attributes).toEqual({ "messaging.destination.name": "monitors/poll", "a2o.task.attempt": 1 });
      expect(pathTo(collector.spans, statement("record_poll"))).toEqual([
        expect.stringMatching(/^pg\.query:/),
        "task monitors/poll",
      ]);
      expect(collector.raw[0]?.headers["content-type"]).toBe("application/json");
      // What the queue asks itself many times a minute begins no trace.
      expect(collector.spans.filter(span => statement("get_job")(span) && span.parentSpanId === "")).toEqual([]);
    });
  });

  it("have an assessment as one, with its calls and statements", async () => {
    await collecting(async collector => {
      const { code } = await a2o(
        ["assess", "glue-catalog", "--region", "eu-central-1", "--output-dir", join(home.path, canary("directory"))],
        { env: { DATABASE_URL: databaseUrl, ...AWS, AWS_ENDPOINT_URL: simulator.url, ...tracedTo(collector) } },
      );
      expect(code).toBe(0);
      const { spans } = collector;
      expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
      expect(spans.filter(({ parentSpanId }) => parentSpanId === "").map(({ name }) => name)).toEqual([
        "assess glue-catalog",
      ]);
      expect(pathTo(spans, ({ name }) => name === "Glue.GetTables")).toEqual(["Glue.GetTables", "assess glue-catalog"]);
      expect(spans.find(({ name }) => name === "Glue.GetTables")?.attributes).toMatchObject({
        "rpc.service": "Glue",
        "rpc.method": "GetTables",
        "cloud.region": "eu-central-1",
      });
      expect(spans.some(statement("begin_assessment"))).toBe(true);
    });
  });

  it("tell of tools that were called, while stdout stays the protocol's", async () => {
    await collecting(async collector => {
      const { stdout, code } = await mcp(tracedTo(collector), [
        ...HELLO,
        call("search_tables", { pattern: canary("pattern") }),
        { id: 3, method: "tools/call", params: { name: canary("tool"), arguments: {} } },
      ]);
      expect(code).toBe(0);
      const lines = stdout.trim().split("\n");
      expect(lines.map(line => JSON.parse(line).jsonrpc)).toEqual(lines.map(() => "2.0"));
      const tool = collector.spans.find(({ name }) => name === "tools/call search_tables");
      expect(tool).toMatchObject({ service: "aws2openstack-mcp", kind: 2 });
      expect(tool?.attributes).toEqual({ "mcp.method.name": "tools/call", "gen_ai.tool.name": "search_tables" });
      expect(pathTo(collector.spans, statement("search_tables"))).toEqual([
        expect.stringMatching(/^pg\.query:/),
        "tools/call search_tables",
      ]);
    });
  });

  it("are as many as the sampler lets through", async () => {
    const collector = await startCollector();
    const settings = { ...tracedTo(collector), OTEL_TRACES_SAMPLER: "always_off" };
    const { code } = await mcp(settings, [...HELLO, call("search_tables", { pattern: "%" })]);
    await collector.close();
    expect([code, collector.raw]).toEqual([0, []]);
  });
});

describe("a collector", () => {
  const messages = [...HELLO, call("get_latest_assessment", { region: "us-east-1", account_id: ACCOUNT })];

  it("that is not there is told of once, and nothing else changes", async () => {
    const nowhere = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://ann:${canary("collector")}@127.0.0.1:${await freePort()}` };
    const { stdout, stderr, code } = await mcp({ ...nowhere, OTEL_EXPORTER_OTLP_TIMEOUT: "900" }, messages);
    expect([code, stdout]).toEqual([0, expect.stringContaining(assessmentId)]);
    expect(stderr.match(/Traces cannot be sent \(ECONNREFUSED\)/g)).toHaveLength(1);
    expect(stderr).not.toContain(MARK);
  });

  it("that refuses is told of once, and once more when it takes them again", async () => {
    let status = 400;
    const collector = await startCollector(() => status);
    const port = await freePort();
    const serving = startCommand(["serve", "--port", String(port)], {
      AUTHENTICATOR_DATABASE_URL: databaseUrl,
      ...tracedTo(collector),
    });
    await serving.printed("Server listening at");
    const session = async () => expect((await fetch(`http://127.0.0.1:${port}/session`)).status).toBe(200);
    const received = async (count: number) => {
      while (collector.raw.length < count) {
        await session();
        await new Promise(resolve => setTimeout(resolve, 50));
      }
    };
    await received(3);
    await serving.printed("Traces cannot be sent (400); the work goes on.");
    status = 200;
    await received(collector.raw.length + 1);
    await serving.printed("Traces are sent again.");
    serving.child.kill("SIGTERM");
    expect(await serving.exited()).toBe(0);
    expect(serving.output().match(/Traces/g)).toHaveLength(2);
    await collector.close();
  });

  it("that never answers does not keep a process from ending", async () => {
    const collector = await startCollector(() => undefined);
    const { stdout, code } = await mcp({ ...tracedTo(collector), OTEL_EXPORTER_OTLP_TIMEOUT: "600000" }, messages);
    expect([code, stdout]).toEqual([0, expect.stringContaining(assessmentId)]);
    expect(collector.raw.length).toBeGreaterThan(0);
    await collector.close();
  });

  it("that cannot be meant leaves traces off, and says why", async () => {
    const grpc = { OTEL_TRACES_EXPORTER: "otlp", OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" };
    const { stdout, stderr, code } = await mcp(grpc, messages);
    expect([code, stdout]).toEqual([0, expect.stringContaining(assessmentId)]);
    expect(stderr).toContain("There will be no traces: OTLP over grpc is not spoken. Set OTEL_EXPORTER_OTLP_PROTOCOL");
    const unread = { OTEL_TRACES_EXPORTER: "otlp", OTEL_EXPORTER_OTLP_HEADERS_FILE: join(home.path, "not-there") };
    expect((await mcp(unread, messages)).stderr).toContain("OTEL_EXPORTER_OTLP_HEADERS_FILE cannot be read");
  });
});
