import { describe, expect, it } from "vitest";
import { Splitter } from "./split.ts";

/** The pieces of `text` when it comes in chunks of `size` bytes: their keys and what they hold. */
function pieces(text: string, size: number): [key: string, text: string, index: number, count: number, line: number][] {
  const splitter = new Splitter();
  const bytes = Buffer.from(text);
  const found: [string, string, number, number, number][] = [];
  for (let at = 0; at < bytes.length; at += size) {
    for (const piece of splitter.push(bytes.subarray(at, at + size))) {
      found.push([piece.key, piece.bytes.toString(), piece.index, piece.count, piece.line]);
    }
  }
  splitter.finish();
  return found;
}

describe("Splitter", () => {
  it("cuts lists into runs of whole elements and other values out whole", () => {
    expect(pieces('{"a": {"b": [1, 2]}, "c": [{}, [3, {"d": "},]"}], null]}', 1000)).toEqual([
      ["a", '{"b": [1, 2]}', 0, 1, 1],
      ["c", '{}, [3, {"d": "},]"}], null', 0, 3, 1],
    ]);
  });

  it("numbers elements and lines whatever the chunks are", () => {
    expect(pieces('{\r\n"a": [\r\n1,\r\n"\\\\",\n"é\\""\n]\n}\n', 1)).toEqual([
      ["a", "\r\n1", 0, 1, 2],
      ["a", '\r\n"\\\\"', 1, 1, 3],
      ["a", '\n"é\\""\n', 2, 1, 4],
    ]);
  });

  it("ends an empty list with a piece that promises nothing", () => {
    expect(pieces('{"a": [ ]}', 3)).toEqual([["a", " ", 0, 0, 1]]);
  });

  it("limits the length of a run", () => {
    const runs = pieces(`{"a": [${"1,".repeat(1200)}1]}`, 10_000);
    expect(runs.map(([, , index, count]) => [index, count])).toEqual([
      [0, 500],
      [500, 500],
      [1000, 201],
    ]);
  });

  it("keeps an element that is longer than its window together", () => {
    const long = JSON.stringify("x".repeat(3_000_000));
    expect(pieces(`{"a": [${long},${long}]}`, 70_000).map(piece => piece[1] === long)).toEqual([true, true]);
  });
});
