import { pipeline } from "node:stream/promises";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";

/** Bytes of COPY text that are gathered before they are sent. */
const BATCH_BYTES = 128 * 1024;

export type CopyValue = string | number | boolean | null | readonly string[];

/**
 * Rows on their way into staging tables over one connection. Each batch is a COPY of its own, so that no transaction stays
 * open while AWS is read. `add` returns a promise only when a batch is full: await it to hold the source back.
 */
export class StagedRows {
  /** Rows added so far. */
  count = 0;
  readonly #client: pg.Client;
  readonly #statement: string;
  #queue: Promise<void> = Promise.resolve();
  #lines: string[] = [];
  #bytes = 0;

  constructor(client: pg.Client, target: string, columns: readonly string[]) {
    this.#client = client;
    this.#statement = `copy ${target} (${columns.join(", ")}) from stdin`;
  }

  add(values: readonly CopyValue[]): Promise<void> | undefined {
    const line = `${values.map(copyText).join("\t")}\n`;
    this.#lines.push(line);
    this.#bytes += line.length;
    this.count++;
    return this.#bytes < BATCH_BYTES ? undefined : this.flush();
  }

  /** Sends what was gathered; settles when it and everything before it is in the database. */
  flush(): Promise<void> {
    if (this.#lines.length === 0) return this.#queue;
    const lines = this.#lines;
    this.#lines = [];
    this.#bytes = 0;
    this.#queue = this.#queue.then(async () => {
      await pipeline([Buffer.from(lines.join(""))], this.#client.query(copyFrom(this.#statement)));
    });
    // Whoever awaits gets the error; a later batch must not be an unhandled rejection in between.
    this.#queue.catch(() => undefined);
    return this.#queue;
  }
}

/** A value in the text format of COPY. Arrays become PostgreSQL array literals. */
export function copyText(value: CopyValue): string {
  if (value === null) return "\\N";
  if (typeof value === "string") return escapeCopy(value);
  if (typeof value === "object") {
    return escapeCopy(`{${value.map(item => `"${item.replace(/["\\]/g, "\\$&")}"`).join(",")}}`);
  }
  return String(value);
}

const SPECIAL = /[\\\n\r\t]/g;
const ESCAPES: Record<string, string> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escapeCopy(text: string): string {
  return text.replace(SPECIAL, character => ESCAPES[character] ?? character);
}
