import { describe, expect, it } from "vitest";
import { type DonutSize, donutAngles, donutPath } from "./donut-geometry.ts";

const size: DonutSize = { outer: 69, inner: 47, gap: 2.5, sliver: 2 };
const turn = 2 * Math.PI;
const widths = (values: number[]) => donutAngles(values, size).map(({ from, to }) => to - from);

describe("donutAngles", () => {
  it("shares the turn in proportion", () => {
    const [ready = 0, needs = 0, unknown = 0] = widths([50, 25, 25]);
    expect(ready).toBeCloseTo(turn / 2);
    expect(needs).toBeCloseTo(turn / 4);
    expect(unknown).toBeCloseTo(turn / 4);
  });

  it("lets each part begin where the one before it ended", () => {
    const parts = donutAngles([3, 2, 1], size);
    expect(parts[1]?.from).toBe(parts[0]?.to);
    expect(parts[2]?.from).toBe(parts[1]?.to);
    expect(parts[2]?.to).toBeCloseTo(turn);
  });

  it("keeps a sliver of a part that would be too small to see, and still makes a full turn", () => {
    const [large = 0, one = 0, other = 0] = widths([1_000_000, 1, 1]);
    const least = 4.5 / 58;
    expect(one).toBeCloseTo(least);
    expect(other).toBeCloseTo(least);
    expect(large + one + other).toBeCloseTo(turn);
  });

  it("gives nothing to a part of zero, and nothing to anybody when there is no total", () => {
    expect(widths([10, 0, 10])[1]).toBe(0);
    expect(widths([0, 0, 0])).toEqual([0, 0, 0]);
    expect(widths([])).toEqual([]);
  });

  it("treats a negative value as zero", () => expect(widths([5, -3])).toEqual([turn, 0]));
});

describe("donutPath", () => {
  const path = (values: number[], index: number) => {
    const angles = donutAngles(values, size)[index];
    return angles ? donutPath(angles, size) : "";
  };

  it("draws nothing for a part of zero", () => expect(path([1, 0], 1)).toBe(""));

  it("draws the whole as a ring, because one arc cannot end where it begins", () => {
    expect(path([1, 0], 0)).toBe(
      "M0 -69A69 69 0 1 1 0 69A69 69 0 1 1 0 -69ZM0 -47A47 47 0 1 1 0 47A47 47 0 1 1 0 -47Z",
    );
  });

  it("takes the long way round for more than half", () => {
    expect(path([70, 30], 0)).toContain("A69 69 0 1 1");
    expect(path([70, 30], 1)).toContain("A69 69 0 0 1");
  });

  it("leaves half of the gap on each side", () => {
    const start = /^M(-?[\d.]+) (-?[\d.]+)/.exec(path([1, 1], 0));
    expect(Number(start?.[1])).toBeCloseTo(size.gap / 2, 1);
  });

  it("never writes NaN or scientific notation", () => {
    for (const values of [
      [1, 1_000_000, 1],
      [1, 2, 3],
      [1e-9, 1, 0],
    ]) {
      for (const index of [0, 1, 2]) expect(path(values, index)).not.toMatch(/NaN|e-/);
    }
  });
});
