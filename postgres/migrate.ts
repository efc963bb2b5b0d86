import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import graphileMigrate from "graphile-migrate";
import { Logger, runMigrations } from "graphile-worker";
import type pg from "pg";
import { rolePool, withClient } from "./connect.ts";
import { packageRoot } from "./package-root.ts";
import { UserError } from "./user-error.ts";

/** Holds the folder `committed`. */
const migrationsFolder = join(packageRoot, "migrations");

/** PostgreSQL releases below this one lack what the schema uses. As server_version_num. */
const OLDEST_SERVER = 150000;

/** Advisory lock of migrators, held for the whole migration and freed with their session. */
const MIGRATE_LOCK = 20252;

/**
 * graphile-migrate keeps its pool for 200 ms and ends the process when the server closes one of its idle connections
 * (dist/pgReal.js): wait until the pool is gone, so that stopping the server at once cannot do that.
 */
const LIBRARY_POOL_KEEPALIVE = 300;

const silent = () => () => undefined;

export interface MigrationState {
  /** File names of committed migrations that the database has, in order. */
  applied: string[];
  /** File names of committed migrations that it lacks, in order. */
  pending: string[];
  /** Migrations in the database that this version does not have, or has with other content. */
  foreign: string[];
}

/** What `migrate` would do to the database at `url`. Changes nothing. */
export async function migrationState(url: string, folder = migrationsFolder): Promise<MigrationState> {
  return withClient(url, { purpose: "migrate" }, async client => {
    const { rows } = await client.query("select to_regclass('graphile_migrate.migrations') as found");
    if (rows[0]?.found !== null) return stateSeenBy(client, folder);
    const committed = await committedMigrations(folder);
    return { applied: [], pending: committed.map(migration => migration.filename), foreign: [] };
  });
}

/** The same, as any login sees it that may look. @throws where there is no such table */
export async function stateSeenBy(
  database: Pick<pg.Pool, "query">,
  folder = migrationsFolder,
): Promise<MigrationState> {
  const committed = await committedMigrations(folder);
  const { rows } = await database.query<{ hash: string; filename: string }>(
    "select hash, filename from graphile_migrate.migrations order by filename",
  );
  const known = new Set(committed.map(migration => migration.hash));
  const present = new Set(rows.map(row => row.hash));
  return {
    applied: committed.filter(migration => present.has(migration.hash)).map(migration => migration.filename),
    pending: committed.filter(migration => !present.has(migration.hash)).map(migration => migration.filename),
    foreign: rows.filter(row => !known.has(row.hash)).map(row => row.filename),
  };
}

/** Why this version cannot work with a database that has migrations of another one; undefined when it has none. */
export function otherVersionError({ foreign, pending }: MigrationState): UserError | undefined {
  if (foreign.length === 0) return undefined;
  if (pending.length === 0) {
    return new UserError(
      `The database is newer than this version of aws2openstack: it has ${foreign.join(", ")}, which this version does not know (A2O70).`,
      "Install the version that migrated it, or a newer one.",
    );
  }
  return new UserError(
    `The database was made by another version of aws2openstack (its migration ${foreign[0]} is not one of this version's) (A2O71).`,
    "Install that version or a newer one. A database from before the first release cannot be taken over: " +
      "`aws2openstack db reset` empties the embedded one; then ingest the reports again.",
  );
}

/**
 * Brings the database at `url` to this version's schema: committed migrations (each in a transaction of its own), the
 * queue's schema, and the database's search_path. Several migrators wait for each other; a second run changes nothing.
 * The login must be a superuser, or own the database and have CREATEROLE (once another database of the server brought the
 * roles, it need only be a member of those it becomes).
 * @returns the migrations that it applied
 * @throws UserError when the server is too old, the database was made by another version, or a right is missing.
 */
export async function migrate(url: string, folder = migrationsFolder): Promise<string[]> {
  await checkServer(url);
  return withClient(url, { purpose: "migrate" }, async client => {
    await client.query("select pg_advisory_lock($1)", [MIGRATE_LOCK]);
    return migrateAlone(url, folder);
  });
}

async function migrateAlone(url: string, folder: string): Promise<string[]> {
  const state = await migrationState(url, folder);
  const otherVersion = otherVersionError(state);
  if (otherVersion !== undefined) throw otherVersion;
  if (state.pending.length > 0) {
    try {
      await graphileMigrate.migrate({
        connectionString: url,
        migrationsFolder: folder,
        logger: new graphileMigrate.Logger(silent),
      });
    } finally {
      await sleep(LIBRARY_POOL_KEEPALIVE);
    }
  }
  await migrateQueue(url);
  await setSearchPath(url);
  await showMigrations(url);
  return state.pending;
}

/** Web servers and workers start only on a database that has their version's schema, so their logins may look. */
async function showMigrations(url: string): Promise<void> {
  await withClient(url, { purpose: "migrate" }, async client => {
    const { rows } = await client.query<{ role: string }>(
      `select role from unnest(array['a2o_authenticator', 'a2o_worker']) as role
       where not has_table_privilege(role, 'graphile_migrate.migrations', 'select')`,
    );
    for (const { role } of rows) {
      await client.query(`grant usage on schema graphile_migrate to ${role}`);
      await client.query(`grant select on graphile_migrate.migrations to ${role}`);
    }
  });
}

/**
 * The queue belongs to a2o_worker, so that the worker needs no other right to run it. To install its schema it must be
 * allowed to make one, for this moment.
 */
async function migrateQueue(url: string): Promise<void> {
  await withClient(url, { purpose: "migrate" }, async client => {
    const allow = (verb: string) =>
      client.query(`do $$ begin execute format('${verb} a2o_worker', current_database()); end $$`);
    await allow("grant create on database %I to");
    const pool = rolePool(url, "a2o_worker", 2);
    try {
      await runMigrations({ pgPool: pool, logger: new Logger(silent) });
      await showQueue(pool);
    } finally {
      await pool.end();
      await allow("revoke create on database %I from");
    }
  });
}

/** What can be counted of the queue, and nothing of what tasks carry or how they failed. */
async function showQueue(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ shown: boolean }>(
    "select has_column_privilege('a2o_metrics', 'graphile_worker.jobs', 'run_at', 'select') as shown",
  );
  if (rows[0]?.shown === true) return;
  await pool.query("grant usage on schema graphile_worker to a2o_metrics");
  await pool.query(
    "grant select (task_identifier, run_at, attempts, max_attempts, locked_at) on graphile_worker.jobs to a2o_metrics",
  );
}

/** Unqualified names, as in the example SQL, mean our schema. Not part of a migration: a cloned database loses it. */
async function setSearchPath(url: string): Promise<void> {
  await withClient(url, { purpose: "migrate" }, client =>
    client.query(
      "do $$ begin execute format('alter database %I set search_path = a2o, public', current_database()); end $$",
    ),
  );
}

async function checkServer(url: string): Promise<void> {
  await withClient(url, { purpose: "migrate" }, async client => {
    const { rows } = await client.query<{ number: number; version: string; database: string; login: string }>(
      `select current_setting('server_version_num')::integer as number, current_setting('server_version') as version,
         current_database() as database, quote_ident(current_user) as login`,
    );
    const server = rows[0];
    if (!server) throw new Error("the server told nothing about itself");
    if (server.number < OLDEST_SERVER) {
      throw new UserError(`PostgreSQL ${server.version} is too old.`, "Use PostgreSQL 15 or later.");
    }
    const { rights, closed } = await rightsOf(client, server.number);
    if (!rights) {
      throw new UserError(
        `The login in DATABASE_URL may not migrate database ${server.database}.`,
        "Use a superuser, or a role with CREATEROLE that owns the database.",
      );
    }
    if (closed.length > 0) {
      throw new UserError(
        `Another administrator of this server made ${closed.join(", ")}, and ${server.login} may neither become nor grant them.`,
        `As that administrator, or as a superuser: grant ${closed.join(", ")} to ${server.login};`,
      );
    }
  });
}

/**
 * What the login lacks for a migration. Roles belong to the whole server: those that another database brought are used, and
 * from PostgreSQL 16 on only who made a role, or was given it with ADMIN, can grant it.
 */
async function rightsOf(client: pg.Client, serverNumber: number): Promise<{ rights: boolean; closed: string[] }> {
  const become = serverNumber >= 160000 ? "set" : "usage";
  const grant =
    serverNumber >= 160000 ? "pg_has_role(current_user, r.oid, 'member with admin option')" : "me.rolcreaterole";
  const { rows } = await client.query<{ rights: boolean; closed: string[] }>(
    `select me.rolsuper or pg_has_role(d.datdba, 'usage') and (me.rolcreaterole
         or 8 = (select count(*) from pg_roles where rolname in
           ('a2o_owner', 'a2o_ingest', 'a2o_reader', 'a2o_operator', 'a2o_worker', 'a2o_authenticator', 'a2o_mcp', 'a2o_metrics'))) as rights,
       array(select r.rolname::text from pg_roles r where r.rolname in ('a2o_owner', 'a2o_ingest', 'a2o_worker')
         and not (pg_has_role(current_user, r.oid, 'usage') and pg_has_role(current_user, r.oid, '${become}')) and not ${grant}
         order by 1) as closed
     from pg_roles me, pg_database d where me.rolname = current_user and d.datname = current_database()`,
  );
  return rows[0] ?? { rights: false, closed: [] };
}

async function committedMigrations(migrations: string): Promise<{ filename: string; hash: string }[]> {
  const folder = join(migrations, "committed");
  const files = (await readdir(folder)).filter(file => file.endsWith(".sql")).sort();
  return Promise.all(
    files.map(async filename => {
      const text = await readFile(join(folder, filename), "utf8");
      const hash = /^--! Hash: (\S+)/m.exec(text)?.[1];
      if (hash === undefined) throw new Error(`${filename} has no hash`);
      return { filename, hash };
    }),
  );
}
