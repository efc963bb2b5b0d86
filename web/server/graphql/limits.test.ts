import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";
import { glueTable, ingestClient, recordCatalog } from "../../../worker/record/testing.ts";
import { MAX_COST, MAX_DEPTH } from "./limits.ts";
import { MAX_PAGE } from "./schema/pages.ts";
import { serveGraphql, type TestGraphql } from "./testing.ts";

const ann = { user: "ann" };
const TABLES = 25;

let db: TestDatabase;
let server: TestGraphql;
let assessmentId: string;

beforeAll(async () => {
  db = await createTestDatabase();
  const client = await ingestClient(db);
  const tables = Array.from({ length: TABLES }, (_, i) => glueTable(`t${String(i).padStart(2, "0")}`));
  const catalog = Array.from({ length: 8 }, (_, i) => ({ name: `d${i}`, tables: i === 0 ? tables : [] }));
  assessmentId = (await recordCatalog(client, catalog, { awsAccountId: "111111111111" })).id;
  await client.end();
  await db.query("select a2o.grant_account_access('ann', '*')");
  server = await serveGraphql(db);
});
afterAll(async () => {
  await server.close();
  await db.drop();
});

const code = async (query: string, variables?: Record<string, unknown>, caller = ann) =>
  (await server.ask(caller, query, variables)).errors?.[0]?.extensions?.code;

describe("pages", () => {
  it("have at most a thousand rows, also when nobody says how many", async () => {
    await db.query(
      `insert into a2o.accounts (aws_account_id) select (200000000000 + n)::text from generate_series(1, 1200) as n`,
    );
    const { data } = await server.ask(
      ann,
      "{ accounts { totalCount nodes { awsAccountId } pageInfo { hasNextPage } } }",
    );
    expect([data.accounts.nodes.length, data.accounts.totalCount]).toEqual([MAX_PAGE, 1201]);
    expect(data.accounts.pageInfo.hasNextPage).toBe(true);
    const ends = await server.ask(ann, "{ accounts(last: 2) { nodes { awsAccountId } } }");
    expect(ends.data.accounts.nodes).toEqual([{ awsAccountId: "200000001199" }, { awsAccountId: "200000001200" }]);
  });

  it("larger than that are refused, and negative ones", async () => {
    expect(await code("{ accounts(first: 1001) { totalCount nodes { awsAccountId } } }")).toBe("PAGE_SIZE");
    expect(await code("{ accounts(last: 1001) { nodes { awsAccountId } } }")).toBe("PAGE_SIZE");
    expect(await code("query ($n: Int) { accounts(first: $n) { nodes { awsAccountId } } }", { n: -1 })).toBe(
      "PAGE_SIZE",
    );
    expect(
      await code("query ($n: Int) { accounts(first: $n) { nodes { awsAccountId } } }", { n: null }),
    ).toBeUndefined();
  });

  it("of any size, forwards or backwards, hold every row once and in order", async () => {
    const names = Array.from({ length: TABLES }, (_, i) => `t${String(i).padStart(2, "0")}`);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: TABLES + 3 }),
        fc.boolean(),
        fc.boolean(),
        async (size, forwards, ascending) => {
          const found: string[] = [];
          let cursor: string | null = null;
          for (;;) {
            const { data }: { data: { tables: Tables } } = await server.ask(
              ann,
              `query ($id: UUID!, $size: Int, $cursor: Cursor) {
               tables(condition: { assessmentId: $id, databaseName: "d0" }, orderBy: [PRIMARY_KEY_${ascending ? "ASC" : "DESC"}],
                 ${forwards ? "first: $size, after: $cursor" : "last: $size, before: $cursor"}) {
                 nodes { tableName } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
              { id: assessmentId, size, cursor },
            );
            expect(data.tables.nodes.length).toBeLessThanOrEqual(size);
            const page = data.tables.nodes.map(({ tableName }) => tableName);
            if (forwards) found.push(...page);
            else found.unshift(...page);
            const { pageInfo } = data.tables;
            if (!(forwards ? pageInfo.hasNextPage : pageInfo.hasPreviousPage)) break;
            cursor = forwards ? pageInfo.endCursor : pageInfo.startCursor;
          }
          expect(found).toEqual(ascending ? names : [...names].reverse());
        },
      ),
      { numRuns: 15 },
    );
  });

  it("go on only with a cursor of theirs", async () => {
    expect(await code('{ accounts(after: "nonsense") { nodes { awsAccountId } } }')).toBe("BAD_REQUEST");
  });
});

interface Tables {
  nodes: { tableName: string }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
}

describe("lists of what can be a million", () => {
  it("want to know in which assessment, and offer no count and no order that would read them all", async () => {
    for (const query of [
      "{ tables { nodes { id } } }",
      "{ tables(condition: {}) { nodes { id } } }",
      `{ tables(condition: { assessmentId: "${assessmentId}" }) { totalCount } }`,
      `{ tables(condition: { assessmentId: "${assessmentId}" }, orderBy: [SIZE_BYTES_DESC]) { nodes { id } } }`,
      `{ tables(condition: { assessmentId: "${assessmentId}", storageLocation: "s3://x" }) { nodes { id } } }`,
      `{ tables(condition: { assessmentId: "${assessmentId}" }, offset: 500000) { nodes { id } } }`,
      "{ databases { nodes { id } } }",
      `{ findings(condition: { assessmentId: "${assessmentId}" }) { nodes { code } } }`,
      "{ migrationMetrics { nodes { value } } }",
    ]) {
      expect((await server.ask(ann, query)).data, query).toBeUndefined();
    }
  });

  it("are read by their key's index, however deep the page", async () => {
    const { data } = await server.ask(
      ann,
      `{ tables(condition: { assessmentId: "${assessmentId}" }, first: 5) { pageInfo { endCursor } } }`,
    );
    const [plan] = await db
      .as(
        "a2o_reader",
        async ({ client, query }) => {
          await client.query("set local enable_seqscan = off");
          return query<{ "QUERY PLAN": string }>(
            `explain (costs off) select table_name from a2o.tables t where t.assessment_id = '${assessmentId}'::uuid
             and (t.assessment_id, t.database_name, t.table_name) > ('${assessmentId}'::uuid, 'd0'::text, 't04'::text)
           order by t.assessment_id, t.database_name, t.table_name limit 6`,
          );
        },
        ann,
      )
      .then(rows => [rows.map(row => row["QUERY PLAN"]).join("\n")]);
    expect(data.tables.pageInfo.endCursor).toBeTruthy();
    expect(plan).toMatch(/Index Cond: .*ROW\(assessment_id, database_name, table_name\) > ROW/);
    expect(plan).not.toContain("Sort");
  });
});

describe("an operation", () => {
  it("is refused when it is deeper than twelve fields, also by fragments, and introspection is not", async () => {
    const nested = (depth: number) => {
      const inner = (left: number): string =>
        left === 0
          ? "id"
          : left === 1
            ? "awsAccountId"
            : `account { assessments(first: 1) { nodes { ${inner(left - 3)} } } }`;
      return inner(depth);
    };
    expect(await code(`{ assessment(id: "${assessmentId}") { ${nested(9)} } }`)).toBeUndefined();
    expect(await code(`{ assessment(id: "${assessmentId}") { ${nested(12)} } }`)).toBe("TOO_DEEP");
    expect(
      await code(
        `{ assessment(id: "${assessmentId}") { ...A } } fragment A on Assessment { ${nested(6).replace(" id ", " ...B ")} }
         fragment B on Assessment { ${nested(9)} }`,
      ),
    ).toBe("TOO_DEEP");
    expect(MAX_DEPTH).toBe(12);
    const types = "type { name ofType { name ofType { name ofType { name ofType { name ofType { name } } } } } }";
    expect(await code(`{ __schema { types { fields { args { ${types} } ${types} } } } }`)).toBeUndefined();
  });

  it("is refused when its pages multiply to too many rows, by its variables", async () => {
    const query =
      "query ($n: Int!) { assessments(first: $n) { nodes { databases(first: 50) { nodes { databaseName } } } } }";
    expect(await code(query, { n: 10 })).toBeUndefined();
    const { errors } = await server.ask(ann, query, { n: 1000 });
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining(`${MAX_COST} are allowed`),
        extensions: { code: "TOO_COSTLY", limit: MAX_COST, cost: 100 + 1000 * (1 + 100 + 50) },
      },
    ]);
    const many = Array.from(
      { length: 200 },
      (_, i) => `a${i}: searchTables(assessmentId: "${assessmentId}") { nextCursor }`,
    );
    expect(await code(`{ ${many.join(" ")} }`)).toBe("TOO_COSTLY");
  });

  it("is refused when fragments multiply", async () => {
    const fragments = Array.from(
      { length: 20 },
      (_, i) =>
        `fragment F${i} on Assessment { account { assessments(first: 1) { nodes { ...F${i + 1} ...F${i + 1} } } } }`,
    );
    const { errors } = await server.ask(
      ann,
      `{ assessment(id: "${assessmentId}") { ...F0 } } ${fragments.join(" ")} fragment F20 on Assessment { id }`,
    );
    expect(errors?.length).toBeGreaterThan(0);
  });

  it("is refused unread when it is too long", async () => {
    const response = await fetch(`${server.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-caller": JSON.stringify(ann) },
      body: JSON.stringify({ query: `{ ${"__typename ".repeat(8000)} }` }),
    });
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining("more than 4000 words")]);
  });

  it("takes wrong variables for the caller's mistake", async () => {
    const { errors } = await server.ask(ann, "query ($id: UUID!) { assessment(id: $id) { id } }", {});
    expect(errors[0].message).toContain("$id");
  });

  it("is stopped by the time limit of a statement, and says so", async () => {
    await db.query(
      `create function a2o.nap() returns integer language plpgsql stable as $$ begin perform pg_sleep(60); return 1; end $$;
       grant execute on function a2o.nap() to a2o_reader`,
    );
    // The schema is read once, so this server does not know it; the limit is the database's.
    const other = await serveGraphql(db);
    try {
      const asking = other.ask(ann, "{ nap }");
      let cancelled = false;
      while (!cancelled) {
        const [row] = await db.query<{ cancelled: boolean }>(
          `select coalesce(bool_or(pg_cancel_backend(pid)), false) as cancelled from pg_stat_activity
           where datname = current_database() and query ~ 'nap' and pid <> pg_backend_pid() and wait_event = 'PgSleep'`,
        );
        cancelled = row?.cancelled ?? false;
      }
      expect((await asking).errors).toMatchObject([{ extensions: { code: "TIMEOUT" } }]);
      const settings = await other.ask(ann, "{ currentAccess { userName } }");
      expect(settings.data).toEqual({ currentAccess: { userName: "ann" } });
    } finally {
      await other.close();
      await db.query("drop function a2o.nap()");
    }
  });
});

describe("a change", () => {
  const add = `mutation { addMonitor(input: { accountId: "111111111111", region: "eu-west-1" }) { result { region } } }`;

  it("is for operators, and a reader is told so", async () => {
    expect(await code(add)).toBe("FORBIDDEN");
    const { data } = await server.ask({ user: "ann", role: "a2o_operator" }, add);
    expect(data).toEqual({ addMonitor: { result: { region: "eu-west-1" } } });
  });
});

it("GraphiQL is served in development only", async () => {
  for (const path of ["/graphiql", "/ruru-static/ruru.js", "/graphql"]) {
    const response = await fetch(server.url + path, {
      headers: { accept: "text/html", "x-caller": JSON.stringify(ann) },
    });
    expect([path, response.status, await response.text()]).toEqual([
      path,
      path === "/graphql" ? 405 : 404,
      expect.not.stringContaining("<script"),
    ]);
  }
});
