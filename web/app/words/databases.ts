import type { JSX } from "solid-js";
import { sentence } from "./sentence.ts";

/** What the Databases page says. */
export const words = {
  title: "Databases",
  columns: {
    database: "Database",
    tables: "Tables",
    verdicts: "Readiness",
    ready: "Ready",
    iceberg: "Iceberg",
    size: "Known size",
    effort: "Effort",
    coverage: "Coverage",
    needs: "Needs conversion",
    unknown: "Unknown",
    description: "Description",
    location: "Location",
  },
  search: "Name of a database",
  searchHint: "Find a database",
  all: "All",
  gaps: "Not in full",
  iceberg: "Iceberg share",
  shares: { any: "Any Iceberg share", none: "Iceberg 0%", some: "Iceberg up to 50%", most: "Iceberg 50% and more" },
  found: (found: JSX.Element, all: string) => sentence`${found} of ${all}`,
  tables: (text: string, count: number) => `${text} ${count === 1 ? "table" : "tables"}`,
  ready: (share: string) => `${share} ready`,
  verdicts: (ready: string, needs: string, unknown: string) =>
    `Ready ${ready}, needs conversion ${needs}, unknown ${unknown}`,
  notTold: "not told",
  none: "No database has that in its name, with these filters.",
  noDatabases: "The catalog has no databases in this region.",
  clear: "Clear all",
  notRead: "not read",
  more: "A + marks a count that was cut short, because the database was not read to its end.",
  coverage: {
    COMPLETE: "Complete",
    PARTIAL: "Partial",
    DENIED: "Denied",
    THROTTLED: "Throttled out",
    FAILED: "Failed",
  },
} as const;
