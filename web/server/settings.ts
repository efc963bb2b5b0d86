import proxyAddress from "@fastify/proxy-addr";
import { secretOf } from "../../postgres/secret.ts";
import { UserError } from "../../postgres/user-error.ts";
import { isLoopback } from "../../worker/operations/access.ts";

/** What the environment says about the web server, parsed once. */
export interface WebSettings {
  /** Address that browsers use, when it is not http://127.0.0.1:PORT. Its host is the one the server answers to. */
  publicUrl: URL | null;
  /** Null: nobody signs in. */
  signIn: SignInSettings | null;
  /** Addresses and CIDR ranges whose X-Forwarded-* headers, and sign-in header if there is one, are believed. */
  trustedProxies: string[];
  /** Bearer token of /metrics; without one only this machine may read it. */
  metricsToken: string | null;
  logLevel: LogLevel;
  /** Requests a minute that one user may send. */
  requestsPerMinute: number;
  /** Streaming replica that answers questions; null: the primary answers everything. */
  readDatabaseUrl: string | null;
  /** For the connection that listens, where the others go through PgBouncer; null: like the others. */
  listenDatabaseUrl: string | null;
  /** A replica further behind than this answers nothing. */
  maxLagSeconds: number;
}

export interface SignInSettings {
  /** Issuer of OpenID Connect, whose keys sign the tokens. */
  provider: { issuer: URL; userClaim: string; groupsClaim: string } | null;
  /** Sign-in by browsers at the provider. */
  browser: { clientId: string; clientSecret: string | null; scopes: string; name: string } | null;
  /** Audience that a bearer token must name; null: no bearer tokens. */
  audience: string | null;
  /** Headers (in lower case) by which a trusted proxy names the user and their groups. */
  proxy: { userHeader: string; groupsHeader: string | null } | null;
  /** Groups that make an operator. */
  operatorGroups: string[];
  /** Groups one of which is needed to be let in; empty: everybody who signs in. */
  readerGroups: string[];
  /** What sessions are encrypted with: the first one encrypts, each decrypts. */
  sessionKeys: string[];
  sessionSeconds: number;
}

const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const defaultSettings: WebSettings = {
  publicUrl: null,
  signIn: null,
  trustedProxies: [],
  metricsToken: null,
  logLevel: "info",
  requestsPerMinute: 1200,
  readDatabaseUrl: null,
  listenDatabaseUrl: null,
  maxLagSeconds: 5,
};

type Environment = Record<string, string | undefined>;

/**
 * Every secret may also come from the file that the variable with `_FILE` after its name gives.
 * @throws UserError naming the variable that is wrong
 */
export function readSettings(environment: Environment): WebSettings {
  const signIn = readSignIn(environment);
  const publicUrl = urlOf("PUBLIC_URL", environment);
  if (publicUrl !== null && (publicUrl.pathname !== "/" || publicUrl.search !== "" || publicUrl.hash !== "")) {
    throw new UserError("PUBLIC_URL must not have a path.", "e.g. PUBLIC_URL=https://migrate.example.com");
  }
  const trustedProxies = listOf("TRUSTED_PROXIES", environment);
  if (signIn !== null && publicUrl === null) {
    throw new UserError(
      "Signing in needs PUBLIC_URL, the address that browsers use.",
      "e.g. PUBLIC_URL=https://migrate.example.com",
    );
  }
  if (signIn !== null && signIn.proxy !== null && trustedProxies.length === 0) {
    throw new UserError(
      "PROXY_USER_HEADER needs TRUSTED_PROXIES, the addresses whose header is believed.",
      "e.g. TRUSTED_PROXIES=10.1.2.3,10.4.0.0/16",
    );
  }
  checkAddresses(trustedProxies);
  const logLevel = textOf("LOG_LEVEL", environment) ?? defaultSettings.logLevel;
  const level = LOG_LEVELS.find(known => known === logLevel);
  if (level === undefined) {
    throw new UserError(`LOG_LEVEL cannot be ${logLevel}.`, `It is one of ${LOG_LEVELS.join(", ")}.`);
  }
  return {
    publicUrl,
    signIn,
    trustedProxies,
    metricsToken: secretOf("METRICS_TOKEN", environment) ?? null,
    logLevel: level,
    requestsPerMinute: numberOf("REQUESTS_PER_MINUTE", environment, defaultSettings.requestsPerMinute),
    readDatabaseUrl: databaseUrlOf("READ_DATABASE_URL", environment),
    listenDatabaseUrl: databaseUrlOf("LISTEN_DATABASE_URL", environment),
    maxLagSeconds: numberOf("READ_MAX_LAG_SECONDS", environment, defaultSettings.maxLagSeconds),
  };
}

function checkAddresses(addresses: string[]): void {
  try {
    proxyAddress.compile(addresses);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`TRUSTED_PROXIES: ${reason}.`, "e.g. TRUSTED_PROXIES=10.1.2.3,10.4.0.0/16", { cause: error });
  }
}

function readSignIn(environment: Environment): SignInSettings | null {
  const issuer = urlOf("OIDC_ISSUER", environment);
  const clientId = textOf("OIDC_CLIENT_ID", environment);
  const audience = textOf("OIDC_AUDIENCE", environment);
  const userHeader = textOf("PROXY_USER_HEADER", environment)?.toLowerCase();
  if (issuer === null && userHeader === undefined) {
    const stray = ["OIDC_CLIENT_ID", "OIDC_AUDIENCE"].find(name => textOf(name, environment) !== undefined);
    if (stray !== undefined) {
      throw new UserError(`${stray} is set, but OIDC_ISSUER is not.`, "Set OIDC_ISSUER to the provider's issuer URL.");
    }
    return null;
  }
  if (issuer !== null && clientId === undefined && audience === undefined) {
    throw new UserError(
      "OIDC_ISSUER is set, but neither OIDC_CLIENT_ID (for browsers) nor OIDC_AUDIENCE (for bearer tokens).",
      "Register the server at the provider and set OIDC_CLIENT_ID and OIDC_CLIENT_SECRET.",
    );
  }
  if (issuer !== null && issuer.protocol !== "https:" && !isLoopback(issuer.hostname)) {
    throw new UserError("OIDC_ISSUER must be https.", "Only a provider on this machine may be http.");
  }
  const sessionKeys = (secretOf("SESSION_KEY", environment) ?? "")
    .split(",")
    .map(key => key.trim())
    .filter(key => key !== "");
  if (sessionKeys.some(key => key.length < 32)) {
    throw new UserError("SESSION_KEY is too short.", "Make one with: openssl rand -base64 32");
  }
  return {
    provider:
      issuer === null
        ? null
        : {
            issuer,
            userClaim: textOf("OIDC_USER_CLAIM", environment) ?? "email",
            groupsClaim: textOf("OIDC_GROUPS_CLAIM", environment) ?? "groups",
          },
    browser:
      issuer === null || clientId === undefined
        ? null
        : {
            clientId,
            clientSecret: secretOf("OIDC_CLIENT_SECRET", environment) ?? null,
            scopes: textOf("OIDC_SCOPES", environment) ?? "openid email profile",
            name: textOf("OIDC_NAME", environment) ?? issuer.host,
          },
    audience: audience ?? null,
    proxy:
      userHeader === undefined
        ? null
        : { userHeader, groupsHeader: textOf("PROXY_GROUPS_HEADER", environment)?.toLowerCase() ?? null },
    operatorGroups: listOf("OPERATOR_GROUPS", environment),
    readerGroups: listOf("READER_GROUPS", environment),
    sessionKeys,
    sessionSeconds: numberOf("SESSION_HOURS", environment, 8) * 3600,
  };
}

function textOf(name: string, environment: Environment): string | undefined {
  const value = environment[name]?.trim();
  return value === "" ? undefined : value;
}

function listOf(name: string, environment: Environment): string[] {
  return (textOf(name, environment) ?? "")
    .split(",")
    .map(item => item.trim())
    .filter(item => item !== "");
}

function urlOf(name: string, environment: Environment): URL | null {
  const value = textOf(name, environment);
  if (value === undefined) return null;
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null || !["http:", "https:"].includes(url.protocol)) {
    throw new UserError(
      `${name} is not a URL.`,
      `e.g. ${name}=https://${name.toLowerCase().split("_")[0]}.example.com`,
    );
  }
  return url;
}

function databaseUrlOf(name: string, environment: Environment): string | null {
  const value = secretOf(name, environment)?.trim();
  if (value === undefined || value === "") return null;
  if (!/^postgres(ql)?:\/\//.test(value) || !URL.canParse(value)) {
    throw new UserError(
      `${name} is not the URL of a PostgreSQL database.`,
      `e.g. ${name}=postgresql://a2o_authenticator:…@host:5432/aws2openstack; escape special characters of the password (%40 for @).`,
    );
  }
  return value;
}

function numberOf(name: string, environment: Environment, otherwise: number): number {
  const value = textOf(name, environment);
  if (value === undefined) return otherwise;
  const number = Number(value);
  if (!Number.isFinite(number) || number <= 0) {
    throw new UserError(`${name} must be a number above 0, not ${value}.`, `e.g. ${name}=${otherwise}`);
  }
  return number;
}
