import { withClient } from "../postgres/connect.ts";

/** Member whose rights the dashboard has on loopback, where nobody signs in. */
export const LOCAL_USER = "local";

/** On the embedded database everything belongs to the person at this machine: the page and Claude may read every account. */
export async function grantEmbeddedAccess(superuserUrl: string): Promise<void> {
  await withClient(superuserUrl, { purpose: "access", role: "a2o_owner" }, async client => {
    for (const member of [LOCAL_USER, "a2o_mcp"])
      await client.query("select a2o.grant_account_access($1, '*')", [member]);
  });
}
