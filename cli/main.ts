import { type ArgsDef, type CommandDef, defineCommand, renderUsage, runCommand } from "citty";
import { toolVersion } from "../worker/version.ts";
import { ExitCode, printError, UsageError } from "./common.ts";
import { nearest } from "./nearest.ts";

const main = defineCommand({
  meta: {
    name: "aws2openstack",
    version: toolVersion,
    description: "Inventory an AWS Glue Data Catalog and judge what is ready to move to an OpenStack lakehouse.",
  },
  subCommands: {
    up: () => import("./commands/up.ts").then(module => module.default),
    assess: () => import("./commands/assess.ts").then(module => module.default),
    ingest: () => import("./commands/ingest.ts").then(module => module.default),
    list: () => import("./commands/list.ts").then(module => module.default),
    mcp: () => import("./commands/mcp.ts").then(module => module.default),
    db: () => import("./commands/db.ts").then(module => module.default),
  },
});

process.exitCode = await run(process.argv.slice(2));

async function run(rawArgs: string[]): Promise<number> {
  try {
    const { command, parents, rest } = await findCommand(rawArgs);
    if (rawArgs.length === 1 && (rawArgs[0] === "--version" || rawArgs[0] === "-v")) {
      process.stdout.write(`${toolVersion}\n`);
      return ExitCode.ok;
    }
    if (wantsHelp(rest) || command.subCommands !== undefined) {
      const unknown = rest.find(argument => !argument.startsWith("-"));
      if (command.subCommands !== undefined && unknown !== undefined) throw await unknownCommand(command, unknown);
      await printUsage(command, parents);
      // Asked for, it is an answer; otherwise something was missing.
      return wantsHelp(rest) || rest.length === 0 ? ExitCode.ok : ExitCode.usage;
    }
    await refuseUnknownOptions(command, rest);
    const { result } = await runCommand(command, { rawArgs: rest });
    return typeof result === "number" ? result : ExitCode.ok;
  } catch (error) {
    if (isCittyError(error)) return printError(new UsageError(withoutColour(error.message)));
    return printError(error);
  }
}

interface Found {
  command: CommandDef<ArgsDef>;
  parents: string[];
  /** Arguments after the command's own name. */
  rest: string[];
}

async function findCommand(rawArgs: string[]): Promise<Found> {
  let command: CommandDef<ArgsDef> = main;
  const parents: string[] = [];
  let rest = rawArgs;
  for (;;) {
    const subCommands = await resolved(command.subCommands);
    const name = rest[0];
    const next =
      name === undefined || subCommands === undefined
        ? undefined
        : Object.entries(subCommands).find(([key]) => key === name)?.[1];
    if (next === undefined || name === undefined) return { command, parents, rest };
    parents.push((await resolved(command.meta))?.name ?? "");
    command = (await resolved(next)) ?? command;
    rest = rest.slice(1);
  }
}

async function resolved<T>(value: T | Promise<T> | (() => T | Promise<T>) | undefined): Promise<T | undefined> {
  return value instanceof Function ? value() : value;
}

function wantsHelp(args: string[]): boolean {
  const end = args.indexOf("--");
  return (end === -1 ? args : args.slice(0, end)).some(argument => argument === "--help" || argument === "-h");
}

async function printUsage(command: CommandDef<ArgsDef>, parents: string[]): Promise<void> {
  const usage = await renderUsage(command, parents.length === 0 ? undefined : { meta: { name: parents.join(" ") } });
  const plain = process.stdout.isTTY && !process.env.NO_COLOR ? usage : withoutColour(usage);
  process.stdout.write(`${plain.trimEnd()}\n`);
}

async function unknownCommand(command: CommandDef<ArgsDef>, name: string): Promise<UsageError> {
  const names = Object.keys((await resolved(command.subCommands)) ?? {});
  const close = nearest(name, names);
  return new UsageError(
    `There is no command ${name}.`,
    close === undefined ? `The commands are: ${names.join(", ")}.` : `Did you mean ${close}?`,
  );
}

/** citty ignores options it does not know; a mistyped one must not be taken for a default. */
async function refuseUnknownOptions(command: CommandDef<ArgsDef>, rest: string[]): Promise<void> {
  const known = Object.entries((await resolved(command.args)) ?? {}).filter(
    ([, definition]) => definition.type !== "positional",
  );
  const names = known.flatMap(([name, definition]) => [
    name,
    ...("alias" in definition ? [definition.alias ?? []].flat() : []),
  ]);
  for (const argument of rest) {
    if (argument === "--") return;
    const name = /^--?([a-z][^=]*)/i.exec(argument)?.[1];
    if (name === undefined || names.includes(name) || names.includes(name.replace(/^no-/, ""))) continue;
    const close = nearest(name, names);
    throw new UsageError(
      `There is no option ${argument.split("=")[0]}.`,
      close === undefined ? "See the options with --help." : `Did you mean --${close}?`,
    );
  }
}

function isCittyError(error: unknown): error is Error {
  return error instanceof Error && error.name === "CLIError";
}

function withoutColour(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character begins every colour code
  return text.replace(/\u001b\[[0-9;]*m/g, "");
}
