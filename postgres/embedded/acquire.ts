import type { Client } from "pg";
import { SUPERUSER } from "../server/server.ts";
import { errorCode } from "../user-error.ts";
import { wasStopped } from "./data-directory.ts";
import { defaultHome, homeAt, inHome, type Passwords } from "./home.ts";
import { type EmbeddedOptions, joinServer, leave, trimLog } from "./join.ts";
import { withLock } from "./lock-file.ts";
import { connectionUrl } from "./sessions.ts";

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
