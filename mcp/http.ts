import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { isInitializeRequest } from "@modelcontextprotocol/sdk/types.js";
import type { McpDatabase } from "./database.ts";
import { createMcpServer } from "./server.ts";

export interface HttpSessionsOptions {
  /** Its pool is logged in as a2o_authenticator, and its role is a2o_reader. */
  database: McpDatabase;
  /** Version of aws2openstack. */
  version: string;
  /** Takes one line for whoever runs the server. */
  log: (line: string) => void;
  limits?: Partial<Limits>;
}

interface Limits {
  /** Sessions at once, of all users and of one. */
  sessions: number;
  sessionsOfUser: number;
  /** Milliseconds that a session without open requests is kept. */
  idle: number;
}

const LIMITS: Limits = { sessions: 1_000, sessionsOfUser: 100, idle: 30 * 60_000 };

/** Milliseconds between two looks for idle sessions. */
const SWEEP = 60_000;

/** Who sent a request. A session is only ever open to the one who began it. */
export interface Owner {
  user: string;
  /** When the sign-in ends, and with it what streams. */
  expiresAt: Date | null;
}

interface Session {
  user: string;
  server: Server;
  transport: StreamableHTTPServerTransport;
  openRequests: number;
  usedAt: number;
}

/**
 * MCP over streamable HTTP (revision 2025-11-25 and before it): one session for each client that says hello, in this process's
 * memory. A client that comes back to another process, or too late, gets 404 and says hello again, as the protocol wants it.
 */
export class HttpSessions {
  readonly #options: HttpSessionsOptions;
  readonly #limits: Limits;
  readonly #sessions = new Map<string, Session>();
  readonly #sweeping: NodeJS.Timeout;

  constructor(options: HttpSessionsOptions) {
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
    this.#sweeping = setInterval(() => this.#sweep(), SWEEP).unref();
  }

  get count(): number {
    return this.#sessions.size;
  }

  /** Answers one request; `body` is its JSON, parsed. */
  async handle(request: IncomingMessage, response: ServerResponse, body: unknown, owner: Owner): Promise<void> {
    const id = request.headers["mcp-session-id"];
    let session: Session;
    if (id !== undefined) {
      const known = typeof id === "string" ? this.#sessions.get(id) : undefined;
      // Of a session of somebody else one is told what one is told of none.
      if (known === undefined || known.user !== owner.user) {
        refuse(response, 404, -32001, "There is no such session (any more). Begin a new one with initialize.");
        return;
      }
      session = known;
    } else if (request.method === "POST" && isInitializeRequest(body)) {
      if (!(await this.#makeRoom(owner.user))) {
        response.setHeader("retry-after", "60");
        refuse(response, 503, -32000, "The server has as many sessions as it can hold. End some, or try again later.");
        return;
      }
      session = await this.#begin(owner.user);
    } else {
      refuse(response, 400, -32000, "A session begins with initialize, whose answer names it in Mcp-Session-Id.");
      return;
    }
    await this.#within(session, response, owner, () => session.transport.handleRequest(request, response, body));
  }

  /** Ends every session. */
  async close(): Promise<void> {
    clearInterval(this.#sweeping);
    await Promise.allSettled([...this.#sessions.values()].map(session => session.server.close()));
  }

  async #begin(user: string): Promise<Session> {
    const { database, version, log } = this.#options;
    const server = createMcpServer({ database, asker: { role: "a2o_reader", user }, version, log });
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: id => {
        this.#sessions.set(id, session);
      },
    });
    const session: Session = { user, server, transport, openRequests: 0, usedAt: performance.now() };
    await server.connect(transport);
    const forget = server.onclose;
    server.onclose = () => {
      if (transport.sessionId !== undefined) this.#sessions.delete(transport.sessionId);
      forget?.();
    };
    return session;
  }

  async #within(session: Session, response: ServerResponse, owner: Owner, work: () => Promise<void>): Promise<void> {
    session.openRequests++;
    // What still streams when the sign-in ends, ends with it.
    const expiry =
      owner.expiresAt === null
        ? undefined
        : setTimeout(() => response.destroy(), Math.max(0, owner.expiresAt.getTime() - Date.now())).unref();
    response.once("close", () => {
      clearTimeout(expiry);
      session.openRequests--;
      session.usedAt = performance.now();
    });
    await work();
  }

  /** Ends the session that was not used for longest, of this user or of all, when there are too many. */
  async #makeRoom(user: string): Promise<boolean> {
    const own = [...this.#sessions.values()].filter(session => session.user === user);
    const crowd =
      own.length >= this.#limits.sessionsOfUser
        ? own
        : this.#sessions.size >= this.#limits.sessions
          ? [...this.#sessions.values()]
          : undefined;
    if (crowd === undefined) return true;
    const [oldest] = crowd.filter(session => session.openRequests === 0).sort((a, b) => a.usedAt - b.usedAt);
    if (oldest === undefined) return false;
    await oldest.server.close();
    return true;
  }

  #sweep(): void {
    const since = performance.now() - this.#limits.idle;
    for (const session of this.#sessions.values()) {
      if (session.openRequests === 0 && session.usedAt < since) session.server.close().catch(() => undefined);
    }
  }
}

function refuse(response: ServerResponse, status: number, code: number, message: string): void {
  const error = { jsonrpc: "2.0", error: { code, message }, id: null };
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(error));
}
