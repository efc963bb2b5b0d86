import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { acquireEmbedded, type Embedded } from "../postgres/embedded/acquire.ts";
import { resetEmbedded } from "../postgres/embedded/manage.ts";
import { ensureLogins } from "../postgres/logins.ts";
import { migrate } from "../postgres/migrate.ts";

export interface BenchServer extends Embedded {
  /** A directory for files of the bench; gone afterwards. */
  directory: string;
}

/** Gives `work` a new embedded PostgreSQL with its usual settings and an empty, migrated database. */
export async function withServer<T>(work: (server: BenchServer) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), "a2o-bench-"));
  const home = join(directory, "postgresql");
  const embedded = await acquireEmbedded({ home });
  try {
    await migrate(embedded.url);
    await ensureLogins(embedded.url, embedded.passwords, [
      embedded.urlFor("a2o_authenticator"),
      embedded.urlFor("a2o_mcp"),
    ]);
    // Not spread: some of its properties are read when they are asked for.
    return await work(Object.assign(Object.create(embedded), { directory }));
  } finally {
    // Pools that were just ended may still be saying goodbye.
    await sleep(300);
    await embedded.release();
    await resetEmbedded(home);
    await rm(directory, { recursive: true, force: true });
  }
}
