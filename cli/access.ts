import { withClient } from "../postgres/connect.ts";

/** Member whose rights the dashboard has on loopback, where nobody signs in. */
export const LOCAL_USER = "local";

/**
 * Who may read every account from the first start on, unless that was revoked since: on the embedded database, and on one
 * that a person runs the dashboard on alone, everything is theirs.
 */
export async function grantFirstAccess(ownerUrl: string, ...members: string[]): Promise<void> {
  await withClient(ownerUrl, { purpose: "access", role: "a2o_owner" }, async client => {
    for (const member of members) await client.query("select a2o.grant_account_access_once($1, '*')", [member]);
  });
}

/** On the embedded database everything belongs to the person at this machine: the page and Claude may read every account. */
export function grantEmbeddedAccess(superuserUrl: string): Promise<void> {
  return grantFirstAccess(superuserUrl, LOCAL_USER, "a2o_mcp");
}
