import { createHash, randomBytes } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { storeExample } from "../test/example-assessment.ts";
import type {} from "../test/global-setup.ts";
import { startCommand } from "../test/processes.ts";
import { startWebServer } from "../web/server/server.ts";
import { migrate, migrationState } from "./migrate.ts";
import { packageRoot } from "./package-root.ts";
import { freePort } from "./throwaway.ts";

const COMMITTED = join(packageRoot, "migrations/committed");
/** Data of databases as earlier versions left them: for each committed migration but the newest, statements that fill its schema. */
const DATA = join(packageRoot, "migrations/data");
const committed = (await readdir(COMMITTED)).filter(file => file.endsWith(".sql")).sort();
const newest = committed.at(-1) ?? "";

let directory: string;
const made: string[] = [];
const urlOf = (database: string, login?: string) => {
  const url = new URL(inject("testServer").templateUrl);
  url.pathname = database;
  if (login !== undefined) url.username = login;
  return url.href;
};

async function ask<Row extends pg.QueryResultRow>(url: string, sql: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

async function emptyDatabase(): Promise<string> {
  const name = `upgrade_${process.pid}_${randomBytes(4).toString("hex")}`;
  await ask(urlOf("postgres"), `create database ${name}`);
  made.push(name);
  return urlOf(name);
}

/** A migrations folder as a version has it: the committed ones up to `last`, and more of one's own. */
async function folderWith(last: string, ...more: { name: string; sql: string }[]): Promise<string> {
  const folder = await mkdtemp(join(directory, "migrations-"));
  await mkdir(join(folder, "committed"));
  for (const file of committed.filter(name => name <= last))
    await cp(join(COMMITTED, file), join(folder, "committed", file));
  let previous = /^--! Hash: (\S+)/m.exec(await readFile(join(COMMITTED, last), "utf8"))?.[1] ?? "";
  for (const { name, sql } of more) {
    // As graphile-migrate computes it.
    const hash = `sha1:${createHash("sha1")
      .update(`${`${previous}\n${sql.trim()}`.trim()}\n`)
      .digest("hex")}`;
    await writeFile(join(folder, "committed", name), `--! Previous: ${previous}\n--! Hash: ${hash}\n\n${sql.trim()}\n`);
    previous = hash;
  }
  return folder;
}

/** The next version's migration, as it were. */
const NEXT = {
  name: "000999.sql",
  sql: "set role a2o_owner;\nalter table a2o.assessments add column seen_by text;\nupdate a2o.assessments set seen_by = 'next';\nreset role;",
};

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "a2o-upgrade-"));
});
afterAll(async () => {
  for (const name of made) await ask(urlOf("postgres"), `drop database if exists ${name} with (force)`);
  await rm(directory, { recursive: true, force: true });
});

describe("db migrate", () => {
  it.each(committed)(
    "brings a database with data of %s to this version's schema, and every view of it can be read",
    async file => {
      const url = await emptyDatabase();
      await migrate(url, await folderWith(file));
      if (file === newest) {
        await storeExample({ url }, { awsAccountId: "111111111111", region: "eu-central-1" });
        await storeExample({ url }, { awsAccountId: "222222222222", region: "eu-west-1" });
        await ask(url, "select a2o.grant_account_access('ann', '111111111111')");
      } else {
        const data = await readFile(join(DATA, file), "utf8").catch(() => {
          throw new Error(
            `migrations/data/${file} is missing: fill a database of that version, then pg_dump --data-only --inserts --schema a2o it there`,
          );
        });
        await ask(url, data);
      }
      const before = await ask(url, "select id, region, total_tables from a2o.assessments order by id");
      expect(before.length).toBeGreaterThan(0);
      const pending = committed.filter(name => name > file);
      expect(await migrate(url)).toEqual(pending);
      expect(await migrate(url)).toEqual([]);
      expect(await ask(url, "select id, region, total_tables from a2o.assessments order by id")).toEqual(before);
      const views = await ask<{ name: string }>(
        url,
        "select c.oid::regclass::text as name from pg_class c where c.relkind = 'v' and c.relnamespace in ('a2o'::regnamespace) order by 1",
      );
      expect(views.length).toBeGreaterThan(10);
      for (const { name } of views) await ask(url, `select * from ${name} limit 5`);
      expect(await migrationState(url)).toEqual({ applied: committed, pending: [], foreign: [] });
    },
  );

  it("keeps what is stored when the next version's migration comes", async () => {
    const url = await emptyDatabase();
    await migrate(url);
    const id = await storeExample({ url }, { awsAccountId: "111111111111", region: "eu-central-1" });
    expect(await migrate(url, await folderWith(newest, NEXT))).toEqual([NEXT.name]);
    expect(await ask(url, "select id, seen_by, total_tables from a2o.assessments")).toEqual([
      { id, seen_by: "next", total_tables: 3 },
    ]);
  });

  it("one that fails leaves the database as it was, and the next attempt succeeds", async () => {
    const url = await emptyDatabase();
    await migrate(url);
    const broken = { ...NEXT, sql: `${NEXT.sql}\nselect 1 / 0;` };
    await expect(migrate(url, await folderWith(newest, broken))).rejects.toThrow(/division by zero/);
    expect(await migrationState(url)).toEqual({ applied: committed, pending: [], foreign: [] });
    expect(await migrate(url, await folderWith(newest, NEXT))).toEqual([NEXT.name]);
  });

  it("several at once wait for each other: one does it, the others find it done", async () => {
    const url = await emptyDatabase();
    const first = await folderWith(newest);
    const results = await Promise.all(Array.from({ length: 4 }, () => migrate(url, first)));
    expect(results.map(applied => applied.length).sort()).toEqual([0, 0, 0, committed.length]);
    expect(await migrationState(url)).toEqual({ applied: committed, pending: [], foreign: [] });
  });

  it("waits while another one is at it, in another process, too", async () => {
    const url = await emptyDatabase();
    const other = new pg.Client({ connectionString: url });
    await other.connect();
    // What a migrator holds from its beginning to its end.
    await other.query("select pg_advisory_lock(20252)");
    const waiting = startCommand(["db", "migrate"], { DATABASE_URL: url });
    const blocked = async () =>
      (
        await ask(
          url,
          "select from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())",
        )
      ).length;
    await expect.poll(blocked, { timeout: 30_000 }).toBe(1);
    expect(await ask(url, "select to_regnamespace('a2o') as schema")).toEqual([{ schema: null }]);
    await other.end();
    expect(await waiting.exited(), waiting.output()).toBe(0);
    expect(waiting.output()).toContain(`applied ${committed.join(", ")}`);
  });
});

describe("an older version on a newer database", () => {
  let url: string;
  beforeAll(async () => {
    url = await emptyDatabase();
    await migrate(url);
  });

  it("goes on serving when it runs already, and /readyz names what it does not know", async () => {
    const web = await startWebServer({
      databaseUrl: url,
      port: await freePort(),
      identity: { role: "a2o_reader", user: "local" },
      log: () => undefined,
    });
    try {
      expect(await (await fetch(`${web.url}/readyz`)).json()).toEqual({ status: "ready" });
      await migrate(url, await folderWith(newest, NEXT));
      const ready = await fetch(`${web.url}/readyz`);
      expect([ready.status, await ready.json()]).toEqual([200, { status: "ready", newer: [NEXT.name] }]);
    } finally {
      await web.close();
    }
  });

  it.each([
    ["db migrate", { name: "DATABASE_URL" }],
    ["serve --port 28513", { name: "AUTHENTICATOR_DATABASE_URL", login: "a2o_authenticator" }],
    ["worker", { name: "DATABASE_URL" }],
    ["up --port 28514", { name: "DATABASE_URL" }],
    ["doctor", { name: "DATABASE_URL" }],
  ])("%s says so and does nothing", async (words, { name, login }: { name: string; login?: string }) => {
    const command = startCommand(words.split(" "), {
      [name]: login === undefined ? url : urlOf(new URL(url).pathname.slice(1), login),
    });
    expect(await command.exited(), command.output()).toBe(1);
    expect(command.output().replace(/\s+/g, " ")).toContain(
      `The database is newer than this version of aws2openstack: it has ${NEXT.name}, which this version does not know (A2O70)`,
    );
    expect(command.output().replace(/\s+/g, " ")).toContain("Install the version that migrated it, or a newer one.");
  });

  it("another line's database is told from a newer one", async () => {
    const foreign = await emptyDatabase();
    const folder = await mkdtemp(join(directory, "other-"));
    await mkdir(join(folder, "committed"));
    const sql = "select 1;";
    const hash = `sha1:${createHash("sha1").update(`${sql}\n`).digest("hex")}`;
    await writeFile(join(folder, "committed/000001-other.sql"), `--! Previous: -\n--! Hash: ${hash}\n\n${sql}\n`);
    await ask(foreign, "create schema graphile_migrate");
    await ask(
      foreign,
      "create table graphile_migrate.migrations (hash text primary key, previous_hash text, filename text not null, date timestamptz not null default now())",
    );
    await ask(foreign, "insert into graphile_migrate.migrations (hash, filename) values ($1, '000001-other.sql')", [
      hash,
    ]);
    await expect(migrate(foreign)).rejects.toThrow(/made by another version.*A2O71/);
  });
});
