/**
 * What storing a report costs: `node bench/ingest.ts [tables]` (default 1,000,000).
 *
 * The floor is a bare COPY, inside the server, of the very rows that were stored into a table without any index. Both run on
 * an embedded PostgreSQL with its usual settings. Machines are noisy: read the ratio. Node's memory is the ingesting
 * process's highest resident size.
 */
import "../worker/flat-memory.ts";
import { spawnSync } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { withClient } from "../postgres/connect.ts";
import { acquireEmbedded, resetEmbedded } from "../postgres/embedded.ts";
import { migrate } from "../postgres/migrate.ts";
import { ingestReport } from "../worker/record/ingest-report.ts";
import { sampleReport } from "./sample-report.ts";

export interface IngestFigures {
  tables: number;
  reportMegabytes: number;
  seconds: number;
  floorSeconds: number;
  ratio: number;
  deleteRatio: number;
  /** MiB */
  nodeMemory: number;
}

export async function measureIngest(tables: number): Promise<IngestFigures> {
  const directory = await mkdtemp(join(tmpdir(), "a2o-bench-"));
  const home = join(directory, "postgresql");
  const embedded = await acquireEmbedded({ home });
  try {
    await migrate(embedded.url);
    const report = join(directory, "report.json");
    await pipeline(Readable.from(sampleReport(tables)), createWriteStream(report));
    const child = spawnSync(process.execPath, [import.meta.filename, "--child", embedded.url, report], {
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
      const columns = await storedColumns(client);
      await client.query(`copy (select ${columns} from a2o.tables) to ${file}`);
      await client.query("create table bench_floor as select * from a2o.tables limit 0");
      await client.query("checkpoint");
      const floorSeconds = await timed(`copy bench_floor (${columns}) from ${file}`);
      const deleteSeconds = await timed("delete from a2o.assessments");
      return {
        tables,
        reportMegabytes: (await stat(report)).size / 1e6,
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

async function child(url: string, report: string): Promise<void> {
  const start = performance.now();
  await withClient(url, { purpose: "bench", role: "a2o_ingest" }, client => ingestReport(client, report));
  const seconds = (performance.now() - start) / 1000;
  process.stdout.write(JSON.stringify({ seconds, nodeMemory: process.resourceUsage().maxRSS / 1024 }));
}

if (process.argv[2] === "--child") {
  await child(process.argv[3] ?? "", process.argv[4] ?? "");
} else if (process.argv[1] === import.meta.filename) {
  process.stdout.write(`${JSON.stringify(await measureIngest(Number(process.argv[2] ?? 1_000_000)), null, 2)}\n`);
}
