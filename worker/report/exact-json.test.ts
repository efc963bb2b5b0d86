import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asNumber, parseExactly, rawDigits } from "./exact-json.ts";

const keys = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom("x\\", "x\n", 'x"', "x\t", "x", "__proto__", "a", "b"),
);
const values = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false, 0, "", '"', "\\", 'a": "b\\"'),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(number => number + 0),
    fc.string(),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.uniqueArray(fc.tuple(keys, tie("value")), { maxLength: 4, selector: ([key]) => key }).map(Object.fromEntries),
  ),
})).value;

describe("parsing exactly", () => {
  it("is not misled by V8, which takes a key for another one that it has seen", () => {
    const seen = '{"a":1,"x\\\\":1}';
    const asked = '{"a":1,"x\\n":null}';
    parseExactly(seen);
    expect(JSON.stringify(parseExactly(asked))).toBe(asked);
  });

  it("gives back every value that JSON.stringify writes, indented or not", () => {
    fc.assert(
      fc.property(values, fc.constantFrom("", "  ", "\t"), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(JSON.stringify(parseExactly(text), null, indent)).toBe(text);
        // The slow way too, whatever the value.
        const slow = `[${text},"\\n",{"\\n":0}]`;
        expect(JSON.stringify(parseExactly(slow))).toBe(`[${JSON.stringify(value)},"\\n",{"\\n":0}]`);
      }),
      { numRuns: 1000 },
    );
  });

  it("refuses what JSON.parse refuses", () => {
    const damage = fc.tuple(fc.nat(), fc.constantFrom(...'{}[],:"\\n01 \n\u0001e-.'.split(""), ""));
    fc.assert(
      fc.property(values, fc.array(damage, { maxLength: 3 }), (value, damages) => {
        let text = `{"\\n":${JSON.stringify(value)}}`;
        for (const [at, character] of damages) {
          const place = at % text.length;
          text = text.slice(0, place) + character + text.slice(place + 1);
        }
        let expected: unknown;
        try {
          expected = JSON.parse(text);
        } catch {
          expect(() => parseExactly(text)).toThrow(SyntaxError);
          return;
        }
        expect(() => parseExactly(text)).not.toThrow();
        if (!text.includes("\\")) expect(parseExactly(text)).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });

  it("keeps the digits of every number", () => {
    const integer = fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }).map(String);
    const decimal = fc.tuple(integer, fc.stringMatching(/^[0-9]{0,30}[1-9]$/)).map(([a, b]) => `${a}.${b}`);
    fc.assert(
      fc.property(fc.array(fc.oneof(integer, decimal)), numbers => {
        const text = `[${numbers.join(",")}]`;
        const read = parseExactly(text);
        const plain = (item: unknown) => rawDigits(item) ?? String(item);
        expect(Array.isArray(read) ? read.map(plain) : []).toEqual(numbers.map(number => number.replace(/^-0$/, "0")));
      }),
      { numRuns: 1000 },
    );
    expect(asNumber(parseExactly("3051729675574597004"))).toBe(Number("3051729675574597004"));
    expect([asNumber(2), asNumber("2"), asNumber(null)]).toEqual([2, undefined, undefined]);
  });

  it("takes a time that grows with the text alone", () => {
    const long = `{"k":"${"\\u00fc\\\\".repeat(200_000)}","x\\n":[${'"\\n",'.repeat(100_000)}0]}`;
    expect(JSON.stringify(parseExactly(long)).length).toBeGreaterThan(1_000_000);
  });
});
