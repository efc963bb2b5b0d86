import type { JsonValue } from "./format.ts";

// TypeScript's library does not have these two yet; Node 22 and later do.
const { rawJSON, isRawJSON } = JSON as typeof JSON & {
  rawJSON(text: string): { rawJSON: string };
  isRawJSON(value: unknown): value is { rawJSON: string };
};

/**
 * What JSON.parse gives, except for two things that it gets wrong. V8 13.6 (Node.js 24) takes a key with an escape in it for
 * another one that it has seen: after `{"x\\":1}`, `{"x\n":1}` has the key `x\`. And a number that a double does not hold, such
 * as the id of an Iceberg snapshot, loses its last digits: it becomes a raw JSON value here, which JSON.stringify writes out
 * as it was read.
 * @throws SyntaxError
 */
export function parseExactly(text: string): JsonValue {
  return LONG_NUMBER.test(text) || hasEscapedKey(text) ? new Parser(text).document() : JSON.parse(text);
}

/** The number, whatever it was read as; undefined for everything else. */
export function asNumber(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return isRawJSON(value) ? Number(value.rawJSON) : undefined;
}

/** The digits of a number that a double does not hold. */
export function rawDigits(value: unknown): string | undefined {
  return isRawJSON(value) ? value.rawJSON : undefined;
}

/** May also stand in a string: then the slow way is taken for nothing. */
const LONG_NUMBER = /(?<![\d.])\d{16,}(?![\d.eE])|\d[\d.]{17,}/;

function hasEscapedKey(text: string): boolean {
  if (!text.includes("\\")) return false;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at)) {
    let isEscaped = false;
    for (at++; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) break;
      if (code !== BACKSLASH) continue;
      isEscaped = true;
      at++;
    }
    at++;
    if (!isEscaped) continue;
    at = afterSpace(text, at);
    if (text.charCodeAt(at) === COLON) return true;
  }
  return false;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

function afterSpace(text: string, from: number): number {
  let at = from;
  for (let code = text.charCodeAt(at); code === 0x20 || (code >= 9 && code <= 13 && code !== 11 && code !== 12); ) {
    code = text.charCodeAt(++at);
  }
  return at;
}

/** As strict as JSON.parse, and some ten times slower; recursion is as deep as the text is nested. */
class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): JsonValue {
    const value = this.#value();
    this.#space();
    if (this.#at < this.#text.length) this.#refuse();
    return value;
  }

  #value(): JsonValue {
    this.#space();
    switch (this.#text[this.#at]) {
      case "{":
        return this.#object();
      case "[":
        return this.#list();
      case '"':
        return this.#string();
      default:
        return this.#scalar();
    }
  }

  #object(): JsonValue {
    const entries: [string, JsonValue][] = [];
    this.#at++;
    if (this.#takes("}")) return {};
    do {
      this.#space();
      if (this.#text[this.#at] !== '"') this.#refuse();
      const key = this.#string();
      if (!this.#takes(":")) this.#refuse();
      entries.push([key, this.#value()]);
    } while (this.#takes(","));
    if (!this.#takes("}")) this.#refuse();
    return Object.fromEntries(entries);
  }

  #list(): JsonValue {
    const items: JsonValue[] = [];
    this.#at++;
    if (this.#takes("]")) return items;
    do items.push(this.#value());
    while (this.#takes(","));
    if (!this.#takes("]")) this.#refuse();
    return items;
  }

  #string(): string {
    const start = this.#at++;
    for (; this.#at < this.#text.length; this.#at++) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === QUOTE) break;
      if (code === BACKSLASH) this.#at++;
    }
    // A string alone is read right, and wrong escapes, control characters and a missing end are refused.
    return JSON.parse(this.#text.slice(start, ++this.#at));
  }

  #scalar(): JsonValue {
    SCALAR.lastIndex = this.#at;
    const [source] = SCALAR.exec(this.#text) ?? this.#refuse();
    this.#at += source.length;
    const value: JsonValue = JSON.parse(source);
    return typeof value === "number" && !survives(value, source) ? (rawJSON(source) as unknown as JsonValue) : value;
  }

  #takes(character: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #space(): void {
    this.#at = afterSpace(this.#text, this.#at);
  }

  #refuse(): never {
    throw new SyntaxError(`unexpected text at position ${this.#at} of JSON`);
  }
}

/** Whether the double, written out again, is the number that stood there. */
function survives(value: number, source: string): boolean {
  // Only double precision is written with an exponent, so it is a double already.
  if (/e/i.test(source)) return true;
  const plain = source.includes(".") ? source.replace(/\.?0+$/, "") : source;
  return String(value) === plain || (value === 0 && !/[1-9]/.test(plain));
}
