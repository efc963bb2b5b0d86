import type { ArgDef, ArgsDef, CommandDef } from "citty";
import { isString } from "../arguments.ts";
import { resolved, valueName } from "../usage.ts";

/** What may stand at a place of the command line. */
export type Candidates =
  | { kind: "words"; words: readonly string[] }
  /** What the database knows: `completion --values NAME` prints it. */
  | { kind: "values"; name: ValueName }
  | { kind: "files" }
  | { kind: "directories" }
  | { kind: "nothing" };

export const VALUE_NAMES = ["assessments", "regions", "accounts", "databases", "formats", "findings"] as const;
export type ValueName = (typeof VALUE_NAMES)[number];

export interface Option {
  name: string;
  description: string;
  /** Undefined when it takes no value. */
  value: Candidates | undefined;
}

/** A command as completion sees it. */
export interface Node {
  /** Without the program's name: `db psql`; empty for the program itself. */
  path: string;
  description: string;
  commands: { name: string; description: string }[];
  options: Option[];
  positional: Candidates;
}

/** Every command of the tree, the program first. */
export async function nodesOf(command: CommandDef<ArgsDef>, path = ""): Promise<Node[]> {
  const definitions = Object.entries((await resolved(command.args)) ?? {});
  const subCommands: { name: string; command: CommandDef<ArgsDef>; description: string }[] = [];
  for (const [name, sub] of Object.entries((await resolved(command.subCommands)) ?? {})) {
    const loaded = await resolved(sub);
    const meta = await resolved(loaded?.meta);
    if (loaded !== undefined) subCommands.push({ name, command: loaded, description: meta?.description ?? "" });
  }
  const positionals = definitions.filter(([, definition]) => definition.type === "positional");
  const [first] = positionals;
  const node: Node = {
    path,
    description: (await resolved(command.meta))?.description ?? "",
    commands: subCommands.map(({ name, description }) => ({ name, description })),
    options: [
      ...definitions
        .filter(([, definition]) => definition.type !== "positional")
        .map(([name, definition]) => ({
          name,
          description: definition.description ?? "",
          value: isString(definition) ? candidatesOf(name, definition) : undefined,
        })),
      { name: "help", description: "Show help", value: undefined },
    ],
    positional: first === undefined ? { kind: "nothing" } : candidatesOf(first[0], first[1]),
  };
  const below = await Promise.all(subCommands.map(sub => nodesOf(sub.command, `${path} ${sub.name}`.trim())));
  return [node, ...below.flat()];
}

const BY_HINT: Record<string, Candidates> = {
  ASSESSMENT: { kind: "values", name: "assessments" },
  REGION: { kind: "values", name: "regions" },
  ACCOUNT: { kind: "values", name: "accounts" },
  DATABASE: { kind: "values", name: "databases" },
  FORMAT: { kind: "values", name: "formats" },
  CODE: { kind: "values", name: "findings" },
  FILE: { kind: "files" },
  DIR: { kind: "directories" },
};
/** Where the hint is an example rather than a kind. */
const BY_NAME: Record<string, Candidates> = {
  region: { kind: "values", name: "regions" },
  account: { kind: "values", name: "accounts" },
  "output-dir": { kind: "directories" },
};

function candidatesOf(name: string, definition: ArgDef): Candidates {
  if (definition.type === "enum") return { kind: "words", words: definition.options ?? [] };
  const hint = valueName(definition).replace(/[[\]….]/g, "");
  const alternatives = hint.split("|");
  if (alternatives.length > 1 && alternatives.every(word => /^[a-z]+$/.test(word)))
    return { kind: "words", words: alternatives };
  return BY_HINT[hint] ?? BY_NAME[name] ?? { kind: "nothing" };
}
