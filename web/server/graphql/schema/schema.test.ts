import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { packageRoot } from "../../../../postgres/package-root.ts";
import { renderSchema } from "../../../../scripts/graphql-schema.ts";
import { createTestDatabase, type TestDatabase } from "../../../../test/database.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

it("web/server/schema.graphql is what the database gives", async () => {
  const tracked = await readFile(join(packageRoot, "web/server/schema.graphql"), "utf8");
  expect(await renderSchema(db.urlFor("a2o_authenticator")), "run npm run graphql:schema").toBe(tracked);
});

it("a function that operators may execute is a mutation, and a stable one for readers a question, without a word of TypeScript", async () => {
  await db.as("a2o_owner", async ({ client }) => {
    await client.query(`
      create function a2o.rename_account(account_id text, name text, note text default null) returns a2o.accounts
        language sql volatile return null::a2o.accounts;
      create function a2o.count_accounts() returns integer language sql stable return 1;
      create function a2o.kept_from_everybody() returns integer language sql volatile return 1;
      create function a2o.kept_for_ingest() returns integer language sql volatile return 1;
      create function a2o.kept_out() returns integer language sql volatile return 1;
      comment on function a2o.rename_account is 'Names an account.';
      comment on function a2o.kept_out is '@behavior -*';
      grant execute on function a2o.rename_account to a2o_operator;
      grant execute on function a2o.kept_out to a2o_operator;
      grant execute on function a2o.count_accounts to a2o_reader;
      grant execute on function a2o.kept_for_ingest to a2o_ingest;
      commit`);
  });
  const after = await renderSchema(db.urlFor("a2o_authenticator"));
  const typed = (name: string) => new RegExp(`(type|input) ${name} \\{(?:(?!\\n\\})[^])*`).exec(after)?.[0] ?? "";
  expect(typed("Mutation")).toContain('"""Names an account."""\n  renameAccount(');
  expect(typed("RenameAccountInput")).toMatch(/accountId: String!.*name: String!.*note: String$/s);
  expect(typed("RenameAccountPayload")).toContain("result: Account");
  expect(typed("Query")).toContain("countAccounts: Int");
  expect(after).not.toMatch(/kept(From|For|Out)/);
});
