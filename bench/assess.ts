// How near reading a catalog comes to what AWS allows: pages × 40 ms ÷ the calls it answers at once. The simulator, the reader
// and PostgreSQL are processes of their own, as AWS, the command line and a server are.
import "../worker/flat-memory.ts";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { demoCredentials, startSimulator } from "../demo/simulator.ts";
import { withClient } from "../postgres/connect.ts";
import { assessGlueCatalog } from "../worker/assess/glue-catalog.ts";
import { type Bench, count, type Figure, run } from "./frame.ts";
import { withServer } from "./server.ts";

const REGION = "eu-central-1";
const PAGE_MS = 40;
/** Calls that the simulator answers at once; it throttles what comes above. */
const ALLOWED = 4;
const TABLES_PER_DATABASE = 1000;
/** The catalog that a larger one must not need more memory than. */
const SMALL = 10_000;

export const bench: Bench = {
  name: "assess",
  measure: ({ tables }) =>
    withServer(async server => {
      const small = await assess(server.url, SMALL);
      const large = await assess(server.url, tables);
      const throttled = await assess(server.url, tables, 0.05);
      const floor = { what: `pages × ${PAGE_MS} ms ÷ ${ALLOWED}`, value: (pagesOf(tables) * PAGE_MS) / 1000 / ALLOWED };
      const of = `${count(tables)} tables`;
      return [
        { what: `reading ${of}, ${ALLOWED} calls at once allowed`, value: large.read, unit: "s", floor, limit: 1.15 },
        { what: "the same with 5% of the calls throttled", value: throttled.read, unit: "s", floor, limit: 1.5 },
        {
          what: `peak memory of Node.js, ${of}`,
          value: large.peak,
          unit: "MiB",
          floor: { what: `${count(SMALL)} tables`, value: small.peak },
          limit: 1.2,
        },
        { what: `the whole assessment of ${of}, judged and stored`, value: large.whole, unit: "s" },
      ] satisfies Figure[];
    }),
};

/** Pages of the list of catalogs, of the list of databases, and of the tables. */
function pagesOf(tables: number): number {
  const databases = tables / TABLES_PER_DATABASE;
  return 1 + Math.ceil(databases / 100) + databases * (TABLES_PER_DATABASE / 100);
}

interface Measured {
  /** Seconds until AWS was read. */
  read: number;
  /** Seconds until the assessment was stored. */
  whole: number;
  /** MiB of Node.js's resident memory at its highest. */
  peak: number;
  tables: number;
  throttled: number;
}

async function assess(databaseUrl: string, tables: number, probability = 0): Promise<Measured> {
  const simulator = start("--simulator", String(tables / TABLES_PER_DATABASE), String(probability));
  try {
    if (simulator.stdout === null) throw new Error("the simulator has no output");
    const [url] = await once(createInterface({ input: simulator.stdout }), "line");
    const reader = start("--reader", databaseUrl, String(url));
    const [output, [code]] = await Promise.all([reader.stdout ? text(reader.stdout) : "", once(reader, "exit")]);
    if (code !== 0) throw new Error(`the reader ended with ${code}`);
    const measured: Measured = JSON.parse(output);
    if (measured.tables !== tables) throw new Error(`${measured.tables} of ${tables} tables were read`);
    process.stderr.write(`  ${count(tables)} tables: ${JSON.stringify(measured)}\n`);
    return measured;
  } finally {
    simulator.kill("SIGKILL");
  }
}

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, [import.meta.filename, ...args], { stdio: ["ignore", "pipe", "inherit"] });
}

async function simulate(databases: number, probability: number): Promise<void> {
  const simulator = await startSimulator({
    catalog: { databases, tablesPerDatabase: TABLES_PER_DATABASE, regions: [REGION], shapes: 20 },
    limit: { concurrent: ALLOWED },
    faults: [{ kind: "delay", ms: PAGE_MS }, ...(probability > 0 ? [{ kind: "throttle" as const, probability }] : [])],
    logCapacity: 1,
  });
  process.stdout.write(`${simulator.url}\n`);
}

async function read(databaseUrl: string, endpoint: string): Promise<void> {
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  let readAfter = 0;
  const result = await withClient(databaseUrl, { role: "a2o_ingest", purpose: "bench" }, client =>
    assessGlueCatalog(client, {
      region: REGION,
      standIn: { endpoint, credentials: demoCredentials },
      keep: true,
      onRead: () => {
        readAfter = seconds();
      },
    }),
  );
  const measured: Measured = {
    read: readAfter,
    whole: seconds(),
    peak: process.resourceUsage().maxRSS / 1024,
    tables: result.summary.totalTables,
    throttled: result.throttled,
  };
  process.stdout.write(JSON.stringify(measured));
}

if (import.meta.main) {
  const [what, first = "", second = ""] = process.argv.slice(2);
  if (what === "--simulator") await simulate(Number(first), Number(second));
  else if (what === "--reader") await read(first, second);
  else await run([bench]);
}
