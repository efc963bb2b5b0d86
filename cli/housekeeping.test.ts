import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../test/database.ts";
import { storeExample } from "../test/example-assessment.ts";
import { startCommand } from "../test/processes.ts";

const ACCOUNT = "111111111111";

let db: TestDatabase;
let oldest: string;
let newest: string;
beforeAll(async () => {
  db = await createTestDatabase();
  oldest = await storeExample(db, { awsAccountId: ACCOUNT, region: "r1", timestamp: "2025-01-01T10:00:00Z" });
  await storeExample(db, { awsAccountId: ACCOUNT, region: "r1", timestamp: "2025-02-01T10:00:00Z" });
  newest = await storeExample(db, { awsAccountId: ACCOUNT, region: "r1", timestamp: "2025-03-01T10:00:00Z" });
});
afterAll(() => db.drop());

/** Exit code and everything printed. */
async function run(args: string[], url = db.url): Promise<[number | null, string]> {
  const command = startCommand(args, { DATABASE_URL: url });
  return [await command.exited(), command.output()];
}

describe("aws2openstack access", () => {
  it("gives, lists and takes back", async () => {
    const ann = await db.createLogin("a2o_reader");
    expect(await run(["access", "grant", ann, ACCOUNT])).toEqual([0, `${ann} may read ${ACCOUNT}.\n`]);
    expect(await run(["access", "grant", ann, "*"])).toEqual([0, `${ann} may read every account.\n`]);
    const [, listed] = await run(["access", "list"]);
    expect(listed).toMatch(new RegExp(`${ann} +login +\\* \\(every account\\)`));
    expect(listed).toMatch(new RegExp(`${ann} +login +${ACCOUNT} `));
    const [code, json] = await run(["access", "list", "--json"]);
    expect([code, JSON.parse(json)]).toMatchObject([
      0,
      [
        { member: ann, member_kind: "LOGIN", aws_account_id: "*", granted_by: "postgres", remarks: [] },
        { member: ann, aws_account_id: ACCOUNT, is_known_account: true },
      ],
    ]);
    expect(await run(["access", "revoke", ann, ACCOUNT])).toEqual([
      0,
      expect.stringMatching(
        `^${ann} may still read every account.\nNote: To narrow that: aws2openstack access revoke ${ann} '\\*'\n$`,
      ),
    ]);
    expect(await run(["access", "revoke", ann, "*"])).toEqual([0, `${ann} may read no account.\n`]);
    expect(await run(["access", "revoke", ann, "*"])).toEqual([
      1,
      expect.stringContaining(`Error: ${ann} was not given every account.`),
    ]);
    expect(await run(["access", "list"])).toEqual([0, expect.stringContaining("Nobody was given an account yet.")]);
  });

  it("says what may be a mistake: no such role, a group, a login that reads nothing, an account never seen", async () => {
    const stranger = await db.createLogin();
    expect(await run(["access", "grant", "zoe@example.com", "999999999999"])).toEqual([
      0,
      "zoe@example.com may read 999999999999.\n" +
        "Warning: No role of the database is named zoe@example.com; it is taken as a user who signs in to the dashboard.\n" +
        "Note: Account 999999999999 was never assessed here; the access counts from its first assessment on.\n",
    ]);
    expect((await run(["access", "grant", "a2o_operator", ACCOUNT]))[1]).toContain(
      "Warning: a2o_operator cannot log in.",
    );
    expect((await run(["access", "grant", stranger, ACCOUNT]))[1]).toContain(`grant a2o_reader to ${stranger};`);
    expect((await run(["access", "list"]))[1]).toContain("999999999999 (not assessed)");
  });

  it("gives all of the accounts or none, and names the one that is none", async () => {
    expect(await run(["access", "grant", "tim", ACCOUNT, "12"])).toEqual([
      2,
      "Error: '12' is no AWS account id.\nTwelve digits, or '*' (in quotes) for every account. Nothing was changed.\n",
    ]);
    expect(await db.query("select from a2o.account_access where member = 'tim'")).toEqual([]);
  });

  it("wants a member and an account", async () => {
    expect(await run(["access", "grant"])).toEqual([
      2,
      "Error: No member was named.\ne.g. aws2openstack access grant ann 210987654321\n",
    ]);
    expect(await run(["access", "revoke", "o'neil"])).toEqual([
      2,
      "Error: No account was named for o'neil.\ne.g. aws2openstack access revoke 'o'\\''neil' 210987654321\n",
    ]);
    expect((await run(["access", "grant", "--help"]))[1]).toMatch(
      /Usage: aws2openstack access grant \[options\] MEMBER ACCOUNT…/,
    );
  });

  it("is refused to a login that may not become the owner, who is told what is missing", async () => {
    for (const role of ["a2o_reader", "a2o_ingest", "a2o_operator"]) {
      const login = await db.createLogin(role);
      for (const args of [
        ["access", "list"],
        ["access", "grant", login, "*"],
        ["access", "revoke", login, "*"],
      ]) {
        const [code, output] = await run(args, db.urlFor(login));
        expect([code, output]).toEqual([1, expect.stringContaining(`grant a2o_owner to ${login};`)]);
      }
    }
  });
});

describe("aws2openstack prune", () => {
  it("says what it would delete, deletes it, and never the newest", async () => {
    const [code, would] = await run(["prune", "--keep", "2", "--dry-run"]);
    expect([code, would]).toEqual([0, expect.stringMatching(/Would delete 1 assessment\.\n$/)]);
    expect(would).toMatch(new RegExp(`${oldest} +2025-01-01 10:00 +${ACCOUNT} +r1 +3\n`));
    expect(await run(["prune", "--keep", "2", "--older-than", "36000"])).toEqual([0, "Nothing to delete.\n"]);
    const [, json] = await run(["prune", "--keep", "2", "--json"]);
    expect(JSON.parse(json)).toEqual([
      {
        id: oldest,
        aws_account_id: ACCOUNT,
        region: "r1",
        timestamp: "2025-01-01T10:00:00.000Z",
        total_tables: 3,
        is_simulated: false,
      },
    ]);
    expect((await run(["prune", "--older-than", "0", "--account", ACCOUNT, "--region", "r1"]))[1]).toContain(
      "Deleted 1 assessment.",
    );
    expect(await db.query("select id from a2o.assessments")).toEqual([{ id: newest }]);
    expect(await run(["prune", "--keep", "1", "--json"])).toEqual([0, "[]\n"]);
  });

  it("wants to be told what may go", async () => {
    expect(await run(["prune"])).toEqual([
      2,
      "Error: Nothing says what may go.\ne.g. aws2openstack prune --keep 10 --dry-run\n",
    ]);
    for (const [args, message] of [
      [["--keep", "0"], "--keep must be a whole number from 1 to 100,000, not 0."],
      [["--keep", "many"], "--keep must be a whole number"],
      [["--older-than=-1"], "--older-than must be a whole number from 0"],
      [["--keep", "1", "--account", "12"], "--account must be an AWS account id of twelve digits, not 12."],
      [["--keep", "1", "--regoin", "r1"], "Did you mean --region?"],
    ] as const) {
      expect(await run(["prune", ...args])).toEqual([2, expect.stringContaining(message)]);
    }
  });

  it("is refused to a login that records: history is the owner's to shorten", async () => {
    const login = await db.createLogin("a2o_ingest");
    const [code, output] = await run(["prune", "--keep", "1"], db.urlFor(login));
    expect([code, output]).toEqual([1, expect.stringContaining(`grant a2o_owner to ${login};`)]);
  });
});
