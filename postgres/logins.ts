import { Client } from "pg";
import { errorCode } from "./user-error.ts";

/** The roles that programs log in as; migrations create them without a password. */
export type LoginRole = "a2o_authenticator" | "a2o_mcp";

const LOGINS_LOCK = 20_253;

/** Sees to it that the login behind each URL works, as it does not before the first migration or after passwords were lost. */
export async function ensureLogins(
  superuserUrl: string,
  passwords: Record<LoginRole, string>,
  urls: string[],
): Promise<void> {
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

/** Lets the given roles log in with these passwords. Roles that do not exist are passed over. */
export async function setLoginPasswords(superuserUrl: string, passwords: Record<LoginRole, string>): Promise<void> {
  const client = new Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    await client.query("begin");
    // Two at once would fail with "tuple concurrently updated".
    await client.query("select pg_advisory_xact_lock($1)", [LOGINS_LOCK]);
    // A failing statement would be logged with the password in it.
    await client.query("set local log_min_error_statement = panic");
    for (const role of ["a2o_authenticator", "a2o_mcp"] as const) {
      const there = await client.query("select from pg_roles where rolname = $1", [role]);
      if (there.rowCount === 0) continue;
      await client.query(`alter role ${role} login password ${client.escapeLiteral(passwords[role])}`);
    }
    await client.query("commit");
  } finally {
    await client.end();
  }
}
