import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { defaultAccountId, startSimulator } from "../../demo/simulator.ts";
import { packageRoot } from "../../postgres/package-root.ts";
import { AwsSession } from "../aws/session.ts";
import { actionsFor, checkPermissions, policyFor } from "./permissions.ts";

const services = ["DMS", "DATASYNC", "GLUE"] as const;

describe("permissions", () => {
  it("are tried one by one, and what is denied is told apart from what fails", async () => {
    await using simulator = await startSimulator({
      migration: { jobs: [] },
      faults: [
        { kind: "deny", operation: "DescribeTableStatistics" },
        { kind: "deny", service: "monitoring", operation: "GetMetricData" },
        { kind: "error", operation: "GetJobRuns", status: 400, code: "OperationTimeoutException", message: "slow" },
      ],
    });
    const session = new AwsSession({
      awsAccountId: defaultAccountId,
      region: "eu-central-1",
      credentialsKind: "STAND_IN",
      endpoint: simulator.url,
    });
    session.begin();
    const checks = await checkPermissions(session, services);
    session.close();
    expect(checks.map(({ action }) => action)).toEqual(actionsFor(services));
    expect(
      checks.filter(({ outcome }) => outcome !== "ALLOWED").map(({ action, outcome }) => [action, outcome]),
    ).toEqual([
      ["dms:DescribeTableStatistics", "DENIED"],
      ["glue:GetJobRuns", "FAILED"],
      ["cloudwatch:GetMetricData", "DENIED"],
    ]);
  });

  it.each([
    ["watch-dms.json", ["DMS"]],
    ["watch-datasync.json", ["DATASYNC"]],
    ["watch-glue.json", ["GLUE"]],
    ["watch-all.json", services],
  ] as const)("are those of docs/iam/%s", async (file, watched) => {
    const policy: unknown = JSON.parse(await readFile(join(packageRoot, "docs/iam", file), "utf8"));
    expect(policy).toEqual(policyFor(actionsFor(watched)));
  });
});
