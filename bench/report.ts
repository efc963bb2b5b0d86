// What writing each report costs: seconds against a bare COPY of the same columns out of the server, and Node's memory at a
// hundred tables and at all of them, which has to be about the same.
import "../worker/flat-memory.ts";
import { spawnSync } from "node:child_process";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { withClient } from "../postgres/connect.ts";
import { ingestReport } from "../worker/record/ingest-report.ts";
import { REPORT_FORMATS, writeReport } from "../worker/report/write.ts";
import { type Bench, type Figure, run } from "./frame.ts";
import { sampleReport } from "./sample-report.ts";
import { withServer } from "./server.ts";

const FEW = 100;

/** How much slower than the bare COPY each may be; HTML holds a bounded part of the tables. */
const LIMITS = { json: 12, ndjson: 8, md: 5, csv: 3, html: 2, xlsx: 15 } as const;

export const bench: Bench = {
  name: "report",
  measure: ({ tables }) =>
    withServer(async server => {
      const store = async (count: number) => {
        const file = join(server.directory, `${count}.json`);
        await pipeline(Readable.from(sampleReport(count)), createWriteStream(file));
        return withClient(server.url, { purpose: "bench", role: "a2o_ingest" }, client => ingestReport(client, file));
      };
      const { id: few } = await store(FEW);
      const { id: all } = await store(tables);
      const floor = await withClient(server.url, { purpose: "bench" }, client => bareCopy(client, all));
      const figures: Figure[] = [];
      for (const format of REPORT_FORMATS) {
        const measured = (id: string) => {
          const child = spawnSync(
            process.execPath,
            [import.meta.filename, "--child", server.url, id, format, join(server.directory, "out")],
            { encoding: "utf8" },
          );
          if (child.status !== 0) throw new Error(child.stderr);
          const { seconds, memory }: { seconds: number; memory: number } = JSON.parse(child.stdout);
          return { seconds, memory };
        };
        const [small, large] = [measured(few), measured(all)];
        figures.push(
          {
            ...{ what: `writing ${format}`, value: large.seconds, unit: "s", limit: LIMITS[format] },
            floor: { what: "a bare COPY out of the server", value: floor },
          },
          {
            ...{ what: `memory of writing ${format}`, value: large.memory, unit: "MiB", limit: 2 },
            floor: { what: `writing ${FEW} tables`, value: small.memory },
          },
        );
      }
      return figures;
    }),
};

async function bareCopy(client: pg.Client, id: string): Promise<number> {
  const start = performance.now();
  const columns =
    "database_name, table_name, table_format, migration_readiness, size_bytes, storage_location, partition_keys, notes";
  const query = `copy (select ${columns} from a2o.tables where assessment_id = ${client.escapeLiteral(id)}) to stdout`;
  const nowhere = new PassThrough().resume();
  await pipeline(client.query(copyTo(query)), nowhere);
  return (performance.now() - start) / 1000;
}

async function child(url: string, id: string, name: string, path: string): Promise<void> {
  const format = REPORT_FORMATS.find(format => format === name) ?? "json";
  const seconds = await withClient(url, { purpose: "bench", role: "a2o_ingest" }, async client => {
    const start = performance.now();
    await client.query("begin");
    await writeReport(client, id, { format }, path);
    return (performance.now() - start) / 1000;
  });
  process.stdout.write(JSON.stringify({ seconds, memory: process.resourceUsage().maxRSS / 1024 }));
}

if (import.meta.main) {
  const [kind, url = "", id = "", format = "", path = ""] = process.argv.slice(2);
  if (kind === "--child") await child(url, id, format, path);
  else await run([bench]);
}
