import { rename, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { findBinaries } from "../server/binaries.ts";
import { exists, randomName } from "../server/files.ts";
import { serverUser } from "../server/os-user.ts";
import { clusterMajor, type ServerStatus, serverStatus, stopServer } from "../server/server.ts";
import { UserError } from "../user-error.ts";
import { DELETED_PREFIX, settledStatus } from "./data-directory.ts";
import { defaultHome, explainFileError, findData, type Home, homeAt, inHome } from "./home.ts";
import { otherUsers, withSuperuser } from "./sessions.ts";

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
