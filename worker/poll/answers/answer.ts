/** States of a job in our words; `undefined` in an answer: AWS tells of a change of the task itself, and the state stays. */
export type JobStatus = "PENDING" | "RUNNING" | "COMPLETED" | "FAILED";

/** What AWS said of one job: a2o_private.job_answer, named as there. */
export interface JobAnswer {
  job_type: "DMS" | "DATASYNC" | "GLUE_JOB";
  aws_job_id: string;
  /** Tells the runs of a DMS task apart; null while AWS does not tell which run it is. */
  run_key: string | null;
  observed_at: Date;
  status?: JobStatus | undefined;
  aws_status?: string | undefined;
  started_at?: Date | undefined;
  resumed_at?: Date | undefined;
  completed_at?: Date | undefined;
  aws_parent_id?: string | undefined;
  job_name?: string | undefined;
  migration_type?: string | undefined;
  stop_reason?: string | undefined;
  error_code?: string | undefined;
  error_message?: string | undefined;
  /** 0 to 100, with a denominator from AWS; else left out. */
  percent?: number | undefined;
  rows_copied?: number | undefined;
  bytes_copied?: number | undefined;
  bytes_total?: number | undefined;
  files_copied?: number | undefined;
  files_total?: number | undefined;
  tables_loaded?: number | undefined;
  tables_loading?: number | undefined;
  tables_queued?: number | undefined;
  tables_errored?: number | undefined;
  tables_total?: number | undefined;
  error_rows?: number | undefined;
  validation_failed_rows?: number | undefined;
  elapsed_ms?: number | undefined;
  source?: string | undefined;
  target?: string | undefined;
  /** What else AWS told, in AWS's names. */
  details?: Record<string, unknown>;
}

/** Statistics of one table of a DMS task: a row of migration_job_tables. */
export interface TableAnswer {
  schema_name: string;
  table_name: string;
  table_state?: string | undefined;
  full_load_rows?: number | undefined;
  full_load_error_rows?: number | undefined;
  full_load_started_at?: Date | undefined;
  full_load_ended_at?: Date | undefined;
  inserts?: number | undefined;
  updates?: number | undefined;
  deletes?: number | undefined;
  ddls?: number | undefined;
  validation_state?: string | undefined;
  validation_pending_records?: number | undefined;
  validation_failed_records?: number | undefined;
  validation_suspended_records?: number | undefined;
  validation_details?: string | undefined;
  updated_at?: Date | undefined;
}

/**
 * A count as AWS should give it: whole and not negative. AWS has been seen to answer -1 and figures beyond all bounds for
 * "unknown"; that is what they are taken for.
 */
export function countOf(value: number | undefined): number | undefined {
  return value !== undefined && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** The same for the numbers of tables, which are kept in 32 bits. */
export function smallCountOf(value: number | undefined): number | undefined {
  const count = countOf(value);
  return count !== undefined && count < 2 ** 31 ? count : undefined;
}

/** A date that is one. */
export function dateOf(value: Date | undefined): Date | undefined {
  return value === undefined || Number.isNaN(value.getTime()) ? undefined : value;
}

/** A share of a whole as percent with two decimals; undefined when there is no whole. AWS may copy more than it estimated. */
export function percentOf(part: number | undefined, whole: number | undefined): number | undefined {
  if (part === undefined || whole === undefined || whole <= 0) return undefined;
  return Math.min(100, Math.max(0, Math.floor((10_000 * part) / whole) / 100));
}

/** The values that are there, summed; undefined when none is. */
export function sumOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter(value => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0);
}
