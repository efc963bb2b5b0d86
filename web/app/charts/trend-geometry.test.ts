import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { labelled, niceStep, spread, trendLine, trendScale } from "./trend-geometry.ts";

const size = { width: 600, height: 200, left: 40, right: 100, top: 10, bottom: 24 };
const point = (at: number, value: number, isComparable = true) => ({ at, values: [value], isComparable });

describe("niceStep", () => {
  it("goes by 1, 2 and 5", () => {
    expect(niceStep(79_344)).toBe(20_000);
    expect(niceStep(633)).toBe(200);
    expect(niceStep(4)).toBe(1);
    expect(niceStep(0)).toBe(1);
  });
  it("always reaches the largest value in four steps", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1e9 }), max => niceStep(max) * 4 >= max * (1 - 1e-9)));
  });
});

describe("trendScale", () => {
  it("starts at zero and ends above the largest value", () => {
    const scale = trendScale([point(0, 10), point(10, 90)], size);
    expect(scale.ticks[0]).toBe(0);
    expect(scale.ticks.at(-1)).toBeGreaterThanOrEqual(90);
    expect(scale.y(0)).toBe(176);
  });
  it("puts time to scale", () => {
    const scale = trendScale([point(0, 1), point(1, 1), point(10, 1)], size);
    expect(scale.x(10) - scale.x(1)).toBeCloseTo(9 * (scale.x(1) - scale.x(0)));
  });
});

describe("trendLine", () => {
  it("joins neighbours, and passes those that could read less as dashes", () => {
    const points = [point(0, 1), point(1, 1), point(2, 1, false), point(3, 1), point(4, 1)];
    const { solid, dashed } = trendLine(points, 0, trendScale(points, size));
    expect(solid.match(/M/g)).toHaveLength(2);
    expect(dashed.match(/M/g)).toHaveLength(1);
  });
  it("draws no line for a single point", () => {
    expect(trendLine([point(0, 1)], 0, trendScale([point(0, 1)], size))).toEqual({ solid: "", dashed: "" });
  });
});

describe("spread", () => {
  it("keeps labels apart and in order", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 5 }), places => {
        const moved = spread(places, 14).toSorted((a, b) => a - b);
        return moved.every((place, index) => index === 0 || place - (moved[index - 1] ?? 0) >= 14);
      }),
    );
  });
});

describe("labelled", () => {
  it("always names the newest, and never two on one spot", () => {
    expect(labelled([0, 10, 20, 300], 50)).toEqual([0, 3]);
    expect(labelled([0, 100, 200], 50)).toEqual([0, 1, 2]);
    expect(labelled([0], 50)).toEqual([0]);
  });
});
