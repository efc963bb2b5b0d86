import { once } from "node:events";
import fastify from "fastify";
import { type Client, createClient } from "graphql-ws";
import type { FormattedExecutionResult } from "postgraphile/graphql";
import WebSocket from "ws";
import type { TestDatabase } from "../../../test/database.ts";
import { type DatabaseOptions, openDatabase } from "../database/database.ts";
import { requireIdentity } from "../sign-in/identify.ts";
import { acceptSockets } from "./live/socket.ts";
import { createGraphql } from "./serve.ts";

/** Who a request comes from, as these headers of a test say. */
export interface Caller {
  user: string;
  role?: "a2o_reader" | "a2o_operator";
  /** Milliseconds until the sign-in ends. */
  expiresIn?: number;
  origin?: string;
}

export type TestGraphql = Awaited<ReturnType<typeof serveGraphql>>;

/** GraphQL over HTTP and websockets, without the rest of the web server: headers say who asks. */
export async function serveGraphql(of: Pick<TestDatabase, "urlFor">, options: Partial<DatabaseOptions> = {}) {
  const logged: string[] = [];
  const signedOut = new Set<string>();
  const log = (line: string) => logged.push(line);
  const database = openDatabase({ databaseUrl: of.urlFor("a2o_authenticator"), log, ...options });
  const graphql = await createGraphql({
    database,
    log,
    onError: (reference, error) => logged.push(`${reference} ${error}`),
  });
  const app = fastify({ bodyLimit: 100_000, forceCloseConnections: true });
  await acceptSockets(app);
  app.decorateRequest("identity", null);
  app.decorateRequest("isSignedIn", null);
  app.addHook(
    "onRequest",
    requireIdentity({
      async identify({ headers }) {
        const caller: Partial<Caller> = JSON.parse(String(headers["x-caller"] ?? "{}"));
        if (caller.user === undefined || signedOut.has(caller.user)) return null;
        const expiresAt = caller.expiresIn === undefined ? null : new Date(Date.now() + caller.expiresIn);
        return { user: caller.user, role: caller.role ?? "a2o_reader", signIn: "bearer", expiresAt };
      },
      signInUrl: null,
      signOutUrl: null,
      takesBearer: false,
    }),
  );
  await graphql.addTo(app);
  const address = await app.listen({ host: "127.0.0.1", port: 0 });
  const clients: Client[] = [];
  return {
    url: address,
    database,
    graphql,
    logged,
    /** Users whose sign-in stands no longer. */
    signedOut,
    async ask(caller: Caller, query: string, variables: Record<string, unknown> = {}) {
      const response = await fetch(`${address}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-caller": JSON.stringify(caller) },
        body: JSON.stringify({ query, variables }),
      });
      const answer = JSON.parse(await response.text());
      return { ...answer, status: response.status, headers: response.headers };
    },
    client(caller: Caller) {
      const client = createClient({
        url: `${address.replace("http", "ws")}/graphql`,
        webSocketImpl: socketOf(caller),
        retryAttempts: 0,
        lazyCloseTimeout: 0,
      });
      clients.push(client);
      return client;
    },
    async close() {
      for (const client of clients) await client.dispose();
      await app.close();
      await graphql.release();
      await database.close();
    },
  };
}

/** A WebSocket whose handshake brings the caller. */
export function socketOf(caller: Caller | Record<string, never>) {
  return class extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      const { origin, ...who } = caller;
      super(address, protocols, {
        headers: {
          ...(who.user !== undefined && { "x-caller": JSON.stringify(who) }),
          ...(origin !== undefined && { origin }),
        },
      });
    }
  };
}

/** Collects what a subscription tells. */
export class Told<Data> {
  readonly events: Data[] = [];
  readonly errors: unknown[] = [];
  #changed = Promise.withResolvers<void>();
  readonly #stop: () => void;

  constructor(client: Client, query: string) {
    const changed = () => {
      this.#changed.resolve();
      this.#changed = Promise.withResolvers();
    };
    this.#stop = client.subscribe<Record<string, Data>>(
      { query },
      {
        next: (result: FormattedExecutionResult<Record<string, Data>, unknown>) => {
          if (result.errors) this.errors.push(...result.errors);
          const event = Object.values(result.data ?? {})[0];
          if (event !== undefined && event !== null) this.events.push(event);
          changed();
        },
        error: error => {
          this.errors.push(error);
          changed();
        },
        complete: changed,
      },
    );
  }

  /** Resolves once `is` is so; the test's own time limit ends a wait in vain. */
  async until(is: (told: this) => boolean): Promise<void> {
    while (!is(this)) await this.#changed.promise;
  }

  stop(): void {
    this.#stop();
  }
}

/** Resolves with the code and reason a socket is closed with. */
export async function closed(socket: WebSocket): Promise<{ code: number; reason: string }> {
  const [code, reason] = await once(socket, "close");
  return { code, reason: String(reason) };
}
