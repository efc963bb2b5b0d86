import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";
import { storeExample } from "../../../test/example-assessment.ts";
import { hasPgBouncer, type PgBouncer, startPgBouncer } from "../../../test/pgbouncer.ts";
import { serveGraphql, type TestGraphql, Told } from "../graphql/testing.ts";

const OURS = "111111111111";
const THEIRS = "222222222222";

// `npm test` installs Debian's as root; elsewhere: apt install pgbouncer.
describe.skipIf(!hasPgBouncer)("behind PgBouncer in transaction mode", () => {
  let db: TestDatabase;
  let pgBouncer: PgBouncer;
  let server: TestGraphql;

  beforeAll(async () => {
    db = await createTestDatabase();
    await storeExample(db, { awsAccountId: OURS, region: "eu-west-1" });
    for (const region of ["eu-west-1", "eu-west-2"]) await storeExample(db, { awsAccountId: THEIRS, region });
    await db.query("select a2o.grant_account_access('ann', $1), a2o.grant_account_access('zoe', $2)", [OURS, THEIRS]);
    const direct = db.urlFor("a2o_authenticator");
    pgBouncer = await startPgBouncer(direct, 2);
    server = await serveGraphql({ urlFor: () => pgBouncer.through(direct) }, { listenDatabaseUrl: direct });
  });
  afterAll(async () => {
    await server?.close();
    await pgBouncer?.stop();
    await db?.drop();
  });

  it("each of many answers has the rights of its own user, over two connections to the server", async () => {
    const users = Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? "ann" : "zoe"));
    const answers = await Promise.all(
      users.map(user => server.ask({ user }, "{ assessments { totalCount } currentAccess { userName accounts } }")),
    );
    expect(answers.map(({ data }) => data)).toEqual(
      users.map(user => ({
        assessments: { totalCount: user === "ann" ? 1 : 2 },
        currentAccess: { userName: user, accounts: [user === "ann" ? OURS : THEIRS] },
      })),
    );
    const [row] = await db.query<{ connections: number }>(
      `select count(*)::integer as connections from pg_stat_activity
       where datname = current_database() and usename = 'a2o_authenticator' and application_name <> 'aws2openstack live'`,
    );
    expect(row?.connections).toBeLessThanOrEqual(2);
  });

  it("the same question again and again meets no statement that another connection prepared", async () => {
    for (let i = 0; i < 20; i++) {
      const [one, two] = await Promise.all([
        server.ask({ user: "ann" }, "{ accounts { nodes { awsAccountId } } }"),
        server.ask({ user: "zoe" }, "{ accounts { nodes { awsAccountId } } }"),
      ]);
      expect([one.errors, two.errors]).toEqual([undefined, undefined]);
      expect([one.data.accounts.nodes[0].awsAccountId, two.data.accounts.nodes[0].awsAccountId]).toEqual([
        OURS,
        THEIRS,
      ]);
    }
  });

  it("changes are made and told", async () => {
    const ann = { user: "ann", role: "a2o_operator" as const };
    const told = new Told<{ kind: string; id: string; monitor: { region: string } | null }>(
      server.client(ann),
      "subscription { changes(kinds: [MONITOR]) { kind id monitor { region } } }",
    );
    await told.until(({ events }) => events.length > 0);
    const { data, errors } = await server.ask(
      ann,
      `mutation { addMonitor(input: { accountId: "${OURS}", region: "eu-west-1" }) { result { id } } }`,
    );
    expect(errors).toBeUndefined();
    const { id } = data.addMonitor.result;
    await told.until(({ events }) => events.length > 1);
    expect(told.events[1]).toEqual({ kind: "MONITOR", id, monitor: { region: "eu-west-1" } });
    told.stop();
  });
});
