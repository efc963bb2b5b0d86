import type { Node } from "./model.ts";

/** As a POSIX shell and zsh take it for one word. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** How a word leads from one command to the next: at `db psql` (or ` db` from the program) the command is `db psql`. */
export function commandCases(nodes: readonly Node[]): { at: string; next: string }[] {
  return nodes.flatMap(node =>
    node.commands.map(({ name }) => ({ at: `${node.path} ${name}`, next: `${node.path} ${name}`.trim() })),
  );
}
