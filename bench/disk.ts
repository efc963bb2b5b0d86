/**
 * What is kept takes on disk: an assessment by its tables, as Glue tells them, and a running job by its samples and roll-ups. Bytes
 * of tables with their indexes and TOAST, as the database grew; they hardly depend on how many there are.
 */
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { defaultAccountId } from "../demo/simulator.ts";
import { withClient } from "../postgres/connect.ts";
import { type Bench, count, type Figure, run } from "./frame.ts";
import { glueAnswers, recordGlue } from "./ingest-glue.ts";
import { withServer } from "./server.ts";

/** A little more than what shares a partition with others. */
const MOST_TABLES = 21_000;
const JOBS = 20;
/** A poll every half minute, and two metrics a minute, for this long; a roll-up for each hour of it. */
const HOURS = 48;

export const bench: Bench = {
  name: "disk",
  measure: ({ tables }) =>
    withServer(async server => {
      const owner = new pg.Client({ connectionString: server.url });
      await owner.connect();
      try {
        return [
          ...(await measureAssessments(owner, server.url, server.directory, Math.min(tables, MOST_TABLES))),
          ...(await measureJobs(owner)),
        ];
      } finally {
        await owner.end();
      }
    }),
};

async function sizeOf(owner: pg.Client, relations: string): Promise<number> {
  await owner.query("checkpoint");
  const { rows } = await owner.query<{ bytes: string }>(
    `select sum(pg_total_relation_size(oid))::text as bytes from pg_class where relkind in ('r', 'm') and ${relations}`,
  );
  return Number(rows[0]?.bytes);
}

/** One assessment in an empty database, then the same catalog again, which keeps its column lists and takes over the search indexes. */
async function measureAssessments(owner: pg.Client, url: string, directory: string, tables: number): Promise<Figure[]> {
  const file = join(directory, "glue.json");
  await pipeline(Readable.from(glueAnswers(tables)), createWriteStream(file));
  const everything = () => sizeOf(owner, "relnamespace in ('a2o'::regnamespace, 'a2o_private'::regnamespace)");
  const sizes = [await everything()];
  for (const day of ["2026-11-02", "2026-11-03"]) {
    await withClient(url, { purpose: "bench", role: "a2o_ingest" }, client => recordGlue(client, file, day));
    await owner.query("vacuum");
    sizes.push(await everything());
  }
  const [empty = 0, one = 0, two = 0] = sizes;
  const of = `of ${count(tables)} tables, for each`;
  return [
    { what: `the only assessment ${of}`, value: (one - empty) / tables, unit: "bytes" },
    { what: `another one of the same catalog ${of}`, value: (two - one) / tables, unit: "bytes" },
  ];
}

async function measureJobs(owner: pg.Client): Promise<Figure[]> {
  const query = (sql: string, params: unknown[] = []) => owner.query(sql, params);
  await query("insert into a2o.accounts (aws_account_id) values ($1) on conflict do nothing", [defaultAccountId]);
  await query(
    `insert into a2o.migration_jobs (job_type, aws_job_id, job_name, aws_account_id, region, status, started_at)
     select 'DMS', 'arn:' || n, 'job-' || n, $1, 'eu-central-1', 'RUNNING', now() - interval '3 days' from generate_series(1, $2) n`,
    [defaultAccountId, JOBS],
  );
  const since = `date_trunc('hour', now(), 'UTC') - make_interval(hours => ${HOURS})`;
  const until = "date_trunc('hour', now(), 'UTC') - interval '1 second'";
  await query(
    "select a2o_private.make_history_partitions(array(select generate_series(now() - interval '2 months', now(), interval '1 month')))",
  );
  // In the order of polls, as they come.
  await query(
    `insert into a2o.migration_progress (job_id, sampled_at, aws_account_id, percent, rows_copied, tables_loaded, tables_total, elapsed_ms)
     select j.id, s, $1, 50, n, n / 10, 900, 30000 * n
     from generate_series(${since}, ${until}, interval '30 seconds') with ordinality as g(s, n), a2o.migration_jobs j`,
    [defaultAccountId],
  );
  await query(
    `insert into a2o.migration_metrics (job_id, metric_name, sampled_at, aws_account_id, value, unit)
     select j.id, m, s, $1, 12.5, 'Bytes/Second' from generate_series(${since}, ${until}, interval '1 minute') s, a2o.migration_jobs j,
       unnest('{CDCLatencySource,FullLoadThroughputRowsTarget}'::text[]) m`,
    [defaultAccountId],
  );
  while ((await query("select a2o.roll_up_history() as hours")).rows[0].hours > 0);
  await query("vacuum");
  const figures: Figure[] = [];
  for (const [what, table] of [
    ["a sample of progress", "migration_progress"],
    ["a data point of a metric", "migration_metrics"],
    ["five minutes of a job, rolled up", "progress_5_minutes"],
    ["five minutes of a metric, rolled up", "metrics_5_minutes"],
  ] as const) {
    const { rows } = await query(`select count(*)::float8 as rows from a2o.${table}`);
    const bytes = await sizeOf(
      owner,
      `oid in (select inhrelid from pg_inherits where inhparent = 'a2o.${table}'::regclass)`,
    );
    figures.push({ what, value: bytes / rows[0].rows, unit: "bytes" });
  }
  return figures;
}

if (import.meta.main) await run([bench]);
