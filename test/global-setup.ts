import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdtemp } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import type { TestProject } from "vitest/node";
import { findBinaries } from "../postgres/binaries.ts";
import { setLoginPasswords } from "../postgres/logins.ts";
import { serverUser } from "../postgres/os-user.ts";
import { createCluster, PortTakenError, startServer } from "../postgres/server.ts";
import { throwawaySettings } from "../postgres/settings.ts";

/** The throwaway server of this run, as tests get it with `inject("testServer")`. */
export interface TestServer {
  /** For the superuser, to the migrated template database. */
  templateUrl: string;
  /** The password of every login that tests use. */
  password: string;
  /** `18` */
  major: number;
}

declare module "vitest" {
  interface ProvidedContext {
    testServer: TestServer;
  }
}

/**
 * Starts one PostgreSQL for the whole run and migrates the database `template_a2o` on it. A2O_TEST_PG_BIN names a
 * directory with another PostgreSQL's programs.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), "a2o-test-"));
  // PostgreSQL's own user, when we are root, must pass through; the data directory itself stays closed.
  await chmod(directory, 0o711);
  const stop = await guard(directory);
  try {
    const user = await serverUser(directory);
    const binaries = await findBinaries(user, process.env.A2O_TEST_PG_BIN);
    const cluster = { dataDirectory: join(directory, "data"), binaries, user };
    const password = randomBytes(16).toString("hex");
    await createCluster(cluster, { password, durable: false });
    const settings = throwawaySettings();
    let port = await freePort();
    for (let attempt = 0; ; attempt++) {
      try {
        await startServer(cluster, { port, logFile: join(directory, "postgresql.log"), settings });
        break;
      } catch (error) {
        if (!(error instanceof PortTakenError) || attempt === 5) throw error;
        port = await freePort();
      }
    }
    const url = (database: string) => `postgresql://postgres:${password}@127.0.0.1:${port}/${database}?sslmode=disable`;
    const client = new Client({ connectionString: url("postgres") });
    await client.connect();
    await client.query("create database template_a2o");
    await client.end();
    const templateUrl = url("template_a2o");
    const { migrate } = await import("../postgres/migrate.ts");
    await migrate(templateUrl);
    await setLoginPasswords(templateUrl, { a2o_authenticator: password, a2o_mcp: password });
    project.provide("testServer", { templateUrl, password, major: binaries.major });
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Starts a watcher that ends the server and deletes its directory as soon as our end of its pipe closes: when asked to,
 * and just as well when this run is killed.
 */
async function guard(directory: string): Promise<() => Promise<void>> {
  const script = fileURLToPath(new URL("throw-away.ts", import.meta.url));
  const watcher = spawn(process.execPath, [script, join(directory, "data"), directory], {
    detached: true,
    stdio: ["pipe", "inherit", "inherit"],
  });
  watcher.unref();
  const ended = once(watcher, "exit");
  return async () => {
    watcher.ref();
    watcher.stdin.end();
    await ended;
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("a TCP server has no port");
  return address.port;
}
