import { existsSync } from "node:fs";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { storeExample } from "../test/example-assessment.ts";
import { startCommand } from "../test/processes.ts";
import { startWorker } from "../worker/run.ts";
import { migrate } from "./migrate.ts";
import { startThrowaway, type Throwaway } from "./throwaway.ts";

const PASSWORD = "managed";
const DEBIAN_15 = "/usr/lib/postgresql/15/bin";

/** The server under test, and the oldest supported release where the machine has it: CREATEROLE means less since 16. */
const servers = [process.env.A2O_TEST_PG_BIN ?? "embedded", ...(existsSync(DEBIAN_15) ? [DEBIAN_15] : [])];

describe.each([...new Set(servers)])("on a managed server (%s), where nobody is superuser,", binaries => {
  let server: Throwaway;
  beforeAll(async () => {
    server = await startThrowaway({ binaries: binaries === "embedded" ? undefined : binaries });
    await asSuperuser(
      `create role master login createrole createdb password '${PASSWORD}'`,
      `create role second login createrole createdb password '${PASSWORD}'`,
      `create role tenant login password '${PASSWORD}'`,
      "create database first owner master",
      "create database second owner second",
      "create database third owner master",
      "create database tenant owner tenant",
      "create database foreign_owner",
    );
  });
  afterAll(() => server.stop());

  const urlFor = (login: string, database: string) =>
    Object.assign(new URL(server.urlOf(database)), { username: login, password: PASSWORD }).href;

  async function query(url: string, ...statements: string[]) {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      let rows: Record<string, unknown>[] = [];
      for (const statement of statements) rows = (await client.query(statement)).rows;
      return rows;
    } finally {
      await client.end();
    }
  }
  const asSuperuser = (...statements: string[]) => query(server.urlOf("postgres"), ...statements);
  const closed = (login: string) => ({
    message: expect.stringContaining(
      `Another administrator of this server made a2o_ingest, a2o_owner, a2o_worker, and ${login}`,
    ),
    advice: `As that administrator, or as a superuser: grant a2o_ingest, a2o_owner, a2o_worker to ${login};`,
  });

  it("a login that may not is told what is needed, and nothing is made", async () => {
    for (const [login, database] of [
      ["tenant", "tenant"],
      ["master", "foreign_owner"],
    ] as const) {
      await expect(migrate(urlFor(login, database))).rejects.toMatchObject({
        message: `The login in DATABASE_URL may not migrate database ${database}.`,
        advice: "Use a superuser, or a role with CREATEROLE that owns the database.",
      });
    }
    expect(await asSuperuser("select from pg_roles where rolname ~ '^a2o_'")).toEqual([]);
  });

  it("the administrator migrates a fresh server, twice, and needs no other right to record, grant and run the queue", async () => {
    const url = urlFor("master", "first");
    await migrate(url);
    await migrate(url);
    await storeExample({ url }, { awsAccountId: "111111111111", region: "eu-central-1" });
    const environment = { DATABASE_URL: url };
    const listed = startCommand(["list", "--json"], environment);
    expect([await listed.exited(), JSON.parse(listed.output())]).toMatchObject([0, [{ total_tables: 3 }]]);
    expect(await query(url, "select extname from pg_extension where extname = 'pg_trgm'")).toHaveLength(1);

    await query(url, `create role dba login password '${PASSWORD}' in role a2o_reader`);
    const granted = startCommand(["access", "grant", "dba", "111111111111"], environment);
    expect([await granted.exited(), granted.output()]).toEqual([0, "dba may read 111111111111.\n"]);
    expect(await query(urlFor("dba", "first"), "select table_name from tables order by 1")).toHaveLength(3);

    const said: string[] = [];
    const worker = await startWorker({ databaseUrl: url, log: line => said.push(line) });
    await worker.stop();
    expect(said).toEqual([]);
  });

  it("it lets the web server and the MCP server log in, who stay what they are", async () => {
    await query(
      urlFor("master", "first"),
      `alter role a2o_authenticator login password '${PASSWORD}'`,
      `alter role a2o_mcp login password '${PASSWORD}'`,
    );
    expect(
      await query(
        urlFor("a2o_mcp", "first"),
        "select current_setting('transaction_read_only') as read_only, pg_has_role('a2o_reader', 'usage') as reads",
      ),
    ).toEqual([{ read_only: "on", reads: true }]);
    await expect(query(urlFor("a2o_authenticator", "first"), "select from a2o.assessments")).rejects.toMatchObject({
      code: "42501",
    });
    await query(urlFor("a2o_authenticator", "first"), "set role a2o_reader", "select from a2o.assessments");
  });

  it("a second database of the same administrator has its own assessments", async () => {
    const url = urlFor("master", "third");
    await migrate(url);
    expect(await query(url, "select from a2o.assessments")).toEqual([]);
    await storeExample({ url }, { awsAccountId: "333333333333", region: "us-east-1" });
    expect(await query(urlFor("master", "first"), "set role a2o_ingest", "select from a2o.assessments")).toHaveLength(
      1,
    );
  });

  it("another administrator either may use the roles, or is told the grant that is missing", async () => {
    const url = urlFor("second", "second");
    if (server.major >= 16) {
      await expect(migrate(url)).rejects.toMatchObject(closed("second"));
      expect(await query(url, "select to_regnamespace('a2o') as schema")).toEqual([{ schema: null }]);
      await query(urlFor("master", "first"), "grant a2o_ingest, a2o_owner, a2o_worker to second");
    }
    await migrate(url);
    await storeExample({ url }, { awsAccountId: "222222222222", region: "us-east-1" });
  });

  it("an owner who may make no roles can use those that are there", async () => {
    const url = urlFor("tenant", "tenant");
    await expect(migrate(url)).rejects.toMatchObject(closed("tenant"));
    const refused = startCommand(["db", "migrate"], { DATABASE_URL: url });
    expect(await refused.exited()).toBe(1);
    expect(refused.output()).toContain("grant a2o_ingest, a2o_owner, a2o_worker to tenant;");
    await query(urlFor("master", "first"), "grant a2o_ingest, a2o_owner, a2o_worker to tenant");
    await migrate(url);
    await storeExample({ url }, { awsAccountId: "222222222222", region: "us-east-1" });
  });
});
