import { describe, expect, it } from "vitest";
import { coverageSentence, gaps, isComplete } from "./coverage.ts";
import type { CoverageStatus } from "./documents/assessments.ts";

const coverage = (databaseName: string, status: CoverageStatus) => ({
  databaseName,
  status,
  operation: null,
  errorCode: null,
  errorMessage: null,
  tablesRead: 0,
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

  it("does not count the list of databases as a database", () =>
    expect(coverageSentence([coverage("", "DENIED"), coverage("a", "COMPLETE")], String)).toBe("1 complete"));

  it("is complete only when every database is known and was read", () => {
    const of = (databasesComplete: number, completenessPercent: string | null) =>
      isComplete({ databasesComplete, totalDatabases: 5, completenessPercent });
    expect(of(5, "100.00")).toBe(true);
    expect(of(4, "80.00")).toBe(false);
    expect(of(5, null)).toBe(false);
  });
});
