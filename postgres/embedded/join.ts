import { copyFile, truncate } from "node:fs/promises";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { exists, ownLike } from "../server/files.ts";
import {
  type Cluster,
  createCluster,
  PortTakenError,
  setPasswordOffline,
  sizeOf,
  startServer,
  stopServer,
} from "../server/server.ts";
import { laptopSettings, type Settings } from "../server/settings.ts";
import { errorCode, UserError } from "../user-error.ts";
import { prepareCluster, settledStatus } from "./data-directory.ts";
import { ensurePasswords, type Home, type Passwords, readState, rememberServer } from "./home.ts";
import { connect, connectionLost, describeUs, ensureDatabase, USE_LOCK } from "./sessions.ts";

export interface EmbeddedOptions {
  /** Directory of the passwords, the log and (where PostgreSQL can reach it) the data. */
  home?: string | undefined;
  /** Called with one line for whatever takes long or was repaired. */
  say?: ((line: string) => void) | undefined;
  /** What the others see when they ask who uses the server; by default this program and its first argument. */
  as?: string | undefined;
  /** The first port to try when the home does not remember one. */
  port?: number | undefined;
  /** Server settings over the usual ones; they count when this call starts the server. */
  settings?: Settings | undefined;
}

/** One process's share of the running server. */
export interface Use {
  client: Client;
  cluster: Cluster;
  passwords: Passwords;
  port: number;
  started: boolean;
}

const FIRST_PORT = 54_320;
const LOG_LIMIT = 10 * 2 ** 20;

/** Starts the server, or connects to the one that runs, with our share of the lock that says it is needed. */
export async function joinServer(home: Home, say: (line: string) => void, options: EmbeddedOptions): Promise<Use> {
  const cluster = await prepareCluster(home, say);
  let passwords = await ensurePasswords(home, say);
  await trimLog(home);
  if (!(await exists(cluster.dataDirectory))) {
    say(`Setting up PostgreSQL ${cluster.binaries.version} in ${cluster.dataDirectory}.`);
    await createCluster(cluster, { password: passwords.postgres });
  }
  let started = false;
  let repaired = false;
  for (let attempt = 0; ; attempt++) {
    const running = await settledStatus(cluster.dataDirectory, say);
    let port = running?.port;
    if (port === undefined) {
      port = await startOnFreePort(cluster, home, say, options);
      started = true;
    }
    try {
      await rememberServer(home, cluster.dataDirectory, port);
      const client = await connect(port, passwords.postgres, "postgres", describeUs(options.as));
      try {
        await client.query("select pg_advisory_lock_shared($1)", [USE_LOCK]);
        await ensureDatabase(client);
        return { client, cluster, passwords, port, started };
      } catch (error) {
        await client.end().catch(() => undefined);
        throw error;
      }
    } catch (error) {
      const code = errorCode(error);
      if (code === "28P01" && !repaired) {
        repaired = true;
        passwords = await repairPassword(cluster, home, passwords, started, say);
        continue;
      }
      // The server went away between the look and the connection, or is on its way.
      if (attempt >= 20 || !/^(57P0[123]|08\w{3}|ECONN\w+|EPIPE)$/.test(code ?? connectionLost(error))) throw error;
      await sleep(100);
    }
  }
}

async function startOnFreePort(
  cluster: Cluster,
  home: Home,
  say: (line: string) => void,
  options: EmbeddedOptions,
): Promise<number> {
  const settings = { ...laptopSettings(), ...options.settings };
  const remembered = (await readState(home)).port;
  const wanted = remembered ?? options.port ?? FIRST_PORT;
  for (let port = wanted; port < wanted + 200 && port <= 65_535; port++) {
    if (!(await isFree(port))) continue;
    try {
      await startServer(cluster, { port, logFile: home.logFile, settings, say });
    } catch (error) {
      if (error instanceof PortTakenError) continue;
      throw error;
    } finally {
      await ownLike(home.logFile, home.directory).catch(() => undefined);
    }
    if (remembered !== undefined && port !== remembered) {
      say(`Port ${remembered} is taken by another program; PostgreSQL now listens on port ${port}.`);
    }
    return port;
  }
  throw new UserError(
    `No port from ${wanted} to ${Math.min(wanted + 199, 65_535)} is free for PostgreSQL.`,
    "End the programs that use them, or set DATABASE_URL to your own PostgreSQL.",
  );
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ port, host: "127.0.0.1", exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** The passwords file was lost or replaced. The data is ours, so the superuser can get a new password. */
async function repairPassword(
  cluster: Cluster,
  home: Home,
  passwords: Passwords,
  started: boolean,
  say: (line: string) => void,
): Promise<Passwords> {
  if (!started) {
    throw new UserError(
      `The PostgreSQL server on ${cluster.dataDirectory} does not accept the password in ${home.passwordsFile}.`,
      "End every aws2openstack process and stop that server; the next start then repairs the password.",
    );
  }
  say(`The password in ${home.passwordsFile} does not fit the database; giving the database a new one.`);
  await stopServer(cluster);
  await setPasswordOffline(cluster, passwords.postgres);
  return passwords;
}

/** Gives our share back. Who holds the last one stops the server. */
export async function leave(use: Use): Promise<void> {
  try {
    await use.client.query("select pg_advisory_unlock_shared($1)", [USE_LOCK]);
    const last = await use.client.query<{ last: boolean }>("select pg_try_advisory_lock($1) as last", [USE_LOCK]);
    if (last.rows[0]?.last !== true) return;
  } catch {
    // The server is gone, or restarted without us: nothing of ours holds it.
    return;
  } finally {
    await use.client.end().catch(() => undefined);
  }
  await stopServer(use.cluster);
}

/** The server keeps its log open and appends to it, so a log that grew too long is copied and emptied in place. */
export async function trimLog(home: Home): Promise<void> {
  if ((await sizeOf(home.logFile)) < LOG_LIMIT) return;
  await copyFile(home.logFile, `${home.logFile}.1`);
  await truncate(home.logFile);
}
