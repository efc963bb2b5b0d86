import { randomBytes } from "node:crypto";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describeUrl, withClient } from "../postgres/connect.ts";
import { otherVersionError, stateSeenBy } from "../postgres/migrate.ts";
import { secretOf } from "../postgres/secret.ts";
import { errorCode, UserError } from "../postgres/user-error.ts";
import { readSettings, type WebSettings } from "../web/server/settings.ts";
import { UsageError } from "./common.ts";

export const DEFAULT_PORT = 8501;

export function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new UsageError(`--port must be a number from 1 to 65535, not ${text}.`, `e.g. --port ${DEFAULT_PORT}`);
  }
  return port;
}

/**
 * Login of the web server on a database of one's own: AUTHENTICATOR_DATABASE_URL, or a superuser's DATABASE_URL, who gives
 * itself up for it.
 */
export async function webLoginUrl(databaseUrl: string | undefined): Promise<string> {
  const url = secretOf("AUTHENTICATOR_DATABASE_URL");
  if (url !== undefined) return url;
  if (databaseUrl === undefined) {
    throw new UserError(
      "There is no database to serve.",
      "Set AUTHENTICATOR_DATABASE_URL=postgresql://a2o_authenticator:…@host:5432/aws2openstack; to try it with an embedded database: aws2openstack up",
    );
  }
  const isSuperuser = await withClient(databaseUrl, { purpose: "web" }, async client => {
    const { rows } = await client.query<{ super: boolean }>(
      "select rolsuper as super from pg_roles where rolname = session_user",
    );
    return rows[0]?.super === true;
  });
  if (isSuperuser) return databaseUrl;
  throw new UserError(
    "The web server needs a login of its own, a2o_authenticator.",
    "As an administrator: alter role a2o_authenticator login password '…'; then set AUTHENTICATOR_DATABASE_URL=postgresql://a2o_authenticator:…@host:5432/aws2openstack",
  );
}

/** @throws UserError when the database at `url` lacks migrations of this version, or has those of a newer one */
export async function checkMigrated(url: string, role?: "a2o_worker"): Promise<void> {
  const purpose = role === undefined ? "web" : "worker";
  const state = await withClient(url, { purpose, ...(role && { role }) }, client => stateSeenBy(client)).catch(
    error => {
      // No such schema or table, or none that this login may see: another version migrated it, or nobody.
      if (["3F000", "42P01", "42501"].includes(errorCode(error) ?? "")) return undefined;
      throw error;
    },
  );
  const otherVersion = state && otherVersionError(state);
  if (otherVersion !== undefined) throw otherVersion;
  if (state?.pending.length === 0) return;
  throw new UserError(
    `${describeUrl(url)} lacks ${state?.pending.join(", ") ?? "every migration"} of this version.`,
    "Run `aws2openstack db migrate` with DATABASE_URL of its owner.",
  );
}

/** Settings of the environment; with the embedded database, the key of sessions is made once and kept beside it. */
export async function webSettings(
  embeddedHome: string | undefined,
  environment: Record<string, string | undefined> = process.env,
): Promise<WebSettings> {
  const settings = readSettings(environment);
  const { signIn } = settings;
  if (embeddedHome === undefined || signIn === null || signIn.sessionKeys.length > 0) return settings;
  return { ...settings, signIn: { ...signIn, sessionKeys: [await keptKey(join(embeddedHome, "session.key"))] } };
}

async function keptKey(file: string): Promise<string> {
  const made = randomBytes(32).toString("base64");
  try {
    await writeFile(file, `${made}\n`, { flag: "wx", mode: 0o600 });
    await chmod(file, 0o600);
    return made;
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
    return (await readFile(file, "utf8")).trim();
  }
}

interface LogLine {
  level: string;
  msg: string;
  reference?: string;
  reqId?: string;
  err?: { message: string };
}

/** A line of the web server's log as a person reads it: "web: GraphQL failed (reference …): division by zero". */
export function readableLine(line: string): string {
  const { msg, reference, reqId, err }: LogLine = JSON.parse(line);
  const known = reference ?? reqId;
  return `web: ${msg}${known === undefined ? "" : ` (reference ${known})`}${err === undefined ? "" : `: ${err.message}`}`;
}
