import { Client } from "pg";

/** The roles that programs log in as; migrations create them without a password. */
export type LoginRole = "a2o_authenticator" | "a2o_mcp";

/** Lets the given roles log in with these passwords. Roles that do not exist are passed over. */
export async function setLoginPasswords(superuserUrl: string, passwords: Record<LoginRole, string>): Promise<void> {
  const client = new Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    await client.query("begin");
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
