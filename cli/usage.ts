import type { ArgDef, ArgsDef, CommandDef } from "citty";
import { isString } from "./arguments.ts";
import type {} from "./citty.ts";
import { displayWidth, wrapped } from "./text.ts";

export interface UsageOptions {
  /** Columns of the terminal. */
  width: number;
  colour: boolean;
}

/** What `--help` shows; `path` is how the command is called, `["aws2openstack", "db", "psql"]`. */
export async function usageText(
  command: CommandDef<ArgsDef>,
  path: readonly string[],
  options: UsageOptions,
): Promise<string> {
  const meta = await resolved(command.meta);
  const definitions = Object.entries((await resolved(command.args)) ?? {});
  const subCommands = Object.entries((await resolved(command.subCommands)) ?? {});
  const bold = (text: string) => (options.colour ? `\u001b[1m${text}\u001b[22m` : text);
  const section = (title: string, rows: [string, string][]) =>
    rows.length === 0 ? [] : ["", bold(title), ...columns(rows, options.width)];

  const positionals = definitions.filter(([, definition]) => definition.type === "positional");
  const usage = [
    ...path,
    ...(subCommands.length > 0 ? [positionals.length > 0 ? "[COMMAND]" : "COMMAND"] : []),
    ...(definitions.length > positionals.length ? ["[options]"] : []),
    ...positionals.map(([name, { required, valueHint }]) => valueHint ?? (required === false ? `[${name}]` : name)),
  ];
  const commandRows = await Promise.all(
    subCommands.map(async ([name, sub]): Promise<[string, string]> => {
      const subMeta = await resolved((await resolved(sub))?.meta);
      return [name, subMeta?.description ?? ""];
    }),
  );
  const optionRows = definitions
    .filter(([, definition]) => definition.type !== "positional")
    .map(([name, definition]): [string, string] => {
      const value = isString(definition) ? ` ${valueName(definition)}` : "";
      const standard = definition.default === undefined ? "" : ` (default: ${definition.default})`;
      return [`--${name}${value}`, `${definition.description ?? ""}${standard}`];
    });
  return [
    ...wrapped(meta?.description ?? "", options.width),
    "",
    `${bold("Usage:")} ${usage.join(" ")}`,
    ...section("Commands:", commandRows),
    ...section(
      "Arguments:",
      positionals.map(([name, { description, valueHint }]) => [valueHint ?? name, description ?? ""]),
    ),
    ...section("Options:", optionRows),
    ...examples(meta?.examples ?? [], options.width, bold("Examples:")),
    ...(subCommands.length > 0 ? ["", `${path.join(" ")} COMMAND --help says more about a command.`] : []),
    "",
  ].join("\n");
}

/** What stands for the value in `--format json|csv`. */
export function valueName(definition: ArgDef): string {
  if ("valueHint" in definition && definition.valueHint !== undefined) return definition.valueHint;
  return definition.type === "enum" ? (definition.options ?? []).join("|") : "TEXT";
}

/** Commands with what they do beside them, or above them where they are long. */
function examples(rows: readonly (readonly [string, string])[], width: number, title: string): string[] {
  if (rows.length === 0) return [];
  const first = Math.max(...rows.map(([command]) => displayWidth(`  aws2openstack ${command}`))) + 2;
  const isWide = rows.every(([, what]) => first + displayWidth(what) <= width);
  return [
    "",
    title,
    ...rows.flatMap(([command, what]) =>
      isWide
        ? [`  aws2openstack ${command}`.padEnd(first) + what]
        : [...wrapped(what, width - 2).map(line => `  ${line}`), `    aws2openstack ${command}`],
    ),
  ];
}

/** What a name may take before its description goes below it. */
const NAME = 36;

/** Two columns, the second wrapped to the width; what is too long for the first has its description below. */
function columns(rows: readonly [string, string][], width: number): string[] {
  const first = Math.max(...rows.map(([name]) => name.length).filter(length => length <= NAME), 4) + 4;
  return rows.flatMap(([name, text]) => {
    const isLong = name.length + 4 > first;
    const lines = wrapped(text, Math.max(20, width - first)).map((line, index) =>
      `${(index === 0 && !isLong ? `  ${name}` : "").padEnd(first)}${line}`.trimEnd(),
    );
    return isLong ? [`  ${name}`, ...lines] : lines;
  });
}

/** citty's parts may be values, promises, or functions that load them. */
export async function resolved<T>(value: T | Promise<T> | (() => T | Promise<T>) | undefined): Promise<T | undefined> {
  return value instanceof Function ? value() : value;
}
