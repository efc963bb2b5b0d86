import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../test/database.ts";
import { storeExample } from "../test/example-assessment.ts";

const OURS = "111111111111";
const THEIRS = "222222222222";
const DENIED = { code: "42501" };

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await storeExample(db, { awsAccountId: OURS, region: "eu-west-1" });
  await storeExample(db, { awsAccountId: THEIRS, region: "eu-west-1" });
});
afterAll(() => db.drop());

/** As the command line does it: as the owner, in a session of its own. */
async function asOwner<T extends Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<T[]> {
  const client = new Client({ connectionString: db.url });
  await client.connect();
  try {
    await client.query("set role a2o_owner");
    return (await client.query<T>(sql, values)).rows;
  } finally {
    await client.end();
  }
}
const grant = (member: string, account: string) =>
  asOwner("select a2o.grant_account_access($1, $2)", [member, account]);
const revoke = async (member: string, account: string) =>
  (await asOwner<{ revoked: boolean }>("select a2o.revoke_account_access($1, $2) as revoked", [member, account]))[0]
    ?.revoked;

async function session(login: string) {
  const client = new Client({ connectionString: db.urlFor(login) });
  await client.connect();
  return client;
}
const accountsSeen = async (client: Client) =>
  (
    await client.query<{ account: string }>("select distinct aws_account_id as account from tables order by 1")
  ).rows.map(row => row.account);

describe("access to an account", () => {
  it("counts from the next statement on, and revoking it does too, in sessions and prepared statements that are open", async () => {
    const ann = await db.createLogin("a2o_reader");
    const client = await session(ann);
    const prepared = () => client.query({ name: "count", text: "select count(*)::int as count from tables" });
    for (let i = 0; i < 6; i++) expect((await prepared()).rows).toEqual([{ count: 0 }]);
    await grant(ann, OURS);
    expect(await accountsSeen(client)).toEqual([OURS]);
    expect((await prepared()).rows).toEqual([{ count: 3 }]);
    await grant(ann, "*");
    expect(await accountsSeen(client)).toEqual([OURS, THEIRS]);
    expect(await revoke(ann, "*")).toBe(true);
    expect(await accountsSeen(client)).toEqual([OURS]);
    expect(await revoke(ann, OURS)).toBe(true);
    expect(await accountsSeen(client)).toEqual([]);
    expect((await prepared()).rows).toEqual([{ count: 0 }]);
    await client.end();
  });

  it("is taken back within an open transaction, too", async () => {
    const ann = await db.createLogin("a2o_reader");
    await grant(ann, OURS);
    const client = await session(ann);
    await client.query("begin");
    expect(await accountsSeen(client)).toEqual([OURS]);
    await revoke(ann, OURS);
    expect(await accountsSeen(client)).toEqual([]);
    await client.end();
  });

  it("to an account comes with its first assessment, for a member of all accounts and for one who was given it before", async () => {
    const [boss, ann] = [await db.createLogin("a2o_reader"), await db.createLogin("a2o_reader")];
    await grant(boss, "*");
    await grant(ann, "444444444444");
    const [first, second] = [await session(boss), await session(ann)];
    expect(await accountsSeen(second)).toEqual([]);
    await storeExample(db, { awsAccountId: "444444444444", region: "eu-west-1" });
    expect(await accountsSeen(first)).toContain("444444444444");
    expect(await accountsSeen(second)).toEqual(["444444444444"]);
    await Promise.all([first.end(), second.end()]);
  });

  it("is not had through a group, nor by the owner of a similar name", async () => {
    const ann = await db.createLogin("a2o_reader");
    await grant("a2o_reader", "*");
    await grant(ann.toUpperCase(), "*");
    await grant(`${ann} `, "*");
    const client = await session(ann);
    expect(await accountsSeen(client)).toEqual([]);
    await client.end();
    for (const member of ["a2o_reader", ann.toUpperCase(), `${ann} `]) expect(await revoke(member, "*")).toBe(true);
  });

  it("is given to nobody without a name, and to no account that is none", async () => {
    await expect(grant("", OURS)).rejects.toMatchObject({ code: "23514" });
    for (const account of ["", "12", "11111111111a", "1111111111111", "**"]) {
      await expect(grant("ann", account)).rejects.toMatchObject({ code: "A2O05" });
      await expect(revoke("ann", account)).rejects.toMatchObject({ code: "A2O05" });
    }
    expect(await revoke("ann", OURS)).toBe(false);
  });

  it("cannot be seen, given or taken by members, operators, recorders or workers", async () => {
    const ann = await db.createLogin("a2o_reader");
    await grant(ann, OURS);
    for (const role of [
      ann,
      "a2o_reader",
      "a2o_operator",
      "a2o_mcp",
      "a2o_ingest",
      "a2o_worker",
      "a2o_authenticator",
    ]) {
      await db.as(role, async ({ query }) => {
        for (const statement of [
          "select from a2o.account_access",
          "select from a2o.list_account_access()",
          `select a2o.grant_account_access('${ann}', '*')`,
          `select a2o.revoke_account_access('${ann}', '${OURS}')`,
          `insert into a2o.account_access (member, aws_account_id) values ('${ann}', '*')`,
          "update a2o.account_access set aws_account_id = '*'",
          "delete from a2o.account_access",
          "set role a2o_owner",
          "alter table a2o.account_access disable row level security",
        ]) {
          await query(statement).then(
            () => expect([role, statement]).toBe("denied"),
            error =>
              expect([role, statement, error.code]).toEqual([role, statement, expect.stringMatching(/42501|25006/)]),
          );
        }
      });
    }
    expect(await asOwner("select aws_account_id from a2o.list_account_access($1)", [ann])).toEqual([
      { aws_account_id: OURS },
    ]);
  });

  it("is listed with what keeps it from working", async () => {
    const [reader, stranger] = [await db.createLogin("a2o_reader"), await db.createLogin()];
    for (const member of [reader, stranger, "a2o_operator", "postgres", "a2o_authenticator"]) await grant(member, OURS);
    await grant("zoe@example.com", "999999999999");
    const remarks = async (member: string) =>
      (
        await asOwner(
          "select member_kind as kind, is_known_account as known, remarks, granted_by from a2o.list_account_access($1)",
          [member],
        )
      )[0];
    const by = { granted_by: "postgres", known: true };
    expect(await remarks(reader)).toEqual({ kind: "LOGIN", remarks: [], ...by });
    expect(await remarks(stranger)).toEqual({
      kind: "LOGIN",
      remarks: [`${stranger} may not read anything yet: grant a2o_reader to ${stranger};`],
      ...by,
    });
    expect(await remarks("a2o_operator")).toMatchObject({
      kind: "GROUP",
      remarks: [expect.stringContaining("a2o_operator cannot log in.")],
    });
    expect(await remarks("postgres")).toMatchObject({ remarks: [expect.stringContaining("is a superuser")] });
    expect(await remarks("a2o_authenticator")).toMatchObject({
      remarks: [expect.stringContaining("grant to that user")],
    });
    expect(await remarks("zoe@example.com")).toEqual({
      kind: "USER",
      remarks: [],
      granted_by: "postgres",
      known: false,
    });
  });
});

describe("policies", () => {
  it("ask once per query for the visible accounts, whatever the number of rows and relations", async () => {
    const ann = await db.createLogin("a2o_reader");
    await grant(ann, OURS);
    await db.as(ann, async ({ query }) => {
      const plan = await query<Record<"QUERY PLAN", string>>(
        `explain (analyze, costs off, timing off, summary off)
         select count(*) from assessments a join databases d on d.assessment_id = a.id join tables t on t.database_id = d.id`,
      );
      const lines = plan.map(row => row["QUERY PLAN"]);
      const initPlans = lines.flatMap((line, index) => (/^\s*InitPlan/.test(line) ? [lines[index + 1] ?? ""] : []));
      expect(initPlans).toHaveLength(3);
      for (const line of initPlans) expect(line).toMatch(/Result \(actual rows=1(\.00)? loops=1\)/);
    });
  });

  it("do not let a leaky function see another account's rows", async () => {
    const ann = await db.createLogin("a2o_reader");
    await grant(ann, OURS);
    const client = await session(ann);
    const heard: string[] = [];
    client.on("notice", notice => heard.push(notice.message ?? ""));
    await client.query(
      `create function pg_temp.tell(text, text) returns boolean language plpgsql cost 0.0001 as
         'begin raise notice ''%'', $1; return true; end'`,
    );
    for (const relation of [
      "tables",
      "databases",
      "assessments",
      "newest_assessments",
      "format_overview f join assessments a on a.id = f.assessment_id",
    ]) {
      await client.query(`select from ${relation} where pg_temp.tell(aws_account_id, '')`);
    }
    await client.end();
    expect(new Set(heard)).toEqual(new Set([OURS]));
  });
});

it("a view that forgets security_invoker shows everything, and the catalogue's rule finds it", async () => {
  const ann = await db.createLogin("a2o_reader");
  await grant(ann, OURS);
  const client = new Client({ connectionString: db.url });
  await client.connect();
  await client.query("begin; set local role a2o_owner");
  await client.query("create or replace view a2o.format_overview as select * from a2o.format_overview");
  const { rows } = await client.query(
    `select relname from pg_class where relnamespace = 'a2o'::regnamespace and relkind = 'v'
       and not coalesce(reloptions @> '{security_invoker=true}', false)`,
  );
  expect(rows).toEqual([{ relname: "format_overview" }]);
  await client.end();
});

it("a function nobody granted is executable by its owner alone", async () => {
  await asOwner("create function a2o.fresh() returns int language sql stable return 1");
  for (const role of ["a2o_reader", "a2o_operator", "a2o_ingest", "a2o_worker", "a2o_mcp"]) {
    await db.as(role, ({ query }) => expect(query("select a2o.fresh()")).rejects.toMatchObject(DENIED));
  }
  await asOwner("drop function a2o.fresh()");
});
