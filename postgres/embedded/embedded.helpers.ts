// What the tests of the embedded database share: homes, processes, and the tidying after them.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { afterAll, afterEach } from "vitest";
import { freePort } from "../throwaway.ts";
import { acquireEmbedded } from "./acquire.ts";
import type { EmbeddedOptions } from "./join.ts";
import { embeddedStatus, resetEmbedded, stopEmbedded } from "./manage.ts";

/** Whether the tests run as root, for whom PostgreSQL is another user. */
export const root = process.getuid?.() === 0;
export const fixture = join(import.meta.dirname, "embedded.fixture.ts");
const cleaning: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const clean of cleaning.splice(0).reverse()) await clean();
});

/** A directory that is removed after the test, after everything that used it. */
export async function newDirectory(options: { closed?: boolean } = {}): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "a2o-embedded-"));
  if (options.closed !== true) await chmod(directory, 0o711);
  cleaning.push(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
  return directory;
}

/** A home that does not exist yet; by default in a directory that others can pass through, so that the data is in it. */
export async function newHome(options: { closed?: boolean } = {}): Promise<string> {
  const home = join(await newDirectory(options), "home");
  cleaning.push(async () => {
    await stopEmbedded(home, { force: true }).catch(() => undefined);
    await resetEmbedded(home).catch(() => undefined);
  });
  return home;
}

let shared: Promise<string> | undefined;

/**
 * A home that was used before; the same one for all tests of a file, stopped in between. Setting up a new one costs a
 * second or more. It may hold what earlier tests left.
 */
export async function usedHome(): Promise<string> {
  shared ??= (async () => {
    const directory = await mkdtemp(join(tmpdir(), "a2o-embedded-"));
    await chmod(directory, 0o711);
    const home = join(directory, "home");
    await (await acquireEmbedded({ home, port: await freePort(), settings: quick })).release();
    return home;
  })();
  const home = await shared;
  cleaning.push(() => stopEmbedded(home, { force: true }));
  return home;
}

afterAll(async () => {
  if (shared !== undefined) await rm(join(await shared, ".."), { recursive: true });
  shared = undefined;
});

/** Makes a table that a later look must find again. */
export async function keepAnswer(url: string): Promise<void> {
  await query(url, "drop table if exists kept; create table kept as select 42 as answer");
}

/** What `keepAnswer` kept. */
export async function keptAnswer(url: string): Promise<unknown> {
  return (await query(url, "select answer from kept"))[0]?.answer;
}

/** What the operating system took from PostgreSQL survives every crash but the machine's own. */
const quick = { fsync: "off" };

/** Acquires with a free port and collects what was said. */
export async function acquire(home: string, options: Pick<EmbeddedOptions, "settings"> = {}) {
  const said: string[] = [];
  const port = await freePort();
  const settings = { ...quick, ...options.settings };
  const embedded = await acquireEmbedded({ home, port, as: "test", settings, say: line => said.push(line) });
  cleaning.push(() => embedded.release());
  return Object.assign(embedded, { said });
}

export async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

interface Told {
  url?: string;
  port?: number;
  dataDirectory?: string;
  startedByUs?: boolean;
  refused?: string;
  advice?: string;
}

/** Another process that uses the embedded database of this home. */
export async function otherProcess(home: string, options: { name?: string; uid?: number; port?: number } = {}) {
  const port = options.port ?? (await freePort());
  const identity = options.uid === undefined ? {} : { uid: options.uid, gid: options.uid };
  const child = spawn(process.execPath, [fixture, home, String(port), options.name ?? "other"], {
    // A process group of its own, as a shell gives to a command.
    detached: true,
    stdio: ["pipe", "pipe", "inherit"],
    cwd: "/",
    ...identity,
  });
  cleaning.push(() => kill9(child));
  const lines: Record<string, unknown>[] = [];
  const reader = createInterface(child.stdout).on("line", line => lines.push(JSON.parse(line)));
  const told = async (key: string) => {
    for (;;) {
      const found = lines.find(line => key in line || "refused" in line || "failed" in line);
      if (found !== undefined) return found;
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`it ended: ${JSON.stringify(lines)}`);
      await Promise.race([once(reader, "line"), once(reader, "close")]);
    }
  };
  return {
    pid: child.pid ?? 0,
    lines,
    ready: (): Promise<Told> => told("url"),
    told,
    kill9: () => kill9(child),
    async release() {
      child.stdin.write("release\n");
      await told("released");
    },
  };
}

async function kill9(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

export async function serverPid(home: string): Promise<number> {
  const { pid } = await embeddedStatus(home);
  if (pid === undefined) throw new Error("there is no server");
  return pid;
}

export async function until(what: () => Promise<boolean>): Promise<void> {
  while (!(await what().catch(() => false))) await sleep(20);
}
