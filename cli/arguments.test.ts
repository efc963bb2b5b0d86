import { describe, expect, it } from "vitest";
import { toolVersion } from "../worker/version.ts";
import { a2o } from "./testing.ts";

describe("help", () => {
  it.each([[[]], [["--help"]], [["-h"]]])("lists the commands: %j", async args => {
    const { code, stdout, stderr } = await a2o(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const name of ["up", "assess", "ingest", "list", "mcp", "db"])
      expect(stdout).toMatch(new RegExp(`^  ${name} `, "m"));
    expect(stdout).not.toContain("\u001b");
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  it.each([
    [["assess", "--help"], "Usage: aws2openstack assess COMMAND"],
    [["assess", "glue-catalog", "--help"], "--output-dir dir"],
    [["assess", "glue-catalog", "--region", "--help"], "Usage: aws2openstack assess glue-catalog [options]"],
    [["ingest", "-h"], "Usage: aws2openstack ingest [options] FILE…"],
    [["db", "psql", "--help"], "[-- ARGUMENT…]"],
  ])("is there on each level: %j", async (args, expected) => {
    const { code, stdout } = await a2o(args);
    expect(code).toBe(0);
    expect(stdout).toContain(expected);
  });

  it("knows its version", async () => {
    expect(await a2o(["--version"])).toEqual({ code: 0, stdout: `${toolVersion}\n`, stderr: "" });
  });
});

describe("mistakes", () => {
  it.each([
    [["lst"], "There is no command lst.", "Did you mean aws2openstack list?"],
    [["xyzzy"], "There is no command xyzzy.", "The commands are: up, "],
    [["migrate"], "There is no command migrate.", "Did you mean aws2openstack db migrate?"],
    [["delete"], "There is no command delete.", "Did you mean aws2openstack prune?"],
    [["db", "mgrate"], "There is no command db mgrate.", "Did you mean aws2openstack db migrate?"],
    [["--nope"], "There is no option --nope here.", "aws2openstack --help"],
    [["list", "--jsn"], "There is no option --jsn.", "Did you mean --json?"],
    [["list", "--acc", "1"], "There is no option --acc.", "Did you mean --account?"],
    [["list", "-json"], "There is no option -json.", "Did you mean --json?"],
    [["list", "--no-json"], "There is no option --no-json.", "--help"],
    [["list", "--json=yes"], "--json takes no value.", "Write --json alone."],
    [["list", "all"], "takes no argument all.", "--help"],
    [["list", "--limit"], "--limit needs a value.", "--limit N"],
    [["list", "--limit", "--json"], "--limit needs a value, and --json looks like an option.", "--limit=--json"],
    [["list", "--limit", "many"], "--limit must be a whole number", "--limit 10"],
    [["list", "--limit=0"], "--limit must be a whole number", "--limit 10"],
    [["list", "--limit", "1", "--limit", "2"], "--limit is given more than once.", ""],
    [["db", "psql", "-c", "select 1"], "There is no option -c.", "aws2openstack db psql -- -c"],
    [["tables", "a.csv", "b.csv"], "There is one argument too many: b.csv.", "tables --help"],
    [["alerts", "ack", "3f9c", "ordered"], "There is one argument too many: ordered.", "alerts ack --help"],
    [["jobs", "link", "3f9c"], "jobs link needs DATABASE.TABLE.", "jobs link --help"],
    [["ingest"], "No report is named.", "aws2openstack ingest"],
    [["assess", "glue-catalog", "--output-dir", "x"], "--region is missing.", "--region eu-central-1"],
    [["assess", "glue-catalog", "--region", "eu-west-1"], "--output-dir is missing.", "--output-dir reports"],
    [["assess", "glue-catalog", "--region", "Mars", "--output-dir", "x"], "Mars is no AWS region.", "us-gov-west-1"],
  ])("are refused before anything happens: %j", async (args, message, advice) => {
    const { code, stdout, stderr } = await a2o(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^Error: /);
    expect(stderr).toContain(message);
    expect(stderr).toContain(advice);
    expect(stderr).not.toMatch(/\n {4}at /);
  });

  it("show a stack with --debug only", async () => {
    const env = { DATABASE_URL: "postgresql://me:s3cret@127.0.0.1:1/a2o" };
    const plain = await a2o(["list"], { env });
    const debug = await a2o(["list", "--debug"], { env });
    expect(plain.stderr).toBe(
      "Error: No PostgreSQL answers for a2o at 127.0.0.1:1.\n" +
        "Start it, or check host and port in DATABASE_URL. Without DATABASE_URL the embedded PostgreSQL is used.\n",
    );
    expect(debug.stderr).toMatch(/\n {4}at /);
    expect([plain.code, debug.code]).toEqual([1, 1]);
    expect(plain.stderr + debug.stderr).not.toContain("s3cret");
  });

  it("in DATABASE_URL are named without its password", async () => {
    for (const url of ["nonsense", "postgresql://me:s3 cret@[there/a2o"]) {
      const { code, stderr } = await a2o(["list"], { env: { DATABASE_URL: url } });
      expect(code).toBe(1);
      expect(stderr).toMatch(/^Error: DATABASE_URL is not a URL\.\n/);
      expect(stderr).not.toContain("s3");
    }
  });
});
