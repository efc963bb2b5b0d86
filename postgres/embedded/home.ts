import { createHash, randomBytes } from "node:crypto";
import { readFile, realpath, rename, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { makeOpen, SYSTEM_DIRECTORY } from "../server/binaries.ts";
import { exists, makeDirectories, ownLike, writeWhole } from "../server/files.ts";
import { canEnter, isRoot, type OsUser } from "../server/os-user.ts";
import { errorCode, fileErrorReason, UserError } from "../user-error.ts";
import { withLock } from "./lock-file.ts";

/** The places of one embedded database. */
export interface Home {
  directory: string;
  /** Held while the server is being started, stopped or deleted. */
  lockFile: string;
  logFile: string;
  passwordsFile: string;
  stateFile: string;
}

/** What outlasts a run, in `server.json`. */
export interface State {
  /** Only when the data is not in the home itself. */
  dataDirectory: string | undefined;
  /** The port to ask for again. */
  port: number | undefined;
}

/** Passwords by role: the superuser, and the logins of the web server and the MCP server. */
export type Passwords = Record<"postgres" | "a2o_authenticator" | "a2o_mcp", string>;

/** AWS2OPENSTACK_HOME, else aws2openstack in XDG_DATA_HOME, else in ~/.local/share. */
export function defaultHome(environment: NodeJS.ProcessEnv = process.env): string {
  const { AWS2OPENSTACK_HOME, XDG_DATA_HOME } = environment;
  if (AWS2OPENSTACK_HOME) return resolve(AWS2OPENSTACK_HOME);
  // The XDG specification says to ignore a relative path.
  const data = XDG_DATA_HOME && isAbsolute(XDG_DATA_HOME) ? XDG_DATA_HOME : join(homedir(), ".local", "share");
  return join(data, "aws2openstack");
}

export function homeAt(directory: string): Home {
  return {
    directory,
    lockFile: join(directory, "lock"),
    logFile: join(directory, "postgresql.log"),
    passwordsFile: join(directory, "passwords.json"),
    stateFile: join(directory, "server.json"),
  };
}

/** Makes the home directory; what root makes of it under another user's home belongs to that user. */
export async function makeHome(home: Home): Promise<void> {
  // PostgreSQL's own user must pass through root's directory to its data; the passwords in it stay closed.
  const made = await makeDirectories(home.directory, { mode: isRoot() ? 0o711 : 0o700 });
  for (const directory of made) await ownLike(directory, dirname(directory));
  if (!(await stat(home.directory)).isDirectory()) {
    throw new UserError(
      `The embedded database cannot be kept in ${home.directory}: that is not a directory.`,
      "Set AWS2OPENSTACK_HOME to a directory that you can write to, or DATABASE_URL to your own PostgreSQL.",
    );
  }
}

/** Puts an error of the file system into words that name the place and the way out; passes others on. */
export function explainFileError(error: unknown, home: Home): unknown {
  const reason = fileErrorReason(error);
  if (reason === undefined || error instanceof UserError) return error;
  const path = error instanceof Error && "path" in error && typeof error.path === "string" ? error.path : undefined;
  const elsewhere = path === undefined || path.startsWith(home.directory) ? "" : ` (${path})`;
  const advice =
    errorCode(error) === "ENOSPC" || errorCode(error) === "EDQUOT"
      ? "Free some space, or set AWS2OPENSTACK_HOME to a directory on another disk."
      : "Set AWS2OPENSTACK_HOME to a directory that you can write to, or DATABASE_URL to your own PostgreSQL.";
  return new UserError(`The embedded database cannot be kept in ${home.directory}: ${reason}${elsewhere}.`, advice, {
    cause: error,
  });
}

/** Where there is data (or something in its place), or undefined. */
export async function findData(home: Home): Promise<string | undefined> {
  const { dataDirectory } = await readState(home);
  const places = [join(home.directory, "data"), dataDirectory, await systemPlace(home)];
  for (const place of places) if (place !== undefined && (await exists(place))) return place;
  return undefined;
}

/** Where new data goes: into the home, unless the user that PostgreSQL runs as cannot enter it. */
export async function placeForData(home: Home, user: OsUser | undefined): Promise<string> {
  if (user === undefined || (await canEnter(user, home.directory))) return join(home.directory, "data");
  const place = await systemPlace(home);
  await makeOpen(dirname(place));
  return place;
}

async function systemPlace(home: Home): Promise<string> {
  const real = await realpath(home.directory).catch(() => home.directory);
  return join(SYSTEM_DIRECTORY, createHash("sha256").update(real).digest("hex").slice(0, 12), "data");
}

export async function readState(home: Home): Promise<State> {
  const state = await readObject(home.stateFile);
  const { dataDirectory, port } = state ?? {};
  return {
    dataDirectory: typeof dataDirectory === "string" ? dataDirectory : undefined,
    port: typeof port === "number" ? port : undefined,
  };
}

/** Records the server in the home, which may be moved: a data directory inside it goes along without being named. */
export async function rememberServer(home: Home, dataDirectory: string, port: number): Promise<void> {
  const state = dirname(dataDirectory) === home.directory ? { port } : { port, dataDirectory };
  await writeWhole(home.stateFile, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o644 });
  await ownLike(home.stateFile, home.directory);
}

/** The passwords of this home; those that are missing are made and kept. A damaged file is moved aside. */
export async function ensurePasswords(home: Home, say: (line: string) => void): Promise<Passwords> {
  let kept = await readObject(home.passwordsFile);
  if (kept === undefined && (await exists(home.passwordsFile))) {
    const aside = `${home.passwordsFile}.broken-${timestamp()}`;
    await rename(home.passwordsFile, aside);
    say(`The database's passwords could not be read; the file is now ${aside}, and new ones are made.`);
  }
  kept ??= {};
  const made: string[] = [];
  const password = (role: keyof Passwords) => {
    const old = kept[role];
    if (typeof old === "string" && /^\w+$/.test(old)) return old;
    made.push(role);
    return randomBytes(16).toString("hex");
  };
  const passwords: Passwords = {
    postgres: password("postgres"),
    a2o_authenticator: password("a2o_authenticator"),
    a2o_mcp: password("a2o_mcp"),
  };
  if (made.length > 0) {
    await writeWhole(home.passwordsFile, `${JSON.stringify(passwords, null, 2)}\n`, { mode: 0o600 });
    await ownLike(home.passwordsFile, home.directory);
  }
  return passwords;
}

/** Now, as it may stand in a file name: `20250131T235959`. */
export function timestamp(): string {
  return new Date().toISOString().replaceAll(/[-:]|\..*/g, "");
}

async function readObject(path: string): Promise<Record<string, unknown> | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** Runs one change of the home at a time, and puts its file errors into words. */
export async function inHome<T>(home: Home, say: (line: string) => void, work: () => Promise<T>): Promise<T> {
  try {
    await makeHome(home);
    return await withLock(home.lockFile, work, {
      waiting: pid => say(`Waiting for process ${pid}, which is starting or stopping the embedded database.`),
    });
  } catch (error) {
    throw explainFileError(error, home);
  }
}
