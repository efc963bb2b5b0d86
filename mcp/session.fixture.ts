import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import {
  ResourceListChangedNotificationSchema,
  ToolListChangedNotificationSchema,
} from "@modelcontextprotocol/sdk/types.js";
import pg from "pg";
import { withClient } from "../postgres/connect.ts";
import type { TestDatabase } from "../test/database.ts";
import { Recording } from "../worker/record/recording.ts";
import { McpDatabase } from "./database.ts";
import { createMcpServer } from "./server.ts";

/** A client of the SDK with a server of ours in the same process. */
export interface Session {
  client: Client;
  /** What the server told whoever runs it. */
  log: string[];
  /** The messages of the server as they were written. */
  wire: string[];
  /** Resolves when the server next says that its list of tools changed. */
  nextListChange(): Promise<void>;
  /** Calls `listener` whenever the server says that its list of resources changed. */
  onResourceListChange(listener: () => void): void;
  close(): Promise<void>;
}

export async function openSession(url: string): Promise<Session> {
  const log: string[] = [];
  const pool = new pg.Pool({
    connectionString: url,
    application_name: "aws2openstack mcp",
    max: 4,
    connectionTimeoutMillis: 5_000,
    pipeline: true,
  });
  const database = await McpDatabase.open({ pool, role: "a2o_mcp", log: line => log.push(line) });
  const server = createMcpServer({
    database,
    asker: { role: "a2o_mcp" },
    version: "0.0.0",
    log: line => log.push(line),
  });
  const client = new Client({ name: "test", version: "0.0.0" });
  let change = Promise.withResolvers<void>();
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => change.resolve());
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  // Messages cross as JSON, as they do on every real transport.
  const wire: string[] = [];
  for (const side of [clientSide, serverSide]) {
    const send = side.send.bind(side);
    side.send = (message, options) => {
      const line = JSON.stringify(message);
      if (side === serverSide) wire.push(line);
      return send(JSON.parse(line), options);
    };
  }
  await server.connect(serverSide);
  await client.connect(clientSide);
  return {
    client,
    log,
    wire,
    nextListChange() {
      change = Promise.withResolvers();
      return change.promise;
    },
    onResourceListChange(listener) {
      client.setNotificationHandler(ResourceListChangedNotificationSchema, listener);
    },
    async close() {
      await client.close();
      await database.close();
      await pool.end();
    },
  };
}

/** The text of a result, and whether it is an error. */
export async function call(client: Client, name: string, args: Record<string, unknown> = {}) {
  const result = await client.callTool({ name, arguments: args });
  const content: unknown = result.content;
  const first: unknown = Array.isArray(content) ? content[0] : undefined;
  const text = first !== null && typeof first === "object" && "text" in first ? String(first.text) : "";
  return { text, isError: result.isError === true, structured: result.structuredContent };
}

/** Records an assessment of one database with two tables, one of them ready, and returns its id. */
export async function recordAssessment(db: TestDatabase, awsAccountId: string, region: string): Promise<string> {
  const url = db.urlFor(await db.createLogin("a2o_ingest"));
  return withClient(url, { purpose: "test", role: "a2o_ingest" }, async client => {
    const recording = await Recording.begin(client);
    await recording.reportedDatabase(
      "sales",
      { description: null, location_uri: null, table_count: 2, extra: {} },
      { status: "COMPLETE", tablesRead: 2 },
    );
    for (const [name, isIceberg] of [
      ["orders", true],
      ["returns", false],
    ] as const) {
      await recording.reportedTable({
        database_name: "sales",
        table_name: name,
        table_format: isIceberg ? "ICEBERG" : "PARQUET",
        storage_location: `s3://lake/sales/${name}`,
        estimated_size_gb: 1.5,
        partition_keys: [],
        column_count: 3,
        last_updated: null,
        is_iceberg: isIceberg,
        migration_readiness: isIceberg ? "READY" : "NEEDS_CONVERSION",
        notes: [],
        extra: {},
      });
    }
    const { id } = await recording.finish({
      origin: "REPORT",
      timestamp: "2026-03-31T14:05:00.000000Z",
      region,
      awsAccountId,
      toolVersion: "0.1.0",
      isSimulated: false,
    });
    return id;
  });
}

/** Makes a function in a2o_mcp, as a migration would. `sql` is what follows `create function a2o_mcp.`. */
export async function createTool(db: TestDatabase, signature: string, sql: string, comment: string): Promise<void> {
  await db.query(`create or replace function a2o_mcp.${signature} ${sql}`);
  const name = signature.slice(0, signature.indexOf("("));
  await db.query(`grant execute on function a2o_mcp.${name} to a2o_reader`);
  await db.query(`comment on function a2o_mcp.${name} is '${comment.replaceAll("'", "''")}'`);
}
