// What reading costs through the functions, for a login that is a reader through row-level security, against the same plain SQL
// by hand as the owner. The newest of ten assessments and the one before it are of full size, the older ones hold a tenth.
// Both sides send the statement anew each time, as pools do, and take turns; figures are medians.
import pg from "pg";
import { type Bench, type Figure, median, run } from "./frame.ts";
import { withServer } from "./server.ts";

const ACCOUNT = "111111111111";
const ASSESSMENTS = 10;

export const bench: Bench = {
  name: "read",
  measure: ({ tables }) =>
    withServer(async server => {
      const owner = new pg.Client({ connectionString: server.url });
      await owner.connect();
      try {
        const ids: string[] = [];
        for (let day = 1; day <= ASSESSMENTS; day++) {
          ids.push(await storeAssessment(owner, day > ASSESSMENTS - 2 ? tables : tables / 10, day));
          process.stderr.write(`stored assessment ${day} of ${ASSESSMENTS}\n`);
        }
        await owner.query("create role bench_reader login password 'bench' in role a2o_reader");
        await owner.query("select a2o.grant_account_access('bench_reader', '*')");
        await owner.query("vacuum analyze");
        const url = Object.assign(new URL(server.url), { username: "bench_reader", password: "bench" });
        const reader = new pg.Client({ connectionString: url.href });
        await reader.connect();
        try {
          return await compare(owner, reader, ids);
        } finally {
          await reader.end();
        }
      } finally {
        await owner.end();
      }
    }),
};

/** Fills staging with rows that look like a catalog, `seed` making one in a hundred differ, and stores them. */
export async function storeAssessment(client: pg.Client, tables: number, day: number): Promise<string> {
  const { rows: runs } = await client.query("select * from a2o.begin_assessment()");
  const run = runs[0];
  await client.query(`
    insert into ${run.reported_tables_target}
    select 'database_' || i % 500, (array['orders','events','customers','clicks','invoices','sessions','payments','logs'])[1 + i % 8]
        || '_' || substr(md5(i::text), 1, 6) || '_' || i,
      (array['PARQUET','PARQUET','PARQUET','ICEBERG','CSV','JSON','ORC','AVRO'])[1 + i / 8 % 8], 's3://lake/database_' || i % 500 || '/' || md5(i::text),
      case when i % 10 > 0 then (i * 7919::bigint % 1000003)::float8 / 1000 + case when i % 100 = ${day} then 1 else 0 end end,
      array['day'], 12, timestamptz '2025-01-01' + i % 400 * interval '1 day', i / 8 % 8 = 3,
      case when i / 8 % 8 = 3 then 'READY' else 'NEEDS_CONVERSION' end::a2o.migration_readiness, '{}', '{}'
    from generate_series(1, ${tables}) as i`);
  await client.query(
    `insert into ${run.databases_target} (database_name, status, tables_read) select 'database_' || i, 'COMPLETE', 0 from generate_series(0, 499) i`,
  );
  const { rows } = await client.query(
    `select id from a2o.finish_assessment($1, 'REPORT', $2, 'eu-west-1', '${ACCOUNT}', 'bench')`,
    [run.run_id, new Date(Date.UTC(2026, 0, day)).toISOString()],
  );
  return rows[0].id;
}

async function compare(owner: pg.Client, reader: pg.Client, ids: string[]): Promise<Figure[]> {
  const [newest = "", previous = "", older = ""] = ids.toReversed();
  const columns = `t.assessment_id, t.database_name, t.table_name, t.id, t.aws_account_id, t.table_format, t.migration_readiness, t.size_bytes,
    t.estimated_size_gb, t.storage_location, t.partition_keys, t.column_count, t.last_updated, t.is_iceberg, t.row_count, t.table_type, t.size_source,
    t.format_rule, t.readiness_rule, t.notes, t.findings`;
  const plain = (rest: string) => `select ${columns} from a2o.tables t where t.assessment_id = '${newest}' ${rest}`;
  const found = (rest: string) =>
    `select f.* from a2o.search_tables('${newest}'${rest}) as page, unnest(page.items) as f`;
  const bySize = "order by t.size_bytes desc nulls last, t.database_name, t.table_name limit 51";
  const { rows } = await owner.query(plain(`order by t.database_name, t.table_name offset 500000 limit 1`));
  const middle = rows[0] ?? (await owner.query(plain("limit 1"))).rows[0];
  // The cursor of the first page with another key in it.
  const { rows: pages } = await owner.query(
    `select (a2o.search_tables('${newest}', sort => 'NAME')).next_cursor as cursor`,
  );
  const [fingerprint] = JSON.parse(Buffer.from(pages[0].cursor, "base64url").toString());
  const key = JSON.stringify([fingerprint, [middle.database_name, middle.table_name]]);
  const inTheMiddle = Buffer.from(key).toString("base64url");
  const merge = (
    from: string,
    to: string,
  ) => `select count(*) filter (where o.table_name is null), count(*) filter (where n.table_name is null),
      count(*) filter (where o.content_hash <> n.content_hash)
    from (select * from a2o.tables where assessment_id = '${from}') o
    full join (select * from a2o.tables where assessment_id = '${to}') n using (database_name, table_name)`;
  const questions: [string, string, string, number][] = [
    ["largest 50", found(""), plain(bySize), 60],
    [
      "name page in the middle",
      found(`, sort => 'NAME', cursor => '${inTheMiddle}'`),
      plain(`and (t.database_name, t.table_name) > (${owner.escapeLiteral(middle.database_name)}, ${owner.escapeLiteral(middle.table_name)})
        order by t.database_name, t.table_name limit 51`),
      60,
    ],
    ["ILIKE %order% by size", found(", pattern => '%order%'"), plain(`and t.table_name ilike '%order%' ${bySize}`), 40],
    ["rare ILIKE", found(", pattern => '%abc12%'"), plain(`and t.table_name ilike '%abc12%' ${bySize}`), 40],
    [
      "% + format + minimum size",
      found(", pattern => '%', formats => '{PARQUET}', min_size_bytes => 107374182400"),
      plain(`and t.table_format = 'PARQUET' and t.size_bytes >= 107374182400 ${bySize}`),
      60,
    ],
    [
      "the same in one database",
      found(", pattern => '%', formats => '{PARQUET}', min_size_bytes => 107374182400, database => 'database_7'"),
      plain(
        `and t.table_format = 'PARQUET' and t.size_bytes >= 107374182400 and t.database_name = 'database_7' ${bySize}`,
      ),
      40,
    ],
    ["readiness", found(", readiness => '{READY}'"), plain(`and t.migration_readiness = 'READY' ${bySize}`), 60],
    [
      "smallest 50",
      found(", sort => 'SMALLEST_FIRST'"),
      plain("and t.size_bytes is not null order by t.size_bytes, t.database_name, t.table_name limit 51"),
      40,
    ],
    [
      "recently updated (no index)",
      found(", sort => 'RECENTLY_UPDATED'"),
      plain("order by t.last_updated desc nulls last, t.database_name, t.table_name limit 51"),
      5,
    ],
    ["assessments", "select * from a2o.assessment_overview", "select * from a2o.assessment_overview", 60],
    [
      "databases",
      `select * from a2o.database_overview where assessment_id = '${newest}'`,
      `select * from a2o.database_overview where assessment_id = '${newest}'`,
      40,
    ],
    [
      "formats",
      `select * from a2o.format_overview where assessment_id = '${newest}'`,
      `select * from a2o.format_overview where assessment_id = '${newest}'`,
      60,
    ],
    [
      "readiness overview",
      `select * from a2o.readiness_overview where assessment_id = '${newest}'`,
      `select * from a2o.readiness_overview where assessment_id = '${newest}'`,
      60,
    ],
    ["trend", "select * from a2o.assessment_trend", "select * from a2o.assessment_trend", 60],
    [
      "comparing neighbours, stored (plain: bare merge)",
      `select * from a2o.compare_assessments('${previous}', '${newest}')`,
      merge(previous, newest),
      3,
    ],
    [
      "50 stored changes (plain: bare merge)",
      `select * from a2o.list_changes('${previous}', '${newest}')`,
      merge(previous, newest),
      3,
    ],
    [
      "comparing others, merged now",
      `select * from a2o.compare_assessments('${older}', '${newest}')`,
      merge(older, newest),
      5,
    ],
    [
      "comparing neighbours as if not stored",
      `select * from a2o_private.count_changes('${previous}', '${newest}')`,
      merge(previous, newest),
      5,
    ],
  ];
  const figures: Figure[] = [];
  for (const [what, byFunction, byHand, times] of questions) {
    // The private function is the owner's; what is measured is the same merge that compare_assessments runs.
    const asker = byFunction.includes("a2o_private.") ? owner : reader;
    const samples = { function: [] as number[], plain: [] as number[] };
    for (let i = -2; i < times; i++) {
      // Alternating, so that what else the machine does hits both.
      if (byHand.includes("full join")) await owner.query("set enable_hashjoin = off");
      const plainMs = await timed(owner, byHand);
      await owner.query("reset enable_hashjoin");
      const functionMs = await timed(asker, byFunction);
      if (i < 0) continue;
      samples.plain.push(plainMs);
      samples.function.push(functionMs);
    }
    figures.push({
      ...{ what, value: median(samples.function), unit: "ms", limit: byHand.includes("full join") ? 1.2 : 1.3 },
      floor: { what: byHand.includes("full join") ? "bare merge" : "plain SQL", value: median(samples.plain) },
    });
  }
  return figures;
}

async function timed(client: pg.Client, sql: string): Promise<number> {
  const start = performance.now();
  await client.query(sql);
  return performance.now() - start;
}

if (import.meta.main) await run([bench]);
