import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../test/database.ts";
import { storeExample } from "../test/example-assessment.ts";

const OURS = "111111111111";
const THEIRS = "222222222222";

let db: TestDatabase;
let listener: Client;
const heard: string[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  // A login without any right can listen, so what it hears must tell nothing.
  listener = new Client({ connectionString: db.urlFor(await db.createLogin()) });
  await listener.connect();
  await listener.query("listen a2o");
  listener.on("notification", ({ payload }) => heard.push(payload ?? ""));
});
afterAll(async () => {
  await listener.end();
  await db.drop();
});

/** What was announced until now: whatever was committed is delivered before the answer to a later query. */
async function announced(): Promise<{ kind: string; account: string; id: string | null; at: string }[]> {
  await listener.query("select");
  return heard.splice(0).map(payload => JSON.parse(payload));
}

describe("an assessment", () => {
  it("is announced once when it comes, is judged again, and goes, without a word about its account", async () => {
    const id = await storeExample(db, { awsAccountId: OURS, region: "eu-central-1" });
    const came = await announced();
    expect(came).toEqual([{ kind: "ASSESSMENT", account: expect.any(String), id, at: expect.any(String) }]);
    expect(JSON.stringify(came)).not.toContain(OURS);
    expect(Number.isNaN(Date.parse(came[0]?.at ?? ""))).toBe(false);

    await db.query("select a2o.rescore($1)", [id]);
    expect((await announced()).map(event => event.id)).toEqual([id]);
    await db.query("delete from a2o.assessments where id = $1", [id]);
    expect(await announced()).toEqual([{ ...came[0], at: expect.any(String) }]);
  });

  it("is not announced when it is not stored", async () => {
    const id = await storeExample(db, { awsAccountId: OURS, region: "eu-north-1" });
    await announced();
    await db.as("a2o_owner", async ({ query }) => {
      await query("delete from a2o.assessments where id = $1", [id]);
    });
    expect(await announced()).toEqual([]);
  });

  it("is not named when more than a hundred of an account change at once, the only one of another account is", async () => {
    const theirs = await storeExample(db, { awsAccountId: THEIRS, region: "eu-central-1" });
    await db.query(
      `insert into a2o.assessments (timestamp, region, aws_account_id, tool_version, total_databases, total_tables, iceberg_tables,
         migration_ready, needs_conversion, unknown, sized_tables, databases_complete, origin, content_hash)
       select now() - n * interval '1 day', 'eu-west-3', $1, '1', 0, 0, 0, 0, 0, 0, 0, 0, 'REPORT', sha256(n::text::bytea)
       from generate_series(1, 101) as n`,
      [OURS],
    );
    await announced();
    await db.query("update a2o.assessments set tool_version = '2' where region = 'eu-west-3' or id = $1", [theirs]);
    const told = await announced();
    expect(told.map(event => event.id).sort()).toEqual([theirs, null].sort());
    expect(new Set(told.map(event => event.account)).size).toBe(2);
  });
});

describe("announcing", () => {
  it("refuses a kind that does not exist, and says nothing of an account that does not", async () => {
    await expect(db.query("select a2o_private.announce('gossip', $1, null)", [OURS])).rejects.toThrow("GOSSIP");
    await db.query("select a2o_private.announce('job', '999999999999', gen_random_uuid())");
    expect(await announced()).toEqual([]);
  });

  it("is refused to every role but the owner", async () => {
    for (const role of ["a2o_reader", "a2o_operator", "a2o_mcp", "a2o_ingest", "a2o_worker", "a2o_authenticator"]) {
      await db.as(role, async ({ query }) => {
        await expect(query("select a2o_private.announce('JOB', $1, null)", [OURS]), role).rejects.toMatchObject({
          code: "42501",
        });
      });
    }
  });
});

describe("watchers", () => {
  const ask = (role: string, announced: unknown[], members: string[]) =>
    db.as(role, ({ query }) =>
      query<{ aws_account_id: string; watching: string[] }>(
        "select aws_account_id, watching from a2o_private.watchers($1, $2) order by 1",
        [announced, members],
      ),
    );

  it("are who may read the account, and nothing is told of accounts that none of them may read", async () => {
    await db.query(
      "select a2o.grant_account_access('ann', $1), a2o.grant_account_access('boss', '*'), a2o.grant_account_access('zoe', $2)",
      [OURS, THEIRS],
    );
    const keys = (await db.query<{ key: string }>("select announced_as as key from a2o.accounts")).map(
      ({ key }) => key,
    );
    expect(await ask("a2o_authenticator", keys, ["ann", "boss", "nobody"])).toEqual([
      { aws_account_id: OURS, watching: ["ann", "boss"] },
      { aws_account_id: THEIRS, watching: ["boss"] },
    ]);
    expect(await ask("a2o_authenticator", keys, ["ann"])).toEqual([{ aws_account_id: OURS, watching: ["ann"] }]);
  });

  it("are told to nobody but the web server", async () => {
    for (const role of ["a2o_reader", "a2o_operator", "a2o_mcp", "a2o_ingest", "a2o_worker"]) {
      await expect(ask(role, [], ["ann"]), role).rejects.toMatchObject({ code: "42501" });
    }
  });
});
