import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { brokenLine, byteTicks, roundTicks } from "./broken-line.ts";

const draw = (values: readonly (number | null)[]) =>
  brokenLine(
    values,
    index => index,
    value => value,
  );

describe("a line with gaps", () => {
  it("is interrupted where a value is missing, and never goes through zero there", () => {
    expect(draw([1, 2, null, 3, 4])).toBe("M0.0 1.0L1.0 2.0M3.0 3.0L4.0 4.0");
  });
  it("shows a value that stands alone", () => expect(draw([null, 5, null])).toBe("M1.0 5.0h0.1"));
  it("is nothing without values", () => expect(draw([null, null])).toBe(""));
  it("begins anew once for each run of values", () =>
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer({ min: 0, max: 99 }))), values => {
        const runs = values.filter((value, index) => value !== null && values[index - 1] == null).length;
        expect((draw(values).match(/M/g) ?? []).length).toBe(runs);
      }),
    ));
});

describe("the ticks of an axis", () => {
  it("are round and reach beyond the largest value", () => {
    expect(roundTicks(17)).toEqual([0, 5, 10, 15, 20]);
    expect(roundTicks(1)).toEqual([0, 0.5, 1]);
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e15, noNaN: true }), most => {
        const ticks = roundTicks(most);
        expect(ticks[0]).toBe(0);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(most * (1 - 1e-9));
        expect(ticks.length).toBeLessThanOrEqual(6);
      }),
    );
  });
  it("of bytes are round in their unit", () => {
    expect(byteTicks(3.4 * 2 ** 20).map(tick => tick / 2 ** 20)).toEqual([0, 1, 2, 3, 4]);
    expect(byteTicks(0)).toEqual([0, 1]);
  });
  it("are there when nothing was measured", () => expect(roundTicks(0)).toEqual([0, 1]));
});
