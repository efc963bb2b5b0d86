import type { JSX } from "solid-js";
import { sentence } from "./sentence.ts";

/** What the page of one job says. */
export const words = {
  title: "Job",
  missing: "There is no such job",
  missingWhy: "The link may be cut off, the job forgotten, or its AWS account not open to you.",
  console: "AWS console",
  listed: (age: JSX.Element) => sentence`AWS listed it ${age}`,
  facts: {
    service: "Service",
    awsStatus: "In AWS's words",
    place: "Account and region",
    from: "From",
    to: "To",
    started: "Started",
    ended: "Ended",
    rows: "Rows",
    bytes: "Bytes",
    rate: "Rate",
    errorRows: "Rows with errors",
    differing: "Rows that differ",
    awsId: "In AWS",
  },
  service: (service: string, kind: string | null) => (kind ? `${service}, ${kind}` : service),
  place: (account: string | null, region: string | null) => `${account}, ${region}`,
  bytesOf: (done: string, all: string) => `${done} of ${all}`,
  isOver: "ended",
  /** After the time of an estimate. */
  sure: (confidence: string) => `, ${confidence}`,
  tablesFrom: (count: string) => `${count}, from DescribeTableStatistics`,
  columns: {
    table: "Table",
    state: "State",
    loaded: "Rows loaded",
    errors: "Errors",
    inserts: "Inserts",
    updates: "Updates",
    deletes: "Deletes",
    validation: "Validation",
    differ: "Differ",
  },
  tableName: (schema: string | null, table: string | null) => `${schema}.${table}`,

  course: "Progress",
  rate: "Rate",
  bytesRate: "Bytes a second",
  rowsRate: "Rows a second",
  inBytes: "bytes a second",
  /** A course for screen readers: its first and last value, and what is not known of it. */
  unmeasured: (what: string) => `${what}: nothing was measured.`,
  measured: (what: string, first: string, last: string) => `${what}: ${first}, ${last}.`,
  measuredWithGaps: (what: string, first: string, last: string, gaps: string, steps: string) =>
    `${what}: ${first}, ${last}; ${gaps} of ${steps} steps unknown.`,
  at: (value: string, time: string) => `${value} on ${time}`,
  metric: { name: "Metric", first: "First", newest: "Newest", highest: "Highest" },
} as const;
