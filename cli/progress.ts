import { fstatSync } from "node:fs";
import { nothingRead, type TargetProgress } from "../worker/assess/progress.ts";
import type { CatalogProgress } from "../worker/aws/glue-catalog.ts";
import { count, cut } from "./text.ts";

/** Milliseconds between two drawings of the line. */
const REDRAW = 100;

type Terminal = Pick<NodeJS.WriteStream, "isTTY" | "columns"> & { write(text: string): boolean };

/**
 * True when standard output goes through a pipe: what reads it (`| less`, `| tee`) writes to the same terminal at times nobody
 * here knows of, and would write into the line.
 */
function isPiped(): boolean {
  try {
    const output = fstatSync(1);
    return output.isFIFO() || output.isSocket();
  } catch {
    return false;
  }
}

/** Progress of a catalog being read: one line that changes on a terminal, nothing where nobody watches. */
export class ProgressLine {
  readonly #stream: Terminal;
  readonly #isWatched: boolean;
  readonly #start = performance.now();
  #drawn = Number.NEGATIVE_INFINITY;
  #shown = false;

  constructor(stream: Terminal = process.stderr, piped = isPiped()) {
    this.#stream = stream;
    this.#isWatched = stream.isTTY === true && !piped;
  }

  update(targets: readonly TargetProgress[]): void {
    const now = performance.now();
    if (!this.#isWatched || now - this.#drawn < REDRAW) return;
    this.#drawn = now;
    this.show(progressText(targets, (now - this.#start) / 1000, this.#width));
  }

  /** Puts this text in the line's place, at once. */
  show(text: string): void {
    if (!this.#isWatched) return;
    this.#shown = true;
    this.#stream.write(`\r\u001b[K${cut(text, this.#width)}`);
  }

  /** A letter in the last column would make some terminals begin the next line. */
  get #width(): number {
    return (this.#stream.columns || 80) - 1;
  }

  /** A line of its own that stays, above the progress. */
  tell(text: string): void {
    this.clear();
    this.#stream.write(`${text}\n`);
  }

  clear(): void {
    if (this.#shown) this.#stream.write("\r\u001b[K");
    this.#shown = false;
  }
}

function sum(targets: readonly TargetProgress[]): CatalogProgress {
  return targets.reduce<CatalogProgress>(
    (total, one) => ({
      databases: total.databases + one.databases,
      listComplete: total.listComplete && one.listComplete,
      databasesDone: total.databasesDone + one.databasesDone,
      databasesIncomplete: total.databasesIncomplete + one.databasesIncomplete,
      tables: total.tables + one.tables,
      throttled: total.throttled + one.throttled,
      inFlight: total.inFlight + one.inFlight,
      limit: total.limit + one.limit,
    }),
    { ...nothingRead, listComplete: true },
  );
}

/**
 * `12 of 21 databases, 1,204 tables, 310 tables/s, about 2 min left`, after the number of catalogs where there are several. What
 * matters least is left out where all of it is too wide.
 */
export function progressText(
  targets: readonly TargetProgress[],
  seconds: number,
  width = Number.POSITIVE_INFINITY,
): string {
  const progress = sum(targets);
  const parts: { text: string; rank: number }[] = [];
  const add = (text: string, rank: number) => parts.push({ text, rank });
  if (targets.length > 1) add(placesText(targets), 3);
  add(
    `${count(progress.databasesDone)} of ${count(progress.databases)}${progress.listComplete ? "" : "+"} databases`,
    0,
  );
  add(`${count(progress.tables)} tables`, 1);
  if (seconds >= 1) add(`${count(progress.tables / seconds)} tables/s`, 6);
  const isUnderWay = progress.databasesDone > 0 && progress.databasesDone < progress.databases;
  if (progress.listComplete && isUnderWay && seconds >= 5) {
    const left = (seconds / progress.databasesDone) * (progress.databases - progress.databasesDone);
    add(left < 90 ? `about ${Math.ceil(left)} s left` : `about ${Math.ceil(left / 60)} min left`, 4);
  }
  if (progress.throttled > 0) {
    add(`throttled ${count(progress.throttled)} times`, 5);
    add(`${count(progress.inFlight)} of ${count(progress.limit)} calls at once`, 7);
  }
  if (progress.databasesIncomplete > 0) add(`${count(progress.databasesIncomplete)} not read in full`, 2);
  const joined = () => parts.map(({ text }) => text).join(", ");
  while (parts.length > 1 && joined().length > width) {
    const least = Math.max(...parts.map(({ rank }) => rank));
    parts.splice(
      parts.findIndex(({ rank }) => rank === least),
      1,
    );
  }
  return joined();
}

/** `3 of 17 regions`: how many of the catalogs are done. */
function placesText(targets: readonly TargetProgress[]): string {
  const done = targets.filter(({ state }) => state === "done" || state === "failed").length;
  const accounts = new Set(targets.map(({ account }) => account)).size;
  const of = accounts === 1 ? "regions" : accounts === targets.length ? "accounts" : "catalogs";
  return `${count(done)} of ${count(targets.length)} ${of}`;
}
