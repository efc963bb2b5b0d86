import { counted } from "../ui/format/count.ts";

/** What the Overview page says. */
export const words = {
  title: "Overview",
  strip: {
    databases: "Databases",
    tables: "Tables",
    size: "Known size",
    noSize: "none known",
    first: "first assessment",
    /** `+3,240 since 12 Nov`: a difference, and from when on. */
    since: (change: string, date: string) => `${change} since ${date}`,
    noChange: (share: string) => `${share} · no change`,
    changed: (share: string, change: string) => `${share} · ${change}`,
    unlisted: "the list is incomplete",
    noSizes: "no table reports a size",
    sized: (tables: number) => `${counted(tables, "table reports", "tables report")} a size`,
  },
  basis: (now: string, before: string, date: string) =>
    `Changes compare what could be read: ${now} of databases in this assessment, ${before} at the one before (${date}).`,
  unknownShare: "an unknown share",
  readiness: {
    title: "Migration readiness",
    sub: "share of tables",
    ready: "ready",
    noTables: "no tables",
    noSizes: "no sizes",
    sized: (size: string, share: string) => `${size}, ${share} sized`,
    /** The ring for screen readers. */
    none: "Readiness: no tables",
    parts: (tables: string, parts: string) => `Readiness of ${tables} tables: ${parts}.`,
    part: (verdict: string, tables: string, share: string) => `${verdict}: ${tables}, ${share}`,
  },
  formats: {
    title: "Formats",
    sub: "tables and known size, each bar on its own scale",
    none: "This assessment holds no tables.",
    format: "Format",
    others: (formats: string) => `Others: ${formats}.`,
  },
  coverage: {
    title: "Coverage",
    database: "Database",
    why: "Why",
    tablesRead: "Tables read",
    read: "Read",
    neverRemoved: "A table that could not be read is never counted as removed.",
    first: (count: number) => `First ${count}`,
    all: (count: string) => `All ${count}`,
    noDatabases: "The catalog has no databases in this region.",
    oneWhole: "The one database was read in full.",
    allWhole: (databases: string) => `All ${databases} were read in full.`,
    list: "List of databases",
    said: "AWS said",
    none: "none",
    statuses: {
      COMPLETE: "Complete",
      PARTIAL: "Partial",
      DENIED: "Access denied",
      THROTTLED: "Throttled out",
      FAILED: "Failed",
    },
  },
  /** The trend for screen readers. */
  trendSentence: (span: {
    assessments: number;
    from: string;
    to: string;
    ready: readonly [from: string, to: string];
    needs: readonly [from: string, to: string];
    unknown: readonly [from: string, to: string];
    gaps: number;
  }) =>
    [
      `Tables by readiness over ${span.assessments} assessments from ${span.from} to ${span.to}.`,
      `Ready went from ${span.ready.join(" to ")}, needs conversion from ${span.needs.join(" to ")}, unknown from ${span.unknown.join(" to ")}.`,
      ...(span.gaps > 0 ? [`${span.gaps} could read less than the others and are not joined to the lines.`] : []),
      "The arrow keys move through them.",
    ].join(" "),
  shareOfDatabases: (share: string) => `${share} of databases`,
  unknownDatabases: "an unknown share of databases",
  tablesReady: (tables: string, share: string) => `${tables}, ${share} ready`,
  tile: (database: string, value: string, more: string) => `${database}: ${value}, ${more}`,
  trend: "Readiness over time",
  trendSub: "tables per assessment",
  compare: "Compare two assessments",
  asTable: "As a table",
  asChart: "As a chart",
  needsTwo: "A trend needs two assessments.",
  oneNumbers: (date: string) => `So far there is one, of ${date}.`,
  assessment: "Assessment",
  read: "Databases read",
  largest: "Largest databases",
  largestSub: "by known size, with their readiness",
  largestByCount: "by number of tables: no size is known",
  rest: (count: string) => `${count} more`,
  allDatabases: "All databases",
  database: "Database",
  tables: "Tables",
  size: "Known size",
  ready: "Ready",
  since: (date: string) => `Since ${date}`,
  changes: "What changed",
  first: "Nothing to compare with yet",
  firstWhy: "This is the first assessment of this account and region.",
  added: "Added",
  removed: "Removed",
  changed: "Changed in place",
  open: "See what changed",
  unreadKept: "Tables that could not be read count as neither.",
  findings: "Findings",
  allFindings: "All findings",
  effort: "Estimated work",
  noFindings: "Nothing was found that needs attention.",
  notTold: "not told",
} as const;
