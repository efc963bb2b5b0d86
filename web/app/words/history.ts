import { counted } from "../ui/format/count.ts";

/** What the History page says. */
export const words = {
  basis: "States and times as AWS told them",
  spans: { week: "7 days", month: "30 days", quarter: "90 days" },
  span: "Days",
  success: "Success rate",
  ofEnded: (completed: string, ended: string) => `${completed} of ${ended} that ended`,
  average: "Average duration",
  averageOf: "of completed jobs",
  moved: "Moved",
  movedOf: "where AWS counts bytes",
  failed: "Failed",
  kinds: (count: number) => counted(count, "kind of error", "kinds of error"),
  inSpan: (completed: string, failed: string) => `completed ${completed}, failed ${failed}`,
  /** The chart for screen readers. */
  days: (days: number, completed: string, failed: string) =>
    `Ended in the last ${days} days: ${completed} completed and ${failed} failed.`,
  failedJobs: (count: number) => counted(count, "failed job"),
  columns: {
    day: "Day",
    completed: "Completed",
    failed: "Failed",
    service: "Service",
    place: "Account and region",
    jobs: "Jobs",
    success: "Success",
    region: "Region",
    ended: "Ended, UTC",
    duration: "Duration",
    moved: "Moved",
    table: "Table",
  },
  several: "several",
  tableName: (database: string, table: string) => `${database}.${table}`,
  place: (account: string, region: string) => `${account}, ${region}`,
  newestFirst: (shown: string, all: string) => `${shown} of ${all}, newest first`,
} as const;
