import type { JWTPayload } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../../../postgres/throwaway.ts";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";
import { startWebServer, type WebServer } from "../server.ts";
import { readSettings } from "../settings.ts";
import { startProvider, type TestProvider } from "./testing.ts";

const AUDIENCE = "https://migrate.example.com/api";

let database: TestDatabase;
let provider: TestProvider;
let other: TestProvider;
const servers: WebServer[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  provider = await startProvider([]);
  other = await startProvider([]);
});
afterAll(async () => {
  for (const server of servers) await server.close();
  await other?.close();
  await provider?.close();
  await database?.drop();
});

async function start(environment: Record<string, string>, log: (line: string) => void = () => undefined) {
  const port = await freePort();
  const settings = readSettings({ PUBLIC_URL: `http://127.0.0.1:${port}`, OPERATOR_GROUPS: "movers", ...environment });
  const databaseUrl = database.urlFor("a2o_authenticator");
  const server = await startWebServer({ ...settings, databaseUrl, port, log });
  servers.push(server);
  return server;
}

async function whoami(server: WebServer, headers: Record<string, string> | [string, string][]) {
  const response = await fetch(`${server.url}/session`, { headers });
  return response.status === 200 ? JSON.parse(await response.text()) : response.status;
}

describe("a bearer token", () => {
  let server: WebServer;
  const now = () => Math.floor(Date.now() / 1000);
  const good = (): JWTPayload => ({
    iss: provider.issuer,
    aud: AUDIENCE,
    sub: "ann",
    roles: { of: ["movers"] },
    iat: now(),
    exp: now() + 60,
  });

  beforeAll(async () => {
    server = await start({
      OIDC_ISSUER: provider.issuer,
      OIDC_AUDIENCE: AUDIENCE,
      OIDC_USER_CLAIM: "sub",
      OIDC_GROUPS_CLAIM: "roles.of",
    });
  });
  const withToken = (token: string) => whoami(server, { authorization: `Bearer ${token}` });

  it("that the provider issued for us signs in", async () => {
    expect(await withToken(await provider.programToken(AUDIENCE))).toMatchObject({
      user: "program",
      role: "a2o_reader",
      signIn: "bearer",
      signOutUrl: null,
    });
  });

  it("names the user, and the role by a claim within a claim", async () => {
    expect(await withToken(await provider.sign(good()))).toMatchObject({ user: "ann", role: "a2o_operator" });
  });

  it("works for GraphQL without an origin, since no browser sends it by itself", async () => {
    const response = await fetch(`${server.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${await provider.sign(good())}` },
      body: JSON.stringify({ query: "{ currentAccess { userName roleName } }" }),
    });
    expect(await response.json()).toEqual({ data: { currentAccess: { userName: "ann", roleName: "a2o_operator" } } });
  });

  it("for another audience, of another issuer, expired, not yet valid, or without an end is refused", async () => {
    const { aud: _aud, ...forNobody } = good();
    const { exp: _exp, ...endless } = good();
    for (const wrong of [
      { ...good(), aud: "https://other.example.com" },
      forNobody,
      endless,
      { ...good(), iss: other.issuer },
      { ...good(), exp: now() - 60 },
      { ...good(), nbf: now() + 600 },
    ]) {
      expect(await withToken(await provider.sign(wrong))).toBe(401);
    }
    expect(await withToken(await provider.programToken("https://other.example.com"))).toBe(401);
  });

  it("with the signature of another, without one, or changed is refused", async () => {
    expect(await withToken(await other.sign(good()))).toBe(401);
    const [head = "", body = "", signature = ""] = (await provider.sign(good())).split(".");
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    expect(await withToken(`${encode({ alg: "none" })}.${body}.`)).toBe(401);
    expect(await withToken(`${head}.${encode({ ...good(), sub: "bob" })}.${signature}`)).toBe(401);
    expect(await withToken("nonsense")).toBe(401);
  });

  it("for a name that means one of our own logins is refused", async () => {
    for (const sub of ["local", "a2o_mcp", "A2O_owner", "*", "ann,bob", ""]) {
      expect(await withToken(await provider.sign({ ...good(), sub }))).toBe(401);
    }
  });

  it("is asked for, and there is no page to sign in", async () => {
    const response = await fetch(`${server.url}/session`);
    expect(response.headers.get("www-authenticate")).toBe('Bearer realm="aws2openstack"');
    expect(await response.json()).toEqual({ error: "not signed in", signInUrl: null });
  });
});

it("says that the provider cannot be reached, and takes its tokens once it can", async () => {
  const early = await startProvider([]);
  await early.close();
  const server = await start({ OIDC_ISSUER: early.issuer, OIDC_AUDIENCE: AUDIENCE, OIDC_USER_CLAIM: "sub" });
  const response = await fetch(`${server.url}/session`, { headers: { authorization: "Bearer x" } });
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ error: "The sign-in provider cannot be reached." });
  const late = await startProvider([], Number(new URL(early.issuer).port));
  try {
    const authorization = `Bearer ${await late.programToken(AUDIENCE)}`;
    expect(await whoami(server, { authorization })).toMatchObject({ user: "program" });
  } finally {
    await late.close();
  }
});

describe("the header of a proxy", () => {
  const PROXY = { PROXY_USER_HEADER: "X-Forwarded-User", PROXY_GROUPS_HEADER: "X-Forwarded-Groups" };

  let server: WebServer;
  beforeAll(async () => {
    server = await start({ ...PROXY, TRUSTED_PROXIES: "127.0.0.0/8" });
  });

  it("signs in when it comes from the proxy's address", async () => {
    expect(
      await whoami(server, { "x-forwarded-user": "ann@example.com", "x-forwarded-groups": "staff, movers" }),
    ).toMatchObject({ user: "ann@example.com", role: "a2o_operator", signIn: "proxy" });
    expect(await whoami(server, { "x-forwarded-user": "bob" })).toMatchObject({ role: "a2o_reader" });
    expect(await whoami(server, {})).toBe(401);
  });

  it("is ignored from any other address, whatever that address claims to be", async () => {
    const elsewhere = await start({ ...PROXY, TRUSTED_PROXIES: "10.0.0.0/8" });
    expect(await whoami(elsewhere, { "x-forwarded-user": "ann" })).toBe(401);
    expect(await whoami(elsewhere, { "x-forwarded-user": "ann", "x-forwarded-for": "10.0.0.1" })).toBe(401);
  });

  it("is refused when it came twice, or names nobody", async () => {
    expect(
      await whoami(server, [
        ["x-forwarded-user", "ann"],
        ["x-forwarded-user", "root"],
      ]),
    ).toBe(401);
    expect(await whoami(server, { "x-forwarded-user": "" })).toBe(401);
    expect(await whoami(server, { "x-forwarded-user": "local" })).toBe(401);
  });

  it("does not let a page of another site act in the user's name", async () => {
    const post = (headers: Record<string, string>) =>
      fetch(`${server.url}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-forwarded-user": "ann", ...headers },
        body: JSON.stringify({ query: "{ currentAccess { userName } }" }),
      }).then(response => response.status);
    expect(await post({ origin: "https://evil.example" })).toBe(403);
    expect(await post({})).toBe(403);
    expect(await post({ origin: server.url })).toBe(200);
  });
});
