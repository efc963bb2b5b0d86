/**
 * Linking jobs to tables: a thousand jobs and a million tables in one catalog, of which every table is moved by some job. What a
 * poll costs when nothing is new, when one job is, and when a new assessment makes every link be looked at again; and what
 * readers wait for.
 */
import pg from "pg";
import { type Bench, count, type Figure, median, run } from "./frame.ts";
import { storeAssessment } from "./read.ts";
import { withServer } from "./server.ts";

const ACCOUNT = "111111111111";
const REGION = "eu-west-1";
const JOBS = 1_000;

export const bench: Bench = {
  name: "links",
  measure: ({ tables }) =>
    withServer(async server => {
      const owner = new pg.Client({ connectionString: server.url });
      await owner.connect();
      try {
        return await measureLinks(owner, tables);
      } finally {
        await owner.end();
      }
    }),
};

async function measureLinks(owner: pg.Client, tables: number): Promise<Figure[]> {
  const seconds = async (sql: string, params: unknown[] = []) => {
    const start = performance.now();
    await owner.query(sql, params);
    return (performance.now() - start) / 1000;
  };
  const of = `${count(JOBS)} jobs, ${count(tables)} tables`;
  await storeAssessment(owner, tables, 1);
  await addJobs(owner);
  // As the end of a poll does it: links, then the counts of those databases to which something happened.
  const link = `select a2o_private.link_jobs('${ACCOUNT}', '${REGION}')`;
  const refresh = `select a2o_private.refresh_migration_rollups('${ACCOUNT}', '${REGION}')`;
  const first = await seconds(link);
  const { rows } = await owner.query<{ links: number; linked: number }>(
    "select count(*)::int as links, count(*) filter (where state = 'LINKED')::int as linked from a2o.migration_job_links",
  );
  const { links = 0, linked = 0 } = rows[0] ?? {};
  process.stderr.write(`${links} links, ${linked} of them certain\n`);
  await owner.query("vacuum analyze");
  const floor = await insertAgain(owner);
  const again = await seconds(`select a2o_private.relink_jobs('${ACCOUNT}', '${REGION}')`);
  await owner.query(refresh);
  await owner.query("delete from a2o.migration_rollups");
  const countedAll = await seconds(refresh);
  await owner.query("vacuum analyze a2o.migration_rollups, a2o.stale_migration_rollups");

  const idle: number[] = [];
  const single: number[] = [];
  for (let i = 0; i < 9; i++) {
    idle.push((await seconds(`${link}; ${refresh}`)) * 1000);
    await owner.query(
      `insert into a2o.migration_jobs (job_type, aws_job_id, aws_parent_id, aws_account_id, region, status, started_at, details)
       values ('GLUE_JOB', $1::text, $1::text, '${ACCOUNT}', '${REGION}', 'RUNNING', now(), $2)`,
      [`single-${i}`, { Arguments: { "--source_path": `s3://lake/database_${i}/` } }],
    );
    single.push((await seconds(`${link}; ${refresh}`)) * 1000);
  }

  await owner.query("create role bench_reader login password 'bench' in role a2o_reader");
  await owner.query("select a2o.grant_account_access('bench_reader', '*')");
  await owner.query("set session authorization bench_reader");
  const reads: [string, string, number][] = [
    [
      "stage of one table",
      "select * from a2o.table_migrations where assessment_id = $1 and database_name = 'database_7' and table_name = (select max(table_name) from a2o.tables where assessment_id = $1 and database_name = 'database_7')",
      20,
    ],
    [
      "stages of a database's tables",
      "select * from a2o.table_migrations where assessment_id = $1 and database_name = 'database_7'",
      500,
    ],
    [
      "counts of one database",
      "select * from a2o.database_migrations where assessment_id = $1 and database_name = 'database_7'",
      20,
    ],
    ["counts of the whole assessment", "select * from a2o.assessment_migrations where assessment_id = $1", 100],
    [
      "links of one job",
      "select l.* from a2o.migration_jobs j join a2o.job_links l on l.job_id = j.id where j.aws_job_id = 'sync-7' and $1::uuid is not null",
      100,
    ],
  ];
  const { rows: newest } = await owner.query<{ id: string }>("select id from a2o.newest_assessments");
  const figures: Figure[] = [];
  for (const [what, sql, limit] of reads) {
    const taken: number[] = [];
    const statement = sql.replaceAll("$1", owner.escapeLiteral(newest[0]?.id ?? ""));
    for (let i = 0; i < 3; i++) taken.push((await seconds(statement)) * 1000);
    figures.push({ what: `${what} (${of})`, value: median(taken), unit: "ms", limit });
  }
  await owner.query("reset session authorization");
  return [
    {
      what: `linking ${of}: ${count(links)} links`,
      value: first,
      unit: "s",
      floor: { what: "inserting those links alone", value: floor },
      limit: 5,
    },
    {
      what: `looking at every link again (${of})`,
      value: again,
      unit: "s",
      floor: { what: "inserting those links alone", value: floor },
      limit: 5,
    },
    {
      what: `counting the stages of every database again (${of})`,
      value: countedAll,
      unit: "s",
      floor: { what: "inserting those links alone", value: floor },
      limit: 1,
    },
    { what: `poll without news (${of})`, value: median(idle), unit: "ms", limit: 20 },
    { what: `poll with one new job (${of})`, value: median(single), unit: "ms", limit: 500 },
    ...figures,
  ];
}

/** A third of each service: DMS by patterns and by counted tables, DataSync over a folder each, Glue by names. */
async function addJobs(owner: pg.Client): Promise<void> {
  await owner.query(
    `insert into a2o.migration_jobs (job_type, aws_job_id, aws_parent_id, aws_account_id, region, status, started_at, completed_at, migration_type, source, details)
     select case i % 3 when 0 then 'DMS' when 1 then 'DATASYNC' else 'GLUE_JOB' end, case i % 3 when 0 then 'task-' when 1 then 'sync-' else 'run-' end || i,
       case i % 3 when 0 then 'task-' when 1 then 'sync-' else 'run-' end || i, $1, $2, case when i % 2 = 0 then 'RUNNING' else 'COMPLETED' end::a2o.job_status,
       now() - interval '1 hour', case when i % 2 = 1 then now() end, 'full-load', case when i % 3 = 1 then 's3://lake/database_' || i / 2 || '/' end,
       case i % 3
         when 0 then jsonb_build_object('TableMappings', jsonb_build_object('rules', jsonb_build_array(
           jsonb_build_object('rule-type', 'selection', 'rule-id', '1', 'rule-action', 'include', 'object-locator',
             jsonb_build_object('schema-name', 'database_' || i / 2, 'table-name', '%')),
           jsonb_build_object('rule-type', 'selection', 'rule-id', '2', 'rule-action', 'exclude', 'object-locator',
             jsonb_build_object('schema-name', 'database_%', 'table-name', 'logs[_]%')))))
         when 2 then jsonb_build_object('Arguments', jsonb_build_object('--source_database', 'database_' || i / 2))
         else '{}' end
     from generate_series(0, $3 - 1) as i`,
    [ACCOUNT, REGION, JOBS],
  );
  // Half of the DMS tasks have run, so that DMS counts their tables.
  await owner.query(
    `insert into a2o.migration_job_tables (job_id, schema_name, table_name, aws_account_id, table_state, observed_at)
     select j.id, upper(t.database_name), upper(t.table_name), j.aws_account_id, 'Table completed', now()
     from a2o.migration_jobs j
     join a2o.tables t on t.database_name = j.details #>> '{TableMappings,rules,0,object-locator,schema-name}' and t.table_name !~ '^logs_'
     where j.job_type = 'DMS' and j.status = 'COMPLETED'`,
  );
  await owner.query("analyze a2o.migration_jobs, a2o.migration_job_tables");
}

/** The least that storing the links can cost: the same rows into a table with the same indexes. */
async function insertAgain(owner: pg.Client): Promise<number> {
  await owner.query("create table bench_links (like a2o.migration_job_links including all)");
  const start = performance.now();
  await owner.query("insert into bench_links select * from a2o.migration_job_links");
  const taken = (performance.now() - start) / 1000;
  await owner.query("drop table bench_links");
  return taken;
}

if (import.meta.main) await run([bench]);
