import { Client } from "pg";
import { scramVerifier } from "./scram.ts";
import { errorCode } from "./user-error.ts";

/** The roles that programs log in as, one for each kind of program; migrations create them without a password. */
export const LOGIN_ROLES = ["a2o_authenticator", "a2o_mcp", "a2o_worker", "a2o_ingest", "a2o_metrics"] as const;
export type LoginRole = (typeof LOGIN_ROLES)[number];

/** Those that the embedded server and tests use: whoever has the superuser's URL needs no other. */
export type LoginPasswords = Record<"a2o_authenticator" | "a2o_mcp", string>;

const LOGINS_LOCK = 20_253;

/** Sees to it that the login behind each URL works, as it does not before the first migration or after passwords were lost. */
export async function ensureLogins(superuserUrl: string, passwords: LoginPasswords, urls: string[]): Promise<void> {
  const work = await Promise.all(urls.map(canLogIn));
  if (work.includes(false)) await setLoginPasswords(superuserUrl, passwords);
}

async function canLogIn(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    return true;
  } catch (error) {
    if (errorCode(error) === "28P01" || errorCode(error) === "28000") return false;
    throw error;
  } finally {
    await client.end();
  }
}

/**
 * Lets the given roles log in with these passwords, all of them or none; roles that do not exist are passed over. Only what
 * PostgreSQL keeps of a password is sent, so none can get into the server's log.
 *
 * @param adminUrl a superuser, or who made the roles (CREATEROLE)
 * @returns the roles that can log in with their password now
 */
export async function setLoginPasswords(
  adminUrl: string,
  passwords: Partial<Record<LoginRole, string>>,
): Promise<LoginRole[]> {
  const client = new Client({ connectionString: adminUrl, application_name: "aws2openstack logins" });
  client.on("error", () => undefined);
  await client.connect();
  try {
    await client.query("begin");
    // Two at once would fail with "tuple concurrently updated".
    await client.query("select pg_advisory_xact_lock($1)", [LOGINS_LOCK]);
    const done: LoginRole[] = [];
    for (const role of LOGIN_ROLES) {
      const password = passwords[role];
      if (password === undefined) continue;
      const there = await client.query("select from pg_roles where rolname = $1", [role]);
      if (there.rowCount === 0) continue;
      await client.query(`alter role ${role} login password ${client.escapeLiteral(scramVerifier(password))}`);
      done.push(role);
    }
    await client.query("commit");
    return done;
  } finally {
    await client.end();
  }
}
