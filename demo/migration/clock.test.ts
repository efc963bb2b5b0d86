import { describe, expect, it } from "vitest";
import { SimulatedClock } from "./clock.ts";

const startsAt = new Date("2026-11-25T00:00:00Z");

describe("the simulated clock", () => {
  it("stands from the beginning at factor 0, however long it took to make it", () => {
    let real = 0;
    const clock = new SimulatedClock({ startsAt, factor: 0 }, () => real++);
    expect([clock.time, clock.time]).toEqual([startsAt.getTime(), startsAt.getTime()]);
    clock.advance(1000);
    expect(clock.now().toISOString()).toBe("2026-11-25T00:00:01.000Z");
  });

  it("runs at its factor from the moment it is told to", () => {
    let real = 5000;
    const clock = new SimulatedClock({ startsAt, factor: 0 }, () => real);
    real += 100;
    clock.run(60);
    real += 1000;
    expect(clock.now().toISOString()).toBe("2026-11-25T00:01:00.000Z");
  });

  it("refuses to go back by itself, and factors below 0", () => {
    const clock = new SimulatedClock({ startsAt, factor: 0 });
    expect(() => clock.advance(-1)).toThrow(RangeError);
    expect(() => clock.run(-1)).toThrow(RangeError);
    expect(() => new SimulatedClock({ factor: Number.NaN })).toThrow(RangeError);
    clock.set(0);
    expect(clock.time).toBe(0);
  });
});
