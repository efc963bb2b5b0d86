import type { DataSyncJob, Moved } from "../datasync.ts";
import { endsAt } from "../run.ts";
import type { Series } from "./series.ts";

/** Source: https://docs.aws.amazon.com/datasync/latest/userguide/monitor-datasync-with-cloudwatch.html */
const readings: Readonly<Record<string, (moved: Moved) => number>> = {
  BytesCompressed: moved => moved.compressed,
  BytesPreparedSource: moved => moved.estimatedBytes,
  BytesPreparedDestination: moved => Math.floor(moved.estimatedBytes / 10),
  BytesTransferred: moved => moved.transferred,
  BytesVerifiedSource: moved => moved.verifiedBytes,
  BytesVerifiedDestination: moved => moved.verifiedBytes,
  BytesWritten: moved => moved.written,
  FilesPreparedSource: moved => moved.estimatedFiles,
  FilesPreparedDestination: moved => Math.floor(moved.estimatedFiles / 10),
  FilesTransferred: moved => moved.files,
  FilesVerifiedSource: moved => moved.verifiedFiles,
  FilesVerifiedDestination: moved => moved.verifiedFiles,
};

export const dataSyncMetricNames = Object.keys(readings);

/** What a task's executions moved in each minute; their sums are what DescribeTaskExecution tells. */
export function dataSyncSeries(job: DataSyncJob, name: string): Series | undefined {
  const reading = readings[name];
  return (
    reading && {
      intervalMs: 60_000,
      report(from, to) {
        const run = job.newestAt(to);
        if (!run || !job.existsAt(from) || from >= endsAt(run)) return undefined;
        return reading(job.movedAt(run, to)) - reading(job.movedAt(run, from));
      },
    }
  );
}
