/**
 * What storing an assessment costs: `node bench/ingest.ts [tables] [report|glue]` (default 1,000,000 from a report).
 *
 * `report` ingests a phase 1 report. `glue` records what glue:GetTables answers for a generated catalog, and has it judged;
 * reading the answers from their file is left out of the time. The floor is a bare COPY, inside the server, of the very rows
 * that were stored (column lists too) into tables without any index. Both run on an embedded PostgreSQL with its usual
 * settings. Machines are noisy: read the ratio. Node's memory is the ingesting process's highest resident size.
 */
import "../worker/flat-memory.ts";
import { spawnSync } from "node:child_process";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type pg from "pg";
import { createCatalog } from "../demo/catalog.ts";
import { withClient } from "../postgres/connect.ts";
import { acquireEmbedded } from "../postgres/embedded/acquire.ts";
import { resetEmbedded } from "../postgres/embedded/manage.ts";
import { migrate } from "../postgres/migrate.ts";
import { ingestReport } from "../worker/record/ingest-report.ts";
import { Recording } from "../worker/record/recording.ts";
import { sampleReport } from "./sample-report.ts";

export interface IngestFigures {
  tables: number;
  /** Of the report, or of Glue's answers. */
  megabytes: number;
  seconds: number;
  floorSeconds: number;
  ratio: number;
  deleteRatio: number;
  /** MiB */
  nodeMemory: number;
}

export type Source = "report" | "glue";

export async function measureIngest(tables: number, source: Source = "report"): Promise<IngestFigures> {
  const directory = await mkdtemp(join(tmpdir(), "a2o-bench-"));
  const home = join(directory, "postgresql");
  const embedded = await acquireEmbedded({ home });
  try {
    await migrate(embedded.url);
    const input = join(directory, "input.json");
    await pipeline(
      Readable.from(source === "glue" ? glueAnswers(tables) : sampleReport(tables)),
      createWriteStream(input),
    );
    const child = spawnSync(process.execPath, [import.meta.filename, "--child", embedded.url, input, source], {
      encoding: "utf8",
    });
    if (child.status !== 0) throw new Error(child.stderr);
    const { seconds, nodeMemory }: { seconds: number; nodeMemory: number } = JSON.parse(child.stdout);
    return await withClient(embedded.url, { purpose: "bench" }, async client => {
      const timed = async (sql: string) => {
        const start = performance.now();
        await client.query(sql);
        return (performance.now() - start) / 1000;
      };
      // In the data directory, the one place the server may write whoever it runs as.
      const file = client.escapeLiteral(join(embedded.dataDirectory, "bench.copy"));
      const schemasFile = client.escapeLiteral(join(embedded.dataDirectory, "bench-schemas.copy"));
      const columns = await storedColumns(client);
      await client.query(`copy (select ${columns} from a2o.tables) to ${file}`);
      await client.query(`copy a2o.column_schemas to ${schemasFile}`);
      await client.query("create table bench_floor as select * from a2o.tables limit 0");
      await client.query("create table bench_schemas as select * from a2o.column_schemas limit 0");
      await client.query("checkpoint");
      const floorSeconds =
        (await timed(`copy bench_floor (${columns}) from ${file}`)) +
        (await timed(`copy bench_schemas from ${schemasFile}`));
      const deleteSeconds = await timed("delete from a2o.assessments");
      return {
        tables,
        megabytes: (await stat(input)).size / 1e6,
        seconds,
        floorSeconds,
        ratio: seconds / floorSeconds,
        deleteRatio: deleteSeconds / seconds,
        nodeMemory,
      };
    });
  } finally {
    await embedded.release();
    await resetEmbedded(home);
    await rm(directory, { recursive: true, force: true });
  }
}

async function storedColumns(client: {
  query: (sql: string) => Promise<{ rows: { columns: string }[] }>;
}): Promise<string> {
  const { rows } = await client.query("select a2o_private.stored_columns() as columns");
  return rows[0]?.columns ?? "";
}

/** What glue:GetTables answers for a generated catalog, a table in each line, 500 in each database. */
function* glueAnswers(tables: number): Generator<string> {
  const region = "eu-central-1";
  const databases = Math.ceil(tables / 500);
  const catalog = createCatalog({ databases, tablesPerDatabase: 500, regions: [region] });
  const date = (seconds: number | undefined) => (seconds === undefined ? undefined : new Date(seconds * 1000));
  for (let i = 0; i < databases; i++) {
    const entry = catalog.databaseAt(region, i);
    let lines = "";
    for (let j = 0; j < (entry?.tableCount ?? 0); j++) {
      const table = entry?.tableAt(j);
      const answer = { ...table, CreateTime: date(table?.CreateTime), UpdateTime: date(table?.UpdateTime) };
      lines += `${JSON.stringify([entry?.database.Name, answer])}\n`;
    }
    yield lines;
  }
}

/** Seconds that recording and judging took; what the server does while the file is read is not left out. */
async function recordGlue(client: pg.Client, input: string): Promise<number> {
  let seconds = 0;
  const timed = async (work: () => Promise<unknown>) => {
    const start = performance.now();
    await work();
    seconds += (performance.now() - start) / 1000;
  };
  const recording = await Recording.begin(client);
  const counts = new Map<string, number>();
  let batch: [string, object][] = [];
  const send = () =>
    timed(async () => {
      let last: Promise<void> | undefined;
      for (const [database, table] of batch) last = recording.glueTable(database, table) ?? last;
      await last;
      batch = [];
    });
  for await (const line of createInterface({ input: createReadStream(input) })) {
    const [database, table]: [string, object] = JSON.parse(line);
    counts.set(database, (counts.get(database) ?? 0) + 1);
    batch.push([database, table]);
    if (batch.length === 500) await send();
  }
  await send();
  await timed(async () => {
    for (const [name, tablesRead] of counts) {
      await recording.glueDatabase(name, { Name: name }, { status: "COMPLETE", tablesRead });
    }
    await recording.finish({
      origin: "GLUE",
      timestamp: "2026-11-02T00:00:00Z",
      region: "eu-central-1",
      awsAccountId: "123456789012",
      toolVersion: "bench",
      isSimulated: true,
    });
  });
  return seconds;
}

async function child(url: string, input: string, source: string): Promise<void> {
  const seconds = await withClient(url, { purpose: "bench", role: "a2o_ingest" }, async client => {
    if (source === "glue") return recordGlue(client, input);
    const start = performance.now();
    await ingestReport(client, input);
    return (performance.now() - start) / 1000;
  });
  process.stdout.write(JSON.stringify({ seconds, nodeMemory: process.resourceUsage().maxRSS / 1024 }));
}

if (process.argv[2] === "--child") {
  await child(process.argv[3] ?? "", process.argv[4] ?? "", process.argv[5] ?? "");
} else if (process.argv[1] === import.meta.filename) {
  const source = process.argv[3] === "glue" ? "glue" : "report";
  const figures = await measureIngest(Number(process.argv[2] ?? 1_000_000), source);
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
}
