import { execFile } from "node:child_process";
import { promisify } from "node:util";
import {
  GetDatabaseCommand,
  GetDatabasesCommand,
  type GetDatabasesCommandInput,
  GetTableCommand,
  GetTablesCommand,
} from "@aws-sdk/client-glue";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultAccountId, demoCredentials, startSimulator } from "./simulator.ts";
import { glueClient, listDatabases, listTables } from "./testing.ts";

const small = { catalog: { databases: 3, tablesPerDatabase: 250 } } as const;

describe("STS", () => {
  it("says who is calling", async () => {
    await using simulator = await startSimulator();
    const sts = new STSClient({ endpoint: simulator.url, region: "us-east-1", credentials: demoCredentials });
    const identity = await sts.send(new GetCallerIdentityCommand({}));
    expect(identity.Account).toBe(defaultAccountId);
    expect(identity.Arn).toBe(`arn:aws:iam::${defaultAccountId}:user/assessor`);
    expect(identity.UserId).toMatch(/^AIDA[A-Z0-9]{17}$/);
  });

  it("lets a role be assumed, whose credentials then work and name the session", async () => {
    await using simulator = await startSimulator();
    const sts = new STSClient({ endpoint: simulator.url, region: "us-east-1", credentials: demoCredentials });
    const { Credentials: temporary } = await sts.send(
      new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${defaultAccountId}:role/Reader`, RoleSessionName: "nightly" }),
    );
    const credentials = {
      accessKeyId: temporary?.AccessKeyId ?? "",
      secretAccessKey: temporary?.SecretAccessKey ?? "",
      sessionToken: temporary?.SessionToken ?? "",
    };
    expect(temporary?.Expiration?.getTime()).toBeGreaterThan(Date.now() + 3_500_000);
    const asRole = new STSClient({ endpoint: simulator.url, region: "us-east-1", credentials });
    expect((await asRole.send(new GetCallerIdentityCommand({}))).Arn).toBe(
      `arn:aws:sts::${defaultAccountId}:assumed-role/Reader/nightly`,
    );
    expect(await listDatabases(glueClient(simulator, "us-east-1", { credentials }))).not.toHaveLength(0);
    const { sessionToken: _, ...withoutToken } = credentials;
    await expect(
      listDatabases(glueClient(simulator, "us-east-1", { credentials: withoutToken })),
    ).rejects.toMatchObject({ name: "UnrecognizedClientException" });
  });

  it("refuses a role without its external id, and a role of a stranger", async () => {
    const roleArn = `arn:aws:iam::${defaultAccountId}:role/Audit`;
    await using simulator = await startSimulator({ roles: { [roleArn]: { externalId: "s3cret" } } });
    const sts = new STSClient({ endpoint: simulator.url, region: "us-east-1", credentials: demoCredentials });
    const assume = (RoleArn: string, ExternalId?: string) =>
      sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "audit", ...(ExternalId && { ExternalId }) }));
    await expect(assume(roleArn)).rejects.toMatchObject({ name: "AccessDenied", $metadata: { httpStatusCode: 403 } });
    await expect(assume(roleArn, "wrong")).rejects.toThrow(/is not authorized to perform: sts:AssumeRole/);
    await expect(assume("arn:aws:iam::999999999999:role/Audit", "s3cret")).rejects.toMatchObject({
      name: "AccessDenied",
    });
    expect((await assume(roleArn, "s3cret")).AssumedRoleUser?.Arn).toContain("assumed-role/Audit/audit");
  });
});

describe("authentication", () => {
  const accounts = {
    AKIAFIRSTEXAMPLE: { accountId: "111122223333", secretAccessKey: "first-secret", catalog: { databases: 1 } },
    AKIAOTHEREXAMPLE: { accountId: "444455556666", secretAccessKey: "other-secret", catalog: { databases: 2 } },
  } as const;
  const first = { accessKeyId: "AKIAFIRSTEXAMPLE", secretAccessKey: "first-secret" };

  it("gives each account its own catalog and denies it the others'", async () => {
    await using simulator = await startSimulator({ accounts });
    const other = { accessKeyId: "AKIAOTHEREXAMPLE", secretAccessKey: "other-secret" };
    const firstClient = glueClient(simulator, "eu-central-1", { credentials: first });
    const databases = await listDatabases(firstClient);
    expect(databases.map(({ CatalogId }) => CatalogId)).toEqual(["111122223333"]);
    expect(await listDatabases(glueClient(simulator, "eu-central-1", { credentials: other }))).toHaveLength(2);
    await expect(firstClient.send(new GetDatabasesCommand({ CatalogId: "444455556666" }))).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining("no resource-based policy allows the glue:GetDatabases action"),
    });
  });

  it("refuses unknown keys and wrong secrets", async () => {
    await using simulator = await startSimulator({ accounts });
    const unknown = { ...first, accessKeyId: "AKIAUNKNOWN" };
    await expect(listDatabases(glueClient(simulator, "eu-central-1", { credentials: unknown }))).rejects.toMatchObject({
      name: "UnrecognizedClientException",
      message: "The security token included in the request is invalid.",
    });
    const wrong = { ...first, secretAccessKey: "guess" };
    await expect(listDatabases(glueClient(simulator, "eu-central-1", { credentials: wrong }))).rejects.toMatchObject({
      name: "InvalidSignatureException",
    });
    const sts = new STSClient({ endpoint: simulator.url, region: "us-east-1", credentials: wrong });
    await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: "SignatureDoesNotMatch" });
  });

  it("refuses requests without, or with a broken, Authorization header, and other services", async () => {
    await using simulator = await startSimulator();
    const post = async (headers: Record<string, string>, body = "{}") => {
      const response = await fetch(simulator.url, { method: "POST", headers, body });
      const answer = (await response.json()) as { __type?: string };
      return { status: response.status, type: answer.__type, header: response.headers.get("x-amzn-errortype") };
    };
    const target = { "x-amz-target": "AWSGlue.GetDatabases" };
    const missing = { status: 400, type: "MissingAuthenticationTokenException" };
    expect(await post(target)).toMatchObject({ ...missing, header: missing.type });
    expect(await post({ ...target, authorization: "Basic abc" })).toMatchObject({
      type: "IncompleteSignatureException",
    });
    const scoped = (service: string) =>
      `AWS4-HMAC-SHA256 Credential=AKIAX/20261101/eu-central-1/${service}/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`;
    expect(await post({ ...target, authorization: scoped("s3") })).toMatchObject({ type: "InvalidSignatureException" });
    expect(await post({ ...target, authorization: scoped("glue") }, "{")).toMatchObject({
      type: "SerializationException",
    });
    expect(await post({ "x-amz-target": "AWSGlue.DropAll", authorization: scoped("glue") })).toMatchObject({
      type: "UnknownOperationException",
    });
    expect(await post({ "x-amz-target": "DynamoDB_20120810.ListTables" })).toMatchObject({
      type: "UnknownOperationException",
    });
  });
});

describe("Glue", () => {
  it("pages databases and tables, 100 at most", async () => {
    await using simulator = await startSimulator({ catalog: { databases: 120, tablesPerDatabase: 3 } });
    const client = glueClient(simulator);
    const page = await client.send(new GetDatabasesCommand({}));
    expect(page.DatabaseList).toHaveLength(100);
    expect(page.NextToken).toBeDefined();
    expect(await listDatabases(client)).toHaveLength(120);
    expect(simulator.counters).toMatchObject({ total: 3, byOperation: { GetDatabases: 3 }, byOutcome: { ok: 3 } });
    expect(simulator.requests.at(-1)).toMatchObject({
      service: "glue",
      operation: "GetDatabases",
      region: "eu-central-1",
      accountId: defaultAccountId,
      token: page.NextToken,
      outcome: "ok",
      items: 20,
    });
  });

  it("neither loses nor repeats a table, whatever the page size", async () => {
    await using simulator = await startSimulator(small);
    const client = glueClient(simulator);
    const [database] = await listDatabases(client);
    const name = database?.Name ?? "";
    const expected = (await listTables(client, name)).map(table => table.Name);
    expect(expected).toHaveLength(250);
    expect(new Set(expected).size).toBe(250);
    expect(expected).toEqual(expected.toSorted());
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 100 }), async pageSize => {
        expect((await listTables(client, name, pageSize)).map(table => table.Name)).toEqual(expected);
      }),
      { numRuns: 8, examples: [[1], [100]] },
    );
  });

  it("finds what it lists, and says what it does not find", async () => {
    await using simulator = await startSimulator();
    const client = glueClient(simulator, "us-east-1");
    for (const listed of (await listTables(client, "data_science_sandbox")).slice(0, 30)) {
      const key = { DatabaseName: "data_science_sandbox", Name: listed.Name };
      expect((await client.send(new GetTableCommand(key))).Table).toEqual(listed);
    }
    const { Database: database } = await client.send(new GetDatabaseCommand({ Name: "Billing" }));
    expect(database?.Name).toBe("billing");
    expect(database?.CreateTime).toBeInstanceOf(Date);
    await expect(client.send(new GetDatabaseCommand({ Name: "nowhere" }))).rejects.toMatchObject({
      name: "EntityNotFoundException",
      message: "Database nowhere not found.",
    });
    await expect(listTables(client, "sales")).rejects.toMatchObject({ name: "EntityNotFoundException" });
    await expect(client.send(new GetTableCommand({ DatabaseName: "billing", Name: "nothing" }))).rejects.toMatchObject({
      name: "EntityNotFoundException",
      message: "Table nothing not found.",
    });
  });

  it("answers a region without databases with an empty list", async () => {
    await using simulator = await startSimulator();
    expect(await listDatabases(glueClient(simulator, "ap-southeast-2"))).toEqual([]);
  });

  it("denies the restricted database in IAM's words, naming caller, action and resource", async () => {
    await using simulator = await startSimulator();
    await expect(listTables(glueClient(simulator, "us-east-1"), "hr_restricted")).rejects.toMatchObject({
      name: "AccessDeniedException",
      message:
        `User: arn:aws:iam::${defaultAccountId}:user/assessor is not authorized to perform: glue:GetTables on resource: ` +
        `arn:aws:glue:us-east-1:${defaultAccountId}:database/hr_restricted ` +
        "because no identity-based policy allows the glue:GetTables action",
      $metadata: { httpStatusCode: 400, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
  });

  it("refuses tokens it did not give out for this listing", async () => {
    await using simulator = await startSimulator(small);
    const client = glueClient(simulator);
    const names = (await listDatabases(client)).map(database => database.Name);
    const { NextToken: token } = await client.send(new GetTablesCommand({ DatabaseName: names[0] }));
    const invalid = { name: "InvalidInputException" };
    const garbage = [token?.slice(0, -2), "garbage", Buffer.from("1c.").toString("base64url")];
    for (const NextToken of garbage) {
      await expect(client.send(new GetTablesCommand({ DatabaseName: names[0], NextToken }))).rejects.toMatchObject(
        invalid,
      );
    }
    await expect(client.send(new GetTablesCommand({ DatabaseName: names[1], NextToken: token }))).rejects.toMatchObject(
      invalid,
    );
    await expect(client.send(new GetDatabasesCommand({ NextToken: token }))).rejects.toMatchObject(invalid);
  });

  it("validates its input as AWS does", async () => {
    await using simulator = await startSimulator(small);
    const client = glueClient(simulator);
    const messageOf = (command: GetTablesCommand | GetDatabasesCommand) =>
      client.send(command as GetTablesCommand).then(
        () => "accepted",
        (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : ""),
      );
    const violation = "ValidationException: 1 validation error detected: Value";
    expect(await messageOf(new GetTablesCommand({ DatabaseName: undefined }))).toBe(
      `${violation} null at 'databaseName' failed to satisfy constraint: Member must not be null`,
    );
    expect(await messageOf(new GetTablesCommand({ DatabaseName: "é".repeat(128) }))).toMatch(
      /Member must have length less than or equal to 255$/,
    );
    expect(await messageOf(new GetTablesCommand({ DatabaseName: "" }))).toMatch(/greater than or equal to 1$/);
    expect(await messageOf(new GetTablesCommand({ DatabaseName: "a\nb" }))).toMatch(/regular expression pattern/);
    expect(await messageOf(new GetDatabasesCommand({ MaxResults: 101 }))).toBe(
      `${violation} '101' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 100`,
    );
    expect(await messageOf(new GetDatabasesCommand({ MaxResults: 0 }))).toMatch(/greater than or equal to 1$/);
    const share = { ResourceShareType: "MINE" } as unknown as GetDatabasesCommandInput;
    expect(await messageOf(new GetDatabasesCommand(share))).toMatch(/enum value set: \[ALL, FEDERATED, FOREIGN\]$/);
    expect(await messageOf(new GetDatabasesCommand({ AttributesToGet: [] }))).toMatch(/^ValidationException/);
    expect(await messageOf(new GetDatabasesCommand({ ResourceShareType: "ALL" }))).toBe("accepted");
  });

  it("filters by expression, share type and attributes", async () => {
    await using simulator = await startSimulator();
    const client = glueClient(simulator);
    const dimensions = await client.send(new GetTablesCommand({ DatabaseName: "sales", Expression: "dim_*" }));
    expect(dimensions.TableList?.length).toBeGreaterThan(3);
    expect(dimensions.TableList?.every(table => table.Name?.startsWith("dim_"))).toBe(true);
    const named = await client.send(new GetTablesCommand({ DatabaseName: "sales", AttributesToGet: ["NAME"] }));
    expect(Object.keys(named.TableList?.[0] ?? {})).toEqual(["Name"]);
    const federated = await client.send(new GetDatabasesCommand({ ResourceShareType: "FEDERATED" }));
    expect(federated.DatabaseList?.map(database => database.Name)).toEqual(["onprem_warehouse"]);
  });
});

describe("startSimulator", () => {
  it("marks every answer, errors too, as simulated", async () => {
    await using simulator = await startSimulator();
    const seen: unknown[] = [];
    const client = glueClient(simulator);
    client.middlewareStack.add(
      next => async args => {
        const result = await next(args);
        const response = result.response as { headers: Record<string, string> };
        seen.push(response.headers["x-aws2openstack-simulated"]);
        return result;
      },
      { step: "deserialize", priority: "low" },
    );
    await listDatabases(client);
    expect(seen).toEqual(["true"]);
    const refused = await fetch(simulator.url, { method: "POST" });
    expect([refused.status, refused.headers.get("x-aws2openstack-simulated")]).toEqual([400, "true"]);
  });

  it("rejects a taken port", async () => {
    await using simulator = await startSimulator();
    await expect(startSimulator({ port: simulator.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  });

  it("moves every catalog to a later generation", async () => {
    await using simulator = await startSimulator(small);
    const client = glueClient(simulator);
    const [database] = await listDatabases(client);
    const before = await listTables(client, database?.Name ?? "");
    simulator.setGeneration(2);
    expect(await listTables(client, database?.Name ?? "")).not.toEqual(before);
  });

  it("points tools at itself by environment variables alone", async () => {
    await using simulator = await startSimulator();
    const script = `
      import { GetDatabasesCommand, GlueClient } from "@aws-sdk/client-glue";
      console.log((await new GlueClient().send(new GetDatabasesCommand())).DatabaseList.length);
    `;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
      cwd: new URL(".", import.meta.url),
      env: simulator.environment("us-east-1"),
    });
    expect(Number(stdout)).toBe(simulator.catalogOf().databaseCount("us-east-1"));
    expect(simulator.environment("us-east-1")).toEqual({
      AWS_ENDPOINT_URL: simulator.url,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: demoCredentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: demoCredentials.secretAccessKey,
    });
  });
});
