import fc from "fast-check";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type Query, type TestDatabase } from "../test/database.ts";
import { type CatalogDatabase, glueTable, ingestClient, recordCatalog } from "../worker/record/testing.ts";

const OURS = "111111111111";
const THEIRS = "222222222222";
const NOBODYS = "00000000-0000-4000-8000-000000000000";

let db: TestDatabase;
let recorder: Client;
/** May read OURS. */
let ann: string;
/** May read everything. */
let boss: string;

beforeAll(async () => {
  db = await createTestDatabase();
  recorder = await ingestClient(db);
  ann = await db.createLogin("a2o_reader");
  boss = await db.createLogin("a2o_reader");
  await db.query("select a2o.grant_account_access($1, $2), a2o.grant_account_access($3, '*')", [ann, OURS, boss]);
});
afterAll(async () => {
  await recorder.end();
  await db.drop();
});

const INPUTS = {
  PARQUET: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
  ORC: "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat",
  NONE: "",
};

interface TableIdea {
  name: string;
  size: number | null;
  input: keyof typeof INPUTS;
  updated?: number | null;
  columns?: { name: string; type: string }[];
  version?: string;
}

function toGlue({ name, size, input, updated = null, columns = [{ name: "id", type: "bigint" }] }: TableIdea): object {
  return glueTable(name, {
    Parameters: size === null ? {} : { totalSize: String(size) },
    ...(updated === null ? {} : { UpdateTime: new Date(Date.UTC(2025, 0, 1 + updated)).toISOString() }),
    StorageDescriptor: {
      Columns: columns.map(column => ({ Name: column.name, Type: column.type })),
      Location: `s3://lake/${name}/`,
      InputFormat: INPUTS[input],
    },
  });
}

/** Enough tables that the assessment gets a partition and indexes of its own. */
function manyTables(): object[] {
  return Array.from({ length: 20_000 }, (_, i) =>
    toGlue({
      name: `${["order", "Event", "log"][i % 3]}_${i}`,
      size: i % 5 === 0 ? null : (i * 7919) % 1000,
      input: i % 4 === 0 ? "ORC" : "PARQUET",
      updated: i % 7 === 0 ? null : i % 90,
    }),
  );
}

interface Page {
  items: { database_name: string; table_name: string; findings: string[] }[];
  next_cursor: string | null;
  total_count: number | null;
  total_is_exact: boolean | null;
}

const ARGUMENTS = `assessment_id => $1, pattern => $2, formats => $3, readiness => $4::text[]::a2o.migration_readiness[], min_size_bytes => $5,
  max_size_bytes => $6, database => $7, findings => $8::text[], sort => $9::text::a2o.table_sort`;

async function searchPage(query: Query, values: unknown[], pageSize: number, cursor: string | null, countUpTo = 0) {
  const [row] = await query<{ page: Page }>(
    `select to_json(a2o.search_tables(${ARGUMENTS}, page_size => $10, cursor => $11, count_up_to => $12)) as page`,
    [...values, pageSize, cursor, countUpTo],
  );
  if (row === undefined) throw new Error("no page");
  return row.page;
}

const ORDER: Record<string, string> = {
  LARGEST_FIRST: "size_bytes desc nulls last, database_name, table_name",
  SMALLEST_FIRST: "size_bytes asc nulls last, database_name, table_name",
  NAME: "database_name, table_name",
  NAME_DESCENDING: "database_name desc, table_name desc",
  RECENTLY_UPDATED: "last_updated desc nulls last, database_name, table_name",
  LONGEST_UNCHANGED: "last_updated asc nulls last, database_name, table_name",
};

async function naive(values: unknown[]): Promise<string[]> {
  const rows = await db.query<{ name: string }>(
    `select database_name || '.' || table_name as name from a2o.tables
     where assessment_id = $1 and ($2::text is null or table_name ilike $2)
       and (coalesce(cardinality($3::text[]), 0) = 0 or table_format = any ($3))
       and (coalesce(cardinality($4::text[]), 0) = 0 or migration_readiness::text = any ($4))
       and ($5::bigint is null or size_bytes >= $5) and ($6::bigint is null or size_bytes <= $6) and ($7::text is null or database_name = $7)
       and (coalesce(cardinality($8::text[]), 0) = 0 or findings && $8)
     order by ${ORDER[String(values[8])]}`,
    values.slice(0, 8),
  );
  return rows.map(({ name }) => name);
}

/** Those that the catalogs here have; one of them is about the size. */
const CODES = ["stale", "unknown_format", "empty_table"];

const question = fc.tuple(
  fc.option(fc.constantFrom("%", "%order%", "event%", "%\\_1%", "log_1_", "%%9", "ORDER_3", "nothing", ""), {
    nil: null,
  }),
  fc.option(fc.subarray(["PARQUET", "ORC", "UNKNOWN", "nonsense"]), { nil: null }),
  fc.option(fc.subarray(["READY", "NEEDS_CONVERSION", "UNKNOWN"]), { nil: null }),
  fc.option(fc.integer({ min: 0, max: 1000 }), { nil: null }),
  fc.option(fc.integer({ min: 0, max: 1000 }), { nil: null }),
  fc.option(fc.constantFrom("a", "b", "B", "none"), { nil: null }),
  fc.option(fc.subarray([...CODES, "nonsense"]), { nil: null }),
  fc.constantFrom(...Object.keys(ORDER)),
);

describe("search_tables", () => {
  let small: string;
  let large: string;
  let theirs: string;

  beforeAll(async () => {
    const tables = Array.from({ length: 60 }, (_, i) => ({
      name: `${["order", "Event", "log"][i % 3]}_${i}`,
      size: i % 4 === 0 ? null : i % 7,
      input: (["PARQUET", "ORC", "NONE"] as const)[i % 3] ?? "NONE",
      updated: i % 5 === 0 ? null : i % 6,
    }));
    small = (
      await recordCatalog(recorder, [
        { name: "a", tables: tables.map(toGlue) },
        { name: "b", tables: tables.slice(0, 31).map(toGlue) },
      ])
    ).id;
    theirs = (await recordCatalog(recorder, [{ name: "a", tables: tables.map(toGlue) }], { awsAccountId: THEIRS })).id;
    large = (await recordCatalog(recorder, [{ name: "a", tables: manyTables() }], { region: "us-east-1" })).id;
  });

  it("finds exactly what a naive query finds, in the same order, each table once, on pages of any size", async () => {
    await db.as(ann, async ({ query }) => {
      await fc.assert(
        fc.asyncProperty(question, fc.integer({ min: 1, max: 40 }), async (filters, pageSize) => {
          const values = [small, ...filters];
          const expected = await naive(values);
          const found: string[] = [];
          let cursor: string | null = null;
          do {
            const page: Page = await searchPage(query, values, pageSize, cursor, cursor === null ? 1000 : 0);
            if (cursor === null) expect([page.total_count, page.total_is_exact]).toEqual([expected.length, true]);
            expect(page.items.length).toBeLessThanOrEqual(pageSize);
            found.push(...page.items.map(item => `${item.database_name}.${item.table_name}`));
            cursor = page.next_cursor;
          } while (cursor !== null);
          expect(found).toEqual(expected);
        }),
        { numRuns: 150 },
      );
    });
  });

  it("does so in an assessment with indexes of its own", async () => {
    await db.as(ann, async ({ query }) => {
      await fc.assert(
        fc.asyncProperty(question, async filters => {
          const values = [large, ...filters];
          const expected = (await naive(values)).slice(0, 90);
          const found: string[] = [];
          let cursor: string | null = null;
          do {
            const page: Page = await searchPage(query, values, 30, cursor);
            found.push(...page.items.map(item => `${item.database_name}.${item.table_name}`));
            cursor = page.next_cursor;
          } while (cursor !== null && found.length < 90);
          expect(found).toEqual(expected);
        }),
        { numRuns: 40 },
      );
    });
  });

  it("shows the findings and filters by any of them", async () => {
    await db.as(ann, async ({ query }) => {
      for (const code of CODES) {
        const values = [small, null, null, null, null, null, null, [code], "LARGEST_FIRST"];
        const page = await searchPage(query, values, 5, null, 1000);
        expect(page.items).not.toEqual([]);
        for (const item of page.items) expect(item.findings).toContain(code);
        const counted = "select table_count from a2o.finding_overview where assessment_id = $1 and code = $2";
        expect(await query(counted, [small, code])).toEqual([{ table_count: page.total_count }]);
      }
    });
  });

  it("counts no further than asked, and says so", async () => {
    await db.as(ann, async ({ query }) => {
      const values = [small, "%o%", null, null, null, null, null, null, "NAME"];
      expect(await searchPage(query, values, 1, null, 5)).toMatchObject({ total_count: 5, total_is_exact: false });
      expect(await searchPage(query, values, 1, null)).toMatchObject({ total_count: null, total_is_exact: null });
    });
  });

  it("refuses a cursor of another question, and what is no cursor", async () => {
    await db.as(ann, async ({ query }) => {
      const values = [small, null, null, null, null, null, null, null, "NAME"];
      const { next_cursor } = await searchPage(query, values, 2, null);
      for (const changed of [
        [small, "%a%", null, null, null, null, null, null, "NAME"],
        [small, null, null, null, null, null, null, null, "LARGEST_FIRST"],
        [large, null, null, null, null, null, null, null, "NAME"],
        [small, null, null, null, null, null, null, ["stale"], "NAME"],
      ]) {
        await expect(searchPage(query, changed, 2, next_cursor)).rejects.toMatchObject({ code: "A2O10" });
      }
      for (const cursor of ["", "x", "null", "W10", "é", "-".repeat(10_000)]) {
        await expect(searchPage(query, values, 2, cursor)).rejects.toMatchObject({ code: "A2O10" });
      }
    });
  });

  it("bounds patterns and pages", async () => {
    await db.as(ann, async ({ query }) => {
      const search = (pattern: string | null, pageSize = 1) =>
        searchPage(query, [small, pattern, null, null, null, null, null, null, "NAME"], pageSize, null);
      for (const pattern of ["x".repeat(501), "%a".repeat(11), "a\\", "\\\\\\"]) {
        await expect(search(pattern)).rejects.toMatchObject({ code: "A2O13", hint: expect.anything() });
      }
      for (const pattern of ["%".repeat(300), "%a".repeat(10), "a\\\\", "\\%%"]) await search(pattern);
      for (const size of [0, -1, 1001]) await expect(search(null, size)).rejects.toMatchObject({ code: "A2O11" });
    });
  });

  it("tells nothing of another account's assessment that it would not tell of an unknown one", async () => {
    const refusal = async (role: string, id: string, cursor: string | null = null) => {
      const error = await db.as(role, ({ query }) =>
        searchPage(query, [id, null, null, null, null, null, null, null, "NAME"], 1, cursor, 10).catch(e => e),
      );
      return [error.code, error.message.replaceAll(id, "ID"), error.hint];
    };
    const { next_cursor } = await db.as(boss, ({ query }) =>
      searchPage(query, [theirs, null, null, null, null, null, null, null, "NAME"], 1, null),
    );
    expect(next_cursor).not.toBeNull();
    const unknown = await refusal(ann, NOBODYS);
    expect(unknown[0]).toBe("A2O12");
    expect(await refusal(ann, theirs)).toEqual(unknown);
    expect(await refusal(ann, theirs, next_cursor)).toEqual(unknown);
    expect(await refusal("a2o_reader", small)).toEqual(unknown);
    expect(await refusal(await db.createLogin("a2o_reader"), small)).toEqual(unknown);
  });

  it("lets those who record read all, and a superuser who became a reader nothing", async () => {
    const values = [theirs, null, null, null, null, null, null, null, "NAME"];
    const { rows } = await recorder.query(
      `select cardinality((a2o.search_tables(${ARGUMENTS})).items) as found`,
      values,
    );
    expect(rows).toEqual([{ found: 50 }]);
    await recorder.query("set role a2o_ingest");
    await recorder.query("reset role");
    const superuser = new (await import("pg")).default.Client({ connectionString: db.url });
    await superuser.connect();
    await superuser.query("set role a2o_reader");
    await expect(superuser.query(`select a2o.search_tables(${ARGUMENTS})`, values)).rejects.toMatchObject({
      code: "A2O12",
    });
    await superuser.end();
  });

  it("has its indexes on the newest large assessment alone", async () => {
    const indexes = async (id: string) =>
      (
        await db.query<{ name: string }>("select indexname as name from pg_indexes where tablename = $1", [
          `tables_${id.replaceAll("-", "")}`,
        ])
      ).length;
    expect(await indexes(large)).toBe(9);
    const newer = (
      await recordCatalog(recorder, [{ name: "a", tables: manyTables() }], {
        region: "us-east-1",
        timestamp: "2026-02-01T00:00:00Z",
      })
    ).id;
    expect([await indexes(large), await indexes(newer)]).toEqual([3, 9]);
    await db.query("delete from a2o.assessments where id = $1", [newer]);
    await recorder.query("select a2o.tidy_assessments()");
    expect(await indexes(large)).toBe(9);
  });
});

interface Change {
  database_name: string;
  table_name: string;
  change: "ADDED" | "REMOVED" | "CHANGED";
  attributes: { attribute: string; before: string | null; after: string | null }[] | null;
  column_changes:
    | { column_name: string; change: string; type_before: string | null; type_after: string | null }[]
    | null;
}

async function allChanges(query: Query, from: string, to: string, pageSize = 3): Promise<Change[]> {
  const found: Change[] = [];
  let cursor: string | null = null;
  do {
    const rows: { page: { items: Change[]; next_cursor: string | null } }[] = await query(
      "select to_json(a2o.list_changes($1, $2, page_size => $3, cursor => $4)) as page",
      [from, to, pageSize, cursor],
    );
    found.push(...(rows[0]?.page.items ?? []));
    cursor = rows[0]?.page.next_cursor ?? null;
  } while (cursor !== null);
  return found;
}

const counts = async (query: Query, from: string, to: string) => {
  const [row] = await query<{ added: number; removed: number; changed: number; unread: string[] }>(
    `select tables_added as added, tables_removed as removed, tables_changed as changed, unread_databases as unread
     from a2o.compare_assessments($1, $2)`,
    [from, to],
  );
  return row;
};

describe("comparing assessments", () => {
  let day = 0;
  const record = (catalog: CatalogDatabase[], header = {}) => {
    day++;
    return recordCatalog(recorder, catalog, {
      timestamp: new Date(Date.UTC(2026, 3, day)).toISOString(),
      region: "compare-1",
      ...header,
    }).then(({ id }) => id);
  };

  const idea = fc.record({
    size: fc.option(fc.integer({ min: 0, max: 3 }), { nil: null }),
    input: fc.constantFrom("PARQUET" as const, "ORC" as const),
    columns: fc.uniqueArray(
      fc.record({ name: fc.constantFrom("id", "a", "b"), type: fc.constantFrom("int", "string") }),
      {
        minLength: 1,
        selector: ({ name }) => name,
      },
    ),
  });
  const catalogIdea = fc.dictionary(fc.constantFrom("t1", "t2", "t3", "t4", "t5"), idea, { minKeys: 1 });

  it("gives changes that turn one into the other, and mirrors when the sides are swapped, stored or found now", async () => {
    const state = async (id: string) =>
      Object.fromEntries(
        (
          await db.query<{ name: string; facts: Record<string, string | null> }>(
            `select table_name as name, jsonb_build_object('table_format', table_format, 'size_bytes', size_bytes::text, 'column_count', column_count::text,
               'columns', (select string_agg(c ->> 'name' || ' ' || (c ->> 'type'), ',' order by c ->> 'name')
                 from a2o.column_schemas s, jsonb_array_elements(s.columns) c where s.schema_hash = t.column_schema_hash)) as facts
             from a2o.tables t where assessment_id = $1`,
            [id],
          )
        ).map(({ name, facts }) => [name, facts]),
      );
    await fc.assert(
      fc.asyncProperty(fc.array(catalogIdea, { minLength: 3, maxLength: 3 }), async ideas => {
        const ids: string[] = [];
        for (const tables of ideas) {
          ids.push(
            await record([{ name: "d", tables: Object.entries(tables).map(([name, t]) => toGlue({ name, ...t })) }]),
          );
        }
        const [first = "", second = "", third = ""] = ids;
        await db.as(ann, async ({ query }) => {
          for (const [from, to] of [
            [first, second],
            [first, third],
          ] as const) {
            const [before, after] = [await state(from), await state(to)];
            const forward = await allChanges(query, from, to);
            for (const { table_name, change, attributes, column_changes } of forward) {
              if (change === "REMOVED") delete before[table_name];
              else {
                const facts: Record<string, string | null> = before[table_name] ?? {
                  columns: after[table_name]?.columns ?? null,
                };
                if (change === "ADDED") {
                  for (const name of ["table_format", "size_bytes", "column_count"]) facts[name] = null;
                }
                for (const { attribute, before: was, after: is } of attributes ?? []) {
                  if (!(attribute in facts)) continue;
                  if (attribute !== "columns") expect(facts[attribute]).toEqual(was);
                  if (attribute !== "columns") facts[attribute] = is;
                }
                const columns = new Map((facts.columns ?? "").split(",").map(c => c.split(" ") as [string, string]));
                for (const c of column_changes ?? []) {
                  expect(columns.get(c.column_name) ?? null).toEqual(c.type_before);
                  if (c.type_after === null) columns.delete(c.column_name);
                  else columns.set(c.column_name, c.type_after);
                }
                facts.columns = [...columns]
                  .sort(([a], [b]) => (a < b ? -1 : 1))
                  .map(c => c.join(" "))
                  .join(",");
                before[table_name] = facts;
              }
            }
            expect(before).toEqual(after);
            const swapped = { ADDED: "REMOVED", REMOVED: "ADDED", CHANGED: "CHANGED" };
            const backward = await allChanges(query, to, from, 100);
            expect(backward.map(({ table_name, change }) => [table_name, swapped[change]])).toEqual(
              forward.map(({ table_name, change }) => [table_name, change]),
            );
            const numbers = (changes: Change[]) => ({
              added: changes.filter(({ change }) => change === "ADDED").length,
              removed: changes.filter(({ change }) => change === "REMOVED").length,
              changed: changes.filter(({ change }) => change === "CHANGED").length,
              unread: [],
            });
            expect(await counts(query, from, to)).toEqual(numbers(forward));
            expect(await counts(query, to, from)).toEqual(numbers(backward));
          }
          expect(await allChanges(query, first, first)).toEqual([]);
        });
      }),
      { numRuns: 15 },
    );
  });

  it("counts no table as removed or added that one side could not read", async () => {
    const tables = [glueTable("one"), glueTable("two")];
    const whole = await record([
      { name: "read", tables },
      { name: "closed", tables },
    ]);
    const partly = await record([
      { name: "read", tables: [glueTable("one")] },
      { name: "closed", coverage: { status: "DENIED", tablesRead: 0 } },
    ]);
    const unlisted = await record([
      { name: "read", tables },
      { name: "", glue: null, coverage: { status: "PARTIAL", tablesRead: 0 } },
    ]);
    await db.as(ann, async ({ query }) => {
      expect(await counts(query, whole, partly)).toEqual({ added: 0, removed: 1, changed: 0, unread: ["closed"] });
      expect(await counts(query, partly, whole)).toEqual({ added: 1, removed: 0, changed: 0, unread: ["closed"] });
      expect(await allChanges(query, whole, partly)).toMatchObject([
        { database_name: "read", table_name: "two", change: "REMOVED" },
      ]);
      expect(await counts(query, whole, unlisted)).toEqual({ added: 0, removed: 0, changed: 0, unread: ["closed"] });
    });
  });

  it("refuses different catalogs unless asked, and marks them then", async () => {
    const here = await record([{ name: "d", tables: [glueTable("one")] }]);
    const there = await record([{ name: "d", tables: [glueTable("one")] }], { region: "compare-2" });
    await db.as(ann, async ({ query }) => {
      for (const call of ["a2o.compare_assessments($1, $2)", "a2o.list_changes($1, $2)"]) {
        await expect(query(`select * from ${call}`, [here, there])).rejects.toMatchObject({ code: "A2O14" });
      }
      expect(
        await query("select is_same_catalog, tables_added from a2o.compare_assessments($1, $2, true)", [here, there]),
      ).toEqual([{ is_same_catalog: false, tables_added: 0 }]);
    });
  });

  it("tells nothing of another account's assessment, on either side", async () => {
    const ours = await record([{ name: "d", tables: [glueTable("one")] }]);
    const theirs = await record([{ name: "d", tables: [glueTable("one")] }], { awsAccountId: THEIRS });
    await db.as(ann, async ({ query }) => {
      for (const call of ["compare_assessments", "list_changes"]) {
        const refusal = async (from: string, to: string) => {
          const error = await query(`select a2o.${call}($1, $2, across_catalogs => true)`, [from, to]).catch(e => e);
          return [error.code, error.message.replaceAll(theirs, "ID").replaceAll(NOBODYS, "ID")];
        };
        const unknown = await refusal(ours, NOBODYS);
        expect(unknown[0]).toBe("A2O12");
        expect(await refusal(ours, theirs)).toEqual(unknown);
        expect(await refusal(theirs, ours)).toEqual(await refusal(NOBODYS, ours));
        expect(await refusal(theirs, theirs)).toEqual(await refusal(NOBODYS, NOBODYS));
      }
    });
  });

  it("keeps the stored changes right when an assessment comes late or goes", async () => {
    const header = { region: "compare-3" };
    const at = (timestamp: string, ...names: string[]) =>
      recordCatalog(recorder, [{ name: "d", tables: names.map(name => glueTable(name)) }], {
        ...header,
        timestamp,
      }).then(({ id }) => id);
    const first = await at("2026-01-01T00:00:00Z", "one");
    const third = await at("2026-03-01T00:00:00Z", "one", "two", "three");
    const second = await at("2026-02-01T00:00:00Z", "one", "two");
    const churn = () =>
      db.query(
        `select assessment_id as id, previous_id as previous, tables_added as added,
           (select count(*)::int from a2o.assessment_changes c where c.assessment_id = t.assessment_id) as listed
         from a2o.assessment_trend t where region = 'compare-3' order by timestamp`,
      );
    expect(await churn()).toEqual([
      { id: first, previous: null, added: null, listed: 0 },
      { id: second, previous: first, added: 1, listed: 1 },
      { id: third, previous: second, added: 1, listed: 1 },
    ]);
    await db.query("delete from a2o.assessments where id = $1", [second]);
    expect(await churn()).toEqual([
      { id: first, previous: null, added: null, listed: 0 },
      { id: third, previous: first, added: 2, listed: 2 },
    ]);
    await db.query("delete from a2o.assessments where id = $1", [first]);
    expect(await churn()).toEqual([{ id: third, previous: null, added: null, listed: 0 }]);
  });
});

describe("the history of migrations", () => {
  it("has success rate, duration, common errors and days, of one's own accounts", async () => {
    await db.query(`insert into a2o.accounts (aws_account_id) values ($1), ($2) on conflict do nothing`, [
      OURS,
      THEIRS,
    ]);
    await db.query(
      `insert into a2o.migration_jobs (job_type, aws_job_id, aws_account_id, region, status, started_at, completed_at, bytes_copied, error_message)
       select 'DMS', i || account, account, 'eu-west-1', case when i <= 3 then 'COMPLETED' else 'FAILED' end::a2o.job_status,
         '2026-01-01T23:50:00Z', '2026-01-01T23:50:00Z'::timestamptz + i * interval '10 minutes', 100,
         case when i > 3 then 'Task ' || i || ' lost arn:aws:dms:x:' || i end
       from generate_series(1, 5) i, unnest($1::text[]) account`,
      [[OURS, THEIRS]],
    );
    await db.as(ann, async ({ query }) => {
      expect(
        await query("select jobs, completed, failed, success_percent, average_seconds from a2o.migration_history"),
      ).toEqual([{ jobs: 5, completed: 3, failed: 2, success_percent: "60.00", average_seconds: "1200.0" }]);
      expect(await query("select error_pattern, failures, newest_message from a2o.migration_errors")).toEqual([
        { error_pattern: "Task … lost …", failures: 2, newest_message: "Task 5 lost arn:aws:dms:x:5" },
      ]);
      expect(
        await query(
          "select day::text, started, completed, failed, bytes_copied from a2o.migration_timeline order by day",
        ),
      ).toEqual([
        { day: "2026-01-01", started: 5, completed: 0, failed: 0, bytes_copied: null },
        { day: "2026-01-02", started: 0, completed: 3, failed: 2, bytes_copied: "500" },
      ]);
    });
  });
});
