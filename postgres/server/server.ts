import { spawn } from "node:child_process";
import { chmod, chown, mkdir, open, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { errorCode, UserError } from "../user-error.ts";
import type { Binaries } from "./binaries.ts";
import { randomName, writeWhole } from "./files.ts";
import type { OsUser } from "./os-user.ts";
import { cleanEnvironment, identity, isAlive, run } from "./run.ts";
import { renderSettings, type Settings } from "./settings.ts";

/** One data directory, the programs that serve it, and who they run as (undefined: ourselves). */
export interface Cluster {
  dataDirectory: string;
  binaries: Binaries;
  user: OsUser | undefined;
}

export type ServerStatus =
  | { state: "stopped" }
  | { state: "starting" | "running" | "stopping"; pid: number; port: number | undefined };

/** The name of every cluster's superuser. */
export const SUPERUSER = "postgres";

const SETTINGS_FILE = "aws2openstack.conf";

/** Another program listens on the port. */
export class PortTakenError extends UserError {}

/** PostgreSQL gave up while starting. */
export class ServerStartError extends UserError {}

/**
 * Makes a new cluster, whole or not at all: `dataDirectory` appears when it is complete. Its parent must exist, and
 * `cluster.user` must be able to enter it.
 *
 * @throws UserError with initdb's own words
 */
export async function createCluster(cluster: Cluster, options: { password: string; durable?: boolean }): Promise<void> {
  const { dataDirectory, binaries, user } = cluster;
  const stage = join(dirname(dataDirectory), randomName(STAGE_PREFIX));
  await mkdir(stage, { mode: 0o700 });
  try {
    const passwordFile = join(stage, "password");
    await writeWhole(passwordFile, options.password, { mode: 0o600, owner: user });
    if (user !== undefined) await chown(stage, user.uid, user.gid);
    const staged = join(stage, "data");
    const made = await run(
      join(binaries.directory, "initdb"),
      [
        ...["--pgdata", staged, "--username", SUPERUSER, "--pwfile", passwordFile],
        ...["--auth", "scram-sha-256", "--encoding", "UTF8", ...localeArguments(binaries.major)],
        ...(binaries.major >= 16 ? ["--set", "huge_pages=off"] : []),
        ...(binaries.major >= 18 ? [] : ["--data-checksums"]),
        ...(options.durable === false ? ["--no-sync"] : []),
      ],
      { user },
    );
    if (made.code !== 0) {
      throw new UserError(
        `A new database could not be set up in ${dataDirectory}. PostgreSQL says:\n${lastLines(made.stderr || made.stdout)}`,
        adviceFor(made.stderr),
      );
    }
    const conf = await open(join(staged, "postgresql.conf"), "a");
    await conf.appendFile(`\ninclude_if_exists = '${SETTINGS_FILE}'\n`);
    await conf.close();
    await rename(staged, dataDirectory);
  } finally {
    await rm(stage, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** What an interrupted createCluster leaves behind in the parent directory starts with this. */
export const STAGE_PREFIX = "a2o-initdb";

/** Texts sort by code point everywhere; case rules are Unicode's, the same on every machine from version 17 on. */
function localeArguments(major: number): string[] {
  if (major >= 17) return ["--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"];
  return ["--locale", "C", "--lc-ctype", "C.UTF-8"];
}

/**
 * The major version that a data directory was made by, or undefined when it is not (or not wholly) a cluster. One that
 * we may not read is an error of the file system: it must never be taken for a broken one.
 */
export async function clusterMajor(dataDirectory: string): Promise<number | undefined> {
  try {
    const version = await readFile(join(dataDirectory, "PG_VERSION"), "utf8");
    await stat(join(dataDirectory, "global", "pg_control"));
    return /^\d+\s*$/.test(version) ? Number(version) : undefined;
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EISDIR"].includes(errorCode(error) ?? "")) return undefined;
    throw error;
  }
}

/**
 * Starts the server on 127.0.0.1 and returns once it accepts connections. It gets its own session: a Ctrl-C in our
 * terminal does not reach it, and it outlives us.
 *
 * @param options.logFile what the server says is appended to it
 * @throws PortTakenError when another program listens on the port
 * @throws ServerStartError with the last lines of PostgreSQL's log
 */
export async function startServer(
  cluster: Cluster,
  options: { port: number; logFile: string; settings: Settings; say?: (line: string) => void },
): Promise<{ pid: number }> {
  const { dataDirectory, binaries, user } = cluster;
  const { port, logFile } = options;
  await chmod(dataDirectory, 0o700);
  await writeWhole(join(dataDirectory, SETTINGS_FILE), renderSettings(options.settings), { mode: 0o600, owner: user });
  const patience = Date.now() + 20_000;
  for (;;) {
    await removeMisleadingPidFile(dataDirectory);
    const log = await open(logFile, "a", 0o600);
    const logStart = (await log.stat()).size;
    const child = spawn(
      join(binaries.directory, "postgres"),
      [
        ...["-D", dataDirectory, "-p", String(port), "-c", "listen_addresses=127.0.0.1"],
        // Everybody connects over TCP: a socket's path may be too long, and its directory open to others.
        ...["-c", "unix_socket_directories="],
      ],
      { detached: true, stdio: ["ignore", log.fd, log.fd], env: cleanEnvironment(), ...identity(user) },
    );
    child.unref();
    let ended: string | undefined;
    child.once("error", error => {
      ended = error.message;
    });
    child.once("exit", (code, signal) => {
      ended = `it ended with ${signal ?? `exit code ${code}`}`;
    });
    await log.close();
    let recovering = false;
    const started = Date.now();
    while (ended === undefined) {
      const status = await serverStatus(dataDirectory);
      if (status.state === "running" && status.pid === child.pid) return { pid: status.pid };
      if (!recovering && Date.now() - started > 3_000) {
        recovering = true;
        options.say?.("PostgreSQL is still starting; after a crash it first repeats what was not yet on disk.");
      }
      await sleep(20);
    }
    const words = await logSince(logFile, logStart);
    if (/could not bind .*address|Address already in use/i.test(words)) {
      throw new PortTakenError(`Port ${port} is taken by another program.`);
    }
    // Backends of a server that was killed hold its memory until they notice; that takes moments.
    if (/pre-existing shared memory block|lock file ".*" already exists/.test(words) && Date.now() < patience) {
      await sleep(250);
      continue;
    }
    throw new ServerStartError(
      `PostgreSQL did not start on ${dataDirectory}: ${ended}.${words === "" ? "" : ` Its log (${logFile}) says:\n${lastLines(words)}`}`,
      adviceFor(words),
    );
  }
}

/**
 * Stops the server on this data directory, if there is one, and returns when it is gone. Clients are disconnected and
 * everything is on disk afterwards; a server that does not manage this in a minute is ended at once and recovers when
 * it starts next.
 */
export async function stopServer(cluster: Cluster): Promise<void> {
  for (const mode of ["fast", "immediate"]) {
    if ((await serverStatus(cluster.dataDirectory)).state === "stopped") return;
    await run(
      join(cluster.binaries.directory, "pg_ctl"),
      ["stop", "--pgdata", cluster.dataDirectory, "--mode", mode, "--wait", "--timeout", "60"],
      { user: cluster.user },
    );
    // pg_ctl returns when the pid file is gone; the process itself needs another moment.
    for (let i = 0; i < 50 && (await serverStatus(cluster.dataDirectory)).state !== "stopped"; i++) await sleep(20);
  }
  const status = await serverStatus(cluster.dataDirectory);
  if (status.state !== "stopped") {
    throw new UserError(`PostgreSQL (process ${status.pid}) on ${cluster.dataDirectory} does not stop.`);
  }
}

/** What runs on a data directory now. A pid file left by a crash, or by a process of another kind, does not count. */
export async function serverStatus(dataDirectory: string): Promise<ServerStatus> {
  // pid, data directory, start time, port, socket directory, listen address, shared memory key, state
  const lines = (await readFile(join(dataDirectory, "postmaster.pid"), "utf8").catch(() => "")).split("\n");
  const pid = Number(lines[0]);
  if (!isAlive(pid) || !(await isPostmasterOf(pid, dataDirectory))) return { state: "stopped" };
  const port = Number(lines[3]) || undefined;
  const word = lines[7]?.trim();
  const state = word === "ready" ? "running" : word === "stopping" ? "stopping" : "starting";
  return { state, pid, port };
}

async function isPostmasterOf(pid: number, dataDirectory: string): Promise<boolean> {
  const line = await commandLine(pid);
  if (line === undefined) return true;
  // A dead process that nobody has collected yet has an empty command line.
  const program = basename(line.split(" -", 1)[0] ?? "");
  if (!/^(postgres|postmaster)(\.exe)?$/.test(program)) return false;
  const real = await realpath(dataDirectory).catch(() => dataDirectory);
  return `${line} `.includes(` ${dataDirectory} `) || `${line} `.includes(` ${real} `);
}

/** A process's command line, or undefined where the system does not tell. */
async function commandLine(pid: number): Promise<string | undefined> {
  if (process.platform === "linux") {
    // /proc/PID/cmdline is readable across users, unlike /proc/PID/cwd and /proc/PID/exe.
    const words = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    return words.replaceAll("\0", " ").trim();
  }
  const listed = await run("ps", ["-o", "command=", "-p", String(pid)]);
  return listed.code === 0 ? listed.stdout.trim() : undefined;
}

/**
 * After a reboot or in a new container the pid in a crashed server's pid file may be another program's; PostgreSQL
 * would then refuse to start. A dead pid is PostgreSQL's own business: it also looks at the shared memory.
 */
async function removeMisleadingPidFile(dataDirectory: string): Promise<void> {
  const file = join(dataDirectory, "postmaster.pid");
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined || (await serverStatus(dataDirectory)).state !== "stopped") return;
  if (isAlive(Number(text.split("\n")[0])) || text.trim() === "") await rm(file, { force: true });
}

/**
 * Gives the superuser a new password while the server is stopped, for when the old one is lost.
 *
 * @param password letters and digits only
 */
export async function setPasswordOffline(cluster: Cluster, password: string): Promise<void> {
  const changed = await run(
    join(cluster.binaries.directory, "postgres"),
    ["--single", "-D", cluster.dataDirectory, "postgres"],
    { user: cluster.user, input: `alter role ${SUPERUSER} password '${password}'\n` },
  );
  if (changed.code !== 0) {
    throw new ServerStartError(`PostgreSQL's password could not be changed:\n${lastLines(changed.stderr)}`);
  }
}

/** What the server wrote to its log after the given number of bytes. */
async function logSince(logFile: string, start: number): Promise<string> {
  const log = await open(logFile, "r");
  try {
    const size = (await log.stat()).size - start;
    const buffer = Buffer.alloc(Math.min(Math.max(size, 0), 65_536));
    await log.read(buffer, 0, buffer.length, start + Math.max(size, 0) - buffer.length);
    return buffer.toString("utf8");
  } finally {
    await log.close();
  }
}

function lastLines(text: string): string {
  return text
    .trim()
    .split("\n")
    .slice(-8)
    .map(line => `  ${line}`)
    .join("\n");
}

function adviceFor(words: string): string {
  if (/No space left on device|free disk space|Disk quota exceeded/i.test(words)) {
    return "Free some disk space, or set AWS2OPENSTACK_HOME to a directory on another disk.";
  }
  if (/Cannot allocate memory|shared memory|semaphores/i.test(words)) {
    return "The system gives PostgreSQL too little memory: end other programs, or raise the limits that apply here.";
  }
  if (/Permission denied|invalid permissions|wrong ownership|Read-only/i.test(words)) {
    return "Make the directory belong to you and writable, or set AWS2OPENSTACK_HOME to one that is.";
  }
  return "Set DATABASE_URL to use your own PostgreSQL instead, or AWS2OPENSTACK_HOME to start afresh elsewhere.";
}

/** The size of a file in bytes; 0 when there is none. */
export async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}
