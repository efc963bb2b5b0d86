import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "./database.ts";

describe("a test database", () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterAll(() => db.drop());

  it("has what the template has, and the settings that stand on the template itself", async () => {
    const settings = (database: string) =>
      db.query(
        `select setconfig, datacl::text from pg_database d left join pg_db_role_setting s on s.setdatabase = d.oid
         where datname = $1`,
        [database],
      );
    expect(await settings(db.name)).toEqual(await settings("template_a2o"));
  });

  it("is nobody else's: what one writes, another does not see", async () => {
    const other = await createTestDatabase();
    await other.query("create table public.mine (id int)");
    expect(await db.query("select to_regclass('public.mine') as found")).toEqual([{ found: null }]);
    await other.drop();
    const left = await db.query("select from pg_database where datname = $1", [other.name]);
    expect(left).toHaveLength(0);
  });

  it("logs in for a group role without being superuser, and rolls back", async () => {
    await db.query("create role test_group nologin");
    await db.query("create table public.notes (note text)");
    await db.query("grant insert, select on public.notes to test_group");
    const who = await db.as("test_group", async ({ query }) => {
      await query("insert into public.notes values ('gone afterwards')");
      return query<{ is_superuser: string; current_user: string; own: boolean }>(
        "select current_setting('is_superuser') as is_superuser, current_user, session_user = current_user as own",
      );
    });
    expect(who).toEqual([{ is_superuser: "off", current_user: "test_group", own: false }]);
    expect(await db.query("select from public.notes")).toHaveLength(0);
  });

  it("lets one refusal follow another in a session", async () => {
    await db.query("create table public.closed (id int)");
    await db.as("test_group", async ({ query }) => {
      await query("insert into public.notes values ('first')");
      await expect(query("select from public.closed")).rejects.toMatchObject({ code: "42501" });
      await expect(query("drop table public.closed")).rejects.toMatchObject({ code: "42501" });
      expect(await query("select note from public.notes")).toEqual([{ note: "first" }]);
    });
  });

  it("says who is signed in to sessions of the web server's roles", async () => {
    const [row] = await db.as(
      "a2o_reader",
      ({ query }) => query("select current_setting('a2o.user') as who, session_user, current_user"),
      { user: "ann@example.com" },
    );
    expect(row).toEqual({ who: "ann@example.com", session_user: "a2o_authenticator", current_user: "a2o_reader" });
  });

  it("logs in as the MCP server's own role", async () => {
    const [row] = await db.as("a2o_mcp", ({ query }) => query("select session_user, current_user"));
    expect(row).toEqual({ session_user: "a2o_mcp", current_user: "a2o_mcp" });
  });

  it("makes logins that go with it", async () => {
    const other = await createTestDatabase();
    const login = await other.createLogin("a2o_reader");
    const client = new Client({ connectionString: other.urlFor(login) });
    await client.connect();
    const { rows } = await client.query("select pg_has_role('a2o_reader', 'usage') as reads, current_user");
    expect(rows).toEqual([{ reads: true, current_user: login }]);
    await client.end();
    await other.drop();
    expect(await db.query("select from pg_roles where rolname = $1", [login])).toHaveLength(0);
  });

  it("refuses a role that does not exist", async () => {
    await expect(db.as("nobody_there", async () => undefined)).rejects.toThrow("no role nobody_there");
  });

  it("runs on the PostgreSQL that was asked for", async () => {
    const [row] = await db.query("select current_setting('server_version_num')::int / 10000 as major");
    expect(row).toEqual({ major: inject("testServer").major });
  });
});
