// What an export costs through the web server, sign-in, policies and CSV's safety included, against a bare COPY of the same
// rows as the owner. The server runs in a process of its own, so that its memory is its own, too.
import { fork } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { freePort } from "../postgres/throwaway.ts";
import { type Bench, count, type Figure, median, run } from "./frame.ts";
import { storeAssessment } from "./read.ts";
import { type BenchServer, withServer } from "./server.ts";

const ROUNDS = 3;

export const bench: Bench = {
  name: "export",
  measure: ({ tables }) =>
    withServer(async server => {
      const owner = new pg.Client({ connectionString: server.url });
      await owner.connect();
      try {
        const id = await storeAssessment(owner, tables, 1);
        await owner.query("select a2o.grant_account_access('bench', '*')");
        await owner.query("vacuum analyze");
        return await measure(server, owner, id, tables);
      } finally {
        await owner.end();
      }
    }),
};

async function measure(server: BenchServer, owner: pg.Client, id: string, tables: number): Promise<Figure[]> {
  const port = await freePort();
  const child = fork(import.meta.filename, ["--serve", server.urlFor("a2o_authenticator"), String(port)]);
  try {
    await once(child, "message");
    const before = await residentMemory(child.pid);
    const figures: Figure[] = [];
    let highest = before;
    const watch = setInterval(async () => {
      highest = Math.max(highest, await residentMemory(child.pid));
    }, 100);
    for (const format of ["csv", "ndjson"]) {
      const seconds: number[] = [];
      const bare: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        bare.push(
          await timed(async () => {
            const where = `assessment_id = '${id}' order by database_name, table_name`;
            const rows = owner.query(copyTo(`copy (select * from a2o.tables where ${where}) to stdout (format csv)`));
            for await (const _ of rows);
          }),
        );
        seconds.push(
          await timed(async () => {
            const url = `http://127.0.0.1:${port}/exports/tables.${format}?assessmentId=${id}&sort=NAME`;
            const response = await fetch(url, { headers: { "accept-encoding": "identity" } });
            let lines = 0;
            for await (const chunk of response.body ?? []) for (const byte of chunk) if (byte === 0x0a) lines++;
            const expected = tables + (format === "csv" ? 1 : 0);
            if (lines !== expected) throw new Error(`${lines} lines instead of ${expected}`);
          }),
        );
      }
      figures.push({
        what: `exporting ${count(tables)} tables as ${format === "csv" ? "CSV" : "NDJSON"}`,
        value: median(seconds),
        unit: "s",
        floor: { what: "bare COPY of whole rows to the same machine", value: median(bare) },
        limit: 4,
      });
    }
    clearInterval(watch);
    figures.push({ what: "web server, memory that exporting adds", value: highest - before, unit: "MiB", limit: 100 });
    return figures;
  } finally {
    child.kill("SIGTERM");
    await once(child, "exit");
  }
}

/** In MiB. */
async function residentMemory(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

async function serve(databaseUrl: string, port: number): Promise<void> {
  const { startWebServer } = await import("../web/server/server.ts");
  const identity = { role: "a2o_reader", user: "bench" } as const;
  const web = await startWebServer({
    databaseUrl,
    port,
    identity,
    logLevel: "warn",
    log: line => process.stderr.write(`${line}\n`),
  });
  process.on("SIGTERM", () => void web.close().then(() => process.exit()));
  process.send?.("ready");
}

if (import.meta.main) {
  const [mode, databaseUrl, port] = process.argv.slice(2);
  if (mode === "--serve" && databaseUrl !== undefined) await serve(databaseUrl, Number(port));
  else await run([bench]);
}
