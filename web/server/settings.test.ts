import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readSettings } from "./settings.ts";

const OIDC = {
  PUBLIC_URL: "https://migrate.example.com",
  OIDC_ISSUER: "https://login.example.com/realm",
  OIDC_CLIENT_ID: "dashboard",
};

describe("the environment of the web server", () => {
  it("asks nobody to sign in when it says nothing", () => {
    expect(readSettings({ OIDC_ISSUER: "", PUBLIC_URL: " " })).toMatchObject({ signIn: null, publicUrl: null });
  });

  it("names a replica and a way past PgBouncer, or none", () => {
    expect(readSettings({})).toMatchObject({ readDatabaseUrl: null, listenDatabaseUrl: null, maxLagSeconds: 5 });
    const url = "postgresql://a2o_authenticator:x@replica:5432/aws2openstack";
    expect(
      readSettings({ READ_DATABASE_URL: url, LISTEN_DATABASE_URL: url, READ_MAX_LAG_SECONDS: "0.5" }),
    ).toMatchObject({ readDatabaseUrl: url, listenDatabaseUrl: url, maxLagSeconds: 0.5 });
    expect(() => readSettings({ READ_DATABASE_URL: "replica" })).toThrow("READ_DATABASE_URL is not the URL");
    expect(() => readSettings({ READ_MAX_LAG_SECONDS: "-1" })).toThrow("READ_MAX_LAG_SECONDS");
  });

  it("has what most providers need by default", () => {
    expect(readSettings(OIDC).signIn).toMatchObject({
      provider: { userClaim: "email", groupsClaim: "groups" },
      browser: { scopes: "openid email profile", name: "login.example.com", clientSecret: null },
      audience: null,
      operatorGroups: [],
      sessionSeconds: 28_800,
    });
  });

  it("gives each secret from a file, too, but not from both", async () => {
    const directory = await mkdtemp(join(tmpdir(), "a2o-settings-"));
    try {
      const file = join(directory, "secret");
      await writeFile(file, "  from the file 0123456789 0123456789\n");
      const files = { OIDC_CLIENT_SECRET_FILE: file, SESSION_KEY_FILE: file, METRICS_TOKEN_FILE: file };
      const read = readSettings({ ...OIDC, ...files });
      const secret = "from the file 0123456789 0123456789";
      expect(read).toMatchObject({ metricsToken: secret });
      expect(read.signIn).toMatchObject({ browser: { clientSecret: secret }, sessionKeys: [secret] });
      expect(() => readSettings({ METRICS_TOKEN: "x", METRICS_TOKEN_FILE: file })).toThrow("Both METRICS_TOKEN and");
      expect(() => readSettings({ METRICS_TOKEN_FILE: join(directory, "none") })).toThrow("METRICS_TOKEN_FILE cannot");
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it.each([
    [{ OIDC_CLIENT_ID: "x" }, "OIDC_ISSUER is not"],
    [{ ...OIDC, OIDC_CLIENT_ID: "" }, "neither OIDC_CLIENT_ID"],
    [{ ...OIDC, PUBLIC_URL: "" }, "needs PUBLIC_URL"],
    [{ ...OIDC, PUBLIC_URL: "https://example.com/path" }, "must not have a path"],
    [{ ...OIDC, PUBLIC_URL: "migrate.example.com" }, "PUBLIC_URL is not a URL"],
    [{ ...OIDC, OIDC_ISSUER: "http://login.example.com" }, "OIDC_ISSUER must be https"],
    [{ ...OIDC, SESSION_KEY: "short" }, "SESSION_KEY is too short"],
    [{ ...OIDC, SESSION_HOURS: "-1" }, "SESSION_HOURS must be a number above 0"],
    [{ PROXY_USER_HEADER: "x-user", PUBLIC_URL: OIDC.PUBLIC_URL }, "needs TRUSTED_PROXIES"],
    [{ TRUSTED_PROXIES: "everywhere" }, "TRUSTED_PROXIES"],
    [{ LOG_LEVEL: "loud" }, "LOG_LEVEL cannot be loud"],
    [{ REQUESTS_PER_MINUTE: "many" }, "REQUESTS_PER_MINUTE must be a number"],
  ])("is refused, naming the variable: %o", (environment, message) => {
    expect(() => readSettings(environment)).toThrow(message);
  });
});
