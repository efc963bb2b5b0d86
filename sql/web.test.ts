import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../test/database.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

describe("sessions of the web server", () => {
  it("are ended and known to be ended, and forgotten when their cookie would have ended", async () => {
    await db.as("a2o_authenticator", async ({ query }) => {
      const isEnded = async (id: string) =>
        (await query<{ ended: boolean }>("select a2o_private.is_web_session_ended($1) as ended", [id]))[0]?.ended;
      await query("select a2o_private.end_web_session('old', now() - interval '1 second')");
      expect(await isEnded("old")).toBe(true);
      await query("select a2o_private.end_web_session('new', now() + interval '1 hour')");
      expect([await isEnded("new"), await isEnded("old"), await isEnded("other")]).toEqual([true, false, false]);
      await query("select a2o_private.end_web_session('new', now() + interval '1 hour')");
    });
  });

  it("are nothing that a user, or anybody but the web server, may ask or end", async () => {
    for (const role of ["a2o_reader", "a2o_operator", "a2o_ingest", "a2o_worker", "a2o_mcp"]) {
      await db.as(role, async ({ query }) => {
        await expect(query("select a2o_private.end_web_session('x', now())")).rejects.toThrow("permission denied");
        await expect(query("select a2o_private.is_web_session_ended('x')")).rejects.toThrow("permission denied");
      });
    }
    await db.as("a2o_authenticator", async ({ query }) => {
      await expect(query("select from a2o_private.ended_web_sessions")).rejects.toThrow("permission denied");
    });
  });
});

describe("granting once", () => {
  it("gives the first time only, so that what was revoked stays revoked", async () => {
    await db.as("a2o_owner", async ({ query }) => {
      const once = "select a2o.grant_account_access_once('local', '*') as given";
      const grants = "select from a2o.account_access where member = 'local'";
      expect(await query(once)).toEqual([{ given: true }]);
      expect(await query(grants)).toHaveLength(1);
      expect(await query(once)).toEqual([{ given: false }]);
      await query("select a2o.revoke_account_access('local', '*')");
      expect(await query(once)).toEqual([{ given: false }]);
      expect(await query(grants)).toEqual([]);
      await expect(query("select a2o.grant_account_access_once('local', 'x')")).rejects.toMatchObject({
        code: "A2O05",
      });
    });
  });

  it("is for the owner only", async () => {
    for (const role of ["a2o_reader", "a2o_operator", "a2o_ingest", "a2o_worker", "a2o_authenticator"]) {
      await db.as(role, async ({ query }) => {
        await expect(query("select a2o.grant_account_access_once('me', '*')")).rejects.toThrow("permission denied");
      });
    }
  });
});
