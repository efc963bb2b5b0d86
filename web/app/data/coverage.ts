import { coverageWords } from "../words/ui/coverage.ts";
import type { Assessment, CoverageStatus, DatabaseCoverage } from "./documents/assessments.ts";

type Coverage = Pick<Assessment, "databasesComplete" | "totalDatabases" | "completenessPercent">;

/** False when the list of databases itself is incomplete: then a share of it would be a guess. */
export function isListed(assessment: Coverage): boolean {
  return assessment.completenessPercent !== null;
}

/** Read in full: changes between two such assessments are changes of the catalog. */
export function isComplete(assessment: Coverage): boolean {
  return isListed(assessment) && assessment.databasesComplete >= assessment.totalDatabases;
}

/** Worst first: nothing could be read, then some of it. */
const order: readonly CoverageStatus[] = ["DENIED", "FAILED", "THROTTLED", "PARTIAL", "COMPLETE"];

/** The databases that were not read in full, worst first, then by name. */
export function gaps(coverages: readonly DatabaseCoverage[]): DatabaseCoverage[] {
  return coverages
    .filter(coverage => coverage.status !== "COMPLETE")
    .sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status) || (a.databaseName < b.databaseName ? -1 : 1));
}

/** `412 complete, 7 partial, 4 denied`: only what occurs, complete first. */
export function coverageSentence(coverages: readonly DatabaseCoverage[], format: (count: number) => string): string {
  const counts = new Map<CoverageStatus, number>();
  for (const { status, databaseName } of coverages) {
    if (databaseName !== "") counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  return (["COMPLETE", "PARTIAL", "DENIED", "THROTTLED", "FAILED"] as const)
    .filter(status => counts.has(status))
    .map(status => `${format(counts.get(status) ?? 0)} ${coverageWords[status]}`)
    .join(", ");
}
