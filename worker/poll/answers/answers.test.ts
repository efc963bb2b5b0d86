import type { ReplicationTask } from "@aws-sdk/client-database-migration-service";
import type { DescribeTaskExecutionResponse } from "@aws-sdk/client-datasync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withoutSecretArguments, withoutSecrets } from "../without-secrets.ts";
import { percentOf } from "./answer.ts";
import { answerOfExecution } from "./datasync.ts";
import { answerOfTable, answerOfTask } from "./dms.ts";
import { answerOfRun } from "./glue.ts";

const NOW = new Date("2026-11-25T12:00:00Z");
const START = new Date("2026-11-25T10:00:00Z");
const STOP = new Date("2026-11-25T11:00:00Z");

const task = (more: ReplicationTask): ReplicationTask => ({
  ReplicationTaskArn: "arn:aws:dms:eu-central-1:111111111111:task:X",
  MigrationType: "full-load",
  ReplicationTaskStats: { FreshStartDate: START, StartDate: START, StopDate: STOP, FullLoadProgressPercent: 100 },
  ...more,
});

describe("the state of a DMS task", () => {
  it.each<[string, ReplicationTask, string | undefined]>([
    ["was never started", { Status: "ready", ReplicationTaskStats: undefined }, "PENDING"],
    ["starts", { Status: "starting" }, "RUNNING"],
    ["runs", { Status: "running" }, "RUNNING"],
    ["is being stopped", { Status: "stopping" }, "RUNNING"],
    ["loaded everything", { Status: "stopped", StopReason: "Stop Reason FULL_LOAD_ONLY_FINISHED" }, "COMPLETED"],
    [
      "stopped where it was told to",
      { Status: "stopped", StopReason: "Stop Reason STOPPED_AT_COMMIT_TIME" },
      "COMPLETED",
    ],
    ["was stopped when its load was done", { Status: "stopped", StopReason: "Stop Reason NORMAL" }, "COMPLETED"],
    [
      "was stopped before its load was done",
      {
        Status: "stopped",
        StopReason: "Stop Reason NORMAL",
        ReplicationTaskStats: { FreshStartDate: START, StopDate: STOP, FullLoadProgressPercent: 40 },
      },
      "FAILED",
    ],
    [
      "replicated changes until somebody stopped it",
      {
        Status: "stopped",
        StopReason: "Stop Reason NORMAL",
        MigrationType: "cdc",
        ReplicationTaskStats: { FreshStartDate: START, StopDate: STOP },
      },
      "COMPLETED",
    ],
    ["ran out of memory", { Status: "stopped", StopReason: "Stop Reason STOPPED_DUE_TO_LOW_MEMORY" }, "FAILED"],
    ["failed", { Status: "failed", LastFailureMessage: "no" }, "FAILED"],
    ["is being changed after a run", { Status: "modifying" }, undefined],
    ["is ready again after a run", { Status: "ready" }, undefined],
    ["is being deleted", { Status: "deleting" }, undefined],
    ["is in a state nobody knows", { Status: "dancing" }, undefined],
  ])("that %s", (_what, more, status) => {
    const answer = answerOfTask(task(more), NOW);
    expect(answer.status).toBe(status);
    expect(answer.completed_at).toEqual(status === "COMPLETED" || status === "FAILED" ? STOP : undefined);
    expect(answer.error_message === undefined).toBe(status !== "FAILED");
  });

  it("gives replication of changes alone no percentage", () => {
    expect(answerOfTask(task({ Status: "running", MigrationType: "cdc" }), NOW).percent).toBeUndefined();
    expect(answerOfTask(task({ Status: "running" }), NOW).percent).toBe(100);
  });
});

describe("the progress of a DataSync execution", () => {
  const execution = (more: DescribeTaskExecutionResponse) =>
    answerOfExecution(
      {
        TaskExecutionArn: "arn:aws:datasync:eu-central-1:111111111111:task/task-1/execution/exec-1",
        StartTime: START,
        ...more,
      },
      { name: "copy", source: undefined, target: undefined },
      NOW,
    );

  it("has no denominator before the transfer, while AWS still estimates", () => {
    for (const Status of ["QUEUED", "LAUNCHING", "PREPARING"] as const) {
      const answer = execution({ Status, BytesWritten: 0, EstimatedBytesToTransfer: 10, FilesTransferred: 9 });
      expect([answer.percent, answer.bytes_total]).toEqual([undefined, undefined]);
    }
  });

  it("is bytes written of bytes estimated, whatever the files say, and no more than all of it", () => {
    const answer = execution({
      Status: "TRANSFERRING",
      BytesWritten: 25,
      EstimatedBytesToTransfer: 100,
      FilesTransferred: 9,
    });
    expect([answer.percent, answer.bytes_copied, answer.bytes_total]).toEqual([25, 25, 100]);
    expect(execution({ Status: "SUCCESS", BytesWritten: 101, EstimatedBytesToTransfer: 100 }).percent).toBe(100);
    expect(execution({ Status: "SUCCESS", BytesWritten: 0, EstimatedBytesToTransfer: 0 }).percent).toBeUndefined();
  });

  it("ends when AWS says, or when its durations say", () => {
    expect(execution({ Status: "SUCCESS", EndTime: STOP }).completed_at).toEqual(STOP);
    expect(
      execution({ Status: "ERROR", Result: { TotalDuration: 3_600_000, ErrorCode: "NoSpace", ErrorDetail: "full" } }),
    ).toMatchObject({
      completed_at: STOP,
      error_code: "NoSpace",
      error_message: "full",
    });
  });
});

describe("a Glue job run", () => {
  it.each(["STARTING", "RUNNING", "SUCCEEDED", "FAILED", "TIMEOUT", "STOPPED"] as const)(
    "that is %s has no percentage",
    JobRunState => {
      const answer = answerOfRun(
        { Id: "jr", JobName: "j", JobRunState, StartedOn: START, ExecutionTime: 60 },
        undefined,
        NOW,
      );
      expect([answer.percent, answer.bytes_total, answer.elapsed_ms]).toEqual([undefined, undefined, 60_000]);
    },
  );
});

describe("figures that cannot be", () => {
  it("are taken for unknown, whatever AWS answers", () => {
    const odd = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(-1, 2 ** 63, Number.NaN, Number.POSITIVE_INFINITY));
    const isCount = (value: number | undefined) => value === undefined || (Number.isSafeInteger(value) && value >= 0);
    fc.assert(
      fc.property(odd, odd, (a, b) => {
        const stats = {
          FullLoadProgressPercent: a,
          TablesLoaded: b,
          TablesErrored: a,
          ElapsedTimeMillis: b,
          FreshStartDate: new Date(a),
        };
        const dms = answerOfTask(task({ Status: "running", ReplicationTaskStats: stats }), NOW);
        expect(isCount(dms.elapsed_ms) && isCount(dms.tables_loaded) && isCount(dms.tables_total)).toBe(true);
        const copy = answerOfExecution(
          { Status: "TRANSFERRING", BytesWritten: a, EstimatedBytesToTransfer: b, FilesTransferred: b },
          { name: undefined, source: undefined, target: undefined },
          NOW,
        );
        expect(isCount(copy.bytes_copied) && isCount(copy.bytes_total) && isCount(copy.files_copied)).toBe(true);
        const table = answerOfTable({ FullLoadRows: a, ValidationFailedRecords: b });
        expect(isCount(table.full_load_rows) && isCount(table.validation_failed_records)).toBe(true);
        for (const percent of [dms.percent, copy.percent])
          expect(percent === undefined || (percent >= 0 && percent <= 100)).toBe(true);
      }),
    );
    expect(percentOf(1, 3)).toBe(33.33);
  });
});

describe("secrets", () => {
  it("in arguments and messages are blotted out, and what tells where data lies is not", () => {
    expect(
      withoutSecretArguments({
        "--source": "s3://lake/key-figures/",
        "--TempDir": "s3://lake/tmp/",
        "--db_password": "x",
        "--api-key": "x",
        "--secretId": "x",
        "--url": "jdbc:mysql://h/db?user=a&password=x&ssl=true",
      }),
    ).toEqual({
      "--source": "s3://lake/key-figures/",
      "--TempDir": "s3://lake/tmp/",
      "--db_password": "…",
      "--api-key": "…",
      "--secretId": "…",
      "--url": "jdbc:mysql://h/db?user=a&password=…&ssl=true",
    });
    expect(withoutSecrets("login postgresql://bob:x@h failed for ASIAABCDEFGHIJKLMNOP")).toBe(
      "login postgresql://bob:…@h failed for …",
    );
  });
});
