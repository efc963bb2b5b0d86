import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { defineCommand } from "citty";
import { describeUrl, explainConnectError } from "../../postgres/connect.ts";
import { embeddedStatus, resetEmbedded } from "../../postgres/embedded/manage.ts";
import { LOGIN_ROLES, type LoginRole, setLoginPasswords } from "../../postgres/logins.ts";
import { migrate, migrationState } from "../../postgres/migrate.ts";
import { errorCode, UserError } from "../../postgres/user-error.ts";
import { commonArgs, databaseUrl, ExitCode, jsonArg, openEmbedded, say, sayJson, tell, UsageError } from "../common.ts";
import { psqlCommand, runCommand } from "../db/programs.ts";
import { type Passwords, readPasswords, writeUrls } from "../passwords.ts";

const migrateCommand = defineCommand({
  meta: {
    name: "migrate",
    description: "Bring the database to this version's schema",
    examples: [["db migrate", "after an update, with DATABASE_URL set"]],
  },
  args: { ...commonArgs },
  async run() {
    const url = databaseUrl();
    if (url === undefined) {
      const storage = await openEmbedded();
      await storage.release();
      say("The embedded database is up to date.");
      return;
    }
    const applied = await migrate(url);
    say(
      applied.length === 0
        ? `${describeUrl(url)} was up to date.`
        : `${describeUrl(url)}: applied ${applied.join(", ")}.`,
    );
  },
});

const statusCommand = defineCommand({
  meta: {
    name: "status",
    description: "Show which database is used and how its schema stands",
    examples: [["db status", "where things are stored, and how that stands"]],
  },
  args: { ...jsonArg, ...commonArgs },
  async run({ args }) {
    const url = databaseUrl();
    const status =
      url === undefined ? await describeEmbedded() : { database: describeUrl(url), ...(await migrationState(url)) };
    if (args.json) {
      sayJson(status);
      return;
    }
    const width = Math.max(...Object.keys(status).map(name => name.length));
    for (const [name, value] of Object.entries(status)) {
      const shown = Array.isArray(value) ? value.join(", ") || "none" : (value ?? "none");
      say(`${name.replaceAll("_", " ").padEnd(width)}  ${shown}`);
    }
  },
});

async function describeEmbedded() {
  const { state, home, dataDirectory, logFile, port, version, users } = await embeddedStatus();
  return {
    database: "embedded (DATABASE_URL is not set)",
    state,
    version: version ?? null,
    port: port ?? null,
    home,
    data: dataDirectory,
    log: logFile,
    used_by: users,
  };
}

const urlCommand = defineCommand({
  meta: {
    name: "url",
    description: "Print the connection URL, password included",
    examples: [["db url", "for another client"]],
  },
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

const resetCommand = defineCommand({
  meta: {
    name: "reset",
    description: "Delete the embedded database with everything in it",
    examples: [
      ["db reset", "after a question"],
      ["db reset --yes", "in a script"],
    ],
  },
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
      return ExitCode.ok;
    }
    if (!args.yes && !process.stdin.isTTY) {
      throw new UsageError(
        "Nothing was deleted: nobody is there to ask.",
        "To delete it unasked: aws2openstack db reset --yes",
      );
    }
    if (!args.yes && !(await confirmed(`Delete ${dataDirectory} and every assessment in it? [y/N] `))) {
      tell("Nothing was deleted.");
      return ExitCode.failed;
    }
    await resetEmbedded();
    say(`Deleted ${dataDirectory}.`);
    return ExitCode.ok;
  },
});

const loginsCommand = defineCommand({
  meta: {
    name: "logins",
    description:
      "Let each program log in as its own role, with the passwords of a directory's files; again to change them",
    examples: [
      ["db logins secrets --generate --urls", "make passwords where there are none, and a URL for each program"],
      ["db logins /run/secrets", "use those that are there"],
    ],
  },
  args: {
    directory: {
      type: "positional",
      required: true,
      valueHint: "DIR",
      description: `Has a file with a password for each of ${LOGIN_ROLES.join(", ")}; what is missing stays as it is`,
    },
    generate: { type: "boolean", description: "Make files that are missing, each with a random password" },
    urls: { type: "boolean", description: "Write DIR/ROLE.url too, for DATABASE_URL_FILE and its like" },
    ...commonArgs,
  },
  async run({ args }) {
    const url = databaseUrl();
    if (url === undefined) {
      throw new UsageError(
        "DATABASE_URL is not set, and the embedded database needs no logins.",
        "Set DATABASE_URL to the login that migrates.",
      );
    }
    const passwords = await readPasswords(args.directory, args.generate === true);
    const done = await loginsOf(url, passwords);
    if (args.urls) await writeUrls(args.directory, url, passwords, done);
    for (const role of LOGIN_ROLES) {
      const state = done.includes(role) ? `logs in with ${join(args.directory, role)}` : "as it was: no such file";
      say(`${role.padEnd(17)}  ${state}`);
    }
    if (args.urls) say(`Connection URLs are in ${join(args.directory, "*.url")}.`);
  },
});

/** @throws UserError when the database was not migrated, or the login may not change the roles */
async function loginsOf(url: string, passwords: Passwords): Promise<LoginRole[]> {
  try {
    const { pending } = await migrationState(url);
    if (pending.length > 0) {
      throw new UserError(`${describeUrl(url)} lacks ${pending.join(", ")}.`, "Run `aws2openstack db migrate` first.");
    }
    return await setLoginPasswords(url, passwords);
  } catch (error) {
    if (errorCode(error) !== "42501") throw explainConnectError(error, url);
    throw new UserError(
      "The login in DATABASE_URL may not change these roles. Nothing was changed.",
      "Use the login that made them by `aws2openstack db migrate`, or a superuser.",
      { cause: error },
    );
  }
}

async function confirmed(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    // Ctrl-D and Ctrl-C close it without an answer.
    const closed = once(lines, "close").then(() => undefined);
    const answer = await Promise.race([lines.question(question), closed]).catch(() => undefined);
    if (answer === undefined) process.stderr.write("\n");
    return /^y(es)?$/i.test(answer?.trim() ?? "");
  } finally {
    lines.close();
  }
}

export default defineCommand({
  meta: {
    name: "db",
    description: "The database: migrate, status, logins, url, psql, run, reset",
    examples: [
      ["db status", "which database is used, and whether its schema is this version's"],
      ["db psql", "look into it"],
    ],
  },
  subCommands: {
    migrate: migrateCommand,
    status: statusCommand,
    logins: loginsCommand,
    url: urlCommand,
    psql: psqlCommand,
    run: runCommand,
    reset: resetCommand,
  },
});
