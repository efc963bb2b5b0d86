import { describe, expect, it } from "vitest";
import { AdaptiveLimit } from "./limit.ts";

const isThrottled = (error: unknown) => error === "throttled";

/** Lets a service of our making answer in rounds: all that was asked for in one is answered together. */
async function rounds(limit: AdaptiveLimit, count: number, answer: (callsInRound: number, index: number) => boolean) {
  const waiting: { resolve: () => void; reject: (reason: unknown) => void }[] = [];
  const most: number[] = [];
  let isOpen = true;
  const caller = async () => {
    while (isOpen) {
      await limit
        .run(() => new Promise<void>((resolve, reject) => void waiting.push({ resolve, reject })), isThrottled)
        .catch(() => undefined);
    }
  };
  const callers = Array.from({ length: 100 }, caller);
  for (let round = 0; round < count; round++) {
    await new Promise(resolve => setImmediate(resolve));
    const calls = waiting.splice(0);
    most.push(calls.length);
    for (const [index, { resolve, reject }] of calls.entries()) {
      if (answer(calls.length, index)) resolve();
      else reject("throttled");
    }
  }
  isOpen = false;
  limit.close();
  for (const { resolve } of waiting.splice(0)) resolve();
  await Promise.all(callers);
  return most;
}

const average = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

describe("the limit", () => {
  it("rises while AWS answers, up to what one process can read", async () => {
    const most = await rounds(new AdaptiveLimit(), 30, () => true);
    expect(most.slice(0, 3)).toEqual([8, 16, 32]);
    expect(most.at(-1)).toBe(32);
  });

  it("halves when AWS throttles, once for calls that were under way together", async () => {
    const limit = new AdaptiveLimit(32);
    const most = await rounds(limit, 2, () => false);
    expect(most).toEqual([32, 16]);
    expect(limit.throttled).toBe(48);
  });

  it.each([3, 8, 20])("settles at %d where that is what AWS allows", async allowed => {
    const limit = new AdaptiveLimit();
    const most = await rounds(limit, 400, (_calls, index) => index < allowed);
    const later = most.slice(100);
    expect(average(later.map(calls => Math.min(calls, allowed)))).toBeGreaterThan(0.9 * allowed);
    expect(Math.max(...later)).toBeLessThanOrEqual(allowed + 2);
    expect(limit.throttled / most.reduce((sum, calls) => sum + calls, 0)).toBeLessThan(0.05);
  });

  it("finds more when AWS allows more", async () => {
    let round = 0;
    const limit = new AdaptiveLimit();
    const most = await rounds(limit, 3000, (calls, index) => {
      if (index === calls - 1) round++;
      return index < (round < 200 ? 4 : 12);
    });
    expect(most.slice(150, 200).every(calls => calls <= 5)).toBe(true);
    expect(most.at(-1)).toBeGreaterThanOrEqual(11);
  });

  it("stays up when single calls are throttled for no reason", async () => {
    let call = 0;
    const most = await rounds(new AdaptiveLimit(), 400, () => ++call % 20 !== 0);
    expect(average(most.slice(50))).toBeGreaterThan(6);
  });

  it.each([4, 10])("uses most of %d when one in ten is throttled for no reason, too", async allowed => {
    // No two neighbours share the fate of a round.
    let call = 0;
    const most = await rounds(new AdaptiveLimit(), 2000, (_calls, index) => index < allowed && (++call * 7) % 10 !== 0);
    expect(average(most.slice(200).map(calls => Math.min(calls, allowed)))).toBeGreaterThan(0.6 * allowed);
  });

  it("never lets more in than it says, and goes on with one at least", async () => {
    const limit = new AdaptiveLimit();
    const most = await rounds(limit, 60, () => false);
    expect(most.at(-1)).toBe(1);
    expect(limit.allowed).toBe(1);
    expect(limit.inFlight).toBe(0);
  });
});
