// One real server with TLS and a CA of its own: who may log in, and whom our programs trust.
import { execFile } from "node:child_process";
import { chmod, chown, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { authenticatorPool, withClient } from "../postgres/connect.ts";
import { migrate } from "../postgres/migrate.ts";
import { serverUser } from "../postgres/server/os-user.ts";
import { startThrowaway, type Throwaway } from "../postgres/throwaway.ts";
import { a2o, temporaryDirectory } from "./testing.ts";

const openssl = (...args: string[]) => promisify(execFile)("openssl", args);
const ROLES = ["a2o_authenticator", "a2o_mcp", "a2o_worker", "a2o_ingest", "a2o_metrics"];

let server: Throwaway;
let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let secrets: string;
/** The migrating login's URL: neither a superuser nor anybody else's. */
let ownerUrl: string;

const file = (name: string) => join(directory.path, name);
const passwordOf = async (role: string) => (await readFile(join(secrets, role), "utf8")).trim();
const urlOf = async (role: string) => (await readFile(join(secrets, `${role}.url`), "utf8")).trim();
const logins = (...args: string[]) => a2o(["db", "logins", ...args], { env: { DATABASE_URL: ownerUrl } });

async function makeCertificate(name: string, host: string, ca: string) {
  await openssl(
    "req",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-subj",
    `/CN=${host}`,
    ...["-keyout", file(`${name}.key`)],
    "-out",
    file(`${name}.csr`),
  );
  await writeFile(file(`${name}.ext`), `subjectAltName=${host}\n`);
  await openssl(
    ...["x509", "-req", "-days", "2", "-in", file(`${name}.csr`), "-extfile", file(`${name}.ext`)],
    ...["-CA", file(`${ca}.crt`), "-CAkey", file(`${ca}.key`), "-CAcreateserial", "-out", file(`${name}.crt`)],
  );
}

async function makeCa(name: string) {
  await openssl(
    ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", `/CN=${name}`],
    ...["-keyout", file(`${name}.key`), "-out", file(`${name}.crt`)],
  );
}

async function asAdministrator(...statements: string[]) {
  const client = new Client({ connectionString: server.urlOf("postgres") });
  client.on("error", () => undefined);
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  directory = await temporaryDirectory();
  await chmod(directory.path, 0o755);
  secrets = file("secrets");
  await mkdir(secrets);
  server = await startThrowaway({ binaries: process.env.A2O_TEST_PG_BIN, settings: { log_statement: "all" } });
  await makeCa("our-ca");
  await makeCa("another-ca");
  await makeCertificate("server", "IP:127.0.0.1", "our-ca");
  await makeCertificate("elsewhere", "DNS:elsewhere.example.com", "our-ca");
  const user = await serverUser();
  for (const key of ["server.key", "elsewhere.key"]) {
    await chmod(file(key), 0o600);
    if (user !== undefined) await chown(file(key), user.uid, user.gid);
  }
  await present("server");
  await asAdministrator(
    "create role admin login createrole password 'password-of-admin'",
    "create database aws2openstack owner admin",
  );
  const url = new URL(server.urlOf("aws2openstack"));
  [url.username, url.password] = ["admin", "password-of-admin"];
  ownerUrl = url.href;
  await migrate(ownerUrl);
}, 120_000);
afterAll(async () => {
  await server?.stop();
  await directory?.remove();
});

/** Has the server show a certificate from now on. */
async function present(name: string) {
  await asAdministrator(
    `alter system set ssl_cert_file = '${file(`${name}.crt`)}'`,
    `alter system set ssl_key_file = '${file(`${name}.key`)}'`,
    "alter system set ssl = on",
    "select pg_reload_conf()",
  );
}

const canLogIn = async (url: string) => {
  const client = new Client({ connectionString: url });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return (await client.query("select session_user as login")).rows[0].login;
  } catch (error) {
    return (error as { code?: string }).code;
  } finally {
    await client.end();
  }
};

describe("db logins", () => {
  it("refuses a directory without passwords, a weak one, and a database that was not asked for", async () => {
    expect(await logins(secrets)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("There is no password in"),
    });
    await writeFile(join(secrets, "a2o_mcp"), "short\n");
    const weak = await logins(secrets, "--generate");
    expect(weak).toMatchObject({ code: 1, stderr: expect.stringContaining("Nothing was changed") });
    expect(weak.stderr).not.toContain("short");
    await writeFile(join(secrets, "a2o_mcp"), "password-given-by-hand\n");
    expect(await a2o(["db", "logins", secrets])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("DATABASE_URL is not set"),
    });
  });

  it("makes what is missing, keeps what is there, and lets each program log in as its own role, by whoever migrated", async () => {
    const { code, stdout } = await logins(secrets, "--generate", "--urls");
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining("Connection URLs are in") });
    expect(await passwordOf("a2o_mcp")).toBe("password-given-by-hand");
    for (const role of ROLES) {
      expect(await canLogIn(await urlOf(role))).toBe(role);
      expect((await stat(join(secrets, `${role}.url`))).mode & 0o777).toBe(0o600);
      expect(stdout).toContain(role);
      expect(stdout).not.toContain(await passwordOf(role));
    }
    expect((await stat(join(secrets, "a2o_worker"))).mode & 0o777).toBe(0o600);
  });

  it("gives each login its own rights and no others", async () => {
    const denied = { code: "42501" };
    const as = async (role: string, sql: string) =>
      withClient(await urlOf(role), { purpose: "test" }, client => client.query(sql));
    await as("a2o_worker", "select from a2o.monitors");
    await as("a2o_ingest", "select a2o.begin_assessment()");
    await as("a2o_mcp", "select * from a2o_mcp.list_assessments()");
    for (const role of ROLES) {
      await expect(as(role, "select from a2o.account_access"), role).rejects.toMatchObject(denied);
      await expect(as(role, "set role a2o_owner"), role).rejects.toMatchObject(denied);
      await expect(as(role, "alter role a2o_mcp password 'x'"), role).rejects.toMatchObject({
        // The second is of the MCP server's read-only transactions.
        code: expect.stringMatching(/^(42501|25006)$/),
      });
    }
    for (const role of ["a2o_mcp", "a2o_worker", "a2o_authenticator", "a2o_metrics"]) {
      await expect(as(role, "select a2o.begin_assessment()"), role).rejects.toMatchObject(denied);
    }
  });

  it("changes a password: sessions go on, the old one opens nothing, and other logins are left alone", async () => {
    const [before, other] = [await urlOf("a2o_worker"), await urlOf("a2o_mcp")];
    await withClient(before, { purpose: "test" }, async client => {
      await writeFile(join(secrets, "a2o_worker"), "the-next-password\n");
      expect((await logins(secrets, "--urls")).code).toBe(0);
      expect((await client.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
    });
    expect(await canLogIn(before)).toBe("28P01");
    expect(await canLogIn(await urlOf("a2o_worker"))).toBe("a2o_worker");
    expect(await canLogIn(other)).toBe("a2o_mcp");
  });

  it("leaves no password in the server's log, although it logs every statement", async () => {
    const { rows } = await withClient(server.urlOf("postgres"), { purpose: "test" }, client =>
      client.query<{ directory: string }>("select current_setting('data_directory') as directory"),
    );
    const log = await readFile(join(rows[0]?.directory ?? "", "../postgresql.log"), "utf8");
    expect(log).toContain("alter role a2o_worker login password");
    for (const role of ROLES) expect(log).not.toContain(await passwordOf(role));
  });

  it("is refused to a login that did not make the roles", async () => {
    const refused = await a2o(["db", "logins", secrets], { env: { DATABASE_URL: await urlOf("a2o_ingest") } });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("may not change these roles");
  });
});

describe("verify-full", () => {
  const verified = async (ca: string, role = "a2o_authenticator") => {
    const url = new URL(await urlOf(role));
    url.searchParams.set("sslmode", "verify-full");
    url.searchParams.set("sslrootcert", file(ca));
    return url.href;
  };
  const isEncrypted = "select ssl from pg_stat_ssl where pid = pg_backend_pid()";

  it("accepts a server whose certificate our CA made for its address, by single connections and pools alike", async () => {
    const url = await verified("our-ca.crt");
    const { rows } = await withClient(url, { purpose: "test" }, client => client.query(isEncrypted));
    expect(rows).toEqual([{ ssl: true }]);
    const pool = authenticatorPool(url, 1);
    expect((await pool.query(isEncrypted)).rows).toEqual([{ ssl: true }]);
    await pool.end();
    expect(
      await a2o(["db", "status"], {
        env: {
          DATABASE_URL: ownerUrl.replace("sslmode=disable", `sslmode=verify-full&sslrootcert=${file("our-ca.crt")}`),
        },
      }),
    ).toMatchObject({ code: 0, stderr: "" });
  });

  it("refuses one that another CA vouches for, in words", async () => {
    await expect(
      withClient(await verified("another-ca.crt"), { purpose: "test" }, async () => undefined),
    ).rejects.toMatchObject({
      message: expect.stringMatching(/^Nothing vouches for the certificate of aws2openstack at 127\.0\.0\.1/),
      advice: expect.stringContaining("sslrootcert="),
    });
    const pool = authenticatorPool(await verified("another-ca.crt"), 1);
    await expect(pool.query("select 1")).rejects.toThrow(/certificate/);
    await pool.end();
  });

  it("says which file cannot be read", async () => {
    await expect(
      withClient(await verified("no-such.crt"), { purpose: "test" }, async () => undefined),
    ).rejects.toMatchObject({ message: expect.stringContaining("no-such.crt") });
  });

  it("refuses one whose certificate is for another host, although our CA made it", async () => {
    await present("elsewhere");
    const url = await verified("our-ca.crt");
    const attempt = () =>
      withClient(url, { purpose: "test" }, async () => undefined).then(
        () => "accepted",
        (error: Error) => error.message,
      );
    // The server takes the new certificate a moment after it was told to.
    await expect.poll(attempt).toMatch(/^The certificate of aws2openstack at 127\.0\.0\.1:\d+ is for another host/);
  });
});
