/**
 * How fast, and in how much memory, phase 1 reports are read: `node bench/report-read.ts [tables] [rounds]`.
 *
 * Generates a report (indented by 2, as Python writes it) in the temporary directory, then takes turns between the
 * ways of reading it, each in a process of its own. Machines are noisy: read the ratios, which are medians over rounds
 * of the ratio within one round. JSON.parse cannot read more than 512 MiB and is left out there.
 */
import { spawnSync } from "node:child_process";
import { createWriteStream, readFileSync, rmSync, statSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { openReport, readReport } from "../worker/report/read.ts";
import { sampleReport } from "./sample-report.ts";

const ways: Record<string, (path: string) => Promise<void>> = {
  async "bytes only"(path) {
    for await (const _ of openReport(path));
  },
  async readReport(path) {
    const nothing = () => {};
    await readReport(openReport(path), path, {
      metadata: nothing,
      summary: nothing,
      database: nothing,
      table: nothing,
    });
  },
  async "readReport, gzip"(path) {
    await ways.readReport?.(`${path}.gz`);
  },
  async "JSON.parse"(path) {
    JSON.parse(readFileSync(path, "utf8"));
  },
};

interface Run {
  ms: number;
  mib: number;
}

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

async function measureOne(way: string, path: string): Promise<void> {
  const start = performance.now();
  await ways[way]?.(path);
  const run: Run = { ms: performance.now() - start, mib: process.resourceUsage().maxRSS / 1024 };
  process.stdout.write(JSON.stringify(run));
}

async function compare(tables: number, rounds: number): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "report-read-"));
  const path = join(directory, "report.json");
  try {
    await pipeline(Readable.from(sampleReport(tables)), createWriteStream(path));
    await pipeline(openReport(path), createGzip({ level: 1 }), createWriteStream(`${path}.gz`));
    const megabytes = statSync(path).size / 1e6;
    const names = Object.keys(ways).filter(way => way !== "JSON.parse" || megabytes < 500);
    const runs = new Map<string, Run[]>(names.map(name => [name, []]));
    for (let round = 0; round < rounds; round++) {
      for (const name of names) {
        const child = spawnSync(process.execPath, [import.meta.filename, "--one", name, path], { encoding: "utf8" });
        if (child.status !== 0) throw new Error(`${name}: ${child.stderr}`);
        runs.get(name)?.push(JSON.parse(child.stdout) as Run);
      }
    }
    const lines = [`${tables} tables, ${megabytes.toFixed(0)} MB, ${rounds} rounds, Node ${process.version}`, ""];
    lines.push(`${"".padEnd(18)}    MB/s  × readReport  peak RSS MiB`);
    for (const name of names) {
      const own = runs.get(name) ?? [];
      const ratio = median(own.map((run, i) => run.ms / (runs.get("readReport")?.[i]?.ms ?? Number.NaN)));
      const speed = megabytes / (median(own.map(run => run.ms)) / 1000);
      const peak = Math.max(...own.map(run => run.mib));
      lines.push(
        `${name.padEnd(18)}${speed.toFixed(0).padStart(8)}${ratio.toFixed(2).padStart(14)}${peak.toFixed(0).padStart(14)}`,
      );
    }
    process.stdout.write(`${lines.join("\n")}\n`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const [first = "200000", second = "5", third = ""] = process.argv.slice(2);
if (first === "--one") await measureOne(second, third);
else await compare(Number(first), Number(second));
