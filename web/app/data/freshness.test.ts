import { expect, it } from "vitest";
import { freshness } from "./freshness.ts";

it("is stale after three missed polls and lost after ten minutes", () => {
  const told = new Date("2026-05-11T12:00:00Z");
  const after = (seconds: number) => freshness(told, new Date(told.getTime() + seconds * 1000));
  expect([after(0), after(89), after(90), after(599), after(600)]).toEqual([
    "fresh",
    "fresh",
    "stale",
    "stale",
    "lost",
  ]);
});
