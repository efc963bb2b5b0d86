import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { serverUser } from "../postgres/server/os-user.ts";
import { identity } from "../postgres/server/run.ts";
import { freePort } from "../postgres/throwaway.ts";

/** Debian's. */
const PROGRAM = "/usr/sbin/pgbouncer";
export const hasPgBouncer = existsSync(PROGRAM);

export interface PgBouncer {
  /** The URL of the same database and login, through PgBouncer. */
  through(url: string): string;
  stop(): Promise<void>;
}

/** Starts PgBouncer in transaction mode for the login of this URL, with so many connections to the server. */
export async function startPgBouncer(url: string, serverConnections: number): Promise<PgBouncer> {
  const { hostname, port, username, password } = new URL(url);
  const directory = await mkdtemp(join(tmpdir(), "a2o-pgbouncer-"));
  // It refuses to run as root.
  const user = await serverUser(directory);
  const listenPort = await freePort();
  await writeFile(join(directory, "users"), `"${decodeURIComponent(username)}" "${decodeURIComponent(password)}"\n`);
  const settings = {
    listen_addr: "127.0.0.1",
    listen_port: listenPort,
    unix_socket_dir: "",
    auth_type: "scram-sha-256",
    auth_file: join(directory, "users"),
    pool_mode: "transaction",
    default_pool_size: serverConnections,
    max_client_conn: 500,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  await writeFile(
    join(directory, "pgbouncer.ini"),
    `[databases]\n* = host=${hostname} port=${port}\n[pgbouncer]\n${lines.join("\n")}\n`,
  );
  if (user !== undefined) {
    for (const name of ["", "users", "pgbouncer.ini"]) await chown(join(directory, name), user.uid, user.gid);
  }
  const server = spawn(PROGRAM, [join(directory, "pgbouncer.ini")], {
    stdio: ["ignore", "ignore", "pipe"],
    ...identity(user),
  });
  let said = "";
  server.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  await listening(server, listenPort).catch(error => {
    throw new Error(`PgBouncer did not start: ${said || error}`);
  });
  return {
    through(direct) {
      const pooled = new URL(direct);
      pooled.port = String(listenPort);
      return pooled.href;
    },
    async stop() {
      if (server.exitCode === null) {
        server.kill();
        await once(server, "exit");
      }
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function listening(server: ChildProcess, port: number): Promise<void> {
  while (server.exitCode === null) {
    const socket = connect(port, "127.0.0.1");
    const connected = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (connected) return;
    await sleep(20);
  }
  throw new Error("it ended");
}
