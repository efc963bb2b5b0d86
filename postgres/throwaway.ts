import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmod, chown, mkdtemp } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findBinaries } from "./server/binaries.ts";
import { serverUser } from "./server/os-user.ts";
import { run } from "./server/run.ts";
import { type Cluster, createCluster, PortTakenError, SUPERUSER, startServer } from "./server/server.ts";
import { type Settings, throwawaySettings } from "./server/settings.ts";
import { UserError } from "./user-error.ts";

/** A server whose data nobody needs afterwards. */
export interface Throwaway {
  /** The superuser's password. */
  password: string;
  /** `18` */
  major: number;
  /** The superuser's URL of a database; `postgres` is there from the start. */
  urlOf(database: string): string;
  /** Ends the server and deletes everything. */
  stop(): Promise<void>;
}

/**
 * Starts a server in a temporary directory, quick instead of safe. It is gone when this process is, however it ends.
 *
 * @param options.binaries directory of the programs of another PostgreSQL than the embedded one
 * @param options.settings besides those of every throwaway server
 * @param options.replicaOf makes a streaming replica of it; needs binaries with pg_basebackup, and its wal_level and
 *   max_wal_senders to allow it
 * @throws UserError when it cannot be started
 */
export async function startThrowaway(
  options: { binaries?: string | undefined; settings?: Settings; replicaOf?: Throwaway } = {},
): Promise<Throwaway> {
  const directory = await mkdtemp(join(tmpdir(), "aws2openstack-"));
  // PostgreSQL's own user, when we are root, must pass through; the data directory itself stays closed.
  await chmod(directory, 0o711);
  const dataDirectory = join(directory, "data");
  const stop = guard(dataDirectory, directory);
  try {
    const user = await serverUser(directory);
    const binaries = await findBinaries(user, options.binaries);
    const cluster = { dataDirectory, binaries, user };
    const { replicaOf } = options;
    const password = replicaOf?.password ?? randomBytes(16).toString("hex");
    if (replicaOf === undefined) await createCluster(cluster, { password, durable: false });
    else await copyCluster(cluster, replicaOf.urlOf("postgres"), directory);
    for (let attempt = 0; ; attempt++) {
      const port = await freePort();
      try {
        await startServer(cluster, {
          port,
          logFile: join(directory, "postgresql.log"),
          settings: { ...throwawaySettings(), ...options.settings },
        });
        return {
          password,
          major: binaries.major,
          urlOf: database => `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}?sslmode=disable`,
          stop,
        };
      } catch (error) {
        // Somebody else was given the same port meanwhile.
        if (!(error instanceof PortTakenError) || attempt === 5) throw error;
      }
    }
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A copy of a running server that goes on following it. */
async function copyCluster({ dataDirectory, binaries, user }: Cluster, url: string, directory: string): Promise<void> {
  if (user !== undefined) await chown(directory, user.uid, user.gid);
  const copied = await run(
    join(binaries.directory, "pg_basebackup"),
    [
      "--dbname",
      url,
      "--pgdata",
      dataDirectory,
      "--write-recovery-conf",
      "--wal-method",
      "stream",
      "--checkpoint",
      "fast",
    ],
    { user },
  );
  if (copied.code !== 0) throw new UserError(`The server could not be copied: ${copied.stderr.trim()}`);
}

/** A watcher that tidies up as soon as our end of its pipe closes: when asked to, or when this process is killed. */
function guard(dataDirectory: string, directory: string): () => Promise<void> {
  // The compiled package holds .js files.
  const script = new URL(`throwaway-guard${extname(import.meta.url)}`, import.meta.url);
  const watcher = spawn(process.execPath, [fileURLToPath(script), dataDirectory, directory], {
    detached: true,
    stdio: ["pipe", "ignore", "inherit"],
  });
  watcher.unref();
  const ended = once(watcher, "exit");
  return async () => {
    watcher.ref();
    watcher.stdin.end();
    await ended;
  };
}

/** A TCP port on loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("a TCP server has no port");
  return address.port;
}
