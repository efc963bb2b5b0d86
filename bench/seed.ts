// Our recording beside the repository of the design that this product started from: its schema with its keys and indexes, and what
// its SQLAlchemy code sends, one INSERT … RETURNING id for each row in one transaction, with its filter of all tables for each
// database. The report is in memory there before the clock starts; ours is read from its file. Always 20,000 tables, since the
// filter grows with the square.
import "../worker/flat-memory.ts";
import { createWriteStream, readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type pg from "pg";
import { withClient } from "../postgres/connect.ts";
import { ingestReport } from "../worker/record/ingest-report.ts";
import { type Bench, count, type Figure, median, run } from "./frame.ts";
import { sampleReport } from "./sample-report.ts";
import { withServer } from "./server.ts";

const TABLES = 20_000;

const SCHEMA = `
  create schema seed;
  create table seed.assessments (
    id uuid primary key default gen_random_uuid(), timestamp timestamptz not null, region varchar(50) not null,
    aws_account_id varchar(12) not null, tool_version varchar(20) not null, total_databases integer not null,
    total_tables integer not null, iceberg_tables integer not null, migration_ready integer not null,
    needs_conversion integer not null, unknown integer not null, total_estimated_size_gb numeric(12,2), created_at timestamptz default now());
  create table seed.databases (
    id uuid primary key default gen_random_uuid(), assessment_id uuid references seed.assessments(id) on delete cascade,
    database_name varchar(255) not null, description text, location_uri text, table_count integer not null);
  create table seed.tables (
    id uuid primary key default gen_random_uuid(), database_id uuid references seed.databases(id) on delete cascade,
    assessment_id uuid references seed.assessments(id) on delete cascade, table_name varchar(255) not null,
    table_format varchar(50) not null, storage_location text not null, estimated_size_gb numeric(12,2), partition_keys text[],
    column_count integer not null, last_updated timestamptz, is_iceberg boolean not null, migration_readiness varchar(20) not null, notes text[]);
  create table seed.migration_jobs (
    id uuid primary key default gen_random_uuid(), table_id uuid references seed.tables(id), job_type varchar(50) not null,
    aws_job_id varchar(255), status varchar(20) not null, started_at timestamptz, completed_at timestamptz, rows_copied bigint,
    bytes_copied bigint, error_message text);
  create index on seed.assessments (timestamp desc);
  create index on seed.assessments (aws_account_id, region);
  create index on seed.databases (assessment_id);
  create index on seed.tables (database_id);
  create index on seed.tables (assessment_id);
  create index on seed.tables (migration_readiness);
  create index on seed.tables (table_format);
  create index on seed.tables (table_name);
  create index on seed.migration_jobs (table_id);
  create index on seed.migration_jobs (status);`;

type Row = Record<string, unknown>;
interface Report {
  assessment_metadata: Row;
  summary: Row;
  databases: (Row & { database_name: string })[];
  tables: (Row & { database_name: string })[];
}

/** `AssessmentRepository.save_assessment`, statement by statement. */
async function saveAssessment(client: pg.Client, report: Report): Promise<void> {
  const insert = async (table: string, row: Row): Promise<string> => {
    const names = Object.keys(row);
    const places = names.map((_, i) => `$${i + 1}`).join(", ");
    const text = `insert into seed.${table} (${names.join(", ")}) values (${places}) returning id`;
    const { rows } = await client.query<{ id: string }>({ name: table, text, values: Object.values(row) });
    return rows[0]?.id ?? "";
  };
  await client.query("begin");
  const assessment_id = await insert("assessments", { ...report.assessment_metadata, ...report.summary });
  for (const database of report.databases) {
    const database_id = await insert("databases", { assessment_id, ...database });
    for (const table of report.tables.filter(each => each.database_name === database.database_name)) {
      const { database_name: _, ...columns } = table;
      await insert("tables", { database_id, assessment_id, ...columns });
    }
  }
  await client.query("commit");
}

export const bench: Bench = {
  name: "seed",
  measure: () =>
    withServer(async server => {
      const file = join(server.directory, "report.json");
      await pipeline(Readable.from(sampleReport(TABLES)), createWriteStream(file));
      const report: Report = JSON.parse(readFileSync(file, "utf8"));
      return withClient(server.url, { purpose: "bench" }, async client => {
        const timed = async (work: () => Promise<unknown>) => {
          const start = performance.now();
          await work();
          return performance.now() - start;
        };
        await client.query(SCHEMA);
        const seedSaved = await timed(() => saveAssessment(client, report));
        const saved = await timed(() => ingestReport(client, file));
        await client.query("vacuum analyze");
        const query = async (sql: string) => {
          const samples: number[] = [];
          for (let i = 0; i < 30; i++) samples.push(await timed(() => client.query(sql)));
          return median(samples);
        };
        // The question of the design's example, and its search for a part of a name.
        const questions: [string, string][] = [
          [
            "Parquet tables of a database above a size",
            `SELECT t.table_name, t.estimated_size_gb, t.storage_location, t.partition_keys FROM SCHEMA.tables t
             JOIN SCHEMA.databases d ON t.database_id = d.id
             WHERE d.database_name = 'db_7' AND t.table_format = 'PARQUET' AND t.estimated_size_gb > 40 ORDER BY t.estimated_size_gb DESC`,
          ],
          ["tables by format", "SELECT table_format, count(*), sum(estimated_size_gb) FROM SCHEMA.tables GROUP BY 1"],
        ];
        const [id] = (await client.query<{ id: string }>("select id from a2o.assessments")).rows;
        const figures: Figure[] = [
          {
            ...{ what: `storing a report of ${count(TABLES)} tables`, value: saved / 1000, unit: "s" },
            ...{ floor: { what: "the design's repository", value: seedSaved / 1000 }, limit: 1 },
          },
        ];
        for (const [what, sql] of questions) {
          const ours =
            what === "tables by format"
              ? `select * from a2o.format_overview where assessment_id = '${id?.id}'`
              : sql.replaceAll("SCHEMA", "a2o");
          figures.push({
            ...{ what, value: await query(ours), unit: "ms" },
            floor: { what: "the design's schema", value: await query(sql.replaceAll("SCHEMA", "seed")) },
          });
        }
        const seedDeleted = await timed(() => client.query("delete from seed.assessments"));
        const deleted = await timed(() => client.query("delete from a2o.assessments"));
        figures.push({
          ...{ what: "deleting it", value: deleted, unit: "ms", limit: 1 },
          floor: { what: "the design's schema", value: seedDeleted },
        });
        return figures;
      });
    }),
};

if (import.meta.main) await run([bench]);
