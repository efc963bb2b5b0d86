import { isAscii, isUtf8 } from "node:buffer";
import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { errorCode, fileErrorReason, UserError } from "../../postgres/user-error.ts";
import {
  canonical,
  checkDatabase,
  checkMetadata,
  checkSummary,
  checkTable,
  checkText,
  expectationOf,
  type Tally,
} from "./check.ts";
import { parseExactly } from "./exact-json.ts";
import type { JsonValue, ReportSink } from "./format.ts";
import { countLines, diagnose, Fault, locate, type Path, type Problem, pathText, quote } from "./locate.ts";
import { documentOf, NDJSON_START } from "./ndjson.ts";
import { looksLike } from "./sniff.ts";
import { type Piece, Splitter } from "./split.ts";

/** A report that cannot be read, or is not one: the message names the file, the place in it and what was expected. */
export class ReportError extends UserError {
  constructor(message: string, advice?: string, options?: ErrorOptions) {
    super(message, advice, options);
    this.name = "ReportError";
  }
}

const SECTIONS = ["assessment_metadata", "summary", "databases", "tables"];
const HEAD_BYTES = 1024;

/**
 * Reads a report, phase 1's or ours, one document or NDJSON, in flat memory and hands it to the sink piece by piece, each piece checked. What is wrong
 * further on becomes known only after earlier pieces were delivered: the sink's work counts when the promise is
 * fulfilled. Throws ReportError for anything wrong with the report; what the sink or the source throws passes through.
 *
 * `contentHash` is the SHA-256 (hex) of what the report says: layout, compression, the order of keys and of sections,
 * and the way a moment or a number is written do not change it; the order within lists does.
 */
export async function readReport(
  source: AsyncIterable<Uint8Array>,
  name: string,
  sink: ReportSink,
): Promise<{ databases: number; tables: number; contentHash: string }> {
  const reading = new Reading(sink);
  const splitter = new Splitter();
  try {
    for await (const chunk of asDocument(afterHead(source))) {
      for (const piece of splitter.push(chunk)) await reading.take(piece);
    }
    splitter.finish();
    return reading.finish(splitter.sections);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const line = error.line === null ? "" : ` (line ${error.line})`;
    const place = error.path.length === 0 ? line : `: ${pathText(error.path)}${line}`;
    throw new ReportError(`${name}${place}: ${error.message}`, error.advice);
  }
}

/** A report written as NDJSON becomes the document that it stands for. */
async function* asDocument(source: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    const first = await source.next();
    if (first.done) return;
    const head = Buffer.from(first.value);
    const whole = replay(head, source);
    yield* NDJSON_START.test(head.toString("latin1", 0, HEAD_BYTES)) ? documentOf(whole) : whole;
  } finally {
    await source.return(undefined);
  }
}

/** The same bytes, after the first of them were seen to be the beginning of a JSON object; drops a byte order mark. */
async function* afterHead(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head: Buffer | null = Buffer.alloc(0);
  for await (const chunk of source) {
    if (head) {
      head = Buffer.concat([head, chunk]);
      if (head.length < HEAD_BYTES) continue;
      yield withoutMark(head, false);
      head = null;
    } else {
      yield chunk;
    }
  }
  if (head) yield withoutMark(head, true);
}

function withoutMark(head: Buffer, complete: boolean): Buffer {
  const marked = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
  const bytes = marked ? head.subarray(3) : head;
  const looks = looksLike(bytes, complete);
  if (looks) throw new Fault([], null, `expected a JSON report, found ${looks.like}`, looks.advice);
  return bytes;
}

class Reading {
  private readonly sink: ReportSink;
  private databases = 0;
  private tables = 0;
  private hash: Hash = createHash("sha256");
  private readonly hashes: [key: string, hash: string][] = [];

  constructor(sink: ReportSink) {
    this.sink = sink;
  }

  async take(piece: Piece): Promise<void> {
    const values = parse(piece);
    const { sink } = this;
    switch (piece.key) {
      case "tables": {
        mustBeList(piece, "tables", values);
        const tables = this.checked(piece, values, checkTable);
        this.tables += tables.length;
        for (const table of tables) {
          const wait = sink.table(table);
          if (wait) await wait;
        }
        break;
      }
      case "databases": {
        mustBeList(piece, "databases", values);
        const databases = this.checked(piece, values, checkDatabase);
        this.databases += databases.length;
        for (const database of databases) {
          const wait = sink.database(database);
          if (wait) await wait;
        }
        break;
      }
      case "assessment_metadata":
        mustNotBeList(piece);
        for (const metadata of this.checked(piece, values, checkMetadata)) await sink.metadata(metadata);
        break;
      case "summary":
        mustNotBeList(piece);
        for (const summary of this.checked(piece, values, checkSummary)) await sink.summary(summary);
        break;
      default: {
        let index = piece.index;
        for (const value of this.checked(piece, values, (value, tally) => canonical(value, tally))) {
          const wait = sink.other?.(piece.key, value, piece.elements ? index++ : null);
          if (wait) await wait;
        }
        if (piece.elements && piece.last && piece.index + piece.count === 0) await sink.other?.(piece.key, [], null);
      }
    }
  }

  finish(found: ReadonlySet<string>): { databases: number; tables: number; contentHash: string } {
    const missing = SECTIONS.filter(section => !found.has(section));
    if (missing.length > 0) {
      const keys = [...found].slice(0, 10).map(quote).join(", ");
      throw new Fault(
        [],
        null,
        `expected the top-level ${missing.length === 1 ? "section" : "sections"} ${missing.map(quote).join(", ")}, ` +
          `found ${keys === "" ? "an empty object" : `only ${keys}${found.size > 10 ? " and more" : ""}`}`,
        "A phase 1 report holds assessment_metadata, summary, databases and tables.",
      );
    }
    this.hashes.sort(([a], [b]) => (a < b ? -1 : 1));
    const contentHash = createHash("sha256").update(JSON.stringify(this.hashes)).digest("hex");
    return { databases: this.databases, tables: this.tables, contentHash };
  }

  private checked<T>(piece: Piece, values: JsonValue[], check: (value: JsonValue, tally: Tally) => T): T[] {
    const tally: Tally = { keys: 0 };
    const records: T[] = [];
    const escapes = mayHideText(piece.bytes);
    try {
      for (const value of values) {
        if (escapes) checkText(value);
        records.push(check(value, tally));
      }
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const path = piece.elements ? [records.length, ...error.path] : error.path;
      throw new Fault(
        placeOf(piece, path),
        piece.line + countLines(piece.bytes, locate(piece.bytes, piece.elements, path)),
        error.message,
        error.advice,
      );
    }
    // JSON.parse keeps the last of two equal keys; which one was meant is not ours to guess.
    if (tally.keys !== piece.keys) throw broken(piece);
    this.add(piece, records);
    return records;
  }

  /** Lists and values are hashed as JSON; each section on its own, since sections may come in any order. */
  private add(piece: Piece, records: unknown[]): void {
    const json = JSON.stringify(records);
    if (!piece.elements) this.hash.update(json.slice(1, -1));
    else if (records.length > 0) this.hash.update(`${piece.index === 0 ? "[" : ","}${json.slice(1, -1)}`);
    else this.hash.update("[");
    if (!piece.last) return;
    if (piece.elements) this.hash.update("]");
    this.hashes.push([piece.key, this.hash.digest("hex")]);
    this.hash = createHash("sha256");
  }
}

function parse(piece: Piece): JsonValue[] {
  const { bytes } = piece;
  let values: JsonValue[];
  try {
    if (!isUtf8(bytes)) throw broken(piece);
    values = parseExactly(`[${bytes.toString(isAscii(bytes) ? "latin1" : "utf8")}]`) as JsonValue[];
  } catch (error) {
    throw error instanceof SyntaxError ? broken(piece) : error;
  }
  if (values.length !== piece.count) throw broken(piece);
  return values;
}

/** Only escapes can produce a NUL character or half of a surrogate pair in text that is sound UTF-8. */
function mayHideText(bytes: Buffer): boolean {
  return bytes.includes("\\u0000") || bytes.includes("\\ud") || bytes.includes("\\uD");
}

function placeOf(piece: Piece, path: Path): Path {
  const [first, ...rest] = path;
  return piece.elements && typeof first === "number" ? [piece.key, piece.index + first, ...rest] : [piece.key, ...path];
}

function broken(piece: Piece): Fault {
  const problem: Problem = diagnose(piece.bytes, piece.elements, true) ?? {
    path: [],
    offset: 0,
    text: "expected sound JSON",
    ended: false,
  };
  const path = placeOf(piece, problem.path);
  const expectation = expectationOf(path);
  const text = expectation ? problem.text.replace("expected a value", `expected ${expectation}`) : problem.text;
  const advice = /found -?(?:NaN|Infinity)$/.test(text)
    ? "Python writes NaN and Infinity, which are not JSON: where a size is unknown, put null."
    : undefined;
  return new Fault(path, piece.line + countLines(piece.bytes, problem.offset), text, advice);
}

function mustBeList(piece: Piece, what: string, values: JsonValue[]): void {
  if (piece.elements) return;
  const value = values[0];
  const found = typeof value === "object" && value !== null ? "an object" : quoted(value);
  throw new Fault([piece.key], piece.line, `expected a list of ${what}, found ${found}`);
}

function mustNotBeList(piece: Piece): void {
  if (piece.elements) throw new Fault([piece.key], piece.line, "expected an object, found a list");
}

function quoted(value: JsonValue | undefined): string {
  return typeof value === "string" ? quote(value) : String(value);
}

/**
 * The bytes of the report at `path`, where `-` is standard input; gzip is undone, told by its first bytes and not by
 * its name. Nothing is opened before the first byte is asked for. Throws ReportError when it cannot be read.
 */
export async function* openReport(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  const name = path === "-" ? "standard input" : path;
  const file = path === "-" ? process.stdin : createReadStream(path, { highWaterMark: 256 * 1024 });
  try {
    const chunks: AsyncIterator<Uint8Array> = file[Symbol.asyncIterator]();
    let head: Buffer = Buffer.alloc(0);
    while (head.length < 2) {
      const { value, done } = await chunks.next();
      if (done) break;
      head = Buffer.concat([head, value]);
    }
    const whole = replay(head, chunks);
    if (head[0] === 0x1f && head[1] === 0x8b) yield* gunzipped(whole);
    else yield* whole;
  } catch (error) {
    throw unreadable(name, error);
  } finally {
    file.destroy();
  }
}

async function* replay(head: Buffer, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  if (head.length > 0) yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

async function* gunzipped(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const gunzip = createGunzip({ chunkSize: 256 * 1024 });
  const flow = pipeline(Readable.from(source, { objectMode: false }), gunzip);
  // Failures destroy `gunzip`, so that the loop below throws them.
  flow.catch(() => {});
  try {
    yield* gunzip;
  } finally {
    gunzip.destroy();
  }
}

function unreadable(name: string, error: unknown): unknown {
  const code = errorCode(error);
  if (code === "Z_BUF_ERROR") {
    return new ReportError(
      `${name}: expected more gzip data, found the end of the file`,
      "The file was cut short: copy or write it again, whole.",
      { cause: error },
    );
  }
  if (code?.startsWith("Z_")) {
    return new ReportError(`${name}: expected sound gzip data, found it damaged`, "Copy or write the file again.", {
      cause: error,
    });
  }
  const reason = code === "EISDIR" ? "it is a directory" : fileErrorReason(error);
  return reason === undefined
    ? error
    : new ReportError(`${name}: cannot be read: ${reason}`, undefined, { cause: error });
}
