import { isUtf8 } from "node:buffer";
import { countLines, diagnose, Fault, type Path, quote } from "./locate.ts";

/** A run of whole elements of a top-level list, or one whole top-level value. */
export interface Piece {
  key: string;
  /** True for the elements of a list: the bytes are what stands between its brackets, without them. */
  elements: boolean;
  /** A view that the next piece overwrites. */
  bytes: Buffer;
  /** Line of the first byte, from 1. */
  line: number;
  /** Position of the first element in its list. */
  index: number;
  /** How many elements the commas promise; an empty list ends with a piece that promises 0. */
  count: number;
  /** How many keys the colons promise, in all objects of the piece together. */
  keys: number;
  /** The list or value ends with this piece. */
  last: boolean;
}

/** The longest element of a list, and the longest top-level value that is not a list. */
export const MAX_ELEMENT_BYTES = 16 * 1024 * 1024;
const MAX_DEPTH = 100;
const MAX_SECTIONS = 1000;
const WINDOW = 128 * 1024;
/** More elements at once would make garbage faster than the young generation can drop it. */
const MAX_RUN = 500;

const cutShort = "The file was cut short: copy or write it again, whole.";

const PLAIN = 0;
const QUOTE = 1;
const NEWLINE = 2;
const OPEN = 3;
const CLOSE = 4;
const COMMA = 5;
const COLON = 6;
const KIND = new Uint8Array(256);
KIND[0x22] = QUOTE;
KIND[0x0a] = NEWLINE;
KIND[0x7b] = KIND[0x5b] = OPEN;
KIND[0x7d] = KIND[0x5d] = CLOSE;
KIND[0x2c] = COMMA;
KIND[0x3a] = COLON;

/** 1 for the bytes at which the quick walk through a string has to stop: the quote, the backslash, control characters. */
const STOPS = new Uint8Array(256).fill(1, 0, 0x20);
STOPS[0x22] = STOPS[0x5c] = 1;

type State = "document" | "first key" | "key" | "colon" | "value" | "inside" | "after" | "end";

/**
 * Cuts a JSON object into its top-level values, and top-level lists into runs of elements, without building them: it
 * follows only strings, brackets, commas and lines, and leaves every other check to whoever parses the pieces. Pieces
 * whose JSON is broken may come out, but none that could be sound if cut elsewhere.
 */
export class Splitter {
  private buffer: Buffer = Buffer.allocUnsafeSlow(4 * WINDOW);
  /** Everything before is dealt with. */
  private from = 0;
  private at = 0;
  private end = 0;
  private state: State = "document";
  private line = 1;
  private readonly seen = new Set<string>();

  private key = "";
  private elements = false;
  private inString = false;
  private depth = 0;
  private pieceLine = 1;
  private index = 0;
  private commas = 0;
  private colons = 0;

  /** The top-level keys so far, in the order of the file. */
  get sections(): ReadonlySet<string> {
    return this.seen;
  }

  *push(chunk: Uint8Array): Generator<Piece> {
    for (let at = 0; at < chunk.length; at += WINDOW) {
      this.append(chunk.subarray(at, at + WINDOW));
      yield* this.split();
    }
  }

  /** To be called after the last chunk. */
  finish(): void {
    if (this.state === "end") return;
    if (this.state === "document") throw new Fault([], null, "expected a JSON object, found nothing but white space");
    if (this.state === "inside") {
      const bytes = this.buffer.subarray(this.from, this.end);
      const problem = diagnose(bytes, this.elements, false);
      if (problem && !problem.ended) throw this.broken(problem.path, problem.offset, problem.text);
      const path = problem?.path ?? (this.elements ? [this.commas - this.index] : []);
      const line = this.pieceLine + countLines(bytes, bytes.length);
      throw new Fault(this.place(path), line, "expected more, found the end of the file", cutShort);
    }
    const path: Path = this.state === "colon" || this.state === "value" ? [this.key] : [];
    throw new Fault(path, this.line, "expected more, found the end of the file", cutShort);
  }

  private append(bytes: Uint8Array): void {
    if (this.end + bytes.length > this.buffer.length) {
      const rest = this.end - this.from;
      const old = this.buffer;
      if (rest + bytes.length > old.length / 2) this.buffer = Buffer.allocUnsafeSlow(old.length * 2);
      old.copy(this.buffer, 0, this.from, this.end);
      this.at -= this.from;
      this.end = rest;
      this.from = 0;
    }
    this.buffer.set(bytes, this.end);
    this.end += bytes.length;
  }

  private *split(): Generator<Piece> {
    while (this.at < this.end) {
      if (this.state === "inside") {
        const piece = this.inside();
        if (!piece) return;
        yield piece;
        continue;
      }
      const code = this.buffer[this.at] as number;
      if (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) {
        if (code === 0x0a) this.line++;
        this.at++;
      } else if (!this.structure(code)) {
        return;
      }
      if ((this.state as State) !== "inside") this.from = this.at;
    }
  }

  /** What stands between the top-level values. False when the key at hand goes on in the next chunk. */
  private structure(code: number): boolean {
    switch (this.state) {
      case "document":
        if (code !== 0x7b) throw this.unexpected("a JSON object");
        this.state = "first key";
        break;
      case "first key":
      case "key":
        if (code === 0x7d && this.state === "first key") {
          this.state = "end";
          break;
        }
        if (code !== 0x22) throw this.unexpected("a key in double quotes");
        return this.topKey();
      case "colon":
        if (code !== 0x3a) throw this.unexpected(`":" after the key ${quote(this.key)}`);
        this.state = "value";
        break;
      case "value":
        this.begin(code === 0x5b);
        return true;
      case "after":
        if (code !== 0x2c && code !== 0x7d) throw this.unexpected('"," or "}"');
        this.state = code === 0x2c ? "key" : "end";
        break;
      default: {
        const another = code === 0x7b || code === 0x5b;
        const what = another ? "a second JSON value" : quote(this.rest());
        throw new Fault(
          [],
          this.line,
          `expected nothing after the end of the report, found ${what}`,
          another
            ? "This looks like NDJSON (one JSON value a line) or several reports in one file: a report is one JSON object."
            : undefined,
        );
      }
    }
    this.at++;
    return true;
  }

  private topKey(): boolean {
    let i = this.at + 1;
    for (; i < this.end; i++) {
      const code = this.buffer[i] as number;
      if (code === 0x5c) i++;
      else if (code < 0x20) throw new Fault([], this.line, "expected the rest of a key, found a control character");
      else if (code === 0x22) break;
    }
    if (i - this.at > 1000) throw new Fault([], this.line, "expected a key of at most 1,000 bytes, found a longer one");
    if (i >= this.end) return false;
    const bytes = this.buffer.subarray(this.at, i + 1);
    if (!isUtf8(bytes)) throw new Fault([], this.line, "expected UTF-8 text, found bytes that are not UTF-8");
    try {
      this.key = JSON.parse(bytes.toString()) as string;
    } catch {
      throw new Fault([], this.line, `expected a key, found a wrong escape in ${quote(bytes.toString())}`);
    }
    if (this.seen.has(this.key)) {
      throw new Fault([this.key], this.line, "expected each section once, found it a second time");
    }
    this.seen.add(this.key);
    if (this.seen.size > MAX_SECTIONS) {
      throw new Fault([], this.line, `expected at most ${MAX_SECTIONS} top-level keys, found more`);
    }
    this.from = this.at = i + 1;
    this.state = "colon";
    return true;
  }

  private begin(elements: boolean): void {
    if (elements) this.at++;
    this.from = this.at;
    this.elements = elements;
    this.inString = false;
    this.depth = this.index = this.commas = this.colons = 0;
    this.pieceLine = this.line;
    this.state = "inside";
  }

  /** Goes on through a value. The one loop that sees every byte: everything it needs is in locals. */
  private inside(): Piece | null {
    const { buffer, end, elements } = this;
    let { at, inString, depth, line, colons } = this;
    // The last comma between elements: the run before it is complete.
    let mark = -1;
    let markLine = line;
    let markColons = colons;
    while (at < end) {
      if (inString) {
        while (at < end && STOPS[buffer[at] as number] === 0) at++;
        if (at >= end) break;
        const code = buffer[at] as number;
        if (code === 0x22) {
          inString = false;
          at++;
        } else if (code === 0x5c) {
          // The escaped character belongs to the backslash even when it is still to come.
          if (at + 1 >= end) break;
          at += 2;
        } else {
          throw this.brokenAt(at);
        }
        continue;
      }
      const kind = KIND[buffer[at] as number];
      if (kind === PLAIN) {
        at++;
      } else if (kind === QUOTE) {
        inString = true;
        at++;
      } else if (kind === COLON) {
        colons++;
        at++;
      } else if (kind === NEWLINE) {
        line++;
        at++;
      } else if (kind === COMMA) {
        if (depth === 0) {
          if (!elements) return this.cut(at, line, colons, true);
          this.commas++;
          if (this.commas - this.index === MAX_RUN) {
            this.at = at + 1;
            this.depth = 0;
            this.inString = false;
            this.line = line;
            this.colons = colons;
            return this.cut(at, line, colons, false);
          }
          mark = at;
          markLine = line;
          markColons = colons;
        }
        at++;
      } else if (kind === OPEN) {
        if (++depth > MAX_DEPTH) {
          const problem = diagnose(buffer.subarray(this.from, at), elements, false);
          throw new Fault(
            this.place(problem?.path.slice(0, 8) ?? []),
            line,
            `expected values nested at most ${MAX_DEPTH} deep`,
          );
        }
        at++;
      } else if (depth > 0) {
        depth--;
        at++;
      } else {
        if (elements && buffer[at] !== 0x5d) throw this.brokenAt(at);
        return this.cut(at, line, colons, true);
      }
    }
    this.at = at;
    this.inString = inString;
    this.depth = depth;
    this.line = line;
    this.colons = colons;
    if (mark >= 0) return this.cut(mark, markLine, markColons, false);
    if (end - this.from > MAX_ELEMENT_BYTES) throw this.tooLong();
    return null;
  }

  /** Everything up to `to` becomes a piece. Unless it is the last one, a comma follows, and scanning goes on at `at`. */
  private cut(to: number, line: number, colons: number, last: boolean): Piece {
    const piece = {
      key: this.key,
      elements: this.elements,
      bytes: this.buffer.subarray(this.from, to),
      line: this.pieceLine,
      index: this.index,
      count: this.elements ? this.commas - this.index : 1,
      keys: colons,
      last,
    };
    if (last) {
      if (this.elements && (this.commas > 0 || !isBlank(piece.bytes))) piece.count++;
      this.at = this.from = this.elements ? to + 1 : to;
      this.line = line;
      this.state = "after";
    } else {
      this.from = to + 1;
      this.index = this.commas;
      this.colons -= colons;
    }
    this.pieceLine = line;
    return piece;
  }

  private place(path: Path): Path {
    const [first, ...rest] = path;
    return this.elements && typeof first === "number" ? [this.key, this.index + first, ...rest] : [this.key, ...path];
  }

  private broken(path: Path, offset: number, text: string): Fault {
    return new Fault(this.place(path), this.pieceLine + countLines(this.buffer.subarray(this.from), offset), text);
  }

  /** The byte at `at` cannot stand there; the cause may lie before it. */
  private brokenAt(at: number): Fault {
    const problem = diagnose(this.buffer.subarray(this.from, at + 1), this.elements, false);
    return problem
      ? this.broken(problem.path, problem.offset, problem.text)
      : this.broken([], at - this.from, "expected sound JSON");
  }

  private tooLong(): Fault {
    const problem = diagnose(this.buffer.subarray(this.from, this.end), this.elements, false);
    if (problem && !problem.ended) return this.broken(problem.path, problem.offset, problem.text);
    const path = this.elements ? [this.commas - this.index] : [];
    return this.broken(path, 0, `expected at most ${MAX_ELEMENT_BYTES / 2 ** 20} MiB, found more`);
  }

  private rest(): string {
    return this.buffer.toString("utf8", this.at, Math.min(this.end, this.at + 60));
  }

  private unexpected(what: string): Fault {
    const code = this.buffer[this.at] as number;
    const word = /^-?\w+/.exec(this.rest())?.[0];
    const found = word ?? (code > 0x20 && code < 0x7f ? `"${String.fromCharCode(code)}"` : `the byte ${code}`);
    return new Fault([], this.line, `expected ${what}, found ${found}`);
  }
}

function isBlank(bytes: Buffer): boolean {
  for (const code of bytes) {
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return false;
  }
  return true;
}
