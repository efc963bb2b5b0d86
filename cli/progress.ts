import { nothingRead, type TargetProgress } from "../worker/assess/progress.ts";
import type { CatalogProgress } from "../worker/aws/glue-catalog.ts";
import { count } from "./text.ts";

/** Milliseconds between two drawings of the line. */
const REDRAW = 100;

type Terminal = Pick<NodeJS.WriteStream, "isTTY" | "columns"> & { write(text: string): boolean };

/** Progress of a catalog being read: one line that changes on a terminal, nothing where nobody watches. */
export class ProgressLine {
  readonly #stream: Terminal;
  readonly #start = performance.now();
  #drawn = Number.NEGATIVE_INFINITY;
  #shown = false;

  constructor(stream: Terminal = process.stderr) {
    this.#stream = stream;
  }

  update(targets: readonly TargetProgress[]): void {
    const now = performance.now();
    if (!this.#stream.isTTY || now - this.#drawn < REDRAW) return;
    this.#drawn = now;
    this.show(progressText(sum(targets), (now - this.#start) / 1000));
  }

  /** Puts this text in the line's place, at once. */
  show(text: string): void {
    if (!this.#stream.isTTY) return;
    this.#shown = true;
    this.#stream.write(`\r\u001b[K${text.slice(0, (this.#stream.columns || 80) - 1)}`);
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

/** `12 of 21 databases, 1,204 tables, 310 tables/s, about 2 min left` */
export function progressText(progress: CatalogProgress, seconds: number): string {
  const parts = [
    `${count(progress.databasesDone)} of ${count(progress.databases)}${progress.listComplete ? "" : "+"} databases`,
    `${count(progress.tables)} tables`,
  ];
  if (seconds >= 1) parts.push(`${count(progress.tables / seconds)} tables/s`);
  const isUnderWay = progress.databasesDone > 0 && progress.databasesDone < progress.databases;
  if (progress.listComplete && isUnderWay && seconds >= 5) {
    const left = (seconds / progress.databasesDone) * (progress.databases - progress.databasesDone);
    parts.push(left < 90 ? `about ${Math.ceil(left)} s left` : `about ${Math.ceil(left / 60)} min left`);
  }
  if (progress.throttled > 0) parts.push(`throttled ${count(progress.throttled)} times`);
  if (progress.databasesIncomplete > 0) parts.push(`${count(progress.databasesIncomplete)} not read in full`);
  return parts.join(", ");
}
