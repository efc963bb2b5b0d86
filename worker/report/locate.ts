import { isUtf8 } from "node:buffer";

export type Path = (string | number)[];

/** What is wrong with a report, before the file's name is known; `line` is null until the place has been looked up. */
export class Fault extends Error {
  readonly path: Path;
  readonly line: number | null;
  readonly advice: string | undefined;

  constructor(path: Path, line: number | null, problem: string, advice?: string) {
    super(problem);
    this.path = path;
    this.line = line;
    this.advice = advice;
  }
}

/** `tables[1203].notes[0]`; keys that are not plain words are quoted: `tables[3]["odd key"]`. */
export function pathText(path: Path): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (/^\w+$/.test(step) && step.length <= 60) text += text === "" ? step : `.${step}`;
    else text += `[${quote(step)}]`;
  }
  return text;
}

/** Text of a report as it may be shown in a message: short, on one line, without anything a terminal would obey. */
export function quote(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(short).replace(/[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, escaped);
}

export interface Problem {
  path: Path;
  offset: number;
  text: string;
  /** The bytes ended inside a value. */
  ended: boolean;
}

export function countLines(bytes: Uint8Array, to: number): number {
  let lines = 0;
  for (let i = 0; i < to; i++) if (bytes[i] === 0x0a) lines++;
  return lines;
}

class Stop extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super();
    this.problem = problem;
  }
}

/**
 * A strict and slow reader of JSON that knows where it is. `JSON.parse` reads everything; this one only explains what
 * `JSON.parse` or a check has refused. Recursive: the splitter has limited the depth before.
 */
class Walker {
  private at = 0;
  private readonly path: Path = [];
  private readonly bytes: Buffer;
  private readonly visit: (path: Path, offset: number) => void;
  /** Nothing is missing at the end: what stops there stops too early. */
  private readonly whole: boolean;

  constructor(bytes: Buffer, whole: boolean, visit: (path: Path, offset: number) => void) {
    this.bytes = bytes;
    this.whole = whole;
    this.visit = visit;
  }

  /** The whole of the bytes as one value, or (`elements`) as the inside of a list, without its brackets. */
  walk(elements: boolean): Problem | null {
    try {
      for (let index = 0; ; index++) {
        if (elements) this.path.push(index);
        this.value();
        if (elements) this.path.pop();
        this.space();
        if (this.at === this.bytes.length) return null;
        if (!elements) this.expected("nothing more here");
        if (this.bytes[this.at] !== 0x2c) this.expected('"," or "]"');
        this.at++;
      }
    } catch (error) {
      if (error instanceof Stop) return error.problem;
      throw error;
    }
  }

  private stop(text: string, ended = false): never {
    throw new Stop({ path: [...this.path], offset: this.at, text, ended });
  }

  private expected(what: string): never {
    if (this.at >= this.bytes.length) this.stop(`expected ${what}, found nothing`, !this.whole);
    const rest = this.bytes.toString("utf8", this.at, this.at + 80);
    const word = /^-?[A-Za-z_]\w*/.exec(rest)?.[0];
    const code = this.bytes[this.at] as number;
    const printable = code > 0x20 && code !== 0x7f ? String.fromCodePoint(rest.codePointAt(0) ?? 0xfffd) : null;
    this.stop(`expected ${what}, found ${word ?? (printable === null ? `the byte ${code}` : quote(printable))}`);
  }

  private space(): void {
    for (;;) {
      const code = this.bytes[this.at];
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.at++;
    }
  }

  private value(): void {
    this.space();
    this.visit(this.path, this.at);
    const code = this.bytes[this.at];
    if (code === 0x7b) this.object();
    else if (code === 0x5b) this.list();
    else if (code === 0x22) this.string();
    else this.word();
  }

  private object(): void {
    const keys = new Set<string>();
    this.at++;
    this.space();
    if (this.bytes[this.at] === 0x7d) {
      this.at++;
      return;
    }
    for (;;) {
      this.space();
      if (this.bytes[this.at] !== 0x22) this.expected("a key in double quotes");
      const from = this.at;
      const key = this.string();
      this.path.push(key);
      if (keys.has(key)) {
        this.at = from;
        this.stop("expected each key once, found it a second time in the same object");
      }
      keys.add(key);
      this.space();
      if (this.bytes[this.at] !== 0x3a) this.expected('":" after the key');
      this.at++;
      this.value();
      this.path.pop();
      this.space();
      if (this.bytes[this.at] === 0x7d) {
        this.at++;
        return;
      }
      if (this.bytes[this.at] !== 0x2c) this.expected('"," or "}"');
      this.at++;
    }
  }

  private list(): void {
    this.at++;
    this.space();
    if (this.bytes[this.at] === 0x5d) {
      this.at++;
      return;
    }
    for (let index = 0; ; index++) {
      this.path.push(index);
      this.value();
      this.path.pop();
      this.space();
      if (this.bytes[this.at] === 0x5d) {
        this.at++;
        return;
      }
      if (this.bytes[this.at] !== 0x2c) this.expected('"," or "]"');
      this.at++;
    }
  }

  private string(): string {
    const from = this.at++;
    for (;;) {
      const code = this.bytes[this.at];
      if (code === undefined) this.stop("expected the end of a string, found nothing", !this.whole);
      if (code === 0x22) break;
      if (code < 0x20) {
        const what = code === 0x0a || code === 0x0d ? "a line break" : `a bare control character (${code})`;
        this.stop(`expected the rest of a string, found ${what} inside it`);
      }
      if (code === 0x5c) this.escape();
      else this.at++;
    }
    const token = this.bytes.subarray(from, ++this.at);
    if (!isUtf8(token)) {
      this.at = from;
      this.stop("expected UTF-8 text, found bytes that are not UTF-8");
    }
    return JSON.parse(token.toString()) as string;
  }

  private escape(): void {
    const code = this.bytes[this.at + 1];
    if (code === undefined) {
      this.at++;
      this.stop("expected the end of a string, found nothing", !this.whole);
    }
    if (code !== 0x75) {
      if (!'"\\/bfnrt'.includes(String.fromCharCode(code))) {
        this.at++;
        this.expected('an escape that JSON knows after "\\"');
      }
      this.at += 2;
      return;
    }
    this.at += 2;
    for (let i = 0; i < 4; i++, this.at++) {
      const digit = this.bytes[this.at];
      if (digit === undefined || !/[0-9a-fA-F]/.test(String.fromCharCode(digit))) {
        this.expected('four hexadecimal digits after "\\u"');
      }
    }
  }

  private word(): void {
    const rest = this.bytes.toString("latin1", this.at, this.at + 2000);
    const word = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/.exec(rest)?.[0];
    if (word !== undefined && word.length < 2000) {
      this.at += word.length;
      return;
    }
    const broken = /^[\w.+-]+/.exec(rest)?.[0];
    if (broken !== undefined) {
      const ended = !this.whole && this.at + broken.length === this.bytes.length;
      this.stop(`expected a value, found ${broken.slice(0, 60)}`, ended);
    }
    this.expected("a value");
  }
}

/**
 * The first thing wrong with the JSON, a key given twice in one object included; null when it is sound. `elements`: the
 * bytes are the inside of a list. Without `whole`, they may end anywhere, and that is told from other problems.
 */
export function diagnose(bytes: Buffer, elements: boolean, whole: boolean): Problem | null {
  return new Walker(bytes, whole, () => {}).walk(elements);
}

/** Where the value at `path` begins, or the innermost value around it that exists. The bytes are sound JSON. */
export function locate(bytes: Buffer, elements: boolean, path: Path): number {
  let found = 0;
  let depth = -1;
  new Walker(bytes, true, (here, offset) => {
    if (here.length < depth || here.length > path.length || !here.every((step, i) => step === path[i])) return;
    found = offset;
    depth = here.length;
  }).walk(elements);
  return found;
}
