import { type ArgsDef, type CommandDef, runCommand, type SubCommandsDef } from "citty";
import { inSpan } from "../telemetry/span.ts";
import { toolVersion } from "../worker/version.ts";
import { checkArguments } from "./arguments.ts";
import { ExitCode, printError, UsageError } from "./common.ts";
import { nearest, synonym } from "./nearest.ts";
import { tree } from "./tree.ts";
import { resolved, usageText } from "./usage.ts";

// Whoever reads us may stop early, as `head` does.
process.stdout.on("error", error => {
  if ("code" in error && error.code === "EPIPE") process.exit(ExitCode.ok);
  throw error;
});
process.on("uncaughtException", error => process.exit(printError(error)));

/** Commands that do one piece of work, which is one trace; the others begin one with each request or task. */
const WORK = new Set(["assess", "ingest"]);

/** Runs a command line and returns its exit code; what went wrong is told. */
export async function run(rawArgs: string[]): Promise<number> {
  try {
    const { command, path, rest } = await findCommand(rawArgs);
    if (path.length === 1 && rest.length === 1 && (rest[0] === "--version" || rest[0] === "-v")) {
      process.stdout.write(`${toolVersion}\n`);
      return ExitCode.ok;
    }
    const unknown = rest.find(argument => !argument.startsWith("-"));
    const definitions = (await resolved(command.args)) ?? {};
    const takesArgument = Object.values(definitions).some(({ type }) => type === "positional");
    // A command may do something by itself, too, as `mcp` does, also with an argument, as `jobs` does.
    if (command.subCommands !== undefined && (command.run === undefined || (unknown !== undefined && !takesArgument))) {
      if (unknown !== undefined) throw await unknownCommand(command, path, unknown);
      const [option] = rest.filter(argument => argument !== "--help" && argument !== "-h");
      if (option !== undefined)
        throw new UsageError(`There is no option ${option} here.`, `See: ${path.join(" ")} --help`);
      await printUsage(command, path);
      return ExitCode.ok;
    }
    if (wantsHelp(rest)) {
      await printUsage(command, path);
      return ExitCode.ok;
    }
    checkArguments(path.join(" "), definitions, rest, await resolved(command.meta));
    // Which command is meant is known by now; citty would look for another one in the arguments.
    const { subCommands: _, ...alone } = command;
    const work = async () => (await runCommand(alone, { rawArgs: rest })).result;
    const result = WORK.has(path[1] ?? "") ? await inSpan(path.slice(1).join(" "), {}, work) : await work();
    return typeof result === "number" ? result : ExitCode.ok;
  } catch (error) {
    return printError(error);
  }
}

interface Found {
  command: CommandDef<ArgsDef>;
  /** How it is called: `["aws2openstack", "db", "psql"]`. */
  path: string[];
  /** Arguments after the command's own name. */
  rest: string[];
}

async function findCommand(rawArgs: string[]): Promise<Found> {
  let command: CommandDef<ArgsDef> = tree;
  const path = ["aws2openstack"];
  let rest = rawArgs;
  for (;;) {
    const subCommands = await resolved(command.subCommands);
    const name = rest[0];
    const next =
      name === undefined || subCommands === undefined
        ? undefined
        : Object.entries(subCommands).find(([key]) => key === name)?.[1];
    if (next === undefined || name === undefined) return { command, path, rest };
    path.push(name);
    command = (await resolved(next)) ?? command;
    rest = rest.slice(1);
  }
}

function wantsHelp(args: string[]): boolean {
  const end = args.indexOf("--");
  return (end === -1 ? args : args.slice(0, end)).some(argument => argument === "--help" || argument === "-h");
}

async function printUsage(command: CommandDef<ArgsDef>, path: readonly string[]): Promise<void> {
  const colour = process.stdout.isTTY && !process.env.NO_COLOR;
  process.stdout.write(await usageText(command, path, { width: process.stdout.columns || 80, colour }));
}

async function unknownCommand(
  command: CommandDef<ArgsDef>,
  path: readonly string[],
  name: string,
): Promise<UsageError> {
  const subCommands = (await resolved(command.subCommands)) ?? {};
  const names = Object.keys(subCommands);
  const close = nearest(name, names) ?? synonym(name, names) ?? (await deeper(subCommands, name));
  return new UsageError(
    `There is no command ${[...path.slice(1), name].join(" ")}.`,
    close === undefined ? `The commands are: ${names.join(", ")}.` : `Did you mean ${[...path, close].join(" ")}?`,
  );
}

/** `db migrate` for whoever typed `migrate`. */
async function deeper(subCommands: SubCommandsDef, name: string): Promise<string | undefined> {
  for (const [parent, sub] of Object.entries(subCommands)) {
    const names = Object.keys((await resolved((await resolved(sub))?.subCommands)) ?? {});
    if (names.includes(name)) return `${parent} ${name}`;
  }
  return undefined;
}
