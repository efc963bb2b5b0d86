import { copyFile, rename, rm, rmdir, truncate } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { findBinaries } from "./binaries.ts";
import { DELETED_PREFIX, prepareCluster, settledStatus, wasStopped } from "./data-directory.ts";
import { exists, ownLike, randomName } from "./files.ts";
import {
  defaultHome,
  ensurePasswords,
  explainFileError,
  findData,
  type Home,
  homeAt,
  makeHome,
  type Passwords,
  readState,
  rememberServer,
} from "./home.ts";
import { withLock } from "./lock-file.ts";
import { serverUser } from "./os-user.ts";
import {
  type Cluster,
  clusterMajor,
  createCluster,
  PortTakenError,
  type ServerStatus,
  SUPERUSER,
  serverStatus,
  setPasswordOffline,
  sizeOf,
  startServer,
  stopServer,
} from "./server.ts";
import {
  connect,
  connectionLost,
  connectionUrl,
  describeUs,
  ensureDatabase,
  otherUsers,
  USE_LOCK,
  withSuperuser,
} from "./sessions.ts";
import { laptopSettings, type Settings } from "./settings.ts";
import { errorCode, UserError } from "./user-error.ts";

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

/** A running embedded server, kept running until `release()` and as long as another process uses it. */
export interface Embedded {
  /** For the superuser, to the database `aws2openstack`. */
  readonly url: string;
  readonly passwords: Passwords;
  readonly home: string;
  readonly dataDirectory: string;
  readonly logFile: string;
  readonly port: number;
  /** `18.4` */
  readonly version: string;
  /** False when another process had started the server, or an earlier one had left it running. */
  readonly startedByUs: boolean;
  urlFor(role: "a2o_authenticator" | "a2o_mcp"): string;
  /** Ends our use. The last one out stops the server. */
  release(): Promise<void>;
}

export interface EmbeddedStatus {
  /** `absent`: there is no data yet. */
  state: "absent" | ServerStatus["state"];
  home: string;
  dataDirectory: string;
  logFile: string;
  pid: number | undefined;
  port: number | undefined;
  /** The PostgreSQL version of the running server (`18.4`), else the data's major version (`18`). */
  version: string | undefined;
  /** Who uses the server, as `aws2openstack up (process 4711)`. */
  users: string[];
}

const FIRST_PORT = 54_320;
const LOG_LIMIT = 10 * 2 ** 20;

/**
 * Starts the embedded PostgreSQL, or joins the one that already runs, creating and repairing what is needed.
 * Processes that share a home share one server; after a crash the next call takes over what was left.
 *
 * @throws UserError when there is something for the user to do
 */
export async function acquireEmbedded(options: EmbeddedOptions = {}): Promise<Embedded> {
  const home = homeAt(options.home ?? defaultHome());
  const say = options.say ?? (() => undefined);
  let use = await inHome(home, say, () => joinServer(home, say, options));
  const startedByUs = use.started;
  let released: Promise<void> | undefined;
  let rejoining: Promise<void> | undefined;
  const trimming = setInterval(() => trimLog(home).catch(() => undefined), 3_600_000);
  trimming.unref();

  // Our connection is what tells the others that we need the server. When it breaks because PostgreSQL crashed, we
  // must hold a new one, and start the server again if nobody else has.
  const watch = (client: Client) => {
    let reason: unknown;
    client.on("error", error => {
      reason ??= error;
    });
    client.once("end", () => {
      if (released !== undefined) return;
      rejoining = (async () => {
        const { dataDirectory } = use.cluster;
        if (errorCode(reason) === "57P01" && (await wasStopped(dataDirectory, say))) {
          say("Someone stopped the embedded PostgreSQL; it is not started again by itself.");
          return;
        }
        say("The connection to the embedded PostgreSQL broke; making a new one, and starting it again if it is gone.");
        const again = await inHome(home, say, () => joinServer(home, say, options));
        if (again.port !== use.port) say(`PostgreSQL now listens on port ${again.port}.`);
        use = again;
        watch(again.client);
      })().catch(error =>
        say(`PostgreSQL could not be started again: ${error instanceof Error ? error.message : error}`),
      );
    });
  };
  watch(use.client);

  const urlFor = (role: keyof Passwords) => connectionUrl(use.port, role, use.passwords[role]);
  return {
    get url() {
      return urlFor(SUPERUSER);
    },
    get port() {
      return use.port;
    },
    passwords: use.passwords,
    home: home.directory,
    dataDirectory: use.cluster.dataDirectory,
    logFile: home.logFile,
    version: use.cluster.binaries.version,
    startedByUs,
    urlFor,
    release() {
      released ??= (async () => {
        clearInterval(trimming);
        await rejoining;
        await withLock(home.lockFile, () => leave(use), { patience: 60_000 });
      })();
      return released;
    },
  };
}

/** What is there and who uses it. Starts and changes nothing. */
export async function embeddedStatus(directory: string = defaultHome()): Promise<EmbeddedStatus> {
  const home = homeAt(directory);
  const { dataDirectory, major } = await (async () => {
    const dataDirectory = (await findData(home)) ?? join(directory, "data");
    return { dataDirectory, major: await clusterMajor(dataDirectory) };
  })().catch(error => {
    throw explainFileError(error, home);
  });
  const status = await serverStatus(dataDirectory);
  const base = { home: directory, dataDirectory, logFile: home.logFile, users: [] };
  if (status.state === "stopped") {
    const state = major === undefined ? "absent" : "stopped";
    return { ...base, state, pid: undefined, port: undefined, version: major?.toString() };
  }
  const running = { ...base, ...status, version: major?.toString() };
  if (status.state !== "running" || status.port === undefined) return running;
  try {
    return await withSuperuser(home, status.port, async client => {
      const version = await client.query<{ server_version: string }>("show server_version");
      return { ...running, version: version.rows[0]?.server_version, users: await otherUsers(client) };
    });
  } catch {
    // Just then stopping, or the passwords are not ours to read: what the pid file says still holds.
    return running;
  }
}

/**
 * Stops the server, if it runs.
 *
 * @returns whether it ran
 * @throws UserError naming those who use it, unless `force`
 */
export async function stopEmbedded(
  directory: string = defaultHome(),
  options: { force?: boolean } = {},
): Promise<boolean> {
  const home = homeAt(directory);
  if ((await embeddedStatus(directory)).state === "absent") return false;
  return inHome(
    home,
    () => undefined,
    async () => {
      const dataDirectory = await findData(home);
      if (dataDirectory === undefined) return false;
      return stopUnused(home, dataDirectory, options.force === true, "stopped");
    },
  );
}

/**
 * Deletes the embedded database with its passwords and its log. Data that was once moved aside stays.
 *
 * @returns the data directory that was deleted, or undefined when there was none
 * @throws UserError naming those who use it
 */
export async function resetEmbedded(directory: string = defaultHome()): Promise<string | undefined> {
  const home = homeAt(directory);
  const there = await exists(directory).catch(error => {
    throw explainFileError(error, home);
  });
  if (!there) return undefined;
  return inHome(
    home,
    () => undefined,
    async () => {
      const dataDirectory = await findData(home);
      // What is no database of PostgreSQL's is not ours to delete.
      const ours = dataDirectory !== undefined && (await clusterMajor(dataDirectory)) !== undefined;
      if (ours) {
        await stopUnused(home, dataDirectory, false, "deleted");
        // Gone in one step: whatever interrupts the deletion, no half of a database is left under its name.
        const doomed = join(dirname(dataDirectory), randomName(DELETED_PREFIX));
        await rename(dataDirectory, doomed);
        await rm(doomed, { recursive: true, force: true, maxRetries: 3 });
        if (dirname(dataDirectory) !== home.directory) await rmdir(dirname(dataDirectory)).catch(() => undefined);
      }
      for (const file of [home.passwordsFile, home.stateFile, home.logFile, `${home.logFile}.1`]) {
        await rm(file, { force: true });
      }
      return ours ? dataDirectory : undefined;
    },
  );
}

interface Use {
  client: Client;
  cluster: Cluster;
  passwords: Passwords;
  port: number;
  started: boolean;
}

/** Runs one change of the home at a time, and puts its file errors into words. */
async function inHome<T>(home: Home, say: (line: string) => void, work: () => Promise<T>): Promise<T> {
  try {
    await makeHome(home);
    return await withLock(home.lockFile, work, {
      waiting: pid => say(`Waiting for process ${pid}, which is starting or stopping the embedded database.`),
    });
  } catch (error) {
    throw explainFileError(error, home);
  }
}

async function joinServer(home: Home, say: (line: string) => void, options: EmbeddedOptions): Promise<Use> {
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

async function leave(use: Use): Promise<void> {
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

/** Stops the server if nobody uses it; with `force` anyway. Returns whether it ran. */
async function stopUnused(home: Home, dataDirectory: string, force: boolean, verb: string): Promise<boolean> {
  const running = await settledStatus(dataDirectory, () => undefined);
  if (running === undefined) return false;
  if (!force && running.port !== undefined) {
    const users = await withSuperuser(home, running.port, otherUsers);
    if (users.length > 0) {
      throw new UserError(
        `The embedded database is not ${verb}, because it is in use by ${users.join(", ")}.`,
        "End those first, then try again.",
      );
    }
  }
  const user = await serverUser(dataDirectory, home.directory);
  await stopServer({ dataDirectory, user, binaries: await findBinaries(user) });
  return true;
}

/** The server keeps its log open and appends to it, so a log that grew too long is copied and emptied in place. */
async function trimLog(home: Home): Promise<void> {
  if ((await sizeOf(home.logFile)) < LOG_LIMIT) return;
  await copyFile(home.logFile, `${home.logFile}.1`);
  await truncate(home.logFile);
}
