import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as fc from "fast-check";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCatalog } from "../demo/catalog.ts";
import { packageRoot } from "../postgres/package-root.ts";
import { createTestDatabase, type TestDatabase } from "../test/database.ts";
import { Recording } from "../worker/record/recording.ts";
import { type CatalogDatabase, glueHeader, glueTable, ingestClient, recordCatalog } from "../worker/record/testing.ts";

const OURS = "111111111111";
const THEIRS = "222222222222";
const DENIED = { code: "42501" };

let db: TestDatabase;
let client: Client;
beforeAll(async () => {
  db = await createTestDatabase();
  client = await ingestClient(db);
});
afterAll(async () => {
  await client.end();
  await db.drop();
});

let clock = 0;
/** Another moment for each, so that no assessment is like another. */
const moment = () => ({ timestamp: new Date(Date.UTC(2026, 0, 10) + 1000 * clock++).toISOString() });
const store = (tables: object[], database: Partial<CatalogDatabase> = {}) =>
  recordCatalog(client, [{ name: "db", tables, ...database }], moment());

interface Found {
  code: string;
  detail: string | null;
}
const findingsOf = (id: string, table = "t") =>
  db.query<Found & Record<string, unknown>>(
    "select code, detail from a2o.findings where assessment_id = $1 and table_name = $2 order by code",
    [id, table],
  );

interface Glue {
  type?: string;
  parameters?: Record<string, string>;
  location?: string;
  input?: string;
  serde?: string;
  columns?: { Name?: string; Type?: string }[];
  keys?: string[];
  more?: object;
}
const HIVE = "org.apache.hadoop.hive";
const PARQUET = `${HIVE}.ql.io.parquet.MapredParquetInputFormat`;
/** A Parquet table on S3 that nothing is to be said about, with changes. */
function table({
  type,
  parameters,
  location = "s3://lake/t/",
  input = PARQUET,
  serde,
  columns,
  keys = [],
  more,
}: Glue) {
  return {
    Name: "t",
    TableType: type ?? "EXTERNAL_TABLE",
    UpdateTime: "2026-01-05T00:00:00.000Z",
    Parameters: parameters ?? { totalSize: "1024" },
    PartitionKeys: keys.map(Name => ({ Name, Type: "string" })),
    StorageDescriptor: {
      Columns: columns ?? [{ Name: "id", Type: "bigint" }],
      ...(location !== "" && { Location: location }),
      ...(input !== "" && { InputFormat: input }),
      ...(serde !== undefined && { SerdeInfo: { SerializationLibrary: serde } }),
    },
    ...more,
  };
}
const iceberg = { table_type: "ICEBERG", metadata_location: "s3://lake/t/m.json", totalSize: "1" };
const column = (Type: string) => [{ Name: "c", Type }];
const presto = { ViewOriginalText: "/* Presto View: e30= */" };

/** Each rule where it speaks, with what it tells, and the nearest case where it does not. */
const cases: { code: string; speaks: Glue; detail: string; silent: Glue }[] = [
  {
    code: "view_rewrite",
    speaks: { type: "VIRTUAL_VIEW", location: "", more: presto },
    detail: "Its SQL is in the dialect of Athena and Presto.",
    silent: {},
  },
  {
    code: "not_on_s3",
    speaks: { location: "hdfs://nn/t" },
    detail: "The location is hdfs://nn/t.",
    silent: { location: "S3A://lake/t" },
  },
  {
    code: "missing_location",
    speaks: { location: "" },
    detail: "The catalog names no place for this PARQUET table.",
    silent: { location: "", parameters: iceberg },
  },
  {
    code: "unknown_format",
    speaks: { input: "" },
    detail: "The catalog does not say what the data is.",
    silent: {},
  },
  {
    code: "delta_conversion",
    speaks: { parameters: { table_type: "delta", totalSize: "1" } },
    detail: "Recognised as Delta Lake by fmt-100.",
    silent: { parameters: iceberg },
  },
  {
    code: "hudi_conversion",
    speaks: { input: "org.apache.hudi.hadoop.realtime.HoodieParquetRealtimeInputFormat" },
    detail: "Merge-on-read: the real-time view of the table.",
    silent: { parameters: iceberg },
  },
  {
    code: "weak_schema",
    speaks: { input: "", serde: `${HIVE}.serde2.OpenCSVSerde` },
    detail: "The files are CSV: their types are only declared in the catalog.",
    silent: { input: "", serde: `${HIVE}.ql.io.orc.OrcSerde` },
  },
  {
    code: "unsupported_types",
    speaks: { columns: [...column("varchar(3)"), { Name: "d", Type: "array<SMALLINT>" }] },
    detail: "Types: smallint, varchar.",
    silent: { columns: column("struct<char:int,interval:string>") },
  },
  {
    code: "nested_types",
    speaks: { columns: column("map<string,struct<a:int>>") },
    detail: "Types: map, struct.",
    silent: { columns: [{ Name: "map", Type: "string" }] },
  },
  {
    code: "many_partition_keys",
    speaks: { keys: ["a", "b", "c", "d", "e"] },
    detail: "Partitioned by 5 columns: a, b, c, d, e.",
    silent: { keys: ["a", "b", "c", "d"] },
  },
  {
    code: "partition_projection",
    speaks: { parameters: { "projection.enabled": "TRUE", "projection.day.type": "date", totalSize: "1" } },
    detail: "Projected columns: day.",
    silent: { parameters: { "projection.enabled": "false", "projection.day.type": "date", totalSize: "1" } },
  },
  {
    code: "stale",
    speaks: { more: { UpdateTime: "2024-12-31T00:00:00.000Z" } },
    detail: "Last changed 2024-12-31, 375 days before.",
    silent: { more: { UpdateTime: "2025-02-01T00:00:00.000Z" } },
  },
  {
    code: "tiny_files",
    speaks: { parameters: { totalSize: "10000000", numFiles: "10000" } },
    detail: "10000 files, 1000 bytes in each on average.",
    silent: { parameters: { totalSize: "10000000", numFiles: "999" } },
  },
  {
    code: "crawler_size",
    speaks: { parameters: { sizeKey: "7" } },
    detail: "The size comes from sizeKey.",
    silent: { parameters: { sizeKey: "7", totalSize: "8" } },
  },
  {
    code: "unbelievable_size",
    speaks: { parameters: { totalSize: "-1" } },
    detail: "Parameters: totalSize is '-1'.",
    silent: { parameters: {} },
  },
  {
    code: "lake_formation",
    speaks: { more: { IsRegisteredWithLakeFormation: true } },
    detail: "The location is registered with Lake Formation.",
    silent: { more: { IsRegisteredWithLakeFormation: false } },
  },
  {
    code: "resource_link",
    speaks: { more: { TargetTable: { CatalogId: "333333333333", DatabaseName: "x", Name: "y" } } },
    detail: "It points to 333333333333.x.y.",
    silent: {},
  },
  {
    code: "federated_source",
    speaks: { more: { FederatedTable: { Identifier: "x", ConnectionName: "hms" } } },
    detail: "It comes from hms.",
    silent: {},
  },
  {
    code: "jdbc_source",
    speaks: { parameters: { connectionName: "crm" }, input: "" },
    detail: "Connection crm.",
    silent: {},
  },
  {
    code: "key_value_source",
    speaks: { parameters: { classification: "dynamodb" }, input: "" },
    detail: "The data lies in DynamoDB.",
    silent: {},
  },
  {
    code: "stream",
    speaks: { parameters: { typeOfData: "kafka" } },
    detail: "Recognised as a stream by fmt-200.",
    silent: { parameters: { typeOfData: "file", totalSize: "1" } },
  },
  {
    code: "empty_table",
    speaks: { parameters: { totalSize: "0", numRows: "0" } },
    detail: "0 rows, 0 bytes.",
    silent: { parameters: { totalSize: "1", numRows: "1" } },
  },
  {
    code: "unfit_column_names",
    speaks: { columns: [{ Name: "id ", Type: "int" }] },
    detail: "A column name is empty, holds control characters, or begins or ends with space.",
    silent: { columns: [{ Name: "größe in cm", Type: "int" }] },
  },
  {
    code: "clashing_column_names",
    speaks: {
      columns: [
        { Name: "userId", Type: "int" },
        { Name: "userid", Type: "int" },
      ],
    },
    detail: "Two columns have the same name in lower case.",
    silent: {
      columns: [
        { Name: "userId", Type: "int" },
        { Name: "user_id", Type: "int" },
      ],
    },
  },
  {
    code: "many_columns",
    speaks: { columns: Array.from({ length: 501 }, (_, i) => ({ Name: `c${i}`, Type: "int" })) },
    detail: "501 columns.",
    silent: { columns: Array.from({ length: 500 }, (_, i) => ({ Name: `c${i}`, Type: "int" })) },
  },
];

describe("a finding", () => {
  it.each(cases)("$code is made where it is due, and told", async ({ code, speaks, detail, silent }) => {
    const { id } = await store([table(speaks), { ...table(silent), Name: "other" }]);
    expect(await findingsOf(id)).toContainEqual({ code, detail });
    expect((await findingsOf(id, "other")).map(found => found.code)).not.toContain(code);
  });

  it("is not made on an ordinary table", async () => {
    const { id } = await store([table({})]);
    expect(await findingsOf(id)).toEqual([]);
  });

  it("name_clash is made on both, across databases too, and on nothing else", async () => {
    const { id } = await recordCatalog(
      client,
      [
        { name: "sales", tables: [glueTable("Orders"), glueTable("orders"), glueTable("Lone")] },
        { name: "Sales", tables: [glueTable("ORDERS"), glueTable("lines")] },
      ],
      moment(),
    );
    const clashing = await db.query<{ name: string }>(
      "select database_name || '.' || table_name as name from a2o.findings where assessment_id = $1 and code = 'name_clash' order by 1",
      [id],
    );
    expect(clashing.map(({ name }) => name).sort()).toEqual(["Sales.ORDERS", "sales.Orders", "sales.orders"]);
  });

  it.each([
    ["Hive", { ViewOriginalText: "select 1" }],
    ["Spark", { ViewOriginalText: "select 1", Parameters: { "spark.sql.create.version": "3.5" } }],
    ["Redshift", { ViewDefinition: { Representations: [{ Dialect: "REDSHIFT" }] } }],
  ])("names %s as the dialect of a view", async (dialect, more) => {
    const { id } = await store([table({ type: "VIRTUAL_VIEW", location: "", more })]);
    expect(await findingsOf(id)).toContainEqual({
      code: "view_rewrite",
      detail: `Its SQL is in the dialect of ${dialect}.`,
    });
  });

  it("about types never stands against a table that is Iceberg already", async () => {
    const { id } = await store([table({ parameters: iceberg, columns: column("struct<a:char(3)>") })]);
    expect(await findingsOf(id)).toEqual([]);
  });

  it("that needs Glue is not made up for a report, others are", async () => {
    const recording = await Recording.begin(client);
    const reported = {
      database_name: "db",
      table_name: "t",
      table_format: "JSON",
      storage_location: "hdfs://nn/t",
      estimated_size_gb: null,
      partition_keys: [],
      column_count: 1,
      last_updated: "2020-01-01T00:00:00Z",
      is_iceberg: false,
      migration_readiness: "NEEDS_CONVERSION" as const,
      notes: [],
      extra: {},
    };
    await recording.reportedTable(reported);
    const { id } = await recording.finish({ ...glueHeader, ...moment(), origin: "REPORT" });
    await recording.abandon();
    expect((await findingsOf(id)).map(({ code }) => code)).toEqual(["not_on_s3", "stale", "weak_schema"]);
    const before = await snapshot(id);
    await client.query("select a2o.rescore($1)", [id]);
    expect(await snapshot(id)).toEqual(before);
  });
});

describe("every rule", () => {
  it("has its row, its file, its section in the guide, its hours, and a case above", async () => {
    const rules = await db.query<{ code: string }>('select code from a2o.finding_rules order by code collate "C"');
    const codes = rules.map(({ code }) => code);
    const files = (await readdir(join(packageRoot, "sql", "findings"))).map(file => file.replace(/\.sql$/, ""));
    const guide = await readFile(join(packageRoot, "docs", "findings.md"), "utf8");
    const sections = [...guide.matchAll(/^### (\S+)\n\n\*\*(.+?)\*\* · (\w+)/gm)];
    expect(files.sort()).toEqual(codes);
    expect(sections.map(match => match[1])).toEqual(codes);
    expect([...cases.map(({ code }) => code), "name_clash"].sort()).toEqual(codes);
    const told = await db.query<{ code: string; title: string; severity: string }>(
      'select code, title, severity from a2o.finding_rules order by code collate "C"',
    );
    expect(sections.map(([, code, title, severity]) => ({ code, title, severity }))).toEqual(told);
    const weights = await db.query<{ key: string }>(
      `select key from a2o.effort_weights where kind = 'FINDING' order by key collate "C"`,
    );
    expect(weights.map(({ key }) => key)).toEqual(codes);
    for (const code of codes) {
      const file = await readFile(join(packageRoot, "sql", "findings", `${code}.sql`), "utf8");
      expect(file).toContain(`function a2o_private.finds_${code}(`);
      expect(file).toContain(`function a2o_private.tells_${code}(`);
    }
  });
});

/** Everything of an assessment that rescoring may touch. */
async function snapshot(id: string): Promise<unknown[]> {
  const parts = [
    "select to_jsonb(t) as row from a2o.tables t where assessment_id = $1 order by database_name, table_name",
    "select to_jsonb(d) as row from a2o.databases d where assessment_id = $1 order by database_name",
    "select to_jsonb(a) as row from a2o.assessments a where id = $1",
    "select to_jsonb(r) as row from a2o.format_rollups r where assessment_id = $1 order by table_format, migration_readiness",
    "select to_jsonb(r) as row from a2o.finding_rollups r where assessment_id = $1 order by database_name, code",
    "select to_jsonb(r) as row from a2o.verdict_rollups r where assessment_id = $1 order by database_name, table_format, migration_readiness",
  ];
  return Promise.all(parts.map(sql => db.query(sql, [id])));
}

/** Tables of every kind the demo company has, as the SDK gives them. */
function demoCatalog(): CatalogDatabase[] {
  const catalog = createCatalog();
  const region = catalog.regions[0] ?? "";
  const date = (seconds: number | undefined) => (seconds === undefined ? undefined : new Date(seconds * 1000));
  return Array.from({ length: catalog.databaseCount(region) }, (_, i) => {
    const entry = catalog.databaseAt(region, i);
    const tables = Array.from({ length: Math.min(entry?.tableCount ?? 0, 300) }, (_, j) => {
      const wire = entry?.tableAt(j);
      return { ...wire, CreateTime: date(wire?.CreateTime), UpdateTime: date(wire?.UpdateTime) };
    });
    return { name: entry?.database.Name ?? "", glue: { ...entry?.database, CreateTime: undefined }, tables };
  });
}

describe("the demo company's catalog", () => {
  let id: string;
  beforeAll(async () => {
    id = (await recordCatalog(client, demoCatalog(), moment())).id;
  });

  it("is counted as it is", async () => {
    expect(
      await db.query(
        `select r.database_name, r.code, r.table_count, c.table_count as counted
         from (select * from a2o.finding_rollups where assessment_id = $1) r
         full join (select database_name, code, count(*)::int as table_count from a2o.findings where assessment_id = $1 group by 1, 2) c
           using (database_name, code)
         where r.table_count is distinct from c.table_count`,
        [id],
      ),
    ).toEqual([]);
    const [overview] = await db.query(
      `select (select sum(table_count) from a2o.finding_overview where assessment_id = $1)
         = (select count(*) from a2o.findings where assessment_id = $1) as same,
         (select count(*) from a2o.finding_overview where assessment_id = $1) > 20 as many`,
      [id],
    );
    expect(overview).toEqual({ same: true, many: true });
  });

  it("has a detail for every finding", async () => {
    expect(
      await db.query("select distinct code from a2o.findings where assessment_id = $1 and coalesce(detail, '') = ''", [
        id,
      ]),
    ).toEqual([]);
  });

  it("costs what its tables cost, and follows the weights", async () => {
    const sums = () =>
      db.query<{ whole: string; databases: string; tables: string }>(
        `select (select effort_hours from a2o.assessment_effort where assessment_id = $1) as whole,
           (select sum(effort_hours) from a2o.database_effort where assessment_id = $1) as databases,
           (select sum(a2o.table_effort_hours(assessment_id, database_name, table_name)) from a2o.tables where assessment_id = $1) as tables`,
        [id],
      );
    const [before] = await sums();
    expect(Number(before?.whole)).toBeGreaterThan(0);
    expect([before?.databases, before?.tables]).toEqual([before?.whole, before?.whole]);
    await db.query("update a2o.effort_weights set hours = hours + 1 where kind = 'FINDING' and key = 'view_rewrite'");
    const [views] = await db.query<{ n: string }>(
      "select count(*) as n from a2o.tables where assessment_id = $1 and table_format = 'VIEW'",
      [id],
    );
    const [after] = await sums();
    expect(Number(after?.whole)).toBeCloseTo(Number(before?.whole) + Number(views?.n));
    expect([after?.databases, after?.tables]).toEqual([after?.whole, after?.whole]);
  });

  it("is the same after it was rescored by the same rules", async () => {
    const before = await snapshot(id);
    const { rows } = await client.query("select a2o.rescore($1) as changed", [id]);
    expect(rows).toEqual([{ changed: 0 }]);
    expect(await snapshot(id)).toEqual(before);
  });

  it("is judged again when what was stored is not what the rules say, with its sums and hashes", async () => {
    const before = await snapshot(id);
    await db.query(
      `update a2o.tables set table_format = 'XML', is_iceberg = false, migration_readiness = 'UNKNOWN', size_bytes = null,
         notes = '{}', findings = '{stale}', format_rule = 'fmt-900', content_hash = 'x' where assessment_id = $1`,
      [id],
    );
    await db.query("delete from a2o.finding_rollups where assessment_id = $1", [id]);
    await client.query("begin");
    await client.query("select a2o.rescore($1)", [id]);
    await client.query("rollback");
    expect(await snapshot(id)).not.toEqual(before);
    await client.query("select a2o.rescore($1)", [id]);
    expect(await snapshot(id)).toEqual(before);
  });
});

describe("rules and limits as rows", () => {
  it("take effect when an assessment is rescored", async () => {
    const { id } = await store([table({ location: "hdfs://nn/t" })]);
    await db.query("update a2o.finding_limits set value = 2 where name = 'stale_days'");
    await db.query("update a2o.finding_rules set is_enabled = false where code = 'not_on_s3'");
    try {
      expect((await findingsOf(id)).map(({ code }) => code)).toEqual(["not_on_s3"]);
      await client.query("select a2o.rescore($1)", [id]);
      expect((await findingsOf(id)).map(({ code }) => code)).toEqual(["stale"]);
      expect(
        await db.query("select code, table_count from a2o.finding_overview where assessment_id = $1", [id]),
      ).toEqual([{ code: "stale", table_count: 1 }]);
    } finally {
      await db.query("update a2o.finding_limits set value = 365 where name = 'stale_days'");
      await db.query("update a2o.finding_rules set is_enabled = true");
    }
  });

  it("cannot be changed by those who read, record or operate", async () => {
    for (const role of ["a2o_reader", "a2o_operator", "a2o_ingest", "a2o_worker"]) {
      await db.as(role, async ({ query }) => {
        for (const statement of [
          "update a2o.finding_rules set severity = 'INFO'",
          "delete from a2o.finding_rules",
          "update a2o.finding_limits set value = 0",
          "update a2o.effort_weights set hours = 0",
          "insert into a2o.effort_weights values ('FORMAT', 'X', 1)",
        ]) {
          await expect(query(statement), `${role}: ${statement}`).rejects.toMatchObject(DENIED);
        }
      });
    }
  });
});

describe("who may read findings", () => {
  it("is who may read the account: other accounts' findings, counts and hours are not there", async () => {
    const broken = [table({ location: "hdfs://nn/t" })];
    await recordCatalog(client, [{ name: "db", tables: broken }], { ...moment(), awsAccountId: OURS });
    const theirs = await recordCatalog(client, [{ name: "db", tables: broken }], { ...moment(), awsAccountId: THEIRS });
    const ann = await db.createLogin("a2o_reader");
    const boss = await db.createLogin("a2o_reader");
    await db.query("select a2o.grant_account_access($1, $2), a2o.grant_account_access($3, '*')", [ann, OURS, boss]);
    for (const view of [
      "findings",
      "finding_overview",
      "database_finding_overview",
      "database_effort",
      "assessment_effort",
      "finding_rollups",
      "verdict_rollups",
    ]) {
      const count = `select count(*)::int as n from a2o.${view} where assessment_id = $1`;
      await db.as(boss, async ({ query }) => {
        expect([view, (await query<{ n: number }>(count, [theirs.id]))[0]?.n]).toEqual([view, expect.any(Number)]);
        expect((await query(`select * from a2o.${view} where assessment_id = $1`, [theirs.id])).length).toBeGreaterThan(
          0,
        );
      });
      await db.as(ann, async ({ query }) => {
        expect([view, await query(count, [theirs.id])]).toEqual([view, [{ n: 0 }]]);
        expect((await query(`select * from a2o.${view}`)).length).toBeGreaterThan(0);
      });
    }
    await db.as(ann, async ({ query }) => {
      expect(await query("select a2o.table_effort_hours($1, 'db', 't') as hours", [theirs.id])).toEqual([
        { hours: null },
      ]);
      await expect(
        query("select a2o_private.finding_detail('stale', t) from a2o.tables t"),
        "helpers are not for calling",
      ).rejects.toMatchObject(DENIED);
    });
  });

  it("rescoring is for logins that record", async () => {
    const { id } = await store([table({})]);
    for (const role of ["a2o_reader", "a2o_operator", "a2o_worker", "a2o_mcp"]) {
      await db.as(role, ({ query }) =>
        expect(query("select a2o.rescore($1)", [id]), role).rejects.toMatchObject(DENIED),
      );
    }
    await expect(client.query("select a2o.rescore(gen_random_uuid())")).rejects.toMatchObject({ code: "A2O06" });
  });
});

const text = fc.oneof(
  fc.constantFrom(
    "",
    "-1",
    "1.2 GB",
    "9999999999",
    "0",
    "true",
    "ICEBERG",
    "delta",
    "kafka",
    "json",
    "csv",
    "s3://b/t",
    "hdfs://x",
  ),
  fc.string({ maxLength: 8 }),
);
const parameters = fc.dictionary(
  fc.constantFrom(
    ...["table_type", "classification", "typeOfData", "connectionName", "metadata_location", "totalSize", "sizeKey"],
    ...["recordCount", "averageRecordSize", "numRows", "numFiles", "objectCount", "projection.enabled"],
  ),
  fc.option(text, { freq: 6 }),
  { maxKeys: 5 },
);
const column_ = fc.record({ Name: text, Type: fc.oneof(text, fc.constantFrom("char(3)", "map<string,int>", "int")) });
const anyTable = fc.record(
  {
    TableType: fc.constantFrom("EXTERNAL_TABLE", "VIRTUAL_VIEW"),
    Parameters: parameters,
    PartitionKeys: fc.array(column_, { maxLength: 6 }),
    ViewOriginalText: text,
    IsRegisteredWithLakeFormation: fc.boolean(),
    UpdateTime: fc.constantFrom("2020-01-01T00:00:00.000Z", "2026-01-01T00:00:00.000Z"),
    TargetTable: fc.option(fc.record({ Name: fc.option(text) }), { freq: 1 }),
    StorageDescriptor: fc.record(
      {
        Columns: fc.array(column_, { maxLength: 4 }),
        Location: text,
        InputFormat: fc.constantFrom(PARQUET, "", "org.apache.hadoop.mapred.TextInputFormat"),
        Parameters: parameters,
        SerdeInfo: fc.record({ Parameters: fc.option(parameters) }),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);

describe("any catalog", () => {
  it("is the same after it was rescored by the same rules", async () => {
    const property = fc.asyncProperty(fc.array(anyTable, { minLength: 30, maxLength: 30 }), async tables => {
      const { id } = await store(
        tables.map((glue, i) => ({ ...glue, Name: i % 5 === 0 ? `T${i}` : `t${i - (i % 2)}x${i % 3}` })),
      );
      const before = await snapshot(id);
      await client.query("select a2o.rescore($1)", [id]);
      expect(await snapshot(id)).toEqual(before);
    });
    await fc.assert(property, { numRuns: 10 });
  });
});
