import pg from "pg";
import { errorCode, UserError } from "./user-error.ts";

export type GroupRole = "a2o_ingest" | "a2o_worker" | "a2o_reader" | "a2o_operator" | "a2o_owner";

export interface ConnectOptions {
  /** Shown in pg_stat_activity after `aws2openstack `. */
  purpose: string;
  /** Group role to work as, or the first of several that the login may become; its own rights are dropped for the session. */
  role?: GroupRole | readonly GroupRole[];
  /** When aborted, the query under way is cancelled, the connection is closed, and the signal's reason is thrown. */
  signal?: AbortSignal | undefined;
}

/** The database cannot be used, for whatever reason: out of reach, refused, lost, not migrated. */
export class DatabaseError extends UserError {}

/** True for what only the database is to blame for: DatabaseError, and the errors that PostgreSQL itself answers. */
export function isDatabaseError(error: unknown): boolean {
  if (error instanceof DatabaseError || error instanceof pg.DatabaseError) return true;
  return error instanceof UserError && isDatabaseError(error.cause);
}

/** Milliseconds until a server that does not answer counts as unreachable. */
const CONNECT_TIMEOUT = 10_000;

/** SQLSTATEs of a schema, function, table or column that is not there. */
const UNKNOWN_NAME = new Set(["3F000", "42883", "42P01", "42703"]);

/** OpenSSL's codes of a certificate that leads to no CA we know. */
const UNTRUSTED = new Set([
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "CERT_SIGNATURE_FAILURE",
]);

/**
 * Opens a connection, runs `work` on it and closes it, whatever happens.
 * @throws DatabaseError naming host and database when the server cannot be reached, refuses the login, lacks our schema, or
 *   goes away while `work` runs.
 */
export async function withClient<T>(
  url: string,
  options: ConnectOptions,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  let lost = false;
  const client = await connected(url, options.purpose, () => {
    lost = true;
  });
  try {
    if (options.role !== undefined) await becomeFirst(client, [options.role].flat(), url);
    return await untilAborted(client, options.signal, () => work(client));
  } catch (error) {
    if (options.role !== undefined && UNKNOWN_NAME.has(errorCode(error) ?? "")) {
      throw new DatabaseError(
        `Database ${describeUrl(url)} lacks what this version needs: ${error instanceof Error ? error.message : error}.`,
        "Run `aws2openstack db migrate` with a login that may create roles.",
        { cause: error },
      );
    }
    if (!lost || error instanceof UserError) throw error;
    throw new DatabaseError(
      `${describeUrl(url)} closed the connection in the middle of the work.`,
      "The server stopped or restarted, or an administrator ended the session; try again.",
      { cause: error },
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function connected(url: string, purpose: string, onLost: () => void): Promise<pg.Client> {
  let client: pg.Client | undefined;
  try {
    // node-postgres would take any word for the name of a database on the host "base".
    if (!url.startsWith("/")) new URL(url);
    client = new pg.Client({
      connectionString: url,
      application_name: `aws2openstack ${purpose}`,
      connectionTimeoutMillis: CONNECT_TIMEOUT,
    });
    // A connection that the server ends while idle fails the next query; without a listener it would end the process.
    client.on("error", onLost);
    await client.connect();
    return client;
  } catch (error) {
    await client?.end().catch(() => undefined);
    const explained = explainConnectError(error, url);
    if (explained instanceof UserError) throw explained;
    const message = error instanceof Error ? error.message : String(error);
    throw new DatabaseError(`${describeUrl(url)} cannot be used: ${message}.`, "Check DATABASE_URL and that server.", {
      cause: error,
    });
  }
}

async function untilAborted<T>(client: pg.Client, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  if (signal === undefined) return work();
  const pid = await backendPid(client);
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = async () => {
    await cancelBackend(client, pid);
    await client.end().catch(() => undefined);
    reject(signal.reason);
  };
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([work(), aborted]);
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/**
 * Runs `work`, whose queries run on `client`, and has the server cancel the one under way when the signal is aborted.
 * @throws the signal's reason when it is aborted, whatever `work` made of it
 */
export async function cancelOnAbort<T>(
  client: pg.Client,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  if (signal === undefined) return work();
  signal.throwIfAborted();
  const pid = await backendPid(client);
  let cancelling: Promise<void> | undefined;
  const cancel = () => {
    cancelling = cancelBackend(client, pid);
  };
  signal.addEventListener("abort", cancel, { once: true });
  try {
    return await work();
  } finally {
    signal.removeEventListener("abort", cancel);
    // A late cancellation must not hit the query after this work.
    await cancelling;
    signal.throwIfAborted();
  }
}

async function backendPid(client: pg.Client): Promise<number | undefined> {
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  return rows[0]?.pid;
}

/** Asks over a second connection; a server that cannot be asked has no query left to cancel. */
async function cancelBackend(client: pg.Client, pid: number | undefined): Promise<void> {
  const { host, port, user, password, database, ssl } = client;
  const other = new pg.Client({
    ...{ host, port, user, password, database, ssl },
    application_name: "aws2openstack cancel",
    connectionTimeoutMillis: CONNECT_TIMEOUT,
  });
  other.on("error", () => undefined);
  try {
    await other.connect();
    await other.query("select pg_cancel_backend($1)", [pid]);
  } catch {
    // See above.
  } finally {
    await other.end().catch(() => undefined);
  }
}

/**
 * A pool whose connections work as a group role from their first query on. The caller ends it.
 * A lost idle connection is replaced at the next query.
 */
export function rolePool(url: string, role: "a2o_worker" | "a2o_reader", max: number): pg.Pool {
  return preparedPool(url, max, role, client => client.query(`set role ${client.escapeIdentifier(role)}`));
}

/**
 * A pool for the web server, logged in as a2o_authenticator. A superuser's URL will do as well: each connection gives
 * itself up for that login. The caller ends it.
 */
export function authenticatorPool(url: string, max: number, purpose = "web"): pg.Pool {
  return preparedPool(url, max, purpose, client =>
    client.query(
      "select set_config('session_authorization', 'a2o_authenticator', false) where session_user <> 'a2o_authenticator'",
    ),
  );
}

function preparedPool(
  url: string,
  max: number,
  purpose: string,
  prepare: (client: pg.ClientBase) => Promise<unknown>,
): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    application_name: `aws2openstack ${purpose}`,
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    onConnect: async (client: pg.ClientBase) => {
      await prepare(client);
    },
  });
  // Without listeners, a connection that the server ends would end the process; the next query gets a new one.
  pool.on("error", () => undefined);
  pool.on("connect", client => client.on("error", () => undefined));
  return pool;
}

async function becomeFirst(client: pg.Client, roles: readonly GroupRole[], url: string): Promise<void> {
  for (const [index, role] of roles.entries()) {
    try {
      await becomeRole(client, role, url);
      return;
    } catch (error) {
      const isRefused = error instanceof DatabaseError && errorCode(error.cause) === "42501";
      if (!isRefused || index === roles.length - 1) throw error;
    }
  }
}

async function becomeRole(client: pg.Client, role: string, url: string): Promise<void> {
  try {
    await client.query(`set role ${client.escapeIdentifier(role)}`);
  } catch (error) {
    if (errorCode(error) === "22023") {
      throw new DatabaseError(
        `Database ${describeUrl(url)} has no role ${role}: it was never migrated.`,
        "Run `aws2openstack db migrate` with a login that may create roles.",
        { cause: error },
      );
    }
    if (errorCode(error) === "42501") {
      throw new DatabaseError(
        `The login in DATABASE_URL may not become ${role} in ${describeUrl(url)}.`,
        `As a database administrator: grant ${role} to ${new URL(url).username || "that login"};`,
        { cause: error },
      );
    }
    throw error;
  }
}

/** `database at host:port`, without user and password, for messages. */
export function describeUrl(url: string): string {
  try {
    const { hostname, port, pathname } = new URL(url);
    return `${decodeURIComponent(pathname.slice(1)) || "(default)"} at ${hostname || "localhost"}:${port || "5432"}`;
  } catch {
    return "the database in DATABASE_URL";
  }
}

/** The error of a failed connection in words, with a way out; other errors come back as they are. */
export function explainConnectError(error: unknown, url: string): unknown {
  const code = errorCode(error);
  const message = error instanceof Error ? error.message : String(error);
  const place = describeUrl(url);
  const because = (text: string, advice: string) => new DatabaseError(text, advice, { cause: error });
  if (code === "ERR_INVALID_URL") {
    return because(
      "DATABASE_URL is not a URL.",
      "It looks like postgresql://user:password@host:5432/aws2openstack; escape special characters of the password (%40 for @).",
    );
  }
  if (error instanceof Error && "syscall" in error && error.syscall === "open") {
    return because(
      `A certificate or key that DATABASE_URL names cannot be read: ${message}.`,
      "Check sslrootcert, sslcert and sslkey, and who may read those files.",
    );
  }
  if (code !== undefined && UNTRUSTED.has(code)) {
    return because(
      `Nothing vouches for the certificate of ${place}: ${message}.`,
      "Give the certificate of the CA that signed it: …?sslmode=verify-full&sslrootcert=/path/to/ca.crt",
    );
  }
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return because(
      `The certificate of ${place} is for another host: ${message}`,
      "Use the name that the certificate is for; anything else may be somebody in between.",
    );
  }
  if (code === "CERT_HAS_EXPIRED" || code === "CERT_NOT_YET_VALID") {
    return because(
      `The certificate of ${place} is not valid now: ${message}.`,
      "Renew it, or check the clocks of both machines.",
    );
  }
  if (code === "ECONNREFUSED" || code === "EHOSTUNREACH" || code === "ENOENT") {
    return because(
      `No PostgreSQL answers for ${place}.`,
      "Start it, or check host and port in DATABASE_URL. Without DATABASE_URL the embedded PostgreSQL is used.",
    );
  }
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return because(`The host of ${place} cannot be found.`, "Check the host name in DATABASE_URL.");
  }
  if (code === "28P01" || code === "28000") {
    return because(
      `PostgreSQL refused the login for ${place}: ${message}.`,
      "Check user and password in DATABASE_URL, and the server's pg_hba.conf.",
    );
  }
  if (code === "3D000") {
    return because(`There is no database ${place}.`, "Create it, e.g. with: createdb aws2openstack");
  }
  if (code === "53300") return because(`${place} has no free connection.`, "Close some, or raise max_connections.");
  if (code === "ETIMEDOUT" || /timeout expired/.test(message)) {
    return because(`${place} does not answer within 10 s.`, "Check the network, the firewall and DATABASE_URL.");
  }
  if (code === "ECONNRESET" || /Connection terminated/.test(message)) {
    return because(`${place} closed the connection.`, "The server may be starting or stopping; try again.");
  }
  if (/does not support SSL/.test(message)) {
    return because(`${place} does not speak TLS.`, "Remove sslmode from DATABASE_URL, or turn TLS on at the server.");
  }
  return error;
}
