import type { DescribeTaskExecutionResponse, TaskExecutionStatus } from "@aws-sdk/client-datasync";
import type { Wire } from "../wire.ts";
import { hexOf } from "./names.ts";
import { type Life, lifeOf, type Place } from "./place.ts";
import { endsAt, type RunPlan, workDone, workEndsAt, workStartsAt } from "./run.ts";
import { type Schedule, scheduleOf } from "./schedule.ts";
import type { DataSyncScript } from "./scripts.ts";

const second = 1_000;

/** How long DataSync keeps a task's executions. */
const retention = 30 * 86_400_000;

/** What an execution has moved by a moment; all zero until it prepares. */
export interface Moved {
  readonly estimatedFiles: number;
  readonly estimatedBytes: number;
  readonly files: number;
  /** Bytes written to the destination, before compression. */
  readonly written: number;
  readonly transferred: number;
  readonly compressed: number;
  readonly verifiedFiles: number;
  readonly verifiedBytes: number;
}

/** A DataSync task and its executions. */
export class DataSyncJob {
  readonly script: DataSyncScript;
  readonly place: Place;
  /** task-… with 17 hexadecimal digits, which CloudWatch knows the task by. */
  readonly taskId: string;
  readonly arn: string;
  readonly sourceArn: string;
  readonly destinationArn: string;
  readonly life: Life;
  readonly #key: string;
  readonly #schedule: Schedule;

  constructor(script: DataSyncScript, place: Place) {
    const { region, accountId, seed, origin } = place;
    this.script = script;
    this.place = place;
    this.#key = `${seed}/${accountId}/${region}/datasync/${script.name}`;
    this.taskId = `task-0${hexOf(this.#key, 16)}`;
    this.arn = `arn:aws:datasync:${region}:${accountId}:task/${this.taskId}`;
    const location = (end: string): string =>
      `arn:aws:datasync:${region}:${accountId}:location/loc-0${hexOf(`${this.#key}/${end}`, 16)}`;
    this.sourceArn = location("source");
    this.destinationArn = location("destination");
    this.life = lifeOf(script, origin);
    this.#schedule = scheduleOf(script.runs, this.#key, origin, { prepare: 0.14, finish: 0.1 });
  }

  get mode(): "BASIC" | "ENHANCED" {
    return this.script.mode ?? "BASIC";
  }

  get destinationUri(): string {
    const { name, destination = `swift.lakehouse.example/${name}/` } = this.script;
    return `object-storage://${destination}`;
  }

  existsAt(time: number): boolean {
    return time >= this.life.from && time < this.life.to;
  }

  /** The executions that DataSync still knows, in the order they started. */
  executionsAt(time: number): RunPlan[] {
    return this.#schedule.startedBetween(time - retention, time);
  }

  newestAt(time: number): RunPlan | undefined {
    return this.#schedule.newestAt(time);
  }

  executionArn(run: RunPlan): string {
    return `${this.arn}/execution/exec-0${hexOf(run.key, 16)}`;
  }

  statusAt(run: RunPlan, time: number): TaskExecutionStatus {
    const prepared = (time - run.startsAt) / run.prepareMs;
    if (time < workStartsAt(run)) return prepared < 0.15 ? "QUEUED" : prepared < 0.45 ? "LAUNCHING" : "PREPARING";
    if (time < workEndsAt(run)) {
      return run.end === "stopped" && time >= workEndsAt(run) - 20 * second ? "CANCELLING" : "TRANSFERRING";
    }
    if (run.end !== "done") return "ERROR";
    return time < endsAt(run) ? "VERIFYING" : "SUCCESS";
  }

  movedAt(run: RunPlan, time: number): Moved {
    const files = Math.max(1, Math.floor(this.script.files * run.scale));
    const bytes = Math.floor(this.script.bytes * run.scale);
    const preparing = Math.max(0, Math.min(1, ((time - run.startsAt) / run.prepareMs - 0.45) / 0.55));
    const share = workDone(run, time);
    // An enhanced task prepares while it transfers: the estimate is known only when most is moved already.
    const known = this.mode === "ENHANCED" ? Math.min(1, preparing * 0.4 + share * 0.9) : preparing;
    const written = Math.floor(bytes * share);
    const verified = run.end !== "done" ? 0 : Math.max(0, Math.min(1, (time - workEndsAt(run)) / run.finishMs));
    return {
      estimatedFiles: Math.floor(files * known),
      estimatedBytes: Math.floor(bytes * known),
      files: Math.floor(files * share),
      written,
      transferred: written,
      compressed: Math.floor(written * 0.83),
      verifiedFiles: Math.floor(files * verified),
      verifiedBytes: Math.floor(bytes * verified),
    };
  }

  /** What DescribeTaskExecution answers. */
  executionAt(run: RunPlan, time: number): Wire<DescribeTaskExecutionResponse> {
    const status = this.statusAt(run, time);
    const moved = this.movedAt(run, time);
    const isOver = status === "SUCCESS" || status === "ERROR";
    return {
      TaskExecutionArn: this.executionArn(run),
      Status: status,
      TaskMode: this.mode,
      Options: this.options,
      Excludes: [],
      Includes: [],
      StartTime: run.startsAt / second,
      ...(status !== "QUEUED" && { LaunchTime: (run.startsAt + run.prepareMs * 0.15) / second }),
      ...(isOver && { EndTime: endsAt(run) / second }),
      EstimatedFilesToTransfer: moved.estimatedFiles,
      EstimatedBytesToTransfer: moved.estimatedBytes,
      FilesTransferred: moved.files,
      BytesWritten: moved.written,
      BytesTransferred: moved.transferred,
      BytesCompressed: moved.compressed,
      FilesVerified: moved.verifiedFiles,
      FilesDeleted: 0,
      FilesSkipped: 0,
      EstimatedFilesToDelete: 0,
      Result: this.#resultAt(run, time),
    };
  }

  #resultAt(run: RunPlan, time: number): NonNullable<Wire<DescribeTaskExecutionResponse>["Result"]> {
    const phase = (from: number, to: number): { ms: number; status: "PENDING" | "SUCCESS" } => ({
      ms: Math.max(0, Math.round(Math.min(time, to) - from)),
      status: time >= to ? "SUCCESS" : "PENDING",
    });
    const prepare = phase(run.startsAt + run.prepareMs * 0.45, workStartsAt(run));
    const transfer = phase(workStartsAt(run), workEndsAt(run));
    const verify = phase(workEndsAt(run), endsAt(run));
    const failed = run.end !== "done" && time >= workEndsAt(run);
    const cancelled = run.end === "stopped";
    return {
      PrepareDuration: this.mode === "ENHANCED" ? 0 : prepare.ms,
      PrepareStatus: prepare.status,
      TransferDuration: this.mode === "ENHANCED" ? 0 : transfer.ms,
      TransferStatus: failed ? "ERROR" : transfer.status,
      VerifyDuration: failed || this.mode === "ENHANCED" ? 0 : verify.ms,
      VerifyStatus: failed ? "PENDING" : verify.status,
      TotalDuration: Math.max(0, Math.min(time, endsAt(run)) - run.startsAt),
      ...(failed && {
        ErrorCode: cancelled ? "TaskExecutionCancelled" : "OpNotSupp",
        ErrorDetail:
          run.message ?? (cancelled ? "Task execution was cancelled" : "Unable to write to the destination location"),
      }),
    };
  }

  get options(): NonNullable<Wire<DescribeTaskExecutionResponse>["Options"]> {
    return {
      VerifyMode: "ONLY_FILES_TRANSFERRED",
      OverwriteMode: "ALWAYS",
      Atime: "BEST_EFFORT",
      Mtime: "PRESERVE",
      Uid: "NONE",
      Gid: "NONE",
      PreserveDeletedFiles: "PRESERVE",
      PreserveDevices: "NONE",
      PosixPermissions: "NONE",
      BytesPerSecond: -1,
      TaskQueueing: "ENABLED",
      LogLevel: "BASIC",
      TransferMode: "CHANGED",
      SecurityDescriptorCopyFlags: "NONE",
      ObjectTags: "NONE",
    };
  }
}
