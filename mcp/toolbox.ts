import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { describeUrl, explainConnectError } from "../postgres/connect.ts";
import { errorCode, UserError } from "../postgres/user-error.ts";
import type { Parameter } from "./arguments.ts";
import { quoted, readCatalogue, type Tool } from "./catalogue.ts";

export interface ToolboxOptions {
  /** Connections for the calls; stays the caller's, who ends it after `close`. */
  pool: pg.Pool;
  /** Takes one line for whoever runs the server. */
  log: (line: string) => void;
}

/** Milliseconds that a definition is used for calls before it is read again; a list is always read. */
const FRESH_FOR = 10_000;
/** Milliseconds between attempts to listen again. */
const FIRST_DELAY = 250;
const LAST_DELAY = 15_000;

// One round trip, and nothing outlives the transaction: right with a connection pooler in between, too. The timeout is the
// role's own unless another login became the role.
const BEGIN = `begin read only;
  set local role a2o_mcp;
  set local timezone = 'UTC'; set local datestyle = 'ISO'; set local intervalstyle = 'iso_8601';
  select set_config('statement_timeout', '20s', true) where current_setting('statement_timeout') = '0';
  select pg_backend_pid() as pid`;

/**
 * The tools in the database: what there is, calling them, and hearing of changes. One serves any number of MCP sessions.
 */
export class Toolbox {
  readonly #pool: pg.Pool;
  readonly #log: (line: string) => void;
  readonly #warned = new Set<string>();
  readonly #changeListeners = new Set<() => void>();
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<unknown>>();
  #known: { tools: Map<string, Tool>; readAt: number } | undefined;
  #reading: Promise<Map<string, Tool>> | undefined;
  #changes = 0;
  #listening: Promise<void> = Promise.resolve();

  private constructor({ pool, log }: ToolboxOptions) {
    this.#pool = pool;
    this.#log = log;
    // Without listeners, a connection that the server ends would end the process.
    pool.on("error", () => undefined);
    pool.on("connect", client => client.on("error", () => undefined));
  }

  /**
   * Starts to listen for changes. A database that is away for now is waited for: calls say so until it comes back.
   * @throws UserError when the login may not work as a2o_mcp, or the database was never migrated.
   */
  static async open(options: ToolboxOptions): Promise<Toolbox> {
    const toolbox = new Toolbox(options);
    await toolbox.#checkLogin();
    toolbox.#listening = toolbox.#listen();
    return toolbox;
  }

  /** The tools there are now, by name; while the database is away, those there were. */
  async tools(): Promise<Map<string, Tool>> {
    try {
      return await this.#readTools();
    } catch (error) {
      if (this.#known !== undefined && isUnreachable(error)) return this.#known.tools;
      throw error;
    }
  }

  /** A tool as it was a few seconds ago, if it was there and that is known. */
  recentTool(name: string): Tool | undefined {
    const known = this.#known;
    return known !== undefined && performance.now() - known.readAt < FRESH_FOR ? known.tools.get(name) : undefined;
  }

  /** Calls the tool's function. Gives its rows as JSON, at most `limit`; aborting the signal cancels the query in PostgreSQL. */
  call(tool: Tool, parameters: Map<string, Parameter>, limit: number, signal: AbortSignal): Promise<string[]> {
    const named = [...parameters.keys()].map(
      (name, index) => `${quoted(name)} => $${index + 1}::${tool.argumentTypes.get(name) ?? "text"}`,
    );
    // A column of the alias's name would be taken for the whole row.
    const sql = `select to_json("the answer")::text as answer
      from a2o_mcp.${quoted(tool.name)}(${named.join(", ")}) as "the answer" limit ${limit}`;
    return this.#transaction(signal, async client => {
      const { rows } = await client.query<{ answer: string | null }>(sql, [...parameters.values()]);
      return rows.map(row => row.answer ?? "null");
    });
  }

  /** Calls `listener` when tools may have come, gone or changed. Returns what ends that. */
  onChange(listener: () => void): () => void {
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
        await client.query("begin read only; set local role a2o_mcp; rollback").catch(error => {
          throw explainRoleError(error, login, url);
        });
        if (login !== "a2o_mcp") {
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
  #readTools(): Promise<Map<string, Tool>> {
    this.#reading ??= this.#startReading();
    return this.#reading;
  }

  #startReading(): Promise<Map<string, Tool>> {
    const changes = this.#changes;
    const reading = this.#transaction(this.#closing.signal, client =>
      readCatalogue(client, warning => this.#warnOnce(warning)),
    ).then(tools => {
      if (this.#changes === changes) this.#known = { tools, readAt: performance.now() };
      return tools;
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

  #changed(): void {
    this.#changes++;
    this.#reading = undefined;
    if (this.#known !== undefined) this.#known.readAt = -Infinity;
    for (const listener of this.#changeListeners) listener();
  }

  /** Runs `work` as a2o_mcp in a read-only transaction, which is rolled back: not even a setting survives it. */
  #transaction<T>(signal: AbortSignal, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const running = this.#runTransaction(AbortSignal.any([signal, this.#closing.signal]), work);
    this.#running.add(running);
    const forget = () => this.#running.delete(running);
    running.then(forget, forget);
    return running;
  }

  async #runTransaction<T>(signal: AbortSignal, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const { client, pid } = await this.#begin(signal);
    let isUsable = false;
    let cancelling: Promise<void> | undefined;
    const cancel = () => {
      cancelling = this.#cancelBackend(pid);
    };
    signal.addEventListener("abort", cancel, { once: true });
    try {
      const result = await work(client);
      isUsable = true;
      return result;
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
      if (isUsable) {
        await client.query("rollback").catch(() => {
          isUsable = false;
        });
      }
      client.release(!isUsable);
    }
  }

  async #begin(signal: AbortSignal): Promise<{ client: pg.PoolClient; pid: number }> {
    // Pooled connections may have died unnoticed, all of them; a new one's failure is the answer.
    const most = this.#pool.options.max + 1;
    for (let attempt = 1; ; attempt++) {
      signal.throwIfAborted();
      const client = await this.#pool.connect();
      try {
        signal.throwIfAborted();
        const results: unknown = await client.query(BEGIN);
        return { client, pid: pidIn(results) };
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
      const client = new pg.Client(this.#pool.options);
      client.on("error", () => undefined);
      client.on("notification", () => this.#changed());
      try {
        await client.connect();
        await client.query("listen a2o_tools");
        delay = FIRST_DELAY;
        if (hasMissed) this.#changed();
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

/** Whether an error means that the database is away, rather than that it refused something. */
export function isUnreachable(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return /^(?:08|53|57P)/.test(error.code ?? "");
  if (!(error instanceof Error) || error instanceof UserError || error.name === "AbortError") return false;
  return (
    /^(?:ECONN|EHOST|ENET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|ENOENT)/.test(errorCode(error) ?? "") ||
    /terminated|timeout|not queryable|Connection ended/i.test(error.message)
  );
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

function explainRoleError(error: unknown, login: string, url: string): unknown {
  if (errorCode(error) === "22023") return notMigrated(url);
  if (errorCode(error) !== "42501") return error;
  return new UserError(
    `The login ${login} may not work as a2o_mcp in ${describeUrl(url)}.`,
    `Log in as a2o_mcp, or as a database administrator: grant a2o_mcp to ${quoted(login)};`,
    { cause: error },
  );
}
