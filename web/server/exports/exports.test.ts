import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../../../postgres/throwaway.ts";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";
import { storeExample } from "../../../test/example-assessment.ts";
import { startWebServer, type WebServer } from "../server.ts";
import { readSettings } from "../settings.ts";

let database: TestDatabase;
let server: WebServer;
let assessmentId: string;
let earlier: string;
let theirs: string;
const log: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  const ours = { awsAccountId: "111111111111", region: "eu-central-1" };
  earlier = await storeExample(database, { ...ours, timestamp: "2026-01-01T00:00:00Z" });
  assessmentId = await storeExample(database, { ...ours, timestamp: "2026-02-01T00:00:00Z" });
  theirs = await storeExample(database, { awsAccountId: "222222222222", region: "us-east-1" });
  await database.query("select a2o.grant_account_access('ann', '111111111111')");
  const port = await freePort();
  const settings = readSettings({
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    PROXY_USER_HEADER: "x-user",
    TRUSTED_PROXIES: "127.0.0.1",
    REQUESTS_PER_MINUTE: "100000",
  });
  const databaseUrl = database.urlFor("a2o_authenticator");
  server = await startWebServer({ ...settings, databaseUrl, port, log: line => log.push(line) });
});
afterAll(async () => {
  await server?.close();
  await database?.drop();
});

type Filters = Record<string, string | number | readonly (string | number)[] | undefined>;

function address(list: string, filters: Filters): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) {
    for (const item of value === undefined ? [] : [value].flat()) query.append(name, String(item));
  }
  return `${server.url}/exports/${list}?${query}`;
}

async function get(list: string, filters: Filters, user = "ann") {
  const response = await fetch(address(list, filters), { headers: { "x-user": user } });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

async function rowsOf(list: string, filters: Filters): Promise<Record<string, string>[]> {
  const { status, text } = await get(`${list}.csv`, filters);
  if (status !== 200) throw new Error(`${status}: ${text}`);
  return parse(text, { columns: true, record_delimiter: "\r\n" });
}

async function ask(query: string, user = "ann") {
  const response = await fetch(`${server.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-user": user, origin: server.url },
    body: JSON.stringify({ query }),
  });
  return JSON.parse(await response.text());
}

describe("an export of tables", () => {
  it("is CSV with a header, named after assessment, account and region", async () => {
    const { status, headers, text } = await get("tables.csv", { assessmentId, sort: "NAME" });
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("text/csv; charset=utf-8; header=present");
    expect(headers.get("content-disposition")).toBe(
      `attachment; filename="aws2openstack-tables-111111111111-eu-central-1-2026-02-01-${assessmentId.slice(0, 8)}.csv"`,
    );
    expect(headers.get("cache-control")).toBe("no-store");
    const lines = text.split("\r\n");
    expect(lines[0]).toMatch(/^database_name,table_name,table_format,migration_readiness,size_bytes,/);
    expect(lines).toHaveLength(5);
    expect(lines[4]).toBe("");
  });

  it("has a byte order mark when it is asked for", async () => {
    const bytes = async (filters: Filters) => {
      const response = await fetch(address("tables.csv", { assessmentId, ...filters }), {
        headers: { "x-user": "ann" },
      });
      return [...new Uint8Array(await response.arrayBuffer()).slice(0, 4)];
    };
    expect(await bytes({ bom: "1" })).toEqual([0xef, 0xbb, 0xbf, "d".charCodeAt(0)]);
    expect((await bytes({}))[0]).toBe("d".charCodeAt(0));
  });

  it("is NDJSON with the same rows, numbers and lists as such", async () => {
    const { headers, text } = await get("tables.ndjson", { assessmentId, sort: "NAME" });
    expect(headers.get("content-type")).toBe("application/x-ndjson");
    const rows = text
      .trimEnd()
      .split("\n")
      .map(line => JSON.parse(line));
    const csv = await rowsOf("tables", { assessmentId, sort: "NAME" });
    expect(rows.map(row => row.table_name)).toEqual(csv.map(row => row.table_name));
    expect(Object.keys(rows[0])).toEqual(Object.keys(csv[0] ?? {}));
    expect(rows[0]).toMatchObject({ size_bytes: expect.any(Number), partition_keys: expect.any(Array) });
  });

  it("is exactly what the same arguments find in GraphQL, in the same order", async () => {
    // More tables than one page, with names, sizes and formats that meet.
    await database.query(
      `insert into a2o.tables (assessment_id, database_id, database_name, table_name, id, aws_account_id, table_format, migration_readiness, size_bytes,
         last_updated, is_iceberg, column_count, partition_keys, notes, findings, content_hash)
       select t.assessment_id, t.database_id, 'extra_' || n % 3, format('Table_%s', n), gen_random_uuid(), t.aws_account_id,
         (array['PARQUET', 'ICEBERG', 'CSV'])[1 + n % 3], (array['READY', 'NEEDS_CONVERSION', 'UNKNOWN'])[1 + n % 3]::a2o.migration_readiness,
         nullif(n % 7, 0) * 1000, '2026-01-01'::timestamptz + n % 5 * interval '1 day', n % 3 = 1, n, '{}', '{}', '{}', decode(md5(n::text), 'hex')
       from a2o.tables t, generate_series(1, 60) as n where t.assessment_id = $1 and t.table_name = 'orders'`,
      [assessmentId],
    );
    const some = <T>(values: readonly T[]) => fc.option(fc.subarray([...values], { minLength: 1 }), { nil: undefined });
    const filters = fc.record({
      pattern: fc.option(fc.constantFrom("%", "%e%", "table\\_1%", "ORDERS", "%'%", "_vents"), { nil: undefined }),
      formats: some(["PARQUET", "ICEBERG", "CSV", "no'such"]),
      readiness: some(["READY", "NEEDS_CONVERSION", "UNKNOWN"]),
      minSizeBytes: fc.option(fc.constantFrom(0, 2000, 5000), { nil: undefined }),
      maxSizeBytes: fc.option(fc.constantFrom(0, 3000, 1e12), { nil: undefined }),
      database: fc.option(fc.constantFrom("extra_1", "sales", "o'clock"), { nil: undefined }),
      findings: some(["many-columns", "stale", "x'y"]),
      sort: fc.constantFrom(
        ...["LARGEST_FIRST", "SMALLEST_FIRST", "NAME", "NAME_DESCENDING", "RECENTLY_UPDATED", "LONGEST_UNCHANGED"],
      ),
    });
    const isEnum = (name: string) => name === "readiness" || name === "sort";
    const literal = (name: string, value: unknown): string =>
      Array.isArray(value)
        ? `[${value.map(item => literal(name, item)).join(", ")}]`
        : isEnum(name)
          ? String(value)
          : name.endsWith("Bytes")
            ? `"${value}"`
            : JSON.stringify(value);
    await fc.assert(
      fc.asyncProperty(filters, async given => {
        const spelled = Object.entries(given)
          .filter(([, value]) => value !== undefined)
          .map(([name, value]) => `${name}: ${literal(name, value)}`);
        const { data, errors } = await ask(
          `{ searchTables(assessmentId: "${assessmentId}", pageSize: 1000, ${spelled.join(", ")}) { items { databaseName tableName } } }`,
        );
        expect(errors).toBeUndefined();
        const rows = await rowsOf("tables", { assessmentId, ...given });
        expect(rows.map(row => [row.database_name, row.table_name])).toEqual(
          (data.searchTables.items ?? []).map((row: { databaseName: string; tableName: string }) => [
            row.databaseName,
            row.tableName,
          ]),
        );
      }),
      { numRuns: 40 },
    );
  });

  it("gives any name and note back as it was, and lets no spreadsheet take one for a formula", async () => {
    const text = fc.oneof(
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }),
      fc.constantFrom(
        '"',
        '""',
        ",",
        ";",
        "\n",
        "\r\n",
        "'",
        "\\.",
        "NULL",
        "\\N",
        " x ",
        "\ufeff",
        "=1+1",
        "+1",
        "-1",
        "@a",
        "\t=x",
        "＝1",
      ),
      fc
        .tuple(
          fc.constantFrom("=", "+", "-", "@", "\t", "\r", "＝", "a", "\ufeff=", "\u00a0+", "\u200b@", " "),
          fc.string({ maxLength: 8 }),
        )
        .map(([a, b]) => a + b),
    );
    // PostgreSQL takes neither NUL nor half a character.
    const stored = text.map(value => value.replaceAll("\0", "0").toWellFormed());
    const safe = (value: string) =>
      /^[\s\u0085\u200b-\u200d\u2060]*[=+\-@\t\r\n＝＋－＠]/u.test(value) ? `'${value}` : value;
    await fc.assert(
      fc.asyncProperty(stored, fc.array(stored, { maxLength: 3 }), async (name, notes) => {
        await database.query(
          "update a2o.tables set storage_location = $2, notes = $3 where assessment_id = $1 and table_name = 'orders'",
          [earlier, name, notes],
        );
        const rows = await rowsOf("tables", { assessmentId: earlier });
        const row = rows.find(each => each.table_name === "orders");
        expect(row?.storage_location).toBe(safe(name));
        expect(row?.notes).toBe(safe(notes.join(" ")));
        expect(row?.storage_location).not.toMatch(/^[=+\-@\t\r]/);
        const lines = (await get("tables.ndjson", { assessmentId: earlier })).text.trimEnd().split("\n");
        const object = lines.map(line => JSON.parse(line)).find(each => each.table_name === "orders");
        expect(object).toMatchObject({ storage_location: name, notes });
      }),
      { numRuns: 40 },
    );
  });
});

describe("exports of the other lists", () => {
  it("have the databases, with those that could not be read", async () => {
    const rows = await rowsOf("databases", { assessmentId });
    expect(rows.map(row => [row.database_name, row.coverage])).toEqual([
      ["sales", "COMPLETE"],
      ["secret", "DENIED"],
    ]);
    expect(await rowsOf("databases", { assessmentId, coverage: ["DENIED", "FAILED"] })).toMatchObject([
      { database_name: "secret" },
    ]);
    expect(await rowsOf("databases", { assessmentId, pattern: "%ALE%" })).toMatchObject([{ database_name: "sales" }]);
    expect(await rowsOf("databases", { assessmentId, orderBy: "DATABASE_NAME_DESC" })).toMatchObject([
      { database_name: "secret" },
      { database_name: "sales" },
    ]);
  });

  it("have the findings, as GraphQL has them", async () => {
    const { data } = await ask(
      `{ findingOverviews(condition: { assessmentId: "${assessmentId}" }) { nodes { code tableCount severity } } }`,
    );
    const rows = await rowsOf("findings", { assessmentId });
    const codes = (list: { code?: string }[]) => list.map(row => row.code).sort();
    expect(codes(rows)).toEqual(codes(data.findingOverviews.nodes));
    expect(await rowsOf("findings", { assessmentId, severities: "HIGH" })).toEqual(
      rows.filter(row => row.severity === "HIGH"),
    );
  });

  it("have all changes between two assessments, over more than one page", async () => {
    await database.query(
      `insert into a2o.tables (assessment_id, database_id, database_name, table_name, id, aws_account_id, table_format, migration_readiness, is_iceberg,
         column_count, partition_keys, notes, findings, content_hash)
       select $1, gen_random_uuid(), 'sales', format('new_%s', n), gen_random_uuid(), '111111111111', 'CSV', 'NEEDS_CONVERSION', false, 1, '{}', '{}', '{}', decode(md5(n::text), 'hex')
       from generate_series(1, 1500) as n`,
      [earlier],
    );
    await database.query("delete from a2o.assessment_churn");
    const rows = await rowsOf("changes", { fromAssessment: assessmentId, toAssessment: earlier, kinds: "ADDED" });
    expect(rows.filter(row => row.table_name?.startsWith("new_"))).toHaveLength(1500);
    expect(rows[0]).toHaveProperty("column_changes");
    expect(
      await rowsOf("changes", {
        fromAssessment: assessmentId,
        toAssessment: earlier,
        kinds: "ADDED",
        database: "none",
      }),
    ).toEqual([]);
  });

  it("have the migrations that one may read", async () => {
    await database.query(
      `insert into a2o.migration_jobs (job_type, aws_job_id, aws_account_id, region, status, job_name, started_at, error_message)
       values ('DMS', 'a', '111111111111', 'eu-central-1', 'FAILED', 'orders-load', '2026-02-01', '=broken'),
         ('GLUE_JOB', 'b', '111111111111', 'eu-central-1', 'RUNNING', 'events-load', '2026-02-02', null),
         ('DMS', 'c', '222222222222', 'us-east-1', 'RUNNING', 'theirs', '2026-02-03', null)`,
    );
    expect(await rowsOf("jobs", {})).toMatchObject([{ job_name: "events-load" }, { job_name: "orders-load" }]);
    expect(await rowsOf("jobs", { statuses: ["FAILED", "PENDING"], jobTypes: "DMS" })).toMatchObject([
      { job_name: "orders-load", error_message: "'=broken", started_at: "2026-02-01T00:00:00Z" },
    ]);
    expect(await rowsOf("jobs", { startedFrom: "2026-02-02T00:00:00Z" })).toHaveLength(1);
    expect(await rowsOf("jobs", { awsAccountId: "222222222222" })).toEqual([]);
  });
});

describe("what is refused", () => {
  it("is another account's assessment, as if there were none", async () => {
    const unknown = "00000000-0000-4000-8000-000000000000";
    const answers = await Promise.all(
      [theirs, unknown].map(async id => ({ id, answer: await get("tables.csv", { assessmentId: id }) })),
    );
    for (const { id, answer } of answers) {
      expect(answer.status).toBe(404);
      expect(JSON.parse(answer.text)).toMatchObject({
        error: `there is no assessment ${id} that you may read`,
        code: "A2O12",
      });
    }
    expect((await get("changes.csv", { fromAssessment: theirs, toAssessment: assessmentId })).status).toBe(404);
  });

  it("is who is not signed in", async () => {
    const response = await fetch(address("tables.csv", { assessmentId }));
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ error: "not signed in", signInUrl: null });
  });

  it.each([
    ["tables.xlsx", {}, 404, "format xlsx"],
    ["grants.csv", {}, 404, "no list grants"],
    ["tables.csv", {}, 404, "no assessment null"],
    ["tables.csv", { assessmentId: "x" }, 400, "invalid input syntax for type uuid"],
    ["tables.csv", { size: "1" }, 400, "no argument size"],
    ["tables.csv", { sort: "SIDEWAYS" }, 400, "SIDEWAYS"],
    ["tables.csv", { pattern: "%a%b%c%d%e%f%g%h%i%j%k%l" }, 400, "too many wildcards"],
    ["tables.csv", { pattern: ["a", "b"] }, 400, "pattern is given more than once"],
    ["tables.csv", { minSizeBytes: "1 or true" }, 400, "invalid input syntax for type bigint"],
    ["databases.csv", { orderBy: "ASSESSMENT_ID_ASC" }, 400, "no order ASSESSMENT_ID_ASC"],
    ["databases.csv", { orderBy: "1; drop table x_DESC" }, 400, "no order"],
  ])("is %s with %o", async (list, filters: Filters, status, words) => {
    const needsOne = status === 400 && filters.assessmentId === undefined;
    const answer = await get(list, needsOne ? { assessmentId, ...filters } : filters);
    expect(answer).toMatchObject({ status });
    expect(JSON.parse(answer.text).error).toContain(words);
  });
});

it("stops the database's work when the reader goes away, and gives the connection back", async () => {
  // More rows than anybody waits for.
  await database.query("drop view a2o.job_export");
  await database.query(`create view a2o.job_export with (security_invoker = true) as
    select g::text as job_name, null::text as region, null::timestamptz as started_at, g as job_id from generate_series(1, 100000000) g`);
  await database.query("grant select on a2o.job_export to a2o_reader");
  const running = () =>
    database.query<{ pid: number }>(
      "select pid from pg_stat_activity where query like 'copy (select%' and state = 'active'",
    );
  const controller = new AbortController();
  const response = fetch(address("jobs.ndjson", {}), { headers: { "x-user": "ann" }, signal: controller.signal });
  response.catch(() => undefined);
  await expect.poll(running).toHaveLength(1);
  controller.abort();
  await expect.poll(running).toEqual([]);
  // As many as one user may run, and the pool is not empty.
  for (let i = 0; i < 5; i++) expect((await get("findings.csv", { assessmentId })).status).toBe(200);
  const metrics = await fetch(`${server.url}/metrics`).then(answer => answer.text());
  expect(metrics).toMatch(/a2o_exports_total\{list="jobs",format="ndjson",outcome="aborted"\} 1/);
  expect(log.join("\n")).not.toContain("an export failed");
});
