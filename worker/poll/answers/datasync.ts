import type { DescribeTaskExecutionResponse } from "@aws-sdk/client-datasync";
import { withoutSecrets } from "../without-secrets.ts";
import { countOf, dateOf, type JobAnswer, type JobStatus, percentOf } from "./answer.ts";

const STATUSES: Record<string, JobStatus> = {
  QUEUED: "PENDING",
  LAUNCHING: "RUNNING",
  PREPARING: "RUNNING",
  TRANSFERRING: "RUNNING",
  VERIFYING: "RUNNING",
  CANCELLING: "RUNNING",
  SUCCESS: "COMPLETED",
  ERROR: "FAILED",
};

/** True for the states that an execution does not leave. */
export const hasEnded = (status: string | undefined): boolean => status === "SUCCESS" || status === "ERROR";

/** While it launches and prepares, the counts are zero and the estimate still grows: there is nothing to divide by yet. */
const ESTIMATED = new Set(["TRANSFERRING", "VERIFYING", "SUCCESS", "ERROR"]);

/** Task of an execution: `arn:…:task/task-0…/execution/exec-0…` begins with the task's ARN. */
export const taskOfExecution = (arn: string): string => arn.replace(/\/execution\/.*$/, "");

export function answerOfExecution(
  execution: DescribeTaskExecutionResponse,
  task: { name: string | undefined; source: string | undefined; target: string | undefined },
  observedAt: Date,
): JobAnswer {
  const arn = execution.TaskExecutionArn ?? "";
  const status = STATUSES[execution.Status ?? ""];
  const isEstimated = ESTIMATED.has(execution.Status ?? "");
  const { Result: result } = execution;
  const written = countOf(execution.BytesWritten);
  const total = isEstimated ? countOf(execution.EstimatedBytesToTransfer) : undefined;
  const elapsed = countOf(result?.TotalDuration);
  return {
    job_type: "DATASYNC",
    aws_job_id: arn,
    run_key: "",
    observed_at: observedAt,
    status,
    aws_status: execution.Status,
    started_at: status === "PENDING" ? undefined : dateOf(execution.StartTime),
    completed_at: hasEnded(execution.Status) ? endOf(execution, observedAt) : undefined,
    aws_parent_id: taskOfExecution(arn),
    job_name: task.name,
    error_code: result?.ErrorCode || undefined,
    error_message: withoutSecrets(result?.ErrorDetail || result?.ErrorCode || undefined),
    percent: percentOf(written, total),
    bytes_copied: written,
    bytes_total: total,
    files_copied: countOf(execution.FilesTransferred),
    files_total: isEstimated ? countOf(execution.EstimatedFilesToTransfer) : undefined,
    elapsed_ms: elapsed !== undefined && elapsed > 0 ? elapsed : undefined,
    source: task.source,
    target: task.target,
    details: {
      BytesTransferred: execution.BytesTransferred,
      BytesCompressed: execution.BytesCompressed,
      FilesVerified: execution.FilesVerified,
      FilesSkipped: execution.FilesSkipped,
      FilesDeleted: execution.FilesDeleted,
      FilesFailed: execution.FilesFailed,
      EstimatedBytesToTransfer: execution.EstimatedBytesToTransfer,
      EstimatedFilesToTransfer: execution.EstimatedFilesToTransfer,
      TaskMode: execution.TaskMode,
      Includes: execution.Includes,
      Excludes: execution.Excludes,
      SourceLocationUri: task.source,
      DestinationLocationUri: task.target,
      Result: result,
    },
  };
}

function endOf(execution: DescribeTaskExecutionResponse, observedAt: Date): Date {
  const start = dateOf(execution.StartTime);
  const elapsed = countOf(execution.Result?.TotalDuration);
  const computed = start !== undefined && elapsed ? dateOf(new Date(start.getTime() + elapsed)) : undefined;
  return dateOf(execution.EndTime) ?? computed ?? observedAt;
}
