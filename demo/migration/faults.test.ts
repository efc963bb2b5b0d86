import { DescribeReplicationTasksCommand } from "@aws-sdk/client-database-migration-service";
import { GetJobRunsCommand } from "@aws-sdk/client-glue";
import { describe, expect, it } from "vitest";
import { startSimulator } from "../simulator.ts";
import { dmsClient, glueClient, simulate, startsAt, taskOf } from "../testing.ts";

const minute = 60_000;
const orders = { schema: "sales", table: "orders", rows: 1_000_000 };

describe("what goes wrong with jobs' calls", () => {
  const load = { kind: "dms", name: "orders", type: "full-load", tables: [orders] } as const;

  it("an old answer tells a finished job as running again", async () => {
    await using simulator = await simulate({ ...load, runs: [{ startsAfter: 0, minutes: 60 }] });
    simulator.clock.advance(70 * minute);
    expect((await taskOf(simulator)).Status).toBe("stopped");
    const remove = simulator.faults.add({ kind: "old", ms: 30 * minute, service: "dms" });
    const old = await taskOf(simulator);
    expect(old.Status).toBe("running");
    expect(old.ReplicationTaskStats?.FullLoadProgressPercent).toBeLessThan(100);
    expect(simulator.requests.at(-1)?.toldOf).toBe(startsAt.getTime() + 40 * minute);
    remove();
    expect((await taskOf(simulator)).Status).toBe("stopped");
  });

  it("the Date header is the simulated clock's, unless it is skewed", async () => {
    await using simulator = await simulate({ ...load, runs: [] });
    simulator.clock.advance(90 * minute);
    const dateOf = async () => {
      const response = await fetch(simulator.url, { method: "POST" });
      await response.arrayBuffer();
      return response.headers.get("date");
    };
    expect(await dateOf()).toBe("Wed, 25 Nov 2026 01:30:00 GMT");
    simulator.faults.add({ kind: "skew", ms: -10 * minute });
    const client = dmsClient(simulator);
    let seen: string | undefined;
    client.middlewareStack.add(
      next => async args => {
        const answer = await next(args);
        const { response } = answer as { response: { headers: Record<string, string> } };
        seen = response.headers.date;
        return answer;
      },
      { step: "deserialize", priority: "low" },
    );
    await client.send(new DescribeReplicationTasksCommand({}));
    expect(seen).toBe("Wed, 25 Nov 2026 01:20:00 GMT");
  });

  it("strikes one service, one region or one job", async () => {
    await using simulator = await simulate(
      { ...load, runs: [{ startsAfter: 0, minutes: 60 }] },
      { kind: "glue", name: "one", bytes: 1, runs: [] },
      { kind: "glue", name: "two", bytes: 1, runs: [] },
    );
    simulator.faults.add({ kind: "throttle", service: "dms", region: "us-east-1" });
    simulator.faults.add({ kind: "deny", resource: "two" });
    const describeTasks = new DescribeReplicationTasksCommand({});
    await expect(dmsClient(simulator, "us-east-1").send(describeTasks)).rejects.toThrow("Rate exceeded");
    expect((await dmsClient(simulator).send(describeTasks)).ReplicationTasks).toHaveLength(1);
    const runs = (name: string) => glueClient(simulator).send(new GetJobRunsCommand({ JobName: name }));
    await expect(runs("two")).rejects.toThrow(/glue:GetJobRuns on resource: arn:aws:glue:eu-central-1:\d+:job\/two/);
    expect((await runs("one")).JobRuns).toEqual([]);
  });

  it("keeps what was asked and answered when a test wants to compare", async () => {
    await using simulator = await startSimulator({
      clock: { startsAt, factor: 0 },
      migration: { jobs: [{ ...load, runs: [{ startsAfter: 0, minutes: 60 }] }] },
      keepAnswers: true,
    });
    simulator.clock.advance(30 * minute);
    const told = await taskOf(simulator);
    const { input, output, toldOf } = simulator.requests.at(-1) ?? {};
    expect(input).toEqual({});
    expect(toldOf).toBe(startsAt.getTime() + 30 * minute);
    expect(output).toMatchObject({
      ReplicationTasks: [{ ReplicationTaskArn: told.ReplicationTaskArn, Status: "running" }],
    });
    const [job] = simulator.migrationOf().in("eu-central-1").dmsTasks;
    expect(job?.stateAt(toldOf ?? 0).stats?.FullLoadProgressPercent).toBe(
      told.ReplicationTaskStats?.FullLoadProgressPercent,
    );
  });
});
