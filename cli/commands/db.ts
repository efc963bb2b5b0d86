import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { defineCommand } from "citty";
import { describeUrl } from "../../postgres/connect.ts";
import { embeddedStatus, resetEmbedded } from "../../postgres/embedded.ts";
import { migrate, migrationState } from "../../postgres/migrate.ts";
import { errorCode, UserError } from "../../postgres/user-error.ts";
import {
  commonArgs,
  databaseUrl,
  ExitCode,
  jsonArg,
  openEmbedded,
  openStorage,
  say,
  tell,
  UsageError,
} from "../common.ts";

const migrateCommand = defineCommand({
  meta: { name: "migrate", description: "Bring the database to this version's schema" },
  args: { ...commonArgs },
  async run() {
    const url = databaseUrl();
    if (url === undefined) {
      const storage = await openEmbedded();
      await storage.release();
      say("The embedded database is up to date.");
      return;
    }
    const { pending } = await migrationState(url);
    await migrate(url);
    say(
      pending.length === 0
        ? `${describeUrl(url)} was up to date.`
        : `${describeUrl(url)}: applied ${pending.join(", ")}.`,
    );
  },
});

const statusCommand = defineCommand({
  meta: { name: "status", description: "Show which database is used and how its schema stands" },
  args: { ...jsonArg, ...commonArgs },
  async run({ args }) {
    const url = databaseUrl();
    const status =
      url === undefined ? await describeEmbedded() : { database: describeUrl(url), ...(await migrationState(url)) };
    if (args.json) say(JSON.stringify(status, null, 2));
    else
      for (const [name, value] of Object.entries(status))
        say(`${name}: ${Array.isArray(value) ? value.join(", ") || "none" : value}`);
  },
});

async function describeEmbedded() {
  const { state, home, dataDirectory, logFile, port, version, users } = await embeddedStatus();
  return {
    database: "embedded (DATABASE_URL is not set)",
    state,
    version: version ?? "unknown",
    port: port ?? "none",
    home,
    data: dataDirectory,
    log: logFile,
    "used by": users,
  };
}

const urlCommand = defineCommand({
  meta: { name: "url", description: "Print the connection URL, password included" },
  args: { ...commonArgs },
  async run() {
    const url = databaseUrl();
    if (url !== undefined) {
      say(url);
      return ExitCode.ok;
    }
    if ((await embeddedStatus()).state !== "running") {
      tell("Error: The embedded database is not running, so its port is not known.");
      tell("Start it with `aws2openstack up`, or use `aws2openstack db psql`, which starts it while it lasts.");
      return ExitCode.failed;
    }
    const storage = await openEmbedded();
    say(storage.url);
    await storage.release();
    return ExitCode.ok;
  },
});

const psqlCommand = defineCommand({
  meta: { name: "psql", description: "Open psql on the database (arguments after -- go to psql)" },
  args: { ...commonArgs },
  async run({ args }) {
    const storage = await openStorage();
    // Ctrl-C stops the query in psql, not us.
    const ignore = () => undefined;
    process.on("SIGINT", ignore);
    try {
      const psql = spawn("psql", [...args._], {
        stdio: "inherit",
        env: { ...process.env, ...connectionEnvironment(storage.url) },
      });
      const [code] = await Promise.race([
        once(psql, "exit"),
        once(psql, "error").then(([error]) => {
          throw errorCode(error) === "ENOENT" ? noPsql(storage.url) : error;
        }),
      ]);
      return typeof code === "number" ? code : ExitCode.failed;
    } finally {
      process.off("SIGINT", ignore);
      await storage.release();
    }
  },
});

/** libpq's variables, so that no password shows in the list of processes. */
function connectionEnvironment(url: string): Record<string, string> {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  const settings: Record<string, string> = {
    PGHOST: hostname,
    PGPORT: port,
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: decodeURIComponent(pathname.slice(1)),
    PGSSLMODE: searchParams.get("sslmode") ?? "",
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== ""));
}

function noPsql(url: string): UserError {
  return new UserError(
    "psql is not installed; the embedded PostgreSQL brings only the server.",
    `Install it (Debian: apt install postgresql-client; macOS: brew install libpq), or open ${describeUrl(url)} in any other client: \`aws2openstack db url\` prints the URL while \`aws2openstack up\` runs.`,
  );
}

const resetCommand = defineCommand({
  meta: { name: "reset", description: "Delete the embedded database with everything in it" },
  args: { yes: { type: "boolean", description: "Do not ask" }, ...commonArgs },
  async run({ args }) {
    if (databaseUrl() !== undefined) {
      throw new UsageError(
        "DATABASE_URL is set, and reset deletes only the embedded database.",
        "Drop your own database with your own tools (dropdb), or unset DATABASE_URL.",
      );
    }
    const { dataDirectory, state } = await embeddedStatus();
    if (state === "absent") {
      say("There is no embedded database.");
      return;
    }
    if (!args.yes && !(await confirmed(`Delete ${dataDirectory} and every assessment in it? [y/N] `))) {
      throw new UsageError("Nothing was deleted.", "Say y, or run: aws2openstack db reset --yes");
    }
    await resetEmbedded();
    say(`Deleted ${dataDirectory}.`);
  },
});

async function confirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await lines.question(question);
  lines.close();
  return /^y(es)?$/i.test(answer.trim());
}

export default defineCommand({
  meta: { name: "db", description: "The database: migrate, status, url, psql, reset" },
  subCommands: {
    migrate: migrateCommand,
    status: statusCommand,
    url: urlCommand,
    psql: psqlCommand,
    reset: resetCommand,
  },
});
