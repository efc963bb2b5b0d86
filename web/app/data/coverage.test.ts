import { describe, expect, it } from "vitest";
import { coverageSentence, gaps, isComplete } from "./coverage.ts";
import type { CoverageStatus } from "./types.ts";

const coverage = (databaseName: string, status: CoverageStatus) => ({
  databaseName,
  status,
  operation: null,
  errorCode: null,
  errorMessage: null,
  tablesRead: null,
});

describe("coverage", () => {
  it("lists the databases that were not read in full, worst first", () => {
    const all = [
      coverage("b", "PARTIAL"),
      coverage("c", "DENIED"),
      coverage("d", "COMPLETE"),
      coverage("a", "PARTIAL"),
    ];
    expect(gaps(all).map(gap => gap.databaseName)).toEqual(["c", "a", "b"]);
  });

  it("counts each state that occurs", () => {
    const all = [coverage("a", "COMPLETE"), coverage("b", "DENIED"), coverage("c", "COMPLETE")];
    expect(coverageSentence(all, String)).toBe("2 complete, 1 denied");
  });

  it("does not take silence for a gap", () => {
    expect(isComplete({ databasesComplete: null, totalDatabases: 5 })).toBe(true);
    expect(isComplete({ databasesComplete: 4, totalDatabases: 5 })).toBe(false);
    expect(isComplete({ databasesComplete: 5, totalDatabases: 5 })).toBe(true);
  });
});
