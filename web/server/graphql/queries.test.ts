import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../../../postgres/throwaway.ts";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";
import { storeExample } from "../../../test/example-assessment.ts";
import { startWebServer, type WebServer } from "../server.ts";

let database: TestDatabase;
let server: WebServer;
let first: string;
let second: string;
let theirs: string;

beforeAll(async () => {
  database = await createTestDatabase();
  const ours = { awsAccountId: "111111111111", region: "eu-central-1" };
  first = await storeExample(database, { ...ours, timestamp: "2026-01-01T00:00:00Z" });
  second = await storeExample(database, { ...ours, timestamp: "2026-02-01T00:00:00Z" });
  theirs = await storeExample(database, { awsAccountId: "222222222222", region: "us-east-1" });
  await database.query("select a2o.grant_account_access('ann', '111111111111')");
  server = await startWebServer({
    databaseUrl: database.urlFor("a2o_authenticator"),
    port: await freePort(),
    identity: { role: "a2o_reader", user: "ann" },
    log: () => undefined,
  });
});
afterAll(async () => {
  await server.close();
  await database.drop();
});

async function ask(query: string) {
  const response = await fetch(`${server.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query }),
  });
  return JSON.parse(await response.text());
}

describe("in GraphQL", () => {
  it("searches and goes on with the cursor", async () => {
    const search = (more: string) =>
      ask(`{ searchTables(assessmentId: "${second}", pattern: "%E%", pageSize: 1, countUpTo: 10 ${more}) {
        items { databaseName tableName sizeBytes migrationReadiness } nextCursor totalCount totalIsExact } }`);
    const { data } = await search("");
    expect(data.searchTables).toMatchObject({ items: [{ tableName: "events" }], totalCount: 3, totalIsExact: true });
    expect((await search(`, cursor: "${data.searchTables.nextCursor}"`)).data.searchTables.items).toMatchObject([
      { tableName: "orders" },
    ]);
  });

  it("compares, lists changes, and shows overviews and trends", async () => {
    const { data, errors } = await ask(`{
      compareAssessments(fromAssessment: "${first}", toAssessment: "${second}") { tablesAdded isSameCatalog unreadDatabases }
      listChanges(fromAssessment: "${first}", toAssessment: "${second}") { items { tableName change attributes { attribute before after } columnChanges { columnName } } nextCursor }
      largestTables(assessmentId: "${second}", top: 1) { nodes { tableName } }
      assessmentOverviews { nodes { isNewest readyPercent } }
      databaseOverviews(condition: { assessmentId: "${second}" }) { nodes { databaseName coverage } }
      assessmentTrends(condition: { awsAccountId: "111111111111" }) { nodes { tablesAdded } }
      formatTrends { totalCount } migrationHistories { totalCount } migrationErrors { totalCount } migrationTimelines { totalCount }
    }`);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      compareAssessments: { tablesAdded: 0, isSameCatalog: true, unreadDatabases: ["secret"] },
      listChanges: { items: [], nextCursor: null },
      largestTables: { nodes: [{ tableName: "events" }] },
      databaseOverviews: {
        nodes: [
          { databaseName: "sales", coverage: "COMPLETE" },
          { databaseName: "secret", coverage: "DENIED" },
        ],
      },
    });
    expect(data.assessmentOverviews.nodes).toHaveLength(2);
  });

  it("says of another account's assessment what it says of an unknown one, with the code and the hint", async () => {
    const { errors } = await ask(`{ searchTables(assessmentId: "${theirs}") { totalCount } }`);
    expect(errors).toMatchObject([
      {
        message: `there is no assessment ${theirs} that you may read`,
        extensions: { code: "A2O12", hint: expect.stringContaining("assessment_overview") },
      },
    ]);
  });
});
