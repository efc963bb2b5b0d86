import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultAccountId, demoCredentials, type Simulator, startSimulator } from "../demo/simulator.ts";
import { createTestDatabase, type TestDatabase } from "../test/database.ts";
import { startCommand } from "../test/processes.ts";
import { pollMonitor } from "../worker/poll/poll.ts";
import { Sessions } from "../worker/poll/sessions.ts";
import { glueTable, ingestClient, recordCatalog } from "../worker/record/testing.ts";
import { a2o } from "./testing.ts";

let db: TestDatabase;
let simulator: Simulator;
beforeAll(async () => {
  db = await createTestDatabase();
  simulator = await startSimulator({
    migration: {
      jobs: [
        {
          kind: "dms",
          name: "orders",
          type: "full-load",
          tables: [{ schema: "sales", table: "orders", rows: 1_000_000 }],
          runs: [{ startsAfter: -50, minutes: 100 }],
        },
        {
          kind: "glue",
          name: "old",
          bytes: 1e9,
          runs: [{ startsAfter: -300, minutes: 60, end: "failed", message: "out of disk" }],
        },
      ],
    },
  });
});
afterAll(async () => {
  await simulator.close();
  await db.drop();
});

const run = (...args: string[]) => a2o(args, { env: { DATABASE_URL: db.url } });

/** With credentials of the simulator in the environment, as a person has AWS's. */
const signedIn = (...args: string[]) =>
  a2o(args, {
    env: {
      DATABASE_URL: db.url,
      AWS_ENDPOINT_URL: simulator.url,
      AWS_ACCESS_KEY_ID: demoCredentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: demoCredentials.secretAccessKey,
    },
  });

describe("aws2openstack monitor and jobs", () => {
  it("say what to do while there is nothing", async () => {
    expect((await run("monitor", "list")).stdout).toContain("aws2openstack monitor add --region");
    expect((await run("jobs")).stdout).toContain("Nothing runs");
    expect(await run("monitor", "pause", "nope")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("There is no monitor nope."),
    });
  });

  it("add a monitor of the account that the credentials belong to, test it, and show what it found", async () => {
    const added = await signedIn("monitor", "add", "--region", "eu-central-1", "--json");
    expect([added.code, JSON.parse(added.stdout)]).toMatchObject([
      0,
      {
        aws_account_id: defaultAccountId,
        credentials_kind: "DEFAULT",
        state: "WAITING",
        services: ["DMS", "DATASYNC", "GLUE"],
      },
    ]);
    const { monitor_id: id } = JSON.parse(added.stdout);
    // As a worker with those credentials would.
    await db.query("update a2o.monitors set credentials_kind = 'STAND_IN', endpoint = $1", [simulator.url]);
    const sessions = new Sessions();
    await pollMonitor(id, { sessions, query: async (sql, params) => ({ rows: await db.query(sql, params) }) });
    sessions.close();

    const listed = await run("monitor", "list");
    expect(listed.stdout).toMatch(/eu-central-1 .*watching .* 1 /);
    const jobs = JSON.parse((await run("jobs", "--json")).stdout);
    expect(jobs).toMatchObject([{ job_name: "orders", phase: "LOADING", is_stalled: false, is_simulated: true }]);
    expect((await run("jobs", "--all", "--status", "failed")).stdout).toContain("out of disk");
    const one = await run("jobs", jobs[0].job_id.slice(0, 8));
    expect(one.stdout).toMatch(/State: +loading \(AWS: running\)[\s\S]*sales\.orders/);

    const removeFault = simulator.faults.add({ kind: "deny", operation: "DescribeEndpoints" });
    const tested = await run("monitor", "test", id.slice(0, 8));
    removeFault();
    expect(tested.code).toBe(1);
    expect(tested.stdout).toMatch(/dms:DescribeEndpoints +denied +AccessDenied/);
    expect(JSON.parse(tested.stdout.slice(tested.stdout.indexOf("{")))).toMatchObject({
      Statement: [{ Action: ["dms:DescribeEndpoints"] }],
    });
    expect((await run("monitor", "test", "eu-central-1")).code).toBe(0);

    expect((await run("monitor", "pause", "eu-central-1")).stdout).toBe("eu-central-1 is paused.\n");
    expect((await run("monitor", "list")).stdout).toContain("paused");
    expect((await run("monitor", "resume", id)).code).toBe(0);
    expect((await run("monitor", "remove", "eu-central-1")).code).toBe(0);
    expect((await run("jobs", "--all", "--json")).stdout).toContain("orders");
  });

  it("show a job's tables in the catalog, and link and unlink them for operators", async () => {
    const account = "123456789012";
    const client = await ingestClient(db);
    const sales = ["orders", "refunds", "returns"].map(name => glueTable(name));
    await recordCatalog(client, [{ name: "sales", tables: sales }], { awsAccountId: account });
    await client.end();
    const [job] = await db.query<{ id: string }>(
      `insert into a2o.migration_jobs (job_type, aws_job_id, job_name, aws_account_id, region, status, started_at, details)
       values ('GLUE_JOB', 'jr_1', 'convert', $1, 'eu-west-1', 'RUNNING', now(), '{"Arguments": {"--source_database": "sales"}}') returning id`,
      [account],
    );
    await db.query("select a2o_private.link_jobs($1, 'eu-west-1')", [account]);
    const id = job?.id.slice(0, 8) ?? "";
    const shown = (await run("jobs", id)).stdout;
    expect(shown).toMatch(/sales\.orders +candidate +--source_database sales, fits 3 tables/);
    expect(shown).toContain(`aws2openstack jobs link ${id} sales.orders`);

    expect((await run("jobs", "link", id, "sales.orders")).stdout).toBe("convert: sales.orders linked.\n");
    expect((await run("jobs", "unlink", id, "sales")).stdout).toBe("convert: the candidates in sales unlinked.\n");
    const { links } = JSON.parse((await run("jobs", id, "--json")).stdout);
    expect(links).toMatchObject([
      { table_name: "orders", state: "LINKED", source: "PERSON", decided_by: expect.any(String) },
      { table_name: "refunds", state: "REJECTED" },
      { table_name: "returns", state: "REJECTED" },
    ]);
    expect((await run("jobs", id)).stdout).toMatch(/sales\.refunds +rejected +decided by/);

    const operator = await db.createLogin("a2o_operator");
    const reader = await db.createLogin("a2o_reader");
    for (const login of [operator, reader]) await db.query("select a2o.grant_account_access($1, $2)", [login, account]);
    const as = (login: string, ...args: string[]) => a2o(args, { env: { DATABASE_URL: db.urlFor(login) } });
    expect((await as(operator, "jobs", "link", id, "sales.refunds", "--json")).code).toBe(0);
    const wrong: [string, string[], number, string][] = [
      [reader, ["jobs", "link", id, "sales.orders"], 1, "a2o_operator"],
      [operator, ["jobs", "link", id, "sales.nothing"], 1, "has a table 'sales.nothing'"],
      [operator, ["jobs", "unlink", id, "sales"], 1, "no link to 'sales.…'"],
      [operator, ["jobs", "link", "ffffffff", "sales.orders"], 1, "There is no job ffffffff"],
      [operator, ["jobs", "link", id, "sales."], 2, "sales. names no table."],
      [operator, ["jobs", "link", id], 2, "DATABASE.TABLE"],
      [operator, ["jobs", "link", id, "sales.orders", "more"], 2, "one argument too many"],
    ];
    for (const [login, args, code, message] of wrong) {
      expect([args, await as(login, ...args)]).toMatchObject([
        args,
        { code, stderr: expect.stringContaining(message) },
      ]);
    }
    await db.query("delete from a2o.migration_jobs where id = $1", [job?.id]);
  });

  it("refuse mistakes with what is allowed", async () => {
    const wrong: [string[], string][] = [
      [["monitor", "add", "--region", "eu-central-1", "--service", "EC2"], "EC2 is no service to watch."],
      [["monitor", "add", "--region", "eu-central-1", "--external-id", "x"], "--external-id goes with a role."],
      [["monitor", "add", "--region", "eu-central-1", "--every", "0"], "--every must be a whole number"],
      [["jobs", "--status", "BUSY"], "--status cannot be BUSY."],
      [["jobs", "zz"], "zz is no id of a job."],
    ];
    for (const [args, message] of wrong) {
      expect(await run(...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
    }
    const moon = await run("monitor", "add", "--region", "moon", "--account", "123456789012");
    expect(moon).toMatchObject({ code: 1, stderr: expect.stringContaining("out of range") });
  });

  it("let an operator add only accounts of theirs, and a reader none", async () => {
    const operator = await db.createLogin("a2o_operator");
    const reader = await db.createLogin("a2o_reader");
    await db.query("select a2o.grant_account_access($1, '123456789012')", [operator]);
    const add = (login: string, account: string) =>
      a2o(["monitor", "add", "--region", "eu-west-1", "--account", account], {
        env: { DATABASE_URL: db.urlFor(login) },
      });
    expect((await add(operator, "123456789012")).code).toBe(0);
    expect(await add(operator, "999999999999")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("not yours to watch"),
    });
    expect((await add(reader, "123456789012")).code).toBe(1);
  });
});

describe("aws2openstack worker", () => {
  it("works until it is stopped", async () => {
    const command = startCommand(["worker"], { DATABASE_URL: db.url });
    await command.printed("Ctrl-C stops it.");
    expect(command.output()).toMatch(/Worker on .*: \d+ monitors? to watch/);
    expect(await command.interrupt()).toBe(0);
  });
});
