import { spawn } from "node:child_process";
import { once } from "node:events";
import { defineCommand } from "citty";
import { describeUrl, explainConnectError, withClient } from "../../postgres/connect.ts";
import { run } from "../../postgres/server/run.ts";
import { errorCode, UserError } from "../../postgres/user-error.ts";
import { commonArgs, ExitCode, openStorage, UsageError } from "../common.ts";

export const psqlCommand = defineCommand({
  meta: {
    name: "psql",
    description: "Open psql on the database",
    examples: [
      ["db psql", "interactively"],
      ["db psql -- -c 'table newest_assessments'", "one statement"],
    ],
  },
  args: {
    arguments: {
      type: "positional",
      required: false,
      valueHint: "[-- ARGUMENT…]",
      description: "for psql, e.g. db psql -- -c 'select * from assessments'",
    },
    ...commonArgs,
  },
  run: ({ args }) => runProgram("psql", args._),
});

export const runCommand = defineCommand({
  meta: {
    name: "run",
    description: "Run a program of PostgreSQL's (pg_dump, pg_restore, pgbench …) on the database",
    examples: [
      ["db run -- pg_dump --format custom --file aws2openstack.dump", "a backup"],
      ["db run -- pg_dumpall --roles-only --no-role-passwords --file roles.sql", "the roles that go with it"],
    ],
  },
  args: {
    arguments: {
      type: "positional",
      required: false,
      valueHint: "-- PROGRAM [ARGUMENT…]",
      description: "the program and what it gets; where the database is, it is told by the environment",
    },
    ...commonArgs,
  },
  async run({ args }) {
    const [program, ...rest] = args._;
    if (program === undefined) {
      throw new UsageError("Which program?", "e.g. aws2openstack db run -- pg_dump --format custom --file a2o.dump");
    }
    return runProgram(program, rest);
  },
});

/** Those that refuse a server newer than themselves. */
const OF_A_VERSION = ["pg_dump", "pg_dumpall", "pg_basebackup"];

async function runProgram(program: string, args: string[]): Promise<number> {
  const storage = await openStorage();
  // Ctrl-C stops what the program does, not us.
  const ignore = () => undefined;
  process.on("SIGINT", ignore);
  try {
    const environment = libpqEnvironment(storage.url);
    if (OF_A_VERSION.includes(program)) await refuseOlder(program, storage.url);
    const child = spawn(program, args, { stdio: "inherit", env: { ...process.env, ...environment } });
    const [code] = await once(child, "exit").catch(error => {
      throw errorCode(error) === "ENOENT" ? notInstalled(program, storage.url) : error;
    });
    return typeof code === "number" ? code : ExitCode.failed;
  } finally {
    process.off("SIGINT", ignore);
    await storage.release();
  }
}

/** Parameters of a URL that libpq takes from the environment, by their names there. */
const PARAMETERS: Record<string, string> = {
  sslmode: "PGSSLMODE",
  sslrootcert: "PGSSLROOTCERT",
  sslcert: "PGSSLCERT",
  sslkey: "PGSSLKEY",
  host: "PGHOST",
  port: "PGPORT",
  options: "PGOPTIONS",
};

/** Where the database is, as libpq reads it. Not in the arguments: every user of the machine sees those of processes. */
export function libpqEnvironment(text: string): Record<string, string> {
  if (!URL.canParse(text)) throw explainConnectError(Object.assign(new Error(), { code: "ERR_INVALID_URL" }), text);
  const { hostname, port, username, password, pathname, searchParams } = new URL(text);
  const found: Record<string, string> = {
    PGHOST: decodeURIComponent(hostname.replace(/^\[(.*)\]$/, "$1")),
    PGPORT: port,
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: searchParams.get("password") ?? decodeURIComponent(password),
    PGDATABASE: decodeURIComponent(pathname.slice(1)),
  };
  for (const [parameter, name] of Object.entries(PARAMETERS))
    found[name] = searchParams.get(parameter) ?? found[name] ?? "";
  // node-postgres's word for a server certificate that nobody checks.
  if (found.PGSSLMODE === "no-verify") found.PGSSLMODE = "require";
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== ""));
}

async function refuseOlder(program: string, url: string): Promise<void> {
  const { code, stdout } = await run(program, ["--version"]);
  const own = /\) (\d+)/.exec(stdout)?.[1];
  if (code !== 0 || own === undefined) return;
  const server = await withClient(url, { purpose: "run" }, async client => {
    const { rows } = await client.query<{ major: number }>(
      "select current_setting('server_version_num')::integer / 10000 as major",
    );
    return rows[0]?.major ?? 0;
  });
  if (Number(own) >= server) return;
  throw new UserError(
    `This ${program} is of PostgreSQL ${own}, and ${describeUrl(url)} is PostgreSQL ${server}: it would refuse (A2O72).`,
    `Install ${program} of PostgreSQL ${server} or newer (https://www.postgresql.org/download/ has packages; Debian: postgresql-client-${server}), and put its directory first in PATH.`,
  );
}

function notInstalled(program: string, url: string): UserError {
  if (program === "psql") {
    return new UserError(
      "psql is not installed; the embedded PostgreSQL brings only the server.",
      `Install it (Debian: apt install postgresql-client; macOS: brew install libpq), or open ${describeUrl(url)} in any other client: \`aws2openstack db url\` prints the URL while \`aws2openstack up\` runs.`,
    );
  }
  return new UserError(
    `${program} is not installed; the embedded PostgreSQL brings only the server (A2O73).`,
    "Install PostgreSQL's client programs (Debian: apt install postgresql-client; macOS: brew install libpq).",
  );
}
