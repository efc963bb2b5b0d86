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

  links: "Tables in the catalog",
  linksSub: (linked: string, candidates: string) => `${linked} linked, ${candidates} to confirm`,
  noLinks: "Nothing that AWS tells of this job names a table of the newest assessment.",
  linkStates: { LINKED: "Linked", CANDIDATE: "Candidate", REJECTED: "Not linked" },
  linkColumns: { table: "Table", link: "Link", why: "Why", act: "Decision" },
  confirm: "Confirm",
  reject: "Reject",
  unlink: "Unlink",
  link: "Link",
  /** For screen readers: what a button is about. */
  actOn: (act: string, table: string) => `${act} ${table}`,
  candidatesIn: (database: JSX.Element) => sentence`Every candidate in ${database}:`,
  confirmAll: "Confirm all",
  rejectAll: "Reject all",
  moreLinks: "More are linked than are shown; the view job_links has all.",
  decidedBy: (who: string, when: JSX.Element) => sentence`${who} decided so ${when}`,

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
