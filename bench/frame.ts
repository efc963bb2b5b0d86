import { readFile, writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { packageRoot } from "../postgres/package-root.ts";
import { findBinaries } from "../postgres/server/binaries.ts";
import { serverUser } from "../postgres/server/os-user.ts";

/** One measured thing, and where it can be, what it is measured against. */
export interface Figure {
  what: string;
  value: number;
  unit: Unit;
  /** The least that could be done, in the same unit and run: what `value` is to be compared with. */
  floor?: { what: string; value: number };
  /** The highest ratio to the floor that we accept; without a floor, the highest value. */
  limit?: number;
}

export type Unit = "s" | "ms" | "kB" | "MB" | "MiB" | "calls" | "samples" | "bytes" | "";

export interface Scale {
  /** Thirty thousand tables instead of a million, and fewer rounds: all benches in less than five minutes. */
  quick: boolean;
  /** How many tables to measure with. */
  tables: number;
}

/** What every module of this folder exports as `bench`; `main.ts` lists them. */
export interface Bench {
  name: string;
  measure(scale: Scale): Promise<Figure[]>;
}

/** Enough for an assessment to have a partition of its own, as every large one has. */
const QUICK_TABLES = 30_000;

export const ratioOf = ({ value, floor }: Figure) => (floor === undefined ? undefined : value / floor.value);

/** Whether the figure is worse than its limit. */
export function isOver(figure: Figure): boolean {
  return figure.limit !== undefined && (ratioOf(figure) ?? figure.value) > figure.limit;
}

/**
 * Measures and prints one table as Markdown, with the machine and the versions; the exit code is 1 when a limit was exceeded.
 * Arguments: `--quick`, `--tables N`, the names of benches when there are several, and `--write` to put what a bench of full size
 * measured in the place of what docs/benchmarks.md has of it, as soon as it has ended.
 */
export async function run(benches: Bench[]): Promise<void> {
  const { values, positionals } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      tables: { type: "string" },
      write: { type: "boolean", default: false },
    },
    allowPositionals: true,
  });
  const unknown = positionals.find(name => !benches.some(bench => bench.name === name));
  if (unknown !== undefined) {
    process.stderr.write(`No bench is named ${unknown}; there are ${benches.map(({ name }) => name).join(", ")}.\n`);
    process.exitCode = 2;
    return;
  }
  if (values.write && (values.quick || values.tables !== undefined)) {
    process.stderr.write("--write is for benches of full size: without --quick and --tables.\n");
    process.exitCode = 2;
    return;
  }
  const scale = { quick: values.quick, tables: Number(values.tables ?? (values.quick ? QUICK_TABLES : 1_000_000)) };
  const chosen = benches.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const print = (...lines: string[]) => process.stdout.write(`${lines.join("\n")}\n`);
  const measuredOn = await machine();
  print(measuredOn, "", HEAD, RULE);
  for (const bench of chosen) {
    process.stderr.write(`measuring ${bench.name}\n`);
    const begun = performance.now();
    const figures = await bench.measure(scale);
    process.stderr.write(`  ${((performance.now() - begun) / 1000).toFixed(1)} s\n`);
    const lines = figures.map(figure => lineOf(bench.name, figure));
    print(...lines);
    if (figures.some(isOver)) process.exitCode = 1;
    if (values.write) {
      const page = await readFile(PAGE, "utf8");
      const order = benches.map(({ name }) => name);
      await writeFile(PAGE, withLines(page, measuredOn, lines, bench.name, order));
    }
  }
}

const PAGE = join(packageRoot, "docs/benchmarks.md");

/**
 * The page with a bench's lines in the place of those that it had, in the order of the benches. Lines of another machine, or of
 * a bench that is no more, stay out: one table is of one machine.
 */
export function withLines(page: string, measuredOn: string, lines: string[], bench: string, order: string[]): string {
  const place = /<!-- npm run bench -- --write -->([\s\S]*)<!-- end -->/;
  const table = place.exec(page)?.[1];
  if (table === undefined) throw new Error("docs/benchmarks.md has no place for the table");
  const known = table.includes(measuredOn) ? table.split("\n").filter(line => line.startsWith("| ")) : [];
  const ofBench = (line: string) => /^\| (\S+) \|/.exec(line)?.[1] ?? "";
  const rows = order.flatMap(name => (name === bench ? lines : known.filter(line => ofBench(line) === name)));
  const whole = [measuredOn, "", HEAD, RULE, ...rows].join("\n");
  return page.replace(place, () => `<!-- npm run bench -- --write -->\n\n${whole}\n\n<!-- end -->`);
}

const HEAD = "| bench | what | figure | against | ratio | limit |";
const RULE = "|---|---|---:|---|---:|---:|";

async function machine(): Promise<string> {
  const { version } = await findBinaries(await serverUser());
  const processor = cpus()[0]?.model.trim() || "unknown processor";
  return `${cpus().length} × ${processor}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node.js ${process.versions.node}, PostgreSQL ${version} embedded`;
}

function lineOf(bench: string, figure: Figure): string {
  const { what, value, unit, floor, limit } = figure;
  const ratio = ratioOf(figure);
  const against = floor === undefined ? "" : `${floor.what}: ${digits(floor.value)} ${unit}`;
  const unitOfLimit = ratio === undefined ? unit : "×";
  const bound = limit === undefined ? "" : `${digits(limit)} ${unitOfLimit}`;
  const shown = ratio === undefined ? "" : `${digits(ratio)} ×`;
  return `| ${bench} | ${what} | ${digits(value)} ${unit} | ${against} | ${shown} | ${bound}${isOver(figure) ? " exceeded" : ""} |`;
}

/** Three significant digits, never an exponent. */
function digits(value: number): string {
  return value.toLocaleString("en-GB", { maximumSignificantDigits: 3 });
}

export function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** A count in words of the table: `1,000,000`. */
export const count = (value: number) => value.toLocaleString("en-GB");
