import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { webSettings } from "../cli/web.ts";
import { freePort } from "../postgres/throwaway.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";
import { storeExample } from "./example-assessment.ts";
import { startCommand } from "./processes.ts";

let database: TestDatabase;
let directory: string;
let assessmentId: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "a2o-serve-"));
  database = await createTestDatabase();
  assessmentId = await storeExample(database, { awsAccountId: "111111111111", region: "eu-central-1" });
});
afterAll(async () => {
  await database?.drop();
  await rm(directory, { recursive: true, force: true });
});

it("serves with the login of a file, logs in JSON alone, and ends well when it is told to", async () => {
  const [port, login] = [await freePort(), join(directory, "login")];
  await writeFile(login, `${database.urlFor("a2o_authenticator")}\n`);
  await database.query("select a2o.grant_account_access('local', '111111111111')");
  const serving = startCommand(["serve", "--port", String(port)], { AUTHENTICATOR_DATABASE_URL_FILE: login });
  await serving.printed("Server listening at");
  const url = `http://127.0.0.1:${port}`;
  expect(await (await fetch(`${url}/readyz`)).json()).toMatchObject({ status: "ready" });
  expect(await (await fetch(`${url}/session`)).json()).toMatchObject({ user: "local", signIn: "local" });
  const rows = await (await fetch(`${url}/exports/tables.ndjson?assessmentId=${assessmentId}`)).text();
  expect(rows.trimEnd().split("\n")).toHaveLength(3);
  serving.child.kill("SIGTERM");
  expect(await serving.exited()).toBe(0);
  const lines = serving.output().trimEnd().split("\n");
  expect(lines.map(line => JSON.parse(line)).map(({ msg }) => msg)).toContain("request");
  expect(serving.output()).not.toContain(new URL(database.url).password);
});

it("asks for what it lacks: a database, or sign-in for others", async () => {
  const without = startCommand(["serve"], { AWS2OPENSTACK_HOME: directory });
  expect(await without.exited()).toBe(1);
  expect(without.output()).toContain("AUTHENTICATOR_DATABASE_URL=");
  const open = startCommand(["serve", "--host", "0.0.0.0"], { AUTHENTICATOR_DATABASE_URL: database.url });
  expect(await open.exited()).toBe(1);
  expect(open.output()).toContain("it does not listen at 0.0.0.0");
  const wrong = startCommand(["serve", "--port", "0"], {});
  expect(await wrong.exited()).toBe(2);
});

it("names the migrations that a database lacks instead of starting on it", async () => {
  const empty = await createTestDatabase();
  try {
    await empty.query("delete from graphile_migrate.migrations");
    const refused = startCommand(["serve", "--port", String(await freePort())], {
      AUTHENTICATOR_DATABASE_URL: empty.urlFor("a2o_authenticator"),
    });
    expect(await refused.exited()).toBe(1);
    expect(refused.output()).toMatch(/lacks .*aws2openstack\.sql/);
    expect(refused.output()).toContain("aws2openstack db migrate");
  } finally {
    await empty.drop();
  }
});

describe("the key of sessions", () => {
  const OIDC = {
    PUBLIC_URL: "http://127.0.0.1:8501",
    OIDC_ISSUER: "https://login.example.com",
    OIDC_CLIENT_ID: "x",
  };

  it("is made once with an embedded database, and only its owner reads it", async () => {
    const keys = async () => (await webSettings(directory, OIDC)).signIn?.sessionKeys;
    const first = await keys();
    expect(first?.[0]?.length).toBeGreaterThan(40);
    expect(await keys()).toEqual(first);
    expect((await readFile(join(directory, "session.key"), "utf8")).trim()).toBe(first?.[0]);
    expect((await stat(join(directory, "session.key"))).mode & 0o777).toBe(0o600);
  });

  it("is the operator's to give with a database of their own", async () => {
    expect((await webSettings(undefined, OIDC)).signIn?.sessionKeys).toEqual([]);
    const serving = startCommand(["serve", "--port", String(await freePort())], {
      ...OIDC,
      AUTHENTICATOR_DATABASE_URL: database.urlFor("a2o_authenticator"),
    });
    expect(await serving.exited()).toBe(1);
    expect(serving.output()).toContain("openssl rand -base64 32");
  });
});
