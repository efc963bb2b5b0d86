import { spawnSync } from "node:child_process";
import { createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type pg from "pg";
import { withClient } from "../postgres/connect.ts";
import { count, type Figure } from "./frame.ts";
import { withServer } from "./server.ts";

/** A way of storing an assessment, measured in a process of its own so that its memory is its own, too. */
export interface Storing {
  /** As in "ingesting a report". */
  what: string;
  /** What is read, as `write` gives it piece by piece. */
  input: (tables: number) => Iterable<string>;
  /** The module that runs `runChild` when it is started with `--child`. */
  module: string;
  limit: number;
}

/**
 * Stores a new assessment in an empty database. The floor is a bare COPY, inside the server, of the very rows that were
 * stored (column lists too) into tables without any index.
 */
export async function measureStoring({ what, input, module, limit }: Storing, tables: number): Promise<Figure[]> {
  return withServer(async server => {
    const file = join(server.directory, "input.json");
    await pipeline(Readable.from(input(tables)), createWriteStream(file));
    const child = spawnSync(process.execPath, [module, "--child", server.url, file], { encoding: "utf8" });
    if (child.status !== 0) throw new Error(child.stderr);
    const { seconds, memory }: { seconds: number; memory: number } = JSON.parse(child.stdout);
    return withClient(server.url, { purpose: "bench" }, async client => {
      const { copied, deleted } = await measureFloor(client, server.dataDirectory);
      const megabytes = (await stat(file)).size / 1e6;
      return [
        {
          what: `${what} of ${count(tables)} tables (${count(Math.round(megabytes))} MB)`,
          value: seconds,
          unit: "s",
          floor: { what: "bare COPY of its rows", value: copied },
          limit,
        },
        {
          what: "deleting the assessment",
          value: deleted,
          unit: "s",
          floor: { what: "storing it", value: seconds },
          limit: 0.02,
        },
        { what: "Node.js, highest resident memory", value: memory, unit: "MiB", limit: 200 },
      ];
    });
  });
}

async function measureFloor(client: pg.Client, dataDirectory: string): Promise<{ copied: number; deleted: number }> {
  const timed = async (sql: string) => {
    const start = performance.now();
    await client.query(sql);
    return (performance.now() - start) / 1000;
  };
  // In the data directory, the one place the server may write whoever it runs as.
  const file = client.escapeLiteral(join(dataDirectory, "bench.copy"));
  const schemasFile = client.escapeLiteral(join(dataDirectory, "bench-schemas.copy"));
  const { rows } = await client.query<{ columns: string }>("select a2o_private.stored_columns() as columns");
  const columns = rows[0]?.columns ?? "";
  await client.query(`copy (select ${columns} from a2o.tables) to ${file}`);
  await client.query(`copy a2o.column_schemas to ${schemasFile}`);
  await client.query("create table bench_floor as select * from a2o.tables limit 0");
  await client.query("create table bench_schemas as select * from a2o.column_schemas limit 0");
  await client.query("checkpoint");
  const copied =
    (await timed(`copy bench_floor (${columns}) from ${file}`)) +
    (await timed(`copy bench_schemas from ${schemasFile}`));
  return { copied, deleted: await timed("delete from a2o.assessments") };
}

/** The child process's side: stores what is in the file, and says how many seconds it took. */
export async function runChild(store: (client: pg.Client, file: string) => Promise<number>): Promise<void> {
  const [url = "", file = ""] = process.argv.slice(3);
  const seconds = await withClient(url, { purpose: "bench", role: "a2o_ingest" }, client => store(client, file));
  process.stdout.write(JSON.stringify({ seconds, memory: process.resourceUsage().maxRSS / 1024 }));
}
