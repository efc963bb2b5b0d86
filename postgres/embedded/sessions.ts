import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { Client } from "pg";
import { SUPERUSER } from "../server/server.ts";
import type { Home, Passwords } from "./home.ts";

export const DATABASE = "aws2openstack";

/** Advisory lock on the database `postgres`: shared by everyone who uses the server, exclusive for who stops it. */
export const USE_LOCK = 6_370_927;

/** pg reports a connection that ends in the middle of a handshake or a query without a code. */
export function connectionLost(error: unknown): string {
  return error instanceof Error && /Connection terminated/.test(error.message) ? "ECONNRESET" : "";
}

export async function withSuperuser<T>(home: Home, port: number, work: (client: Client) => Promise<T>): Promise<T> {
  const passwords: Partial<Passwords> = JSON.parse(await readFile(home.passwordsFile, "utf8"));
  const client = await connect(port, passwords.postgres ?? "", "postgres", "aws2openstack status");
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Those who hold the server, else whoever else is connected, one entry each. */
export async function otherUsers(client: Client): Promise<string[]> {
  const sessions = await client.query<{ name: string; holds: boolean }>(
    `select distinct
       coalesce(nullif(application_name, ''), 'a session of ' || usename || ' in ' || datname) as name,
       exists (
         select from pg_locks l
         where l.pid = a.pid and l.locktype = 'advisory' and l.classid = 0 and l.objid = $1 and l.objsubid = 1
           and l.granted
       ) as holds
     from pg_stat_activity a
     where backend_type = 'client backend' and pid <> pg_backend_pid()
     order by name`,
    [USE_LOCK],
  );
  const holders = sessions.rows.filter(session => session.holds);
  return (holders.length > 0 ? holders : sessions.rows).map(session => session.name);
}

/** At most 63 bytes of ASCII: what PostgreSQL keeps of an application's name. */
export function describeUs(as?: string): string {
  const [, script = "node", verb = ""] = process.argv;
  const name = as ?? `${basename(script).replace(/\.[cm]?[jt]s$/, "")} ${/^[a-z]/.test(verb) ? verb : ""}`.trim();
  return `${name.replaceAll(/[^ -~]/g, "?").slice(0, 40)} (process ${process.pid})`;
}

export async function ensureDatabase(client: Client): Promise<void> {
  const there = await client.query("select from pg_database where datname = $1", [DATABASE]);
  if (there.rowCount === 0) await client.query(`create database ${DATABASE}`);
}

export async function connect(
  port: number,
  password: string,
  database: string,
  applicationName: string,
): Promise<Client> {
  const client = new Client({
    connectionString: connectionUrl(port, SUPERUSER, password, database),
    application_name: applicationName,
    connectionTimeoutMillis: 30_000,
    keepAlive: true,
  });
  // An error without a listener would end the process; queries report theirs anyway.
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

/** sslmode is spelled out because PGSSLMODE in the environment would otherwise ask this server for TLS. */
export function connectionUrl(port: number, role: string, password: string, database: string = DATABASE): string {
  return `postgresql://${role}:${password}@127.0.0.1:${port}/${database}?sslmode=disable`;
}
