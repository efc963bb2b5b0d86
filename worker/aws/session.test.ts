import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { demoCredentials, type Simulator, startSimulator } from "../../demo/simulator.ts";
import { AwsSession, type SessionOptions } from "./session.ts";

const HOME_ACCOUNT = "111111111111";
const WATCHED = "222222222222";
const ROLE = `arn:aws:iam::${WATCHED}:role/watch`;

let simulator: Simulator;
let session: AwsSession | undefined;
beforeEach(async () => {
  simulator = await startSimulator({
    migration: { jobs: [] },
    accounts: {
      [demoCredentials.accessKeyId]: { accountId: HOME_ACCOUNT, secretAccessKey: demoCredentials.secretAccessKey },
      AKIAWATCHEDACCOUNT00: { accountId: WATCHED, secretAccessKey: "x".repeat(40) },
    },
    roles: { [ROLE]: { externalId: "x7" } },
  });
  vi.stubEnv("AWS_ENDPOINT_URL", simulator.url);
  vi.stubEnv("AWS_ACCESS_KEY_ID", demoCredentials.accessKeyId);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", demoCredentials.secretAccessKey);
});
afterEach(async () => {
  session?.close();
  vi.unstubAllEnvs();
  await simulator.close();
});

const open = (options: Partial<SessionOptions>) => {
  session = new AwsSession({ awsAccountId: WATCHED, region: "eu-central-1", credentialsKind: "DEFAULT", ...options });
  session.begin();
  return session;
};

describe("the session of a monitor", () => {
  it("uses the worker's own credentials where none are named", async () => {
    expect(await open({}).accountId()).toBe(HOME_ACCOUNT);
  });

  it("assumes a role of another account with its external id", async () => {
    expect(await open({ credentialsKind: "ROLE", roleArn: ROLE, externalId: "x7" }).accountId()).toBe(WATCHED);
  });

  it("is refused the role with another external id, or none", async () => {
    for (const externalId of ["other", undefined]) {
      await expect(open({ credentialsKind: "ROLE", roleArn: ROLE, externalId }).accountId()).rejects.toMatchObject({
        name: "AccessDenied",
      });
    }
  });

  it("never sends the worker's credentials to a stand-in that a row names", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAWATCHEDACCOUNT00");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "x".repeat(40));
    expect(await open({ credentialsKind: "STAND_IN", endpoint: simulator.url }).accountId()).toBe(HOME_ACCOUNT);
    expect(simulator.requests.map(({ accessKeyId }) => accessKeyId)).toEqual([demoCredentials.accessKeyId]);
  });
});
