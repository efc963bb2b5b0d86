import { words } from "../words/migration.ts";
import { Icon, type IconName } from "./Icon.tsx";
import "./job-state.css";

export type JobStateKey = keyof typeof words.states;

const icons: Record<JobStateKey, IconName> = {
  FAILED: "failed",
  STALLED: "stalled",
  COMPLETED: "completed",
  RUNNING: "running",
  PENDING: "pending",
  GONE: "minus",
};

/** The state that people see: AWS's, unless we know that nothing moves or that AWS no longer lists the job. */
export function jobState(job: {
  status: "PENDING" | "RUNNING" | "COMPLETED" | "FAILED" | null;
  isStalled?: boolean | null;
  phase?: string | null;
}): JobStateKey {
  if (job.phase === "GONE") return "GONE";
  if (job.status === "RUNNING" && job.isStalled === true) return "STALLED";
  return job.status ?? "PENDING";
}

/** Round or angular, never square: a job's state cannot be taken for a table's verdict. */
export function JobState(props: { state: JobStateKey }) {
  return (
    <span class={`job-state job-${props.state.toLowerCase()}`}>
      <Icon name={icons[props.state]} />
      <span>{words.states[props.state]}</span>
    </span>
  );
}
