import type { JobRun } from "@aws-sdk/client-glue";
import { withoutSecretArguments, withoutSecrets } from "../without-secrets.ts";
import { countOf, dateOf, type JobAnswer, type JobStatus } from "./answer.ts";

const STATUSES: Record<string, JobStatus> = {
  WAITING: "PENDING",
  STARTING: "RUNNING",
  RUNNING: "RUNNING",
  STOPPING: "RUNNING",
  SUCCEEDED: "COMPLETED",
  // Whoever stopped it, or ran out of time: it did not do what it was to do.
  STOPPED: "FAILED",
  FAILED: "FAILED",
  TIMEOUT: "FAILED",
  ERROR: "FAILED",
  EXPIRED: "FAILED",
};

export const hasEnded = (state: string | undefined): boolean => {
  const status = STATUSES[state ?? ""];
  return status === "COMPLETED" || status === "FAILED";
};

/** A run has no percentage: AWS tells none, and time or stages done are none. Its bytes come from CloudWatch. */
export function answerOfRun(
  run: JobRun,
  defaultArguments: Record<string, string> | undefined,
  observedAt: Date,
): JobAnswer {
  const status = STATUSES[run.JobRunState ?? ""];
  const ended = hasEnded(run.JobRunState);
  return {
    job_type: "GLUE_JOB",
    aws_job_id: run.Id ?? "",
    run_key: "",
    observed_at: observedAt,
    status,
    aws_status: run.JobRunState,
    started_at: status === "PENDING" ? undefined : dateOf(run.StartedOn),
    completed_at: ended ? (dateOf(run.CompletedOn) ?? dateOf(run.LastModifiedOn) ?? observedAt) : undefined,
    aws_parent_id: run.JobName,
    job_name: run.JobName,
    stop_reason: run.JobRunState === "STOPPED" || run.JobRunState === "TIMEOUT" ? run.JobRunState : undefined,
    error_message:
      status === "FAILED"
        ? withoutSecrets(
            run.ErrorMessage || (run.JobRunState === "STOPPED" ? "Stopped before it was done." : run.JobRunState),
          )
        : undefined,
    // Zero until AWS has counted some.
    elapsed_ms: countOf(run.ExecutionTime === undefined ? undefined : run.ExecutionTime * 1000) || undefined,
    details: {
      Attempt: run.Attempt,
      Arguments: withoutSecretArguments({ ...defaultArguments, ...run.Arguments }),
      DPUSeconds: run.DPUSeconds,
      WorkerType: run.WorkerType,
      NumberOfWorkers: run.NumberOfWorkers,
      MaxCapacity: run.MaxCapacity,
      GlueVersion: run.GlueVersion,
      ExecutionClass: run.ExecutionClass,
      Timeout: run.Timeout,
      TriggerName: run.TriggerName,
      StateDetail: run.StateDetail,
    },
  };
}
