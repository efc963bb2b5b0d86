import { Transform, type TransformCallback } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { ErrorCode, type RequestId } from "@modelcontextprotocol/sdk/types.js";
import pg from "pg";
import { McpDatabase } from "./database.ts";
import { createMcpServer } from "./server.ts";

export interface StdioOptions {
  /** Of the database, best for the login a2o_mcp. */
  url: string;
  /** Version of aws2openstack. */
  version: string;
}

/** Bytes of one message; the SDK would end the session at a longer one, here only that message is refused. */
const MAX_MESSAGE = 32 * 2 ** 20;
/** Milliseconds for calls to end after stdin has, and for connections to close. */
const LAST_CALLS = 5_000;
const LAST_GOODBYES = 3_000;

/**
 * Serves MCP over stdin and stdout until stdin ends or SIGINT or SIGTERM comes, then closes its connections; the process has
 * nothing left to do and ends by itself. Says on stderr what whoever runs it should know.
 * @throws UserError when the login may not work as a2o_mcp, or the database was never migrated.
 */
export async function runStdio({ url, version }: StdioOptions): Promise<void> {
  const log = (line: string) => process.stderr.write(`aws2openstack mcp: ${line.replace(/\p{Cc}+/gu, " ")}\n`);
  const pool = new pg.Pool({
    connectionString: url,
    application_name: "aws2openstack mcp",
    max: 4,
    connectionTimeoutMillis: 10_000,
    // Longer than the statement's own timeout, for a server that has stopped answering.
    query_timeout: 30_000,
    keepAlive: true,
    pipeline: true,
  });
  try {
    const database = await McpDatabase.open({ pool, role: "a2o_mcp", log });
    try {
      await serve(database, version, log);
    } finally {
      await withinTime(database.close());
    }
  } finally {
    await withinTime(pool.end());
    process.stdin.destroy();
  }
}

async function serve(database: McpDatabase, version: string, log: (line: string) => void): Promise<void> {
  const stdinEnded = Promise.withResolvers<void>();
  const stopped = Promise.withResolvers<void>();
  process.once("SIGINT", stopped.resolve).once("SIGTERM", stopped.resolve);
  process.stdin.on("error", stdinEnded.resolve);
  // An error here means that nobody reads any more.
  process.stdout.on("error", stopped.resolve);
  try {
    const lines = new LineGuard(MAX_MESSAGE, id => {
      log(`Refused a message of more than ${MAX_MESSAGE} bytes.`);
      const error = { code: ErrorCode.InvalidRequest, message: `A message may have at most ${MAX_MESSAGE} bytes.` };
      if (id !== undefined) transport.send({ jsonrpc: "2.0", id, error }).catch(() => undefined);
    });
    const transport = new StdioServerTransport(lines, process.stdout, { maxBufferSize: MAX_MESSAGE + 1 });
    const server = createMcpServer({ database, asker: { role: "a2o_mcp" }, version, log });
    await server.connect(transport);
    const calls = new CallWatch(transport);
    // The end of the lines, not of stdin: the last ones may still be on their way.
    lines.on("end", stdinEnded.resolve);
    process.stdin.pipe(lines);
    await Promise.race([stdinEnded.promise, stopped.promise]);
    // Who pipes requests in wants their answers, too.
    await Promise.race([calls.done(), stopped.promise, sleep(LAST_CALLS, undefined, { ref: false })]);
    await server.close();
  } finally {
    process.off("SIGINT", stopped.resolve).off("SIGTERM", stopped.resolve);
  }
}

/** Waits, but not for a database that no longer answers. */
async function withinTime(closing: Promise<void>): Promise<void> {
  const isLate = await Promise.race([
    closing.then(
      () => false,
      () => false,
    ),
    sleep(LAST_GOODBYES, true, { ref: false }),
  ]);
  // Its open sockets would keep the process.
  if (isLate) process.exit();
}

/** Knows when every request that came in was answered or cancelled. */
class CallWatch {
  readonly #open = new Set<RequestId>();
  #idle = Promise.withResolvers<void>();

  /** `transport` belongs to a connected server. */
  constructor(transport: StdioServerTransport) {
    const receive = transport.onmessage;
    transport.onmessage = message => {
      if ("method" in message && "id" in message) this.#open.add(message.id);
      if ("method" in message && message.method === "notifications/cancelled") this.#close(message.params?.requestId);
      receive?.(message);
    };
    const send = transport.send.bind(transport);
    transport.send = async message => {
      await send(message);
      if (!("method" in message)) this.#close(message.id);
    };
  }

  #close(id: unknown): void {
    if (typeof id === "string" || typeof id === "number") this.#open.delete(id);
    if (this.#open.size === 0) this.#idle.resolve();
  }

  async done(): Promise<void> {
    if (this.#open.size === 0) return;
    this.#idle = Promise.withResolvers();
    await this.#idle.promise;
  }
}

const NEWLINE = 10;
/** Bytes at either end of a message that may hold its id. */
const ENVELOPE = 200;

/** Passes whole lines on and drops those that are too long, so that one message cannot fill the memory or end the session. */
class LineGuard extends Transform {
  readonly #limit: number;
  readonly #refuse: (id: RequestId | undefined) => void;
  #parts: Buffer[] = [];
  #size = 0;
  /** The ends of the line that is being dropped. */
  #dropped: { start: string; end: Buffer } | undefined;

  constructor(limit: number, refuse: (id: RequestId | undefined) => void) {
    super();
    this.#limit = limit;
    this.#refuse = refuse;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      this.#add(chunk.subarray(start, end + 1));
      this.#endLine();
      start = end + 1;
    }
    if (start < chunk.length) this.#add(chunk.subarray(start));
    done();
  }

  #add(part: Buffer): void {
    if (this.#dropped !== undefined) {
      this.#dropped.end = Buffer.concat([this.#dropped.end, part]).subarray(-ENVELOPE);
      return;
    }
    this.#parts.push(part);
    this.#size += part.length;
    if (this.#size <= this.#limit) return;
    const line = Buffer.concat(this.#parts);
    this.#dropped = { start: line.toString("utf8", 0, ENVELOPE), end: Buffer.from(line.subarray(-ENVELOPE)) };
    this.#parts = [];
  }

  #endLine(): void {
    if (this.#dropped === undefined) this.push(Buffer.concat(this.#parts));
    else this.#refuse(idOf(this.#dropped.start, this.#dropped.end.toString("utf8")));
    this.#parts = [];
    this.#size = 0;
    this.#dropped = undefined;
  }
}

const ID = String.raw`"id"\s*:\s*("[^"\\]*"|-?\d+)`;
const ID_FIRST = new RegExp(String.raw`^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?${ID}`);
const ID_LAST = new RegExp(String.raw`${ID}\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*$`);

/** The id of a message of which only the ends are left. Clients write it first or last. */
function idOf(start: string, end: string): RequestId | undefined {
  const json = ID_FIRST.exec(start)?.[1] ?? ID_LAST.exec(end)?.[1];
  if (json === undefined) return undefined;
  const id: unknown = JSON.parse(json);
  return typeof id === "string" || typeof id === "number" ? id : undefined;
}
