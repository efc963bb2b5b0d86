import { Fault, quote } from "./locate.ts";

/**
 * Beginning of a report as NDJSON: `{"report": {…}}`, then `{"database": {…}}` and `{"table": {…}}`, one in each line. How many
 * lines of each follow may stand after the report: `{"report": {…}, "databases": 2, "tables": 12}`.
 */
export const NDJSON_START = /^\s*\{\s*"report"\s*:\s*\{/;

const RECORD = /^\s*\{\s*"(report|database|table)"\s*:/;
/** The end of the first line from the report's last bracket on. The last bracket of the line closes the record, not the report. */
const COUNTS = /\}\s*,\s*"databases"\s*:\s*(\d{1,15})\s*,\s*"tables"\s*:\s*(\d{1,15})\s*\}\s*$/;
/** More than enough for the kind of a record to be seen. */
const PREFIX = 256;
/** The longest line: an element may be 16 MiB, and the first line holds what top-level keys do in the other form. */
const MAX_LINE = 64 * 1024 * 1024;

/** The one JSON document that a report as NDJSON stands for, line by line, so that places in it stay right. */
export async function* documentOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const lines = new Lines();
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    const bytes = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    const parts: Buffer[] = [];
    let from = 0;
    for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, from)) {
      lines.take(bytes.subarray(from, end), parts);
      parts.push(NEWLINE);
      from = end + 1;
    }
    // The reader may reuse the chunk's memory.
    rest = Buffer.from(bytes.subarray(from));
    if (rest.length > MAX_LINE)
      throw new Fault([], lines.number + 1, "expected lines of at most 64 MiB, found a longer one");
    if (parts.length > 0) yield Buffer.concat(parts);
  }
  const parts: Buffer[] = [];
  lines.take(rest, parts);
  lines.finish(parts);
  yield Buffer.concat(parts);
}

const NEWLINE = Buffer.from("\n");
const KINDS = ["report", "database", "table"];

const CUT_ADVICE =
  "Copy it again: lines are missing or too many. Whoever filters it takes the counts out of the first line.";

class Lines {
  number = 0;
  /** Place in KINDS of the record before; -1 before the first. */
  #before = -1;
  /** How many lines of each kind are owed, when the first line tells, and how many came. */
  #owed: readonly [databases: number, tables: number] | undefined;
  readonly #came = [0, 0];

  take(line: Buffer, parts: Buffer[]): void {
    this.number++;
    const [prefix, kind = ""] = RECORD.exec(line.toString("latin1", 0, PREFIX)) ?? [];
    if (prefix === undefined) {
      if (line.toString("latin1").trim() === "") return;
      const shown = quote(line.toString("utf8", 0, 60).trim());
      throw new Fault([], this.number, `expected {"table": {…}} or {"database": {…}}, found ${shown}`);
    }
    const place = KINDS.indexOf(kind);
    if (place < this.#before || (place === 0 && this.#before === 0) || (place > 0 && this.#before === -1)) {
      throw new Fault([], this.number, `expected one report, then its databases, then its tables, found a ${kind}`);
    }
    const end = line.lastIndexOf("}");
    const value = line.subarray(prefix.length, Math.max(prefix.length, end));
    if (place === 0) {
      const tail = Math.max(prefix.length, line.length - PREFIX);
      const counts = COUNTS.exec(line.toString("latin1", tail));
      if (counts !== null) this.#owed = [Number(counts[1]), Number(counts[2])];
      const inner = counts === null ? value.lastIndexOf("}") : tail + counts.index - prefix.length;
      if (end < prefix.length || inner === -1)
        throw new Fault([], this.number, "expected more, found the end of the line");
      parts.push(value.subarray(0, inner));
    } else {
      if (end < prefix.length) throw new Fault([], this.number, "expected more, found the end of the line");
      this.#open(place, parts);
      parts.push(value);
      this.#came[place - 1] = (this.#came[place - 1] ?? 0) + 1;
    }
    this.#before = place;
  }

  finish(parts: Buffer[]): void {
    this.#owed?.forEach((owed, index) => {
      const came = this.#came[index] ?? 0;
      if (came === owed) return;
      const kind = `${KINDS[index + 1]}s`;
      throw new Fault([], this.number, `expected ${owed} ${kind}, as the first line says, found ${came}`, CUT_ADVICE);
    });
    this.#open(3, parts);
  }

  /** Closes the lists before, and opens the one of this kind or goes on in it. */
  #open(place: number, parts: Buffer[]): void {
    if (place === this.#before) {
      parts.push(Buffer.from(","));
      return;
    }
    let text = "";
    if (this.#before < 1) text += ',"databases":[';
    if (this.#before < 2 && place > 1) text += '],"tables":[';
    if (place > 2) text += "]}";
    parts.push(Buffer.from(text));
  }
}
