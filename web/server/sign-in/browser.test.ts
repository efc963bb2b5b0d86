import { createHash } from "node:crypto";
import { EncryptJWT, type JWTPayload } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../../../postgres/throwaway.ts";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";
import { storeExample } from "../../../test/example-assessment.ts";
import { startWebServer, type WebServer } from "../server.ts";
import { readSettings } from "../settings.ts";
import { CLIENT, startProvider, type TestProvider, Visitor } from "./testing.ts";

const SESSION_KEY = "canary-session-key-0123456789abcdef0123456789";

let database: TestDatabase;
let provider: TestProvider;
let server: WebServer;
const log: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  await storeExample(database, { awsAccountId: "111111111111", region: "eu-central-1" });
  await storeExample(database, { awsAccountId: "222222222222", region: "us-east-1" });
  await database.query("select a2o.grant_account_access('ann@example.com', '111111111111')");
  const port = await freePort();
  const otherPort = await freePort();
  provider = await startProvider([`http://127.0.0.1:${port}`, `http://127.0.0.1:${otherPort}`]);
  const person = (name: string, more: Record<string, unknown> = {}) =>
    provider.accounts.set(name, { email: `${name}@example.com`, email_verified: true, groups: ["staff"], ...more });
  person("ann", { groups: ["staff", "movers"] });
  person("bob");
  person("eve", { groups: ["guests"] });
  person("mallory", { email: "ann@example.com", email_verified: false });
  person("root", { email: "a2o_mcp" });
  server = await start(port);
  spare = otherPort;
});

let spare: number;

afterAll(async () => {
  await server?.close();
  await provider?.close();
  await database?.drop();
});

function start(port: number, environment: Record<string, string> = {}): Promise<WebServer> {
  const settings = readSettings({
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: CLIENT.id,
    OIDC_CLIENT_SECRET: CLIENT.secret,
    OIDC_NAME: "Example & Sons",
    OPERATOR_GROUPS: "movers",
    READER_GROUPS: "staff",
    SESSION_KEY,
    ...environment,
  });
  const databaseUrl = database.urlFor("a2o_authenticator");
  return startWebServer({ ...settings, databaseUrl, port, log: line => log.push(line) });
}

const QUERY = JSON.stringify({
  query: "{ currentAccess { userName roleName accounts } assessments { nodes { awsAccountId } } }",
});

async function ask(visitor: Visitor, headers: Record<string, string> = { origin: server.url }, url = server.url) {
  const response = await visitor.send(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: QUERY,
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

function sessionCookie(visitor: Visitor) {
  const cookie = [...visitor.cookies.values()].find(({ name }) => name.endsWith("a2o-session"));
  if (cookie === undefined) throw new Error("there is no session");
  return cookie;
}

/** A cookie as the server makes it, ending when it is told to. */
function sealed(purpose: string, content: JWTPayload, seconds: number): Promise<string> {
  return new EncryptJWT(content)
    .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
    .setIssuer(server.url)
    .setAudience(purpose)
    .setExpirationTime(new Date(Date.now() + seconds * 1000))
    .encrypt(createHash("sha256").update(SESSION_KEY).digest());
}

describe("without a session", () => {
  it("answers 401 with the address to sign in, for the data and for the session", async () => {
    const answer = { status: 401, body: { error: "not signed in", signInUrl: "/sign-in" } };
    expect(await ask(new Visitor())).toEqual(answer);
    const response = await fetch(`${server.url}/session`);
    expect({ status: response.status, body: await response.json() }).toEqual(answer);
  });

  it("still shows the page and the sign-in page, whose button leads to the provider", async () => {
    expect((await fetch(`${server.url}/`)).status).toBe(200);
    const page = await new Visitor().open(`${server.url}/sign-in?return=/databases`);
    expect(page.response.status).toBe(200);
    expect(page.text).toContain("Continue with Example &#38; Sons");
    expect(page.text).toContain("/sign-in/start?return=%2Fdatabases");
    expect(page.text).not.toContain("{{");
  });
});

describe("signing in", () => {
  it("takes a person to the provider and back to the page they came from, with their accounts and their role", async () => {
    const visitor = new Visitor();
    const page = await visitor.signIn(server.url, "ann", "/databases?search=x");
    expect(page.url.href).toBe(`${server.url}/databases?search=x`);
    expect(page.response.status).toBe(200);
    expect((await ask(visitor)).body).toEqual({
      data: {
        currentAccess: { userName: "ann@example.com", roleName: "a2o_operator", accounts: ["111111111111"] },
        assessments: { nodes: [{ awsAccountId: "111111111111" }] },
      },
    });
    const session = JSON.parse(await (await visitor.send(`${server.url}/session`)).text());
    expect(session).toMatchObject({
      user: "ann@example.com",
      role: "a2o_operator",
      signIn: "session",
      signOutUrl: "/sign-out",
    });
    expect(new Date(session.expiresAt).getTime()).toBeGreaterThan(Date.now() + 7 * 3_600_000);
  });

  it("asks the provider with PKCE, state and nonce, new each time", async () => {
    const asked = await Promise.all(
      [1, 2].map(async () => {
        const response = await new Visitor().send(`${server.url}/sign-in/start`);
        return new URL(response.headers.get("location") ?? "").searchParams;
      }),
    );
    for (const name of ["state", "nonce", "code_challenge"]) {
      const values = asked.map(parameters => parameters.get(name));
      expect(values[0]?.length).toBeGreaterThan(20);
      expect(values[0]).not.toBe(values[1]);
    }
    expect(asked[0]?.get("code_challenge_method")).toBe("S256");
    expect(asked[0]?.get("redirect_uri")).toBe(`${server.url}/sign-in/callback`);
  });

  it("keeps the session in a cookie that scripts cannot read and that tells nothing", async () => {
    const visitor = new Visitor();
    const lines: string[] = [];
    const send = visitor.send.bind(visitor);
    visitor.send = async (...args) => {
      const response = await send(...args);
      if (String(args[0]).startsWith(server.url)) lines.push(...response.headers.getSetCookie());
      return response;
    };
    await visitor.signIn(server.url, "ann");
    const line = lines.find(text => text.startsWith("a2o-session=")) ?? "";
    expect(line).toContain("HttpOnly");
    expect(line).toContain("SameSite=Lax");
    expect(line).toContain("Path=/");
    expect(Buffer.from(line, "base64").toString()).not.toContain("ann");
  });

  it("gives a person without any account an empty answer, not an error", async () => {
    const visitor = new Visitor();
    await visitor.signIn(server.url, "bob");
    expect((await ask(visitor)).body).toEqual({
      data: {
        currentAccess: { userName: "bob@example.com", roleName: "a2o_reader", accounts: [] },
        assessments: { nodes: [] },
      },
    });
  });

  it("is refused with the reason to who is in no group, has an unverified address, or a reserved name", async () => {
    for (const [user, reason] of [
      ["eve", "in no group that may use this server"],
      ["mallory", "e-mail address is verified"],
      ["root", "reserved"],
    ] as const) {
      const visitor = new Visitor();
      const page = await visitor.signIn(server.url, user);
      expect(page.response.status).toBe(403);
      expect(page.text).toContain(reason);
      expect((await ask(visitor)).status).toBe(401);
    }
  });

  it("never leads to another site afterwards", async () => {
    for (const evil of [
      "https://evil.example/",
      "//evil.example",
      "/\\evil.example",
      "/.//evil.example",
      "javascript:1",
    ]) {
      const page = await new Visitor().signIn(server.url, "ann", evil);
      expect(page.url.href).toBe(`${server.url}/`);
    }
  });
});

describe("an attempt that is not one person's own is refused:", () => {
  /** Signs in as far as the address that the provider sends back to. */
  async function callbackOf(visitor: Visitor): Promise<string> {
    await visitor.signIn(server.url, "ann");
    const callback = visitor.visited.find(address => address.includes("/sign-in/callback?"));
    if (callback === undefined) throw new Error("no callback");
    return callback;
  }

  it("a callback that was used before", async () => {
    const visitor = new Visitor();
    const callback = await callbackOf(visitor);
    const again = await visitor.open(callback);
    expect(again.response.status).toBe(400);
    expect(again.text).toContain("used already");
  });

  it("a code that was used before, even with the cookie of then", async () => {
    const visitor = new Visitor();
    const start = await visitor.send(`${server.url}/sign-in/start`);
    const kept = new Map(visitor.cookies);
    let page = await visitor.open(start.headers.get("location") ?? "");
    page = await visitor.submit(page, { login: "ann", password: "any" });
    if (/value="consent"/.test(page.text)) page = await visitor.submit(page, {});
    const callback = visitor.visited.find(address => address.includes("/sign-in/callback?")) ?? "";
    const thief = new Visitor();
    for (const [key, cookie] of kept) thief.cookies.set(key, cookie);
    const replay = await thief.open(callback);
    expect(replay.response.status).toBe(400);
    expect(replay.text).toContain("The sign-in failed");
    expect((await ask(thief)).status).toBe(401);
  });

  it("a callback in another browser", async () => {
    const callback = await callbackOf(new Visitor());
    const other = new Visitor();
    expect((await other.open(callback)).response.status).toBe(400);
    expect((await ask(other)).status).toBe(401);
  });

  it("an answer with another state or another issuer", async () => {
    for (const [name, value] of [
      ["state", "x".repeat(43)],
      ["iss", "https://evil.example"],
    ] as const) {
      const visitor = new Visitor();
      const start = await visitor.send(`${server.url}/sign-in/start`);
      const asked = new URL(start.headers.get("location") ?? "").searchParams;
      const callback = new URL("/sign-in/callback", server.url);
      callback.search = new URLSearchParams({
        code: "stolen",
        state: asked.get("state") ?? "",
        iss: provider.issuer,
        [name]: value,
      }).toString();
      expect((await visitor.open(callback)).response.status).toBe(400);
      expect((await ask(visitor)).status).toBe(401);
    }
  });

  it("what the provider says no to", async () => {
    const visitor = new Visitor();
    const start = await visitor.send(`${server.url}/sign-in/start`);
    const state = new URL(start.headers.get("location") ?? "").searchParams.get("state") ?? "";
    const page = await visitor.open(`${server.url}/sign-in/callback?error=access_denied&state=${state}`);
    expect(page.response.status).toBe(403);
    expect(page.text).toContain("did not let you in");
  });
});

describe("a session", () => {
  it("is over after signing out, here and at the provider, also for a copy of its cookie", async () => {
    const visitor = new Visitor();
    await visitor.signIn(server.url, "ann");
    const copy = new Visitor();
    for (const [key, cookie] of visitor.cookies) copy.cookies.set(key, cookie);
    expect((await ask(copy)).status).toBe(200);

    const response = await visitor.send(`${server.url}/sign-out`, { method: "POST", headers: { origin: server.url } });
    const { redirect } = JSON.parse(await response.text());
    expect(redirect).toMatch(new RegExp(`^${provider.issuer}/session/end\\?`));
    const confirm = await visitor.open(redirect);
    const bye = await visitor.submit(confirm, { logout: "yes" });
    expect(bye.url.href).toBe(`${server.url}/sign-in?signed-out=1`);
    expect(bye.text).toContain("You are signed out.");

    expect((await ask(visitor)).status).toBe(401);
    expect((await ask(copy)).status).toBe(401);
    // At the provider, too: it asks for the name again.
    expect((await visitor.open(`${server.url}/sign-in/start`)).text).toContain('name="login"');
  });

  it("is refused when its cookie was changed anywhere", async () => {
    const visitor = new Visitor();
    await visitor.signIn(server.url, "bob");
    const cookie = sessionCookie(visitor);
    const before = cookie.value;
    expect((await ask(visitor)).status).toBe(200);
    for (const place of [2, 60, Math.floor(before.length / 2), before.length - 8]) {
      const other = before[place] === "A" ? "B" : "A";
      cookie.value = before.slice(0, place) + other + before.slice(place + 1);
      expect((await ask(visitor)).status).toBe(401);
    }
    cookie.value = before;
    expect((await ask(visitor)).status).toBe(200);
  });

  it("is not made by the cookie of an attempt, nor by that of a server with another key", async () => {
    const visitor = new Visitor();
    await visitor.send(`${server.url}/sign-in/start`);
    const attempt = [...visitor.cookies.values()][0];
    if (attempt === undefined) throw new Error("no cookie");
    visitor.cookies.set("forged", { ...attempt, name: "a2o-session", path: "/" });
    expect((await ask(visitor)).status).toBe(401);
  });

  it("ends by itself", async () => {
    const visitor = new Visitor();
    await visitor.signIn(server.url, "bob");
    const cookie = sessionCookie(visitor);
    for (const [seconds, status] of [
      [600, 200],
      [-1, 401],
    ] as const) {
      cookie.value = await sealed("session", { id: "1", user: "bob@example.com", role: "a2o_reader" }, seconds);
      expect((await ask(visitor)).status).toBe(status);
    }
  });

  it("outlives a change of keys as long as the old one stays, and not longer", async () => {
    const url = `http://127.0.0.1:${spare}`;
    const status = async (visitor: Visitor) => (await ask(visitor, { origin: url }, url)).status;
    const visitor = new Visitor();
    const first = await start(spare);
    await visitor.signIn(url, "ann");
    await first.close();
    const newKey = "another-session-key-0123456789abcdef";
    const second = await start(spare, { SESSION_KEY: `${newKey},${SESSION_KEY}` });
    expect(await status(visitor)).toBe(200);
    await second.close();
    const third = await start(spare, { SESSION_KEY: newKey });
    expect(await status(visitor)).toBe(401);
    await third.close();
  });

  it("outlives a change of the client secret, and new ones are made again once the server has it", async () => {
    const url = `http://127.0.0.1:${spare}`;
    const status = async (visitor: Visitor) => (await ask(visitor, { origin: url }, url)).status;
    const providerWith = async (secret: string, port = 0) => {
      const other = await startProvider([url], port, secret);
      other.accounts.set("bob", { email: "bob@example.com", email_verified: true, groups: ["staff"] });
      return other;
    };
    const before = await providerWith("first-secret-of-the-client");
    const settings = { OIDC_ISSUER: before.issuer, OIDC_CLIENT_SECRET: "first-secret-of-the-client" };
    const first = await start(spare, settings);
    const visitor = new Visitor();
    await visitor.signIn(url, "bob");
    await before.close();
    const after = await providerWith("second-secret-of-the-client", Number(new URL(before.issuer).port));
    const late = new Visitor();
    await late.signIn(url, "bob");
    expect([await status(visitor), await status(late)]).toEqual([200, 401]);
    await first.close();
    const second = await start(spare, { ...settings, OIDC_CLIENT_SECRET: "second-secret-of-the-client" });
    await late.signIn(url, "bob");
    expect([await status(visitor), await status(late)]).toEqual([200, 200]);
    await second.close();
    await after.close();
  });
});

describe("a page of another site", () => {
  it("cannot use the session of a visitor: what could change something must come from our own page", async () => {
    const visitor = new Visitor();
    await visitor.signIn(server.url, "ann");
    expect((await ask(visitor, { origin: "https://evil.example" })).status).toBe(403);
    expect((await ask(visitor, { origin: "null" })).status).toBe(403);
    expect((await ask(visitor, {})).status).toBe(403);
    expect((await ask(visitor, { "sec-fetch-site": "same-site" })).status).toBe(403);
    expect((await ask(visitor, { "sec-fetch-site": "same-origin" })).status).toBe(200);
    const signOut = { method: "POST", headers: { origin: "https://evil.example" } };
    expect((await visitor.send(`${server.url}/sign-out`, signOut)).status).toBe(403);
    expect((await ask(visitor)).status).toBe(200);
  });

  it("cannot send a query as a form or as text", async () => {
    const visitor = new Visitor();
    await visitor.signIn(server.url, "ann");
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]) {
      const response = await visitor.send(`${server.url}/graphql`, {
        method: "POST",
        headers: { "content-type": type, origin: server.url },
        body: QUERY,
      });
      expect(response.status).toBe(415);
    }
    expect((await visitor.send(`${server.url}/graphql?query={assessments{totalCount}}`)).status).toBeGreaterThan(399);
  });
});

it("lets nobody set whose accounts they read", async () => {
  const visitor = new Visitor();
  await visitor.signIn(server.url, "bob");
  for (const headers of [
    { "a2o.user": "ann@example.com" },
    { "x-forwarded-user": "ann@example.com" },
    { "x-user": "ann@example.com", role: "a2o_operator" },
  ]) {
    const { body } = await ask(visitor, { origin: server.url, ...headers });
    expect(body.data.currentAccess).toEqual({ userName: "bob@example.com", roleName: "a2o_reader", accounts: [] });
  }
});

it("writes no secret into its log: no key, code, token, cookie or password", async () => {
  const visitor = new Visitor();
  await visitor.signIn(server.url, "ann");
  await visitor.send(`${server.url}/session?token=canary-query`, { headers: { "x-api-key": "canary-header" } });
  await visitor.send(`${server.url}/session`, { headers: { authorization: "Bearer canary-bearer" } });
  const whole = log.join("\n");
  expect(whole).toContain("/sign-in/callback");
  const codes = visitor.visited.flatMap(address => new URL(address).searchParams.getAll("code"));
  expect(codes).toHaveLength(1);
  const secrets = [...codes, sessionCookie(visitor).value, new URL(database.url).password, CLIENT.secret, SESSION_KEY];
  for (const secret of [...secrets, "canary-query", "canary-header", "canary-bearer"]) {
    expect(whole).not.toContain(secret);
  }
});
