// What asking through MCP costs: each tool over stdio, against the same function called through pg by the same login, taking
// turns; and fifty clients at once over HTTP. Figures are 95th percentiles over rounds, both sides warm: a server that Claude talks
// to runs for hours.

import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import pg from "pg";
import { packageRoot } from "../postgres/package-root.ts";
import { freePort } from "../postgres/throwaway.ts";
import { startWebServer } from "../web/server/server.ts";
import { type Bench, type Figure, run } from "./frame.ts";
import { storeAssessment } from "./read.ts";
import { withServer } from "./server.ts";

const ACCOUNT = "111111111111";
const CLIENTS = 50;
const WARM_UP = 30;

export const bench: Bench = {
  name: "mcp",
  measure: ({ tables, quick }) =>
    withServer(async server => {
      const owner = new pg.Client({ connectionString: server.url });
      await owner.connect();
      try {
        const previous = await storeAssessment(owner, tables, 1);
        const newest = await storeAssessment(owner, tables, 2);
        await owner.query("select a2o.grant_account_access('a2o_mcp', '*'), a2o.grant_account_access('local', '*')");
        await owner.query("vacuum analyze");
        const rounds = quick ? 40 : 100;
        const figures = await overStdio(server.urlFor("a2o_mcp"), callsOf(previous, newest), rounds);
        return [...figures, await overHttp(server.urlFor("a2o_authenticator"), quick ? 10 : rounds)];
      } finally {
        await owner.end();
      }
    }),
};

type Call = [tool: string, args: Record<string, unknown>];

function callsOf(previous: string, newest: string): Call[] {
  return [
    ["get_latest_assessment", { region: "eu-west-1", account_id: ACCOUNT }],
    ["list_assessments", {}],
    ["get_trends", {}],
    ["get_coverage", {}],
    ["get_tables_by_format", {}],
    ["get_findings", {}],
    ["get_database_summary", { database_name: "database_7" }],
    ["query_tables_by_readiness", { status: "READY" }],
    ["search_tables", { pattern: "%order%", format: "PARQUET", min_size_gb: 100 }],
    ["get_largest_tables", {}],
    ["compare_assessments", { assessment_id_1: previous, assessment_id_2: newest }],
    ["list_migration_jobs", {}],
    ["list_alerts", {}],
  ];
}

async function overStdio(url: string, calls: Call[], rounds: number): Promise<Figure[]> {
  const client = new Client({ name: "bench", version: "0.0.0" });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [join(packageRoot, "bin/aws2openstack.js"), "mcp"],
      env: { MCP_DATABASE_URL: url, PATH: process.env.PATH ?? "" },
      stderr: "inherit",
    }),
  );
  const direct = new pg.Client({ connectionString: url });
  await direct.connect();
  try {
    const figures: Figure[] = [];
    for (const [name, args] of calls) {
      const keys = Object.keys(args);
      const sql = `select to_json(x)::text from a2o_mcp.${name}(${keys.map((key, i) => `${key} => $${i + 1}`).join(", ")}) as x`;
      const samples = { tool: [] as number[], sql: [] as number[] };
      for (let round = -WARM_UP; round < rounds; round++) {
        const sqlMs = await timed(() => direct.query(sql, Object.values(args)));
        const toolMs = await timed(async () => {
          const { isError } = await client.callTool({ name, arguments: args });
          if (isError) throw new Error(`${name} failed`);
        });
        if (round < 0) continue;
        samples.tool.push(toolMs);
        samples.sql.push(sqlMs);
      }
      const value = percentile(samples.tool, 0.95);
      figures.push({
        what: name,
        value,
        unit: "ms",
        floor: { what: "SQL through pg", value: percentile(samples.sql, 0.95) },
        limit: 1.5,
      });
    }
    return figures;
  } finally {
    await direct.end();
    await client.close();
  }
}

async function overHttp(databaseUrl: string, rounds: number): Promise<Figure> {
  const server = await startWebServer({
    databaseUrl,
    port: await freePort(),
    identity: { role: "a2o_reader", user: "local" },
    log: () => undefined,
  });
  const clients = Array.from({ length: CLIENTS }, () => new Client({ name: "bench", version: "0.0.0" }));
  try {
    await Promise.all(
      clients.map(client => client.connect(new StreamableHTTPClientTransport(new URL("/mcp", server.url)))),
    );
    const samples: number[] = [];
    await Promise.all(
      clients.map(async client => {
        for (let round = 0; round < rounds; round++) {
          samples.push(
            await timed(async () => {
              const { isError } = await client.callTool({ name: "get_largest_tables", arguments: {} });
              if (isError) throw new Error("a call over HTTP failed");
            }),
          );
        }
      }),
    );
    return {
      what: `get_largest_tables, ${CLIENTS} clients at once over HTTP, ${samples.length} calls without an error`,
      value: percentile(samples, 0.95),
      unit: "ms",
    };
  } finally {
    for (const client of clients) await client.close();
    await server.close();
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function percentile(values: number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? Number.NaN;
}

if (import.meta.main) await run([bench]);
