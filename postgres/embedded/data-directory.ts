import { readdir, rename, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Binaries, findBinaries } from "../server/binaries.ts";
import { exists } from "../server/files.ts";
import { serverUser } from "../server/os-user.ts";
import { type Cluster, clusterMajor, STAGE_PREFIX, serverStatus } from "../server/server.ts";
import { UserError } from "../user-error.ts";
import { findData, type Home, placeForData, readState, timestamp } from "./home.ts";

/** Begins the name of a data directory on its way out. */
export const DELETED_PREFIX = "a2o-deleted";

/** The data directory, made sure to be absent, or whole and of our major version; and the programs to serve it. */
export async function prepareCluster(home: Home, say: (line: string) => void): Promise<Cluster> {
  const found = await findData(home);
  const user = await serverUser(...(found === undefined ? [] : [found]), home.directory);
  const binaries = await findBinaries(user);
  const recorded = (await readState(home)).dataDirectory;
  const dataDirectory = found ?? (await placeForData(home, user));
  await removeLeftovers(dirname(dataDirectory));
  if (found !== undefined) {
    await checkData(found, binaries, say);
  } else if (recorded !== undefined) {
    say(`The data that was kept in ${recorded} is gone; starting with an empty database.`);
  }
  return { dataDirectory, binaries, user };
}

async function checkData(dataDirectory: string, binaries: Binaries, say: (line: string) => void): Promise<void> {
  const major = await clusterMajor(dataDirectory);
  if (major === binaries.major) return;
  if (major === undefined) {
    const emptied = await rmdir(dataDirectory).then(
      () => true,
      () => false,
    );
    if (emptied) return;
    const aside = `${dataDirectory}.broken-${timestamp()}`;
    await rename(dataDirectory, aside);
    say(`${dataDirectory} does not hold a whole database; it is kept as ${aside}, and a new one is set up.`);
    return;
  }
  throw new UserError(
    `The data in ${dataDirectory} was made by PostgreSQL ${major}, and this is PostgreSQL ${binaries.version}, ` +
      `which cannot read it.`,
    `Move it away (mv ${dataDirectory} ${dataDirectory}.postgresql-${major}) to start afresh and ingest your reports ` +
      `again, or dump it with PostgreSQL ${major} and restore it. To keep using it as it is, run PostgreSQL ${major} on ` +
      `it and set DATABASE_URL.`,
  );
}

/** Half-made and half-deleted clusters of processes that were killed. */
async function removeLeftovers(directory: string): Promise<void> {
  const leftover = new RegExp(`^(${STAGE_PREFIX}|${DELETED_PREFIX})-\\d+-[0-9a-f]{8}$`);
  for (const name of await readdir(directory).catch(() => [])) {
    if (!leftover.test(name)) continue;
    // An initdb that outlived its parent may still write there; the next run gets it.
    await rm(join(directory, name), { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}

/** The running server, once it is neither starting nor stopping; undefined when there is none. */
export async function settledStatus(
  dataDirectory: string,
  say: (line: string) => void,
): Promise<{ port: number | undefined } | undefined> {
  let waitingFor: string | undefined;
  for (const giveUpAt = Date.now() + 120_000; ; ) {
    const status = await serverStatus(dataDirectory);
    if (status.state === "stopped") return undefined;
    if (status.state === "running") return status;
    if (Date.now() > giveUpAt) {
      throw new UserError(
        `PostgreSQL (process ${status.pid}) on ${dataDirectory} is ${status.state} and does not get any further.`,
        `Look into its log, or end it (kill -QUIT ${status.pid}) and try again: nothing that was committed is lost.`,
      );
    }
    if (waitingFor !== status.state) say(`Waiting for PostgreSQL, which is ${status.state}.`);
    waitingFor = status.state;
    await sleep(100);
  }
}

/**
 * Whether a server that told us it was shutting down was stopped on purpose. Its backends say the same when it was
 * killed, but only a server that stops properly takes its pid file away.
 */
export async function wasStopped(dataDirectory: string, say: (line: string) => void): Promise<boolean> {
  if ((await settledStatus(dataDirectory, say)) !== undefined) return false;
  return !(await exists(join(dataDirectory, "postmaster.pid")));
}
