// How fast, and in how much memory, phase 1 reports are read (indented by 2, as Python writes them). The ways take turns, each
// in a process of its own; figures are medians over the rounds.
import "../worker/flat-memory.ts";
import { spawnSync } from "node:child_process";
import { createWriteStream, readFileSync, rmSync, statSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { openReport, readReport } from "../worker/report/read.ts";
import { type Bench, count, type Figure, median, run } from "./frame.ts";
import { sampleReport } from "./sample-report.ts";

const ways = {
  async bytes(path: string) {
    for await (const _ of openReport(path));
  },
  async report(path: string) {
    const nothing = () => {};
    await readReport(openReport(path), path, {
      metadata: nothing,
      summary: nothing,
      database: nothing,
      table: nothing,
    });
  },
  async gzip(path: string) {
    await ways.report(`${path}.gz`);
  },
  async whole(path: string) {
    JSON.parse(readFileSync(path, "utf8"));
  },
};
type Way = keyof typeof ways;

interface Run {
  seconds: number;
  memory: number;
}

export const bench: Bench = {
  name: "read-report",
  async measure({ tables, quick }) {
    const directory = await mkdtemp(join(tmpdir(), "a2o-bench-"));
    const path = join(directory, "report.json");
    try {
      await pipeline(Readable.from(sampleReport(tables)), createWriteStream(path));
      await pipeline(openReport(path), createGzip({ level: 1 }), createWriteStream(`${path}.gz`));
      const megabytes = statSync(path).size / 1e6;
      const runs: Record<Way, Run[]> = { bytes: [], report: [], gzip: [], whole: [] };
      for (let round = 0; round < (quick ? 3 : 5); round++) {
        for (const way of Object.keys(ways) as Way[]) {
          // JSON.parse takes no string of more than 512 MiB.
          if (way !== "whole" || megabytes < 500) runs[way].push(runAlone(way, path));
        }
      }
      const seconds = (way: Way) => median(runs[way].map(run => run.seconds));
      const memory = (way: Way) => Math.max(...runs[way].map(run => run.memory));
      const floor = { what: "reading its bytes", value: seconds("bytes") };
      const figures: Figure[] = [
        {
          ...{ what: `reading a report of ${count(tables)} tables (${count(Math.round(megabytes))} MB)`, floor },
          ...{ value: seconds("report"), unit: "s" },
        },
        { what: "the same, gzipped", value: seconds("gzip"), unit: "s", floor },
        { what: "highest resident memory", value: memory("report"), unit: "MiB", limit: 200 },
      ];
      if (runs.whole.length > 0) {
        figures.push({ what: "JSON.parse of the whole report", value: seconds("whole"), unit: "s", floor });
        figures.push({ what: "its highest resident memory", value: memory("whole"), unit: "MiB" });
      }
      return figures;
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
};

function runAlone(way: Way, path: string): Run {
  const child = spawnSync(process.execPath, [import.meta.filename, "--child", way, path], { encoding: "utf8" });
  if (child.status !== 0) throw new Error(`${way}: ${child.stderr}`);
  return JSON.parse(child.stdout);
}

if (import.meta.main) {
  const [, , first, way, path = ""] = process.argv;
  if (first === "--child") {
    const start = performance.now();
    await ways[way as Way](path);
    const run: Run = { seconds: (performance.now() - start) / 1000, memory: process.resourceUsage().maxRSS / 1024 };
    process.stdout.write(JSON.stringify(run));
  } else await run([bench]);
}
