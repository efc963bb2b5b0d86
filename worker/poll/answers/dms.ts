import type { Replication, ReplicationTask, TableStatistics } from "@aws-sdk/client-database-migration-service";
import { withoutSecrets } from "../without-secrets.ts";
import { countOf, dateOf, type JobAnswer, type JobStatus, smallCountOf, sumOf, type TableAnswer } from "./answer.ts";

/** States of tasks (API_ReplicationTask) and of serverless replications (CHAP_Serverless.Components) that are at work. */
const AT_WORK = new Set([
  "starting",
  "running",
  "stopping",
  "initializing",
  "preparing_metadata_resources",
  "testing_connection",
  "fetching_metadata",
  "calculating_capacity",
  "provisioning_capacity",
  "replication_starting",
  "modifying_capacity",
]);
const NOT_STARTED = new Set(["creating", "created", "ready"]);

/** Stops that end a migration as it was meant to end. Source: API_ReplicationTask (StopReason). */
const MEANT = new Set([
  "FULL_LOAD_ONLY_FINISHED",
  "STOPPED_AFTER_FULL_LOAD",
  "STOPPED_AFTER_CACHED_EVENTS",
  "STOPPED_AT_SERVER_TIME",
  "STOPPED_AT_COMMIT_TIME",
]);

type Stats = ReplicationTask["ReplicationTaskStats"];

/** What both kinds of DMS job tell. */
interface Told {
  arn: string;
  name: string | undefined;
  status: string | undefined;
  stopReason: string | undefined;
  failure: string | undefined;
  type: string | undefined;
  startedAt: Date | undefined;
  stats: Stats;
  details: Record<string, unknown>;
}

export function answerOfTask(task: ReplicationTask, observedAt: Date): JobAnswer {
  return answerOf(
    {
      arn: task.ReplicationTaskArn ?? "",
      name: task.ReplicationTaskIdentifier,
      status: task.Status,
      stopReason: task.StopReason,
      failure: task.LastFailureMessage,
      type: task.MigrationType,
      startedAt: task.ReplicationTaskStartDate,
      stats: task.ReplicationTaskStats,
      details: {
        SourceEndpointArn: task.SourceEndpointArn,
        TargetEndpointArn: task.TargetEndpointArn,
        ReplicationInstanceArn: task.ReplicationInstanceArn,
        CdcStartPosition: task.CdcStartPosition,
        CdcStopPosition: task.CdcStopPosition,
        ReplicationTaskStats: task.ReplicationTaskStats,
      },
    },
    observedAt,
  );
}

export function answerOfReplication(replication: Replication, observedAt: Date): JobAnswer {
  return answerOf(
    {
      arn: replication.ReplicationConfigArn ?? "",
      name: replication.ReplicationConfigIdentifier,
      status: replication.Status,
      stopReason: replication.StopReason,
      failure: replication.FailureMessages?.join(" ") || undefined,
      type: replication.ReplicationType,
      startedAt: undefined,
      stats: replication.ReplicationStats,
      details: {
        IsServerless: true,
        SourceEndpointArn: replication.SourceEndpointArn,
        TargetEndpointArn: replication.TargetEndpointArn,
        ProvisionData: replication.ProvisionData,
        ReplicationStats: replication.ReplicationStats,
      },
    },
    observedAt,
  );
}

function answerOf(told: Told, observedAt: Date): JobAnswer {
  const { stats } = told;
  // AWS writes "Stop Reason FULL_LOAD_ONLY_FINISHED".
  const stopReason = told.stopReason?.replace(/^Stop Reason /i, "") || undefined;
  const status = statusOf(told, stopReason);
  const hasEnded = status === "COMPLETED" || status === "FAILED";
  const freshStart = dateOf(stats?.FreshStartDate);
  const loaded = smallCountOf(stats?.TablesLoaded);
  const loading = smallCountOf(stats?.TablesLoading);
  const queued = smallCountOf(stats?.TablesQueued);
  const errored = smallCountOf(stats?.TablesErrored);
  return {
    job_type: "DMS",
    aws_job_id: told.arn,
    run_key: freshStart?.toISOString() ?? null,
    observed_at: observedAt,
    status,
    aws_status: told.status,
    started_at: freshStart ?? dateOf(told.startedAt) ?? dateOf(stats?.StartDate),
    resumed_at: latest(stats?.StartDate, told.startedAt, stats?.FreshStartDate),
    completed_at: hasEnded ? (dateOf(stats?.StopDate) ?? observedAt) : undefined,
    aws_parent_id: told.arn,
    job_name: told.name,
    migration_type: told.type,
    stop_reason: status === "RUNNING" || status === "PENDING" ? undefined : stopReason,
    error_message: withoutSecrets(errorOf(told, status, stopReason)),
    // Replication of changes alone has no end, so no share of it is done.
    percent: told.type === "cdc" ? undefined : percentIn(stats),
    tables_loaded: loaded,
    tables_loading: loading,
    tables_queued: queued,
    tables_errored: errored,
    tables_total: smallCountOf(sumOf([loaded, loading, queued, errored])),
    elapsed_ms: countOf(stats?.ElapsedTimeMillis),
    details: told.details,
  };
}

function percentIn(stats: Stats): number | undefined {
  const percent = stats?.FullLoadProgressPercent;
  return percent !== undefined && percent >= 0 && percent <= 100 ? percent : undefined;
}

function statusOf({ status = "", stats, type }: Told, stopReason: string | undefined): JobStatus | undefined {
  if (AT_WORK.has(status)) return "RUNNING";
  if (NOT_STARTED.has(status)) return stats?.FreshStartDate === undefined ? "PENDING" : undefined;
  if (status === "failed") return "FAILED";
  if (status !== "stopped") return undefined;
  if (stopReason === undefined && stats?.StopDate === undefined) return "PENDING";
  if (stopReason !== undefined && MEANT.has(stopReason)) return "COMPLETED";
  // A person stopped it. That is how replication of changes ends; a load that was not through did not do what it was to do.
  if (stopReason === "NORMAL" || stopReason === undefined) {
    return type === "cdc" || stats?.FullLoadProgressPercent === 100 ? "COMPLETED" : "FAILED";
  }
  return "FAILED";
}

function errorOf({ failure }: Told, status: JobStatus | undefined, stopReason: string | undefined): string | undefined {
  if (status !== "FAILED") return undefined;
  return failure ?? (stopReason === "NORMAL" ? "Stopped before the full load was done." : stopReason);
}

function latest(...dates: (Date | undefined)[]): Date | undefined {
  return dates
    .map(dateOf)
    .filter(date => date !== undefined)
    .toSorted((a, b) => a.getTime() - b.getTime())
    .at(-1);
}

export function answerOfTable(table: TableStatistics): TableAnswer {
  return {
    schema_name: table.SchemaName ?? "",
    table_name: table.TableName ?? "",
    table_state: table.TableState,
    full_load_rows: countOf(table.FullLoadRows),
    full_load_error_rows: sumOf([countOf(table.FullLoadErrorRows), countOf(table.FullLoadCondtnlChkFailedRows)]),
    full_load_started_at: dateOf(table.FullLoadStartTime),
    full_load_ended_at: dateOf(table.FullLoadEndTime),
    inserts: countOf(table.Inserts),
    updates: countOf(table.Updates),
    deletes: countOf(table.Deletes),
    ddls: countOf(table.Ddls),
    validation_state: table.ValidationState,
    validation_pending_records: countOf(table.ValidationPendingRecords),
    validation_failed_records: countOf(table.ValidationFailedRecords),
    validation_suspended_records: countOf(table.ValidationSuspendedRecords),
    validation_details: table.ValidationStateDetails,
    updated_at: dateOf(table.LastUpdateTime),
  };
}

/** What the tables of a task add to the task's answer: rows, which the task itself does not tell. */
export function withTables(answer: JobAnswer, tables: readonly TableAnswer[]): JobAnswer {
  return {
    ...answer,
    rows_copied:
      answer.migration_type === "cdc" ? undefined : countOf(sumOf(tables.map(table => table.full_load_rows))),
    error_rows: countOf(sumOf(tables.map(table => table.full_load_error_rows))),
    validation_failed_rows: countOf(sumOf(tables.map(table => table.validation_failed_records))),
  };
}
