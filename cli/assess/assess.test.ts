import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../demo/simulator.ts";
import { createTestDatabase, type TestDatabase } from "../../test/database.ts";
import { a2o, type RunOptions, temporaryDirectory } from "../testing.ts";

const REGION = "eu-central-1";
const ONE = "111122223333";
const TWO = "444455556666";
const ROLE = `arn:aws:iam::${TWO}:role/catalog-reader`;

let db: TestDatabase;
let simulator: Simulator;
let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
const catalog = { databases: 6, tablesPerDatabase: 220, regions: [REGION, "us-east-1"] };

beforeAll(async () => {
  db = await createTestDatabase();
  simulator = await startSimulator({
    accounts: {
      AKIAONE: { accountId: ONE, secretAccessKey: "one", catalog },
      // A second key of the same account, as a new session brings one.
      AKIAONEB: { accountId: ONE, secretAccessKey: "oneb", catalog },
      AKIATWO: { accountId: TWO, secretAccessKey: "two", catalog: { databases: 2, tablesPerDatabase: 3 } },
    },
    roles: { [ROLE]: { externalId: "s3same" } },
  });
});
beforeEach(async () => {
  directory = await temporaryDirectory();
  await mkdir(join(directory.path, ".aws"));
  await profiles({ one: ["AKIAONE", "one"], two: ["AKIATWO", "two"] });
});
afterEach(async () => {
  simulator.faults.clear();
  await db.query("delete from a2o.assessments");
  await db.query("update a2o_private.runs set kept_until = null");
  await db.query("select a2o_private.forget_abandoned_runs()");
  await directory.remove();
});
afterAll(async () => {
  await simulator.close();
  await db.drop();
});

/** What `aws configure` would have written. */
async function profiles(keys: Record<string, [string, string]>): Promise<void> {
  const text = Object.entries(keys).map(
    ([name, [id, secret]]) => `[${name}]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`,
  );
  await writeFile(join(directory.path, ".aws/credentials"), text.join("\n"));
}

const reports = (...rest: string[]) => join(directory.path, "reports", ...rest);

function assess(args: string[], during?: RunOptions["during"]) {
  return a2o(["assess", "glue-catalog", "--output-dir", reports(), ...args], {
    env: {
      AWS_ENDPOINT_URL: simulator.url,
      DATABASE_URL: db.url,
      HOME: directory.path,
      AWS_CONFIG_FILE: join(directory.path, ".aws/config"),
      AWS_SHARED_CREDENTIALS_FILE: join(directory.path, ".aws/credentials"),
    },
    ...(during && { during }),
  });
}

const stored = () =>
  db.query(
    "select aws_account_id as account, region, total_databases as databases, total_tables as tables from a2o.assessments order by 1, 2",
  );

async function untilAsked(operation: string, times: number): Promise<void> {
  const before = simulator.counters.byOperation[operation] ?? 0;
  while ((simulator.counters.byOperation[operation] ?? 0) < before + times) await sleep(20);
}

describe("several accounts and regions", () => {
  it("make an assessment each, with reports in directories of their own", async () => {
    const { code, stdout, stderr } = await assess(["--profile", "one", "--profile", "two", "--region", "all"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(await stored()).toEqual([
      { account: ONE, region: REGION, databases: 6, tables: 1320 },
      { account: ONE, region: "us-east-1", databases: 6, tables: 1320 },
      { account: TWO, region: REGION, databases: 2, tables: 6 },
    ]);
    expect((await readdir(reports())).sort()).toEqual([ONE, TWO]);
    expect((await readdir(reports(ONE))).sort()).toEqual([REGION, "us-east-1"].sort());
    expect(
      JSON.parse(await readFile(reports(TWO, REGION, "glue-catalog-assessment.json"), "utf8")).summary,
    ).toMatchObject({ total_tables: 6 });
    expect(stdout).toMatch(/\nAccount +Region +Databases +Tables +Ready +Known size +Not read\n/);
    expect(stdout).toMatch(/\nLeft out, no databases: .*\beu-west-1\b/);
  });

  it("of patterns leave out regions that are not enabled; one asked for by name fails", async () => {
    const disabled = { kind: "error", region: "eu-south-1", status: 403, code: "UnrecognizedClientException" } as const;
    simulator.faults.add(disabled);
    const pattern = await assess(["--profile", "two", "--region", "eu-*"]);
    expect(pattern).toMatchObject({ code: 0, stderr: "" });
    expect(pattern.stdout).toContain("\nLeft out, not enabled: eu-south-1\n");
    const named = await assess(["--profile", "two", "--region", `eu-south-1,${REGION}`]);
    expect(named.code).toBe(3);
    expect(named.stderr).toBe(
      `Error: ${TWO} in eu-south-1: Region eu-south-1 is not enabled in account ${TWO}.\n` +
        "Leave it out, or enable it with: aws account enable-region --region-name eu-south-1\n",
    );
  });

  it("lose nothing when one profile is unknown, and read an account once", async () => {
    const args = ["--profile", "two", "--profile", "nobody", "--profile", "two", "--region", REGION, "--json"];
    const { code, stdout, stderr } = await assess(args);
    expect(code).toBe(3);
    expect(stderr).toContain("Error: profile nobody: Profile nobody gives no credentials");
    expect(stderr).toContain(`profile two belongs to account ${TWO}, which is read already.`);
    expect(JSON.parse(stdout)).toMatchObject([{ aws_account_id: TWO }, { error: expect.stringContaining("nobody") }]);
    expect(await stored()).toHaveLength(1);
  });

  it("can be reached through roles, with their external id", async () => {
    const role = ["--profile", "one", "--role-arn", ROLE, "--region", REGION];
    expect(await assess([...role, "--external-id", "s3same"])).toMatchObject({ code: 0, stderr: "" });
    expect(await stored()).toMatchObject([{ account: TWO, tables: 6 }]);
    const refused = await assess(role);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(
      /^Error: arn:aws:iam::444455556666:role\/catalog-reader cannot be assumed: .*sts:AssumeRole/,
    );
    expect(refused.stderr).toContain('{"Effect":"Allow","Action":["sts:AssumeRole"]');
  });

  it.each([
    [["--region", "eu-nowhere-*"], "No AWS region fits eu-nowhere-*."],
    [["--region", "Frankfurt"], "Frankfurt is no AWS region."],
    [["--region", REGION, "--external-id", "x"], "--external-id goes with --role-arn."],
    [["--region", REGION, "--role-arn", "reader"], "reader is no role."],
  ])("are refused when they make no sense: %j", async (args, message) => {
    const { code, stderr } = await assess(args);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(`Error: ${message}`) });
  });
});

describe("a part of a catalog", () => {
  it("is what the patterns say, and the report tells so", async () => {
    const names = Array.from(
      { length: 6 },
      (_, i) => simulator.catalogOf(ONE).databaseAt(REGION, i)?.database.Name ?? "",
    );
    const [first = "", second = ""] = names;
    const args = ["--profile", "one", "--region", REGION];
    await assess([...args, "--database", `${first},${second.slice(0, -1)}?`, "--exclude-database", first]);
    expect(await stored()).toMatchObject([{ databases: 1, tables: 220 }]);
    const report = JSON.parse(await readFile(reports("glue-catalog-assessment.json"), "utf8"));
    expect(report.databases).toMatchObject([{ database_name: second }]);
    expect(report.assessment_metadata.scope).toEqual({
      databases: [first, `${second.slice(0, -1)}?`].sort(),
      excluded_databases: [first],
    });
  });

  it("takes nothing away from what an earlier assessment of all knows", async () => {
    const args = ["--profile", "one", "--region", REGION];
    await assess(args);
    await assess([...args, "--database", simulator.catalogOf(ONE).databaseAt(REGION, 0)?.database.Name ?? ""]);
    expect(await db.query("select * from a2o.assessment_churn")).toMatchObject([
      { tables_added: 0, tables_removed: 0, tables_changed: 0 },
    ]);
  });
});

describe("--format", () => {
  const args = ["--profile", "two", "--region", REGION];

  it("writes the report as NDJSON, gzipped, which ingest reads and of which it refuses a part", async () => {
    const { code, stdout, stderr } = await assess([...args, "--format", "ndjson.gz"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const file = reports("glue-catalog-assessment.ndjson.gz");
    expect(stdout).toContain(`\n  NDJSON report:   ${file}\n  Markdown report: `);
    expect((await readdir(reports())).sort()).toEqual([
      "glue-catalog-assessment.md",
      "glue-catalog-assessment.ndjson.gz",
    ]);
    const lines = gunzipSync(await readFile(file))
      .toString()
      .trimEnd()
      .split("\n");
    expect(lines.map(line => Object.keys(JSON.parse(line))[0])).toEqual([
      ...["report", "database", "database", "table", "table", "table", "table", "table", "table"],
    ]);
    const env = { DATABASE_URL: db.url };
    expect(await a2o(["ingest", file], { env })).toMatchObject({ code: 0 });
    const part = join(directory.path, "part.ndjson");
    for (const length of [1, 3, 8]) {
      await writeFile(part, `${lines.slice(0, length).join("\n")}\n`);
      const refused = await a2o(["ingest", part], { env });
      expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/as the first line says, found \d/) });
    }
  });

  it("is one of four", async () => {
    const { code, stderr } = await assess([...args, "--format", "yaml"]);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining("ndjson.gz") });
  });
});

describe("what AWS refuses", () => {
  it("is told with the statement that allows it", async () => {
    const name = simulator.catalogOf(ONE).databaseAt(REGION, 2)?.database.Name ?? "";
    simulator.faults.add({ kind: "deny", database: name });
    const { code, stderr } = await assess(["--profile", "one", "--region", REGION]);
    expect(code).toBe(3);
    const [, statement = ""] = /^To read it, allow: (.*)$/m.exec(stderr) ?? [];
    expect(JSON.parse(statement)).toEqual({
      Effect: "Allow",
      Action: ["glue:GetTables"],
      Resource: [
        `arn:aws:glue:${REGION}:${ONE}:catalog`,
        `arn:aws:glue:${REGION}:${ONE}:database/${name}`,
        `arn:aws:glue:${REGION}:${ONE}:table/${name}/*`,
      ],
    });
  });

  it("altogether is no assessment", async () => {
    simulator.faults.add({ kind: "deny", operation: "GetDatabases" });
    const { code, stderr } = await assess(["--profile", "one", "--region", REGION]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Error: The catalog of account 111122223333 in eu-central-1 may not be listed: User: /);
    expect(stderr).toContain('"Action":["glue:GetDatabases","glue:GetTables","glue:GetCatalogs"]');
    expect(await stored()).toEqual([]);
  });

  it("for the clock tells how wrong it is", async () => {
    const message =
      "Signature expired: 20260109T120000Z is now earlier than 20260109T121500Z (20260109T122000Z - 5 min.)";
    simulator.faults.add({ kind: "error", status: 403, code: "InvalidSignatureException", message });
    const { code, stderr } = await assess(["--profile", "one", "--region", REGION]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        "Error: This machine's clock is wrong by about 15 min, so AWS refuses its signatures.\n" +
        "Set it, e.g. with: sudo timedatectl set-ntp true\n",
    });
  });

  it("because the session expired is asked for again with what the profile says by then", async () => {
    simulator.faults.add({ kind: "expire", operation: "GetTables", afterCalls: 11 });
    simulator.faults.add({ kind: "delay", operation: "GetTables", ms: 100 });
    simulator.clearRequests();
    const { code, stderr } = await assess(["--profile", "one", "--region", REGION], async () => {
      await untilAsked("GetTables", 1);
      await profiles({ one: ["AKIAONEB", "oneb"] });
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(await stored()).toMatchObject([{ databases: 6, tables: 1320 }]);
    const pages = simulator.requests.filter(({ operation, outcome }) => operation === "GetTables" && outcome === "ok");
    expect(new Set(pages.map(({ accessKeyId }) => accessKeyId))).toEqual(new Set(["AKIAONE", "AKIAONEB"]));
    // Each page once: the reading went on where it stopped.
    expect(pages).toHaveLength(18);
  });

  it("because the session expired ends the run when the new credentials are another account's", async () => {
    simulator.faults.add({ kind: "expire", operation: "GetTables", afterCalls: 5 });
    simulator.faults.add({ kind: "delay", operation: "GetTables", ms: 100 });
    const { code, stderr } = await assess(["--profile", "one", "--region", REGION], async () => {
      await untilAsked("GetTables", 1);
      await profiles({ one: ["AKIATWO", "two"] });
    });
    expect(code).toBe(1);
    expect(stderr).toContain(`Error: The new credentials belong to account ${TWO}, but ${ONE} is being read.\n`);
    expect(await stored()).toEqual([]);
  });
});

describe("--resume", () => {
  const runIds = async () => (await db.query("select run_id from a2o_private.runs")).map(({ run_id }) => run_id);

  it("goes on with a killed run: the same run, no page twice, nothing lost and nothing double", async () => {
    simulator.faults.add({ kind: "hang", operation: "GetTables", skip: 9 });
    const args = ["--profile", "one", "--region", REGION];
    const killed = await assess(args, async child => {
      await untilAsked("GetTables", 9);
      for (;;) {
        const [table] = await db.query(
          "select tablename from pg_tables where tablename ~ '^run_.*_tables$' and tablename !~ 'reported'",
        );
        const [staged] =
          table === undefined ? [] : await db.query(`select count(*)::int as rows from a2o_private.${table.tablename}`);
        if (Number(staged?.rows ?? 0) > 700) break;
        await sleep(50);
      }
      child.kill("SIGKILL");
    });
    expect(killed.code).toBeNull();
    expect(await stored()).toEqual([]);
    simulator.faults.clear();
    const [id] = await runIds();
    const other = await assess([...args, "--resume", "--database", "none"]);
    expect(other.stderr).toMatch(/^Error: No database in eu-central-1 fits --database none\.\n/);
    expect(await runIds()).toEqual([id]);
    simulator.clearRequests();
    const resumed = await assess([...args, "--resume"]);
    expect(resumed.stderr).toMatch(
      /^Going on in 111122223333 in eu-central-1, where [\d,]+ tables were read before\.\n$/,
    );
    expect(resumed.code).toBe(0);
    expect(await stored()).toMatchObject([{ databases: 6, tables: 1320 }]);
    // 6 databases of 3 pages each would be 18.
    expect(simulator.counters.byOperation.GetTables).toBeLessThanOrEqual(18 - 3);
    expect(await runIds()).toEqual([]);
  });

  it("does only what is left of several regions", async () => {
    simulator.faults.add({ kind: "hang", operation: "GetTables", region: "us-east-1", skip: 3 });
    const args = ["--profile", "one", "--region", `${REGION},us-east-1`];
    await assess(args, async child => {
      while ((await stored()).length < 1) await sleep(50);
      await sleep(300);
      child.kill("SIGKILL");
    });
    simulator.faults.clear();
    simulator.clearRequests();
    const resumed = await assess([...args, "--resume"]);
    expect(resumed).toMatchObject({ code: 0, stderr: expect.stringContaining(`Done before: ${ONE} in ${REGION}\n`) });
    expect((await stored()).map(({ region }) => region)).toEqual([REGION, "us-east-1"]);
    expect(
      simulator.requests.filter(({ operation, region }) => operation === "GetTables" && region === REGION),
    ).toEqual([]);
    expect(await readdir(reports())).toEqual([REGION, "us-east-1"]);
  });

  it("is offered when a run was interrupted, and starts anew where there is none", async () => {
    const args = ["--profile", "one", "--region", REGION];
    simulator.faults.add({ kind: "hang", operation: "GetTables", skip: 6 });
    const interrupted = await assess(args, async child => {
      await untilAsked("GetTables", 6);
      await sleep(300);
      child.kill("SIGINT");
    });
    expect(interrupted.stderr).toMatch(/read so far are kept for a day: the same with --resume goes on\.\n$/);
    simulator.faults.clear();
    const again = await assess(args);
    expect(again.stderr).toMatch(
      /^A run of 111122223333 in eu-central-1 was interrupted at .* UTC; --resume would go on with it\.\n$/,
    );
    // It is overtaken now.
    const anew = await assess([...args, "--resume"]);
    expect(anew).toMatchObject({ code: 0, stderr: "" });
    expect(await stored()).toMatchObject([{ tables: 1320 }, { tables: 1320 }]);
  });
});

describe("--every", () => {
  const schedules = (...args: string[]) =>
    a2o(["assess", "schedules", ...args], { env: { DATABASE_URL: db.url, HOME: directory.path } });
  afterEach(() => db.query("delete from a2o.assessment_schedules"));

  it("registers each account for the worker, and schedules lists, pauses, resumes and removes it", async () => {
    expect((await schedules("list")).stdout).toContain("Nothing is scheduled.");
    const args = ["--profile", "one", "--profile", "two", "--region", "eu-*", "--database", "sales_*"];
    const made = await assess([...args, "--every", "day"]);
    expect(made.code).toBe(0);
    expect(made.stdout).toMatch(/^Scheduled: account 111122223333, eu-\*, every day; first at 20\d\d-/);
    expect(await stored()).toEqual([]);
    const rows = JSON.parse((await schedules("list", "--json")).stdout);
    expect(rows).toMatchObject([
      { aws_account_id: ONE, profile_name: "one", regions: "eu-*", every: "day", scope: { databases: ["sales_*"] } },
      { aws_account_id: TWO, profile_name: "two", state: "WAITING", is_paused: false },
    ]);
    const id: string = rows[1].id;
    expect((await schedules("list")).stdout).toMatch(/^Schedule +Account +Regions +Credentials +Every +Next \(UTC\)/);
    expect((await schedules("pause", id.slice(0, 8))).stdout).toBe(`Paused: account ${TWO}, eu-*, every day\n`);
    expect((await schedules("list")).stdout).toContain("paused");
    expect((await schedules("resume", id)).stdout).toMatch(
      /^Goes on: account 444455556666, eu-\*, every day; next at /,
    );
    expect((await schedules("remove", id)).code).toBe(0);
    expect(JSON.parse((await schedules("list", "--json")).stdout)).toHaveLength(1);
    const unknown = await schedules("pause", id);
    expect({ ...unknown, stdout: "" }).toEqual({
      ...{ code: 1, stdout: "" },
      stderr: `Error: There is no schedule ${id}.\nSee them with: aws2openstack assess schedules list\n`,
    });
  });

  it("has to say how often", async () => {
    const { code, stderr } = await assess(["--profile", "one", "--region", REGION, "--every", "sometimes"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/Error: 'sometimes' says not how often\.\n.*hour, day, week, month/s);
  });
});
