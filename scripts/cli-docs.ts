/** Writes the reference in docs/cli.md from the commands themselves: `npm run docs:cli`. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ArgsDef, CommandDef } from "citty";
import { tree } from "../cli/tree.ts";
import { resolved, usageText } from "../cli/usage.ts";
import { packageRoot } from "../postgres/package-root.ts";

export const GUIDE = join(packageRoot, "docs/cli.md");
const START = "<!-- commands: npm run docs:cli writes what follows -->";
const WIDTH = 100;

/** The help of every command, each under a heading of its own. */
export async function renderCommands(): Promise<string> {
  const parts: string[] = [];
  await render(tree, ["aws2openstack"], parts);
  return parts.join("\n");
}

async function render(command: CommandDef<ArgsDef>, path: readonly string[], parts: string[]): Promise<void> {
  const subCommands = Object.entries((await resolved(command.subCommands)) ?? {});
  if (path.length > 1) {
    const level = "#".repeat(Math.min(4, path.length + 1));
    const usage = await usageText(command, path, { width: WIDTH, colour: false });
    parts.push(`${level} ${path.slice(1).join(" ")}\n\n\`\`\`\n${usage.trimEnd()}\n\`\`\`\n`);
  }
  for (const [name, sub] of subCommands) {
    const loaded = await resolved(sub);
    if (loaded !== undefined) await render(loaded, [...path, name], parts);
  }
}

/** The guide with this reference in place of the one it has. */
export function withCommands(guide: string, commands: string): string {
  const at = guide.indexOf(START);
  if (at === -1) throw new Error(`docs/cli.md lacks the line ${START}`);
  return `${guide.slice(0, at + START.length)}\n\n${commands}`;
}

if (import.meta.main) {
  await writeFile(GUIDE, withCommands(await readFile(GUIDE, "utf8"), await renderCommands()));
}
