/**
 * Measures what the guides state and prints it as a table: `npm run bench` (a million tables, some minutes), or
 * `npm run bench -- --quick` (a hundred thousand). Ratios are within this run; seconds are this machine's.
 */
import { cpus, totalmem } from "node:os";
import { measureIngest } from "./ingest.ts";

const tables = process.argv.includes("--quick") ? 100_000 : 1_000_000;
const figures = await measureIngest(tables);
const glue = await measureIngest(tables, "glue");
const count = (value: number) => value.toLocaleString("en-GB");
const lines = [
  `${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node.js ${process.versions.node}, PostgreSQL embedded`,
  "",
  "| what | figure |",
  "|---|---:|",
  `| report of ${count(tables)} tables | ${count(Math.round(figures.megabytes))} MB |`,
  `| bare COPY of its rows inside the server (the floor) | ${figures.floorSeconds.toFixed(1)} s |`,
  `| ingest, judged and keyed, roll-ups and hashes included | ${figures.seconds.toFixed(1)} s |`,
  `| ratio to the floor | ${figures.ratio.toFixed(1)} × |`,
  `| deleting the assessment, of its ingest | ${figures.deleteRatio.toFixed(3)} × |`,
  `| bare COPY of what is stored of Glue's answers | ${glue.floorSeconds.toFixed(1)} s |`,
  `| recording and judging ${count(Math.round(glue.megabytes))} MB of Glue's answers | ${glue.seconds.toFixed(1)} s |`,
  `| ratio to that floor | ${glue.ratio.toFixed(1)} × |`,
  `| Node.js, highest resident memory | ${Math.round(figures.nodeMemory)} MiB |`,
];
process.stdout.write(`${lines.join("\n")}\n`);
