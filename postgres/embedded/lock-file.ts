import { link, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { randomName } from "../server/files.ts";
import { isAlive } from "../server/run.ts";
import { errorCode, UserError } from "../user-error.ts";

/** Who holds a lock. */
interface Holder {
  pid: number;
  host: string;
  /** When the process started, in the kernel's own unit, so that a reused pid is not mistaken; null where unknown. */
  started: string | null;
  token: string;
}

export interface LockOptions {
  /** Called once with the holder's pid when somebody else holds the lock. */
  waiting?: (pid: number) => void;
  /** Gives up after this long, in milliseconds. */
  patience?: number;
}

const HEARTBEAT = 5_000;
const SILENT_TOO_LONG = 30_000;

/**
 * Runs `work` while no other process holds the lock file `path`. A lock whose process died is taken over.
 *
 * @throws UserError when the holder keeps it longer than `patience`
 */
export async function withLock<T>(path: string, work: () => Promise<T>, options: LockOptions = {}): Promise<T> {
  const free = await lock(path, options);
  try {
    return await work();
  } finally {
    await free();
  }
}

async function lock(path: string, options: LockOptions): Promise<() => Promise<void>> {
  const token = randomName("lock");
  const mine: Holder = { pid: process.pid, host: hostname(), started: await startOf(process.pid), token };
  const draft = join(dirname(path), `.${token}`);
  const giveUpAt = Date.now() + (options.patience ?? 600_000);
  let waitingFor: string | undefined;
  await writeFile(draft, JSON.stringify(mine), { flag: "wx", mode: 0o644 });
  try {
    // A link appears with its content in one step, so nobody ever reads a half-written lock.
    while (!(await linkIfAbsent(draft, path))) {
      const holder = await readHolder(path);
      if (holder === undefined) continue;
      if (await isGone(path, holder)) {
        await breakLock(path, holder);
        continue;
      }
      if (waitingFor !== holder.token) options.waiting?.(holder.pid);
      waitingFor = holder.token;
      if (Date.now() > giveUpAt) {
        throw new UserError(
          `Process ${holder.pid}${holder.host === mine.host ? "" : ` on ${holder.host}`} holds ${path} and does not let go.`,
          "Wait for it or end it, then try again.",
        );
      }
      await sleep(50);
    }
  } finally {
    await rm(draft, { force: true });
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, HEARTBEAT);
  heartbeat.unref();
  return async () => {
    clearInterval(heartbeat);
    if ((await readHolder(path))?.token === token) await rm(path, { force: true });
  };
}

/**
 * Removes a dead process's lock. Only the holder of a lock named after the dead one's token may do so; otherwise two
 * processes could both see the dead lock, and the slower one would remove the quicker one's new lock.
 */
async function breakLock(path: string, dead: Holder): Promise<void> {
  await withLock(`${path}.${dead.token}`, async () => {
    if ((await readHolder(path))?.token === dead.token) await rm(path, { force: true });
  });
}

async function linkIfAbsent(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  }
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    if (!(error instanceof SyntaxError)) throw error;
    // Not written by us, or cut short by a full disk: it is nobody's, and silent from the start.
    return { pid: 0, host: "", started: null, token: "unreadable" };
  }
}

async function isGone(path: string, holder: Holder): Promise<boolean> {
  if (holder.host === hostname()) {
    if (!isAlive(holder.pid)) return true;
    const started = await startOf(holder.pid);
    if (started !== null && holder.started !== null) return started !== holder.started;
  }
  const written = await stat(path).catch(() => undefined);
  return written !== undefined && Date.now() - written.mtimeMs > SILENT_TOO_LONG;
}

/** A process's start time as Linux counts it (field 22 of /proc/PID/stat, ticks since boot), or null elsewhere. */
async function startOf(pid: number): Promise<string | null> {
  const line = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // The name in field 2 may contain spaces and parentheses; counting starts after its last one.
  return line.slice(line.lastIndexOf(")") + 2).split(" ")[19] ?? null;
}
