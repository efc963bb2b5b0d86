import { existsSync } from "node:fs";
import { chmod, chown, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { storeExample } from "../test/example-assessment.ts";
import { startCommand } from "../test/processes.ts";
import { startWebServer } from "../web/server/server.ts";
import { setLoginPasswords } from "./logins.ts";
import { migrate } from "./migrate.ts";
import { findBinaries } from "./server/binaries.ts";
import { serverUser } from "./server/os-user.ts";
import { run } from "./server/run.ts";
import { startServer, stopServer } from "./server/server.ts";
import { throwawaySettings } from "./server/settings.ts";
import { freePort, startThrowaway, type Throwaway } from "./throwaway.ts";

/** The embedded PostgreSQL brings no pg_dump, so this needs a whole one. */
const DEBIAN_15 = "/usr/lib/postgresql/15/bin";
const ANNS = "111111111111";

async function ask<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Rows of every table, and who may do what, as text to compare. */
async function contents(url: string): Promise<Record<string, unknown>> {
  const ours = "('a2o', 'a2o_private', 'a2o_mcp', 'graphile_worker', 'graphile_migrate')";
  const tables = await ask<{ name: string }>(
    url,
    `select c.oid::regclass::text as name from pg_class c where c.relkind in ('r', 'p') and c.relnamespace::regnamespace::text in ${ours} order by 1`,
  );
  const rows: Record<string, string> = {};
  for (const { name } of tables) {
    const [found] = await ask<{ rows: string; hash: string }>(
      url,
      `select count(*) as rows, md5(string_agg(t::text, ',' order by t::text collate "C")) as hash from ${name} t`,
    );
    rows[name] = `${found?.rows} ${found?.hash}`;
  }
  const rights = await ask(
    url,
    `select r.rolname, c.oid::regclass::text as relation, string_agg(privilege, ' ' order by privilege) as may
     from pg_roles r, pg_class c, unnest(array['select', 'insert', 'update', 'delete', 'truncate']) as privilege
     where r.rolname ~ '^a2o_' and c.relkind in ('r', 'p', 'v') and c.relnamespace::regnamespace::text in ${ours}
       and has_table_privilege(r.oid, c.oid, privilege) group by 1, 2 order by 1, 2`,
  );
  const functions = await ask(
    url,
    `select r.rolname, p.oid::regprocedure::text as function, p.prosecdef, p.proowner::regrole::text as owner from pg_roles r, pg_proc p
     where r.rolname ~ '^a2o_' and p.pronamespace::regnamespace::text in ${ours} and has_function_privilege(r.oid, p.oid, 'execute') order by 1, 2`,
  );
  const policies = await ask(
    url,
    "select tablename, policyname, roles::text, cmd, qual from pg_policies order by 1, 2",
  );
  const secured = await ask(url, "select oid::regclass::text as name from pg_class where relrowsecurity order by 1");
  const partitions = await ask(
    url,
    "select inhparent::regclass::text as parent, inhrelid::regclass::text as child from pg_inherits order by 1, 2",
  );
  const members = await ask(
    url,
    "select distinct roleid::regrole::text as role, member::regrole::text as member from pg_auth_members where roleid::regrole::text ~ '^a2o_' and member::regrole::text ~ '^a2o_' order by 1, 2",
  );
  const roles = await ask(
    url,
    "select rolname, rolinherit, rolsuper, rolbypassrls, rolcanlogin, rolconfig::text from pg_roles where rolname ~ '^a2o_' order by 1",
  );
  const database = await ask(
    url,
    "select array(select s::text from unnest(setconfig) as s) as settings from pg_db_role_setting where setrole = 0 and setdatabase = (select oid from pg_database where datname = current_database())",
  );
  return { rows, rights, functions, policies, secured, partitions, members, roles, database };
}

describe.skipIf(!existsSync(`${DEBIAN_15}/pg_dump`))("a backup of PostgreSQL 15", () => {
  let source: Throwaway;
  let directory: string;
  let stored: Record<string, unknown>;
  const program = async (url: string, ...words: string[]) => {
    const command = startCommand(["db", "run", "--", ...words], {
      DATABASE_URL: url,
      PATH: `${DEBIAN_15}:${process.env.PATH}`,
    });
    return { code: await command.exited(), output: command.output() };
  };

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "a2o-backup-"));
    await chmod(directory, 0o711);
    source = await startThrowaway({ binaries: DEBIAN_15, settings: { wal_level: "replica", max_wal_senders: "3" } });
    const postgres = source.urlOf("postgres");
    await ask(postgres, "create database aws2openstack");
    const url = source.urlOf("aws2openstack");
    await migrate(url);
    await setLoginPasswords(url, { a2o_authenticator: source.password, a2o_mcp: source.password });
    await storeExample({ url }, { awsAccountId: ANNS, region: "eu-central-1" });
    await storeExample({ url }, { awsAccountId: "222222222222", region: "eu-west-1" });
    // A partition of its own, as large assessments have.
    await ask(
      url,
      "create table a2o.tables_backup_test partition of a2o.tables for values from ('ffffffff-0000-4000-8000-000000000000') to ('ffffffff-0000-4000-8000-000000000001')",
    );
    await ask(url, `select a2o.grant_account_access('ann', '${ANNS}')`);
    await ask(url, `select a2o.add_stand_in_monitor('${ANNS}', 'eu-central-1', 'http://127.0.0.1:1')`);
    await ask(url, "select graphile_worker.add_job('monitors/watch', '{}', run_at => now() + interval '1 day')");
    stored = await contents(url);
  });
  afterAll(async () => {
    await source?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it("by pg_dump comes back in PostgreSQL 18: rows, partitions, queue, roles, grants and row-level security", async () => {
    const from = source.urlOf("aws2openstack");
    const [dump, roles] = [join(directory, "a2o.dump"), join(directory, "roles.sql")];
    for (const words of [
      ["pg_dump", "--format", "custom", "--file", dump],
      ["pg_dumpall", "--roles-only", "--no-role-passwords", "--file", roles],
    ]) {
      expect(await program(from, ...words)).toMatchObject({ code: 0 });
    }
    const target = await startThrowaway();
    try {
      expect(target.major).toBeGreaterThanOrEqual(18);
      // It says that postgres is there already, and goes on.
      expect((await program(target.urlOf("postgres"), "psql", "--quiet", "--file", roles)).code).toBe(0);
      const restored = await program(
        target.urlOf("postgres"),
        ...["pg_restore", "--create", "--exit-on-error", "--dbname", "postgres", dump],
      );
      expect(restored, restored.output).toMatchObject({ code: 0 });
      const url = target.urlOf("aws2openstack");
      expect(await contents(url)).toEqual(stored);
      expect(await migrate(url)).toEqual([]);
      await setLoginPasswords(url, { a2o_authenticator: target.password });
      const web = await startWebServer({
        databaseUrl: url.replace(/\/\/[^:]+:/, "//a2o_authenticator:"),
        port: await freePort(),
        identity: { role: "a2o_reader", user: "ann" },
        log: () => undefined,
      });
      try {
        const response = await fetch(`${web.url}/graphql`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ query: "{ assessments { nodes { awsAccountId } } }" }),
        });
        expect(await response.json()).toEqual({ data: { assessments: { nodes: [{ awsAccountId: ANNS }] } } });
      } finally {
        await web.close();
      }
      // It goes on: what comes next is stored and judged.
      await storeExample({ url }, { awsAccountId: ANNS, region: "eu-central-1" });
      expect(await ask(url, "select count(*)::int as all from a2o.assessments")).toEqual([{ all: 3 }]);
    } finally {
      await target.stop();
    }
  });

  it("by pg_basebackup is whole, and starts by itself with everything that was stored", async () => {
    const data = join(directory, "data");
    const copied = await program(
      source.urlOf("aws2openstack"),
      ...["pg_basebackup", "--pgdata", data, "--checkpoint", "fast", "--wal-method", "stream"],
    );
    expect(copied, copied.output).toMatchObject({ code: 0 });
    expect(await run(join(DEBIAN_15, "pg_verifybackup"), [data])).toMatchObject({ code: 0 });
    const user = await serverUser(directory);
    if (user !== undefined) {
      for (const entry of ["", ...(await readdir(data, { recursive: true }))])
        await chown(join(data, entry), user.uid, user.gid);
    }
    const cluster = { dataDirectory: data, binaries: await findBinaries(user, DEBIAN_15), user };
    const port = await freePort();
    await startServer(cluster, { port, logFile: join(directory, "log"), settings: throwawaySettings() });
    try {
      const url = new URL(source.urlOf("aws2openstack"));
      url.port = String(port);
      expect(await contents(url.href)).toEqual(stored);
    } finally {
      await stopServer(cluster);
    }
  });
});

describe("without what the embedded PostgreSQL lacks", () => {
  it("db run says which package has the program", async () => {
    const server = await startThrowaway();
    try {
      const missing = startCommand(["db", "run", "--", "pg_none", "--file", "x"], {
        DATABASE_URL: server.urlOf("postgres"),
        PATH: "/nonexistent",
      });
      expect(await missing.exited()).toBe(1);
      expect(missing.output()).toContain(
        "pg_none is not installed; the embedded PostgreSQL brings only the server (A2O73).",
      );
      expect(missing.output()).toContain("apt install postgresql-client");
      if (!existsSync(`${DEBIAN_15}/pg_dump`)) return;
      const older = startCommand(["db", "run", "--", "pg_dump", "--file", "x"], {
        DATABASE_URL: server.urlOf("postgres"),
        PATH: DEBIAN_15,
      });
      expect(await older.exited()).toBe(1);
      expect(older.output()).toContain(`This pg_dump is of PostgreSQL 15`);
      expect(older.output()).toContain(`postgresql-client-${server.major}`);
    } finally {
      await server.stop();
    }
  });

  it("db run wants to know what to run", async () => {
    const command = startCommand(["db", "run"], { DATABASE_URL: "postgresql://nobody@127.0.0.1:1/x" });
    expect(await command.exited()).toBe(2);
  });
});
