import {
  DescribeLocationS3Command,
  DescribeTaskCommand,
  DescribeTaskExecutionCommand,
  ListTaskExecutionsCommand,
  ListTasksCommand,
} from "@aws-sdk/client-datasync";
import { GetJobRunsCommand, GetJobsCommand } from "@aws-sdk/client-glue";
import { describe, expect, it } from "vitest";
import { dataSyncClient, glueClient, simulate, startsAt } from "../testing.ts";

const minute = 60_000;

describe("a DataSync task", () => {
  const copy = { kind: "datasync", name: "lake", source: "s3://lake/sales/", bytes: 1e12, files: 9_000 } as const;

  it("goes through its phases, all zero while it launches", async () => {
    await using simulator = await simulate({
      ...copy,
      runs: [
        { startsAfter: -300, minutes: 60, end: "failed", message: "bucket is read-only" },
        { startsAfter: 0, minutes: 100 },
      ],
    });
    const client = dataSyncClient(simulator);
    const [task] = (await client.send(new ListTasksCommand({}))).Tasks ?? [];
    const described = await client.send(new DescribeTaskCommand({ TaskArn: task?.TaskArn }));
    const source = await client.send(new DescribeLocationS3Command({ LocationArn: described.SourceLocationArn }));
    expect(source.LocationUri).toBe("s3://lake/sales/");
    const execution = (arn: string | undefined) =>
      client.send(new DescribeTaskExecutionCommand({ TaskExecutionArn: arn }));
    const { TaskExecutions: executions = [] } = await client.send(
      new ListTaskExecutionsCommand({ TaskArn: task?.TaskArn }),
    );
    expect(executions.map(({ Status }) => Status).toSorted()).toEqual(["ERROR", "QUEUED"]);
    const failed = await execution(executions.find(({ Status }) => Status === "ERROR")?.TaskExecutionArn);
    expect(failed.Result).toMatchObject({ TransferStatus: "ERROR", ErrorDetail: "bucket is read-only" });
    const seen: string[] = [];
    for (let minutes = 0; minutes <= 100; minutes++) {
      simulator.clock.set(startsAt.getTime() + minutes * minute);
      const now = await execution(described.CurrentTaskExecutionArn);
      if (seen.at(-1) !== now.Status) seen.push(now.Status ?? "");
      if (now.Status === "QUEUED" || now.Status === "LAUNCHING") {
        expect([now.EstimatedBytesToTransfer, now.BytesWritten, now.FilesTransferred]).toEqual([0, 0, 0]);
      }
      if (now.Status === "TRANSFERRING")
        expect(now.BytesWritten).toBeLessThanOrEqual(now.EstimatedBytesToTransfer ?? 0);
    }
    expect(seen).toEqual(["QUEUED", "LAUNCHING", "PREPARING", "TRANSFERRING", "VERIFYING", "SUCCESS"]);
    expect(await execution(described.CurrentTaskExecutionArn)).toMatchObject({
      BytesWritten: 1e12,
      FilesVerified: 9_000,
      Result: { PrepareStatus: "SUCCESS", TransferStatus: "SUCCESS", VerifyStatus: "SUCCESS" },
    });
  });

  it("refuses what it does not know", async () => {
    await using simulator = await simulate({ ...copy, runs: [] });
    const client = dataSyncClient(simulator);
    const arn = "arn:aws:datasync:eu-central-1:210987654321:task/task-00000000000000000";
    await expect(client.send(new DescribeTaskCommand({ TaskArn: arn }))).rejects.toMatchObject({
      name: "InvalidRequestException",
    });
  });
});

describe("a Glue job", () => {
  const job = { kind: "glue", name: "convert", bytes: 1e11 } as const;

  it("runs, times out, is stopped and succeeds, newest run first", async () => {
    await using simulator = await simulate({
      ...job,
      arguments: { "--source_table": "orders" },
      hasMetrics: false,
      runs: [
        { startsAfter: -300, minutes: 60 },
        { startsAfter: -200, minutes: 60, end: "timeout" },
        { startsAfter: -100, minutes: 60, end: "stopped" },
        { startsAfter: 0, minutes: 60 },
      ],
    });
    const client = glueClient(simulator);
    const runs = async () => (await client.send(new GetJobRunsCommand({ JobName: "convert" }))).JobRuns ?? [];
    expect((await runs()).map(run => run.JobRunState)).toEqual(["STARTING", "STOPPED", "TIMEOUT", "SUCCEEDED"]);
    simulator.clock.advance(30 * minute);
    const [running] = await runs();
    expect(running?.JobRunState).toBe("RUNNING");
    expect(running?.CompletedOn).toBeUndefined();
    const [definition] = (await client.send(new GetJobsCommand({}))).Jobs ?? [];
    expect(definition?.DefaultArguments).toMatchObject({ "--source_table": "orders" });
    expect(definition?.DefaultArguments).not.toHaveProperty("--enable-metrics");
  });

  it("tries a failed run again", async () => {
    await using simulator = await simulate({
      ...job,
      maxRetries: 3,
      runs: [{ startsAfter: 0, minutes: 30, end: "failed", message: "out of memory" }],
    });
    simulator.clock.advance(300 * minute);
    const runs = (await glueClient(simulator).send(new GetJobRunsCommand({ JobName: "convert" }))).JobRuns ?? [];
    const [last, before] = runs;
    expect(runs.length).toBeGreaterThan(1);
    expect(last?.PreviousRunId).toBe(before?.Id);
    expect(last?.Attempt).toBe(runs.length - 1);
    expect(before).toMatchObject({ JobRunState: "FAILED", ErrorMessage: "out of memory" });
  });
});
