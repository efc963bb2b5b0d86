import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { freePort } from "../../../postgres/throwaway.ts";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";
import { storeExample } from "../../../test/example-assessment.ts";
import { startWebServer, type WebServer } from "../server.ts";
import { readSettings } from "../settings.ts";

const ANN = "111111111111";
const BOB = "222222222222";

let database: TestDatabase;
let server: WebServer;
const ids: Record<string, string> = {};
const log: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  for (const [awsAccountId, region] of [
    [ANN, "eu-central-1"],
    [ANN, "us-east-1"],
    [BOB, "eu-west-3"],
  ] as const) {
    ids[region] = await storeExample(database, { awsAccountId, region });
  }
  await database.query("select a2o.grant_account_access('ann', $1), a2o.grant_account_access('bob', $2)", [ANN, BOB]);
  const port = await freePort();
  const settings = readSettings({
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    PROXY_USER_HEADER: "x-user",
    TRUSTED_PROXIES: "127.0.0.1",
  });
  const databaseUrl = database.urlFor("a2o_authenticator");
  server = await startWebServer({ ...settings, databaseUrl, port, log: line => log.push(line) });
});

afterAll(async () => {
  await server?.close();
  await database?.drop();
});

/** The page as a browser asks for it. */
async function page(user: string | undefined, path = "/", cookie = ""): Promise<string> {
  const response = await fetch(server.url + path, {
    headers: {
      accept: "text/html",
      "sec-fetch-mode": "navigate",
      "sec-fetch-site": "none",
      cookie,
      ...(user !== undefined && { "x-user": user }),
    },
  });
  expect(response.status).toBe(200);
  return response.text();
}

const EMPTY = '<div id="app"></div>';

it("has the figures of who asks, and nothing of other accounts", async () => {
  const ann = await page("ann");
  expect(ann).toMatch(/1111\s1111\s1111/);
  expect(ann).toContain("Migration readiness");
  expect(ann).not.toContain("eu-west-3");
  const bob = await page("bob");
  expect(bob).toContain("eu-west-3");
  expect(bob).not.toMatch(/1111|eu-central-1|us-east-1/);
});

it("is empty for who has no account, and for who is not signed in", async () => {
  expect(await page("stranger")).toContain(EMPTY);
  expect(await page(undefined)).toContain(EMPTY);
});

it("is about the assessment that the address names, unless that is another's", async () => {
  const named = await page("ann", `/?assessment=${ids["eu-central-1"]}`);
  expect(named).toContain("eu-central-1");
  expect(named).toContain(`assessment=${ids["eu-central-1"]}`);
  for (const name of [ids["eu-west-3"], "nothing", "%3Cscript%3E"]) {
    const refused = await page("ann", `/?assessment=${name}`);
    expect(refused).toContain(EMPTY);
    expect(refused).not.toContain("<script>");
  }
});

it("is about the account and region chosen last", async () => {
  for (const region of ["eu-central-1", "us-east-1"]) {
    const chosen = await page("ann", "/", `a2o-scope=${encodeURIComponent(`${ANN} ${region}`)}`);
    expect(/scope-lines">.*?<small>([^<]*)</.exec(chosen)?.[1]).toBe(region);
  }
  for (const cookie of [`a2o-scope=${encodeURIComponent(`${BOB} eu-west-3`)}`, "a2o-scope=%", "a2o-scope=%3Cb%3E"]) {
    const other = await page("ann", "/", cookie);
    expect(other).toMatch(/1111\s1111\s1111/);
    expect(other).not.toContain("eu-west-3");
  }
});

it("cannot end its own data early, whatever AWS was told", async () => {
  const secret = "</script><script>alert(1)</script>";
  await database.query("update a2o.database_coverage set error_message = $1 where aws_account_id = $2", [secret, ANN]);
  const ann = await page("ann");
  expect(ann).toContain("alert(1)");
  expect(ann).not.toContain(secret);
  expect(ann.match(/<script>/g)).toBeNull();
});

it("does not wait for a database that does not answer", async () => {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await client.query("begin; lock table a2o.assessments in access exclusive mode");
    expect(await page("ann")).toContain(EMPTY);
  } finally {
    await client.query("rollback");
    await client.end();
  }
  expect(log.filter(line => line.includes("without its first figures"))).toEqual([]);
});
