import { parseArgs } from "node:util";
import type { ArgDef, ArgsDef, CommandMeta } from "citty";
import { UsageError } from "./common.ts";
import { nearest } from "./nearest.ts";

/**
 * Refuses what citty would take silently: options it does not know, values that are missing or are the next option, options
 * given twice, and arguments that the command has no use for.
 * @throws UsageError
 */
export function checkArguments(
  command: string,
  definitions: ArgsDef,
  args: string[],
  { countsArguments = false }: CommandMeta = {},
): void {
  const options = Object.entries(definitions).filter(([, definition]) => definition.type !== "positional");
  const positionals = Object.entries(definitions).filter(([, { type }]) => type === "positional");
  const takesMore = positionals.length > 0;
  // An ellipsis in the hint says that the last one may be given several times.
  const takesAny = positionals.some(([, { valueHint = "" }]) => valueHint.includes("…"));
  const most = takesMore && (takesAny || countsArguments) ? Infinity : positionals.length;
  const names = options.map(([name]) => name);
  const seen = new Set<string>();
  const { tokens } = parseArgs({
    args,
    options: Object.fromEntries(
      options.map(([name, definition]) => [name, { type: isString(definition) ? "string" : "boolean" }]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  let given = 0;
  for (const token of tokens) {
    if (token.kind === "positional" && ++given > most) {
      throw new UsageError(
        takesMore ? `There is one argument too many: ${token.value}.` : `${command} takes no argument ${token.value}.`,
        `See what it takes: ${command} --help`,
      );
    }
    if (token.kind !== "option") continue;
    const definition = definitions[token.name];
    if (!names.includes(token.name) || definition === undefined || token.rawName !== `--${token.name}`) {
      throw unknownOption(command, args[token.index] ?? token.rawName, names, takesMore);
    }
    const { rawName, value } = token;
    if (!isString(definition)) {
      if (value !== undefined) throw new UsageError(`${rawName} takes no value.`, `Write ${rawName} alone.`);
      continue;
    }
    if (value === undefined || value === "")
      throw new UsageError(`${rawName} needs a value.`, `e.g. ${example(token.name, definition)}`);
    if (value.startsWith("-") && value !== "-" && !token.inlineValue) {
      throw new UsageError(
        `${rawName} needs a value, and ${value} looks like an option.`,
        `If it is the value, write ${rawName}=${value}`,
      );
    }
    if (definition.type === "enum" && definition.options?.includes(value) === false) {
      const close = nearest(value, definition.options);
      throw new UsageError(
        `${rawName} cannot be ${value}.`,
        close === undefined ? `It is one of: ${definition.options.join(", ")}.` : `Did you mean ${rawName} ${close}?`,
      );
    }
    if (seen.has(token.name) && !isRepeatable(definition)) throw new UsageError(`${rawName} is given more than once.`);
    seen.add(token.name);
  }
  const missing = positionals.filter(([, { required }]) => required !== false)[given];
  if (missing !== undefined) {
    const [name, { valueHint = name.toUpperCase() }] = missing;
    throw new UsageError(`${command} needs ${valueHint}.`, `See what it takes: ${command} --help`);
  }
}

/** `--region eu-central-1` */
function example(name: string, definition: ArgDef): string {
  return `--${name} ${("valueHint" in definition && definition.valueHint) || name.toUpperCase()}`;
}

export function isString(definition: ArgDef): boolean {
  return definition.type === "string" || definition.type === "enum";
}

function isRepeatable(definition: ArgDef): boolean {
  return "multiple" in definition && definition.multiple === true;
}

/** Every value of an option that may be repeated, in order; citty itself keeps the last one. */
export function valuesOf(rawArgs: readonly string[], name: string): string[] {
  const { values } = parseArgs({
    args: [...rawArgs],
    options: { [name]: { type: "string", multiple: true } },
    strict: false,
    allowPositionals: true,
  });
  const given = values[name];
  return Array.isArray(given) ? given.filter(value => typeof value === "string") : [];
}

function unknownOption(command: string, argument: string, names: readonly string[], passesOn: boolean): UsageError {
  const written = argument.split("=", 1)[0] ?? argument;
  const word = written.replace(/^-+/, "");
  const close = nearest(word, names) ?? (word.length > 1 ? names.find(name => name.startsWith(word)) : undefined);
  if (close !== undefined) return new UsageError(`There is no option ${written}.`, `Did you mean --${close}?`);
  const advice = passesOn
    ? `What comes after -- is taken as it is: ${command} -- ${argument}`
    : `See: ${command} --help`;
  return new UsageError(`There is no option ${written}.`, advice);
}
