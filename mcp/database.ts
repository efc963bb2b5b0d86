import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import pg, { escapeIdentifier, escapeLiteral } from "pg";
import { describeUrl, explainConnectError } from "../postgres/connect.ts";
import { isUnreachable } from "../postgres/unreachable.ts";
import { errorCode, UserError } from "../postgres/user-error.ts";
import type { Parameter } from "./arguments.ts";
import type { SqlFunction } from "./catalogue/function.ts";
import { type Catalogue, readCatalogue } from "./catalogue/read.ts";

/** Whose rights a call has. */
export interface Asker {
  role: "a2o_mcp" | "a2o_reader";
  /** The signed-in user, where the login is the web server's; the accounts to see are theirs. */
  user?: string;
}

export interface McpDatabaseOptions {
  /** Connections for the calls; stays the caller's, who ends it after `close`. */
  pool: pg.Pool;
  /** Login that hears of changes, when the pool's goes through a pooler that gives no session of its own. */
  listenUrl?: string | undefined;
  /** The role whose functions are offered. */
  role: Asker["role"];
  /** Takes one line for whoever runs the server. */
  log: (line: string) => void;
}

/** Hears that functions came, went or changed; and what a2o_private.announce says. */
const FUNCTIONS_CHANNEL = "a2o_tools";
const DATA_CHANNEL = "a2o";

/** Milliseconds that a definition is used for calls before it is read again; a list is always read. */
const FRESH_FOR = 10_000;
/** Milliseconds between attempts to listen again. */
const FIRST_DELAY = 250;
const LAST_DELAY = 15_000;

/**
 * Nothing outlives the transaction: right with a connection pooler in between, too. One statement sets everything, which takes
 * a third of what half a dozen take. The timeout is the role's own unless another login became the role.
 */
function beginAs({ role, user }: Asker): string {
  const settings = { role, ...(user !== undefined && { "a2o.user": user }), ...STYLES };
  const set = Object.entries(settings).map(
    ([name, value]) => `set_config(${escapeLiteral(name)}, ${escapeLiteral(value)}, true)`,
  );
  return `begin read only;
  select ${set.join(", ")},
    set_config('statement_timeout', coalesce(nullif(current_setting('statement_timeout'), '0'), '20s'), true), pg_backend_pid() as pid`;
}

const STYLES = { timezone: "UTC", datestyle: "ISO", intervalstyle: "iso_8601" };

export interface Call {
  called: SqlFunction;
  parameters: Map<string, Parameter>;
  /** Most rows to give. */
  limit: number;
  asker: Asker;
  signal: AbortSignal;
}

/** A transaction whose backend is known and whose work is on its way. */
interface Begun<T> {
  client: pg.PoolClient;
  pid: number;
  result: Promise<T>;
}

/** `functions`: what is offered may have changed. `data`: assessments came or went. */
export type Change = "functions" | "data";

/**
 * What the database offers to MCP: what there is, calling it, and hearing of changes. One serves any number of sessions.
 */
export class McpDatabase {
  readonly #pool: pg.Pool;
  readonly #listenUrl: string | undefined;
  readonly #role: Asker["role"];
  readonly #log: (line: string) => void;
  readonly #warned = new Set<string>();
  readonly #changeListeners = new Set<(change: Change) => void>();
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<unknown>>();
  #known: { catalogue: Catalogue; readAt: number } | undefined;
  #reading: Promise<Catalogue> | undefined;
  #changes = 0;
  #listening: Promise<void> = Promise.resolve();

  private constructor({ pool, listenUrl, role, log }: McpDatabaseOptions) {
    this.#pool = pool;
    this.#listenUrl = listenUrl;
    this.#role = role;
    this.#log = log;
    // Without listeners, a connection that the server ends would end the process.
    pool.on("error", () => undefined);
    pool.on("connect", client => client.on("error", () => undefined));
  }

  /**
   * Starts to listen for changes. A database that is away for now is waited for: calls say so until it comes back.
   * @throws UserError when the login may not work as a2o_mcp, or the database was never migrated.
   */
  static async open(options: McpDatabaseOptions): Promise<McpDatabase> {
    const database = new McpDatabase(options);
    await database.#checkLogin();
    database.#listening = database.#listen();
    return database;
  }

  /** What there is now; while the database is away, what there was. */
  async catalogue(): Promise<Catalogue> {
    try {
      return await this.#readCatalogue();
    } catch (error) {
      if (this.#known !== undefined && isUnreachable(error)) return this.#known.catalogue;
      throw error;
    }
  }

  /** What there was a few seconds ago, if that is known. */
  recentCatalogue(): Catalogue | undefined {
    const known = this.#known;
    return known !== undefined && performance.now() - known.readAt < FRESH_FOR ? known.catalogue : undefined;
  }

  /** Calls a function. Gives its rows as JSON, at most `limit`; aborting the signal cancels the query in PostgreSQL. */
  call({ called, parameters, limit, asker, signal }: Call): Promise<string[]> {
    const named = [...parameters.keys()].map(
      (name, index) => `${escapeIdentifier(name)} => $${index + 1}::${called.argumentTypes.get(name) ?? "text"}`,
    );
    // A column of the alias's name would be taken for the whole row.
    const sql = `select to_json("the answer")::text as answer
      from ${called.schema}.${escapeIdentifier(called.name)}(${named.join(", ")}) as "the answer" limit ${limit}`;
    return this.#transaction(asker, signal, async client => {
      const { rows } = await client.query<{ answer: string | null }>(sql, [...parameters.values()]);
      return rows.map(row => row.answer ?? "null");
    });
  }

  /** Calls `listener` when something may have changed. Returns what ends that. */
  onChange(listener: (change: Change) => void): () => void {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  }

  /** Cancels what runs and stops listening. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled([this.#listening, ...this.#running]);
  }

  async #checkLogin(): Promise<void> {
    const url = this.#pool.options.connectionString ?? "";
    try {
      const client = await this.#pool.connect();
      try {
        const { rows } = await client.query<{ login: string; migrated: boolean }>(
          "select session_user as login, to_regnamespace('a2o_mcp') is not null as migrated",
        );
        if (rows[0]?.migrated !== true) throw notMigrated(url);
        const login = rows[0].login;
        await client.query(`begin read only; set local role ${this.#role}; rollback`).catch(error => {
          throw explainRoleError(error, login, this.#role, url);
        });
        if (this.#role === "a2o_mcp" && login !== "a2o_mcp") {
          this.#log(`Logged in as ${login}, working as a2o_mcp. The accounts to see are those granted to ${login}.`);
        }
      } finally {
        client.release(true);
      }
    } catch (error) {
      const explained = explainConnectError(error, url);
      if (!isUnreachable(error)) throw explained;
      this.#log(`${explained instanceof Error ? explained.message : explained} Waiting for it.`);
    }
  }

  /** Those who ask at the same time share one reading, unless there was a change since it began. */
  #readCatalogue(): Promise<Catalogue> {
    this.#reading ??= this.#startReading();
    return this.#reading;
  }

  #startReading(): Promise<Catalogue> {
    const changes = this.#changes;
    const reading = this.#transaction({ role: this.#role }, this.#closing.signal, client =>
      readCatalogue(client, warning => this.#warnOnce(warning)),
    ).then(catalogue => {
      if (this.#changes === changes) this.#known = { catalogue, readAt: performance.now() };
      return catalogue;
    });
    const forget = () => {
      if (this.#changes === changes) this.#reading = undefined;
    };
    reading.then(forget, forget);
    return reading;
  }

  #warnOnce(warning: string): void {
    if (this.#warned.has(warning)) return;
    this.#warned.add(warning);
    this.#log(warning);
  }

  #changed(change: Change): void {
    if (change === "functions") {
      this.#changes++;
      this.#reading = undefined;
      if (this.#known !== undefined) this.#known.readAt = -Infinity;
    }
    for (const listener of this.#changeListeners) listener(change);
  }

  /** Runs `work` as the asker in a read-only transaction, which is rolled back: not even a setting survives it. */
  #transaction<T>(asker: Asker, signal: AbortSignal, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const running = this.#runTransaction(asker, AbortSignal.any([signal, this.#closing.signal]), work);
    this.#running.add(running);
    const forget = () => this.#running.delete(running);
    running.then(forget, forget);
    return running;
  }

  async #runTransaction<T>(asker: Asker, signal: AbortSignal, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const { client, pid, result } = await this.#begin(asker, signal, work);
    let isUsable = false;
    let cancelling: Promise<void> | undefined;
    const cancel = () => {
      cancelling = this.#cancelBackend(pid);
    };
    if (signal.aborted) cancel();
    signal.addEventListener("abort", cancel, { once: true });
    try {
      const value = await result;
      isUsable = true;
      return value;
    } catch (error) {
      isUsable = error instanceof pg.DatabaseError && !isUnreachable(error);
      throw error;
    } finally {
      signal.removeEventListener("abort", cancel);
      // A cancellation must not reach whatever the connection does next, so it does nothing next.
      if (cancelling !== undefined) {
        await cancelling;
        isUsable = false;
      }
      if (!isUsable) client.release(true);
      // The answer does not wait for it; the connection does.
      else
        client.query("rollback").then(
          () => client.release(),
          () => client.release(true),
        );
    }
  }

  /**
   * Begins, and sends the work's first statement in the same packet where the pool pipelines: a quick tool takes one round trip.
   * Begin is the first of its statements, so that nothing can run outside of a read-only transaction: what follows a failed
   * setting fails, too.
   */
  async #begin<T>(asker: Asker, signal: AbortSignal, work: (client: pg.PoolClient) => Promise<T>): Promise<Begun<T>> {
    // Pooled connections may have died unnoticed, all of them; a new one's failure is the answer.
    const most = this.#pool.options.max + 1;
    for (let attempt = 1; ; attempt++) {
      signal.throwIfAborted();
      const client = await this.#pool.connect();
      try {
        signal.throwIfAborted();
        const begun: Promise<unknown> = client.query(beginAs(asker));
        const result = work(client);
        // Whoever waits for it hears of it; when begin failed, nobody does.
        result.catch(() => undefined);
        return { client, pid: pidIn(await begun), result };
      } catch (error) {
        client.release(true);
        if (attempt === most || !isUnreachable(error)) throw error;
      }
    }
  }

  async #cancelBackend(pid: number): Promise<void> {
    const client = new pg.Client(this.#pool.options);
    client.on("error", () => undefined);
    try {
      await client.connect();
      await client.query("select pg_cancel_backend($1)", [pid]);
    } catch (error) {
      // The statement's timeout ends it then.
      this.#log(`A query could not be cancelled: ${error instanceof Error ? error.message : error}`);
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  async #listen(): Promise<void> {
    const { signal } = this.#closing;
    let hasMissed = false;
    for (let delay = FIRST_DELAY; !signal.aborted; delay = Math.min(delay * 2, LAST_DELAY)) {
      const client = new pg.Client({
        ...this.#pool.options,
        ...(this.#listenUrl !== undefined && { connectionString: this.#listenUrl }),
      });
      client.on("error", () => undefined);
      client.on("notification", ({ channel, payload }) => {
        if (channel === FUNCTIONS_CHANNEL) this.#changed("functions");
        else if (payload?.includes("ASSESSMENT")) this.#changed("data");
      });
      try {
        await client.connect();
        await client.query(`listen ${FUNCTIONS_CHANNEL}; listen ${DATA_CHANNEL}`);
        delay = FIRST_DELAY;
        if (hasMissed) {
          this.#changed("functions");
          this.#changed("data");
        }
        await once(client, "end", { signal });
      } catch {
        // Calls say what is wrong; here it only means to try again.
      }
      hasMissed = true;
      await client.end().catch(() => undefined);
      await sleep(delay, undefined, { signal }).catch(() => undefined);
    }
  }
}

function pidIn(results: unknown): number {
  const last: unknown = Array.isArray(results) ? results.at(-1) : undefined;
  const row: unknown =
    last !== null && typeof last === "object" && "rows" in last && Array.isArray(last.rows) ? last.rows[0] : undefined;
  if (row === null || typeof row !== "object" || !("pid" in row) || typeof row.pid !== "number") {
    throw new Error("PostgreSQL did not say which backend this is");
  }
  return row.pid;
}

function notMigrated(url: string): UserError {
  return new UserError(
    `Database ${describeUrl(url)} was never migrated: it lacks the schema or the role a2o_mcp.`,
    "Run `aws2openstack db migrate` with a login that may create roles.",
  );
}

function explainRoleError(error: unknown, login: string, role: string, url: string): unknown {
  if (errorCode(error) === "22023") return notMigrated(url);
  if (errorCode(error) !== "42501") return error;
  return new UserError(
    `The login ${login} may not work as ${role} in ${describeUrl(url)}.`,
    `Log in as ${role === "a2o_mcp" ? role : "a2o_authenticator"}, or as a database administrator: grant ${role} to ${escapeIdentifier(login)};`,
    { cause: error },
  );
}
