import { pipeline } from "node:stream/promises";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";

/** Characters of COPY text that are gathered before they are sent: with fewer, beginning and ending each COPY shows in the whole. */
const BATCH_LENGTH = 512 * 1024;

export type CopyValue = string | number | boolean | null | readonly string[];

/**
 * Rows on their way into staging tables over one connection. Each batch is a COPY of its own, so that no transaction stays
 * open while AWS is read. `add` returns a promise only when a batch is full: await it to hold the source back. One batch is on
 * its way while the next is gathered.
 */
export class StagedRows {
  /** Rows added so far. */
  count = 0;
  readonly #client: pg.Client;
  readonly #statement: string;
  readonly #after: StagedRows | undefined;
  #queue: Promise<void> = Promise.resolve();
  #text = "";

  /** @param after rows that are to be in the database before each batch of these */
  constructor(client: pg.Client, target: string, columns: readonly string[], after?: StagedRows) {
    this.#after = after;
    this.#client = client;
    this.#statement = `copy ${target} (${columns.join(", ")}) from stdin`;
  }

  add(values: readonly CopyValue[]): Promise<void> | undefined {
    let separator = "";
    for (const value of values) {
      this.#text += separator + copyText(value);
      separator = "\t";
    }
    this.#text += "\n";
    this.count++;
    return this.#text.length < BATCH_LENGTH ? undefined : this.#send();
  }

  /** Sends what was gathered; settles when it and everything before it is in the database. */
  flush(): Promise<void> {
    if (this.#text !== "") this.#send();
    return this.#queue;
  }

  /** Settles when the batch before is in the database: one is on its way while the next one is gathered. */
  #send(): Promise<void> {
    const batch = Buffer.from(this.#text);
    const before = this.#queue;
    this.#text = "";
    this.#queue = Promise.all([before, this.#after?.flush()]).then(() =>
      pipeline([batch], this.#client.query(copyFrom(this.#statement))),
    );
    // Whoever awaits gets the error; a later batch must not be an unhandled rejection in between.
    this.#queue.catch(() => undefined);
    return before;
  }
}

/** A value in the text format of COPY. Arrays become PostgreSQL array literals. */
export function copyText(value: CopyValue): string {
  if (value === null) return "\\N";
  if (typeof value === "string") return escapeCopy(value);
  if (typeof value === "object") {
    if (value.length === 0) return "{}";
    return escapeCopy(
      `{${value.map(item => `"${QUOTED.test(item) ? item.replace(/["\\]/g, "\\$&") : item}"`).join(",")}}`,
    );
  }
  return String(value);
}

const QUOTED = /["\\]/;
const SPECIAL = /[\\\n\r\t]/;
const EACH_SPECIAL = /[\\\n\r\t]/g;
const ESCAPES: Record<string, string> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escapeCopy(text: string): string {
  // Most values need no escape, and asking is quicker than replacing.
  return SPECIAL.test(text) ? text.replace(EACH_SPECIAL, character => ESCAPES[character] ?? character) : text;
}
