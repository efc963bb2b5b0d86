import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { packageRoot } from "../postgres/package-root.ts";
import { GUIDE, renderCommands, withCommands } from "../scripts/cli-docs.ts";
import { checkArguments } from "./arguments.ts";
import { nodesOf } from "./completion/model.ts";
import { tree } from "./tree.ts";
import { resolved } from "./usage.ts";

it("docs/cli.md describes the commands as they are", async () => {
  const guide = await readFile(GUIDE, "utf8");
  expect(guide, "run npm run docs:cli").toBe(withCommands(guide, await renderCommands()));
});

it("the help of every command has examples, with commands and options that there are", async () => {
  const nodes = await nodesOf(tree);
  const examples: string[] = [];
  for (const { path } of nodes) {
    const command = await commandAt(path);
    const own = ((await resolved(command.meta))?.examples ?? []).map(([text]) => text);
    expect(own, `${path} --help`).not.toEqual([]);
    examples.push(...own);
  }
  expect(examples.length).toBeGreaterThan(20);
  for (const example of examples) {
    const words = (example.split(/ [|>] /)[0] ?? "").match(/'[^']*'|\S+/g)?.map(word => word.replaceAll("'", "")) ?? [];
    let path = "";
    while (words[0] !== undefined && nodes.some(node => node.path === `${path} ${words[0]}`.trim())) {
      path = `${path} ${words.shift()}`.trim();
    }
    const definitions = await resolved((await commandAt(path)).args);
    expect(() => checkArguments(path, definitions ?? {}, words), example).not.toThrow();
  }
});

async function commandAt(path: string) {
  let command = tree;
  for (const name of path === "" ? [] : path.split(" ")) {
    const sub = (await resolved(command.subCommands))?.[name];
    command = (await resolved(sub)) ?? command;
  }
  return command;
}

it("the guides name no command that is not there", async () => {
  const nodes = await nodesOf(tree);
  for (const guide of ["README.md", "docs/cli.md", "docs/reports.md"]) {
    const text = await readFile(join(packageRoot, guide), "utf8");
    for (const [, words = ""] of text.matchAll(/^(?:\$ )?aws2openstack ((?:[a-z][a-z-]* ?)+)/gm)) {
      const [first = ""] = words.split(" ");
      expect(
        nodes.map(node => node.path),
        `${guide}: ${words}`,
      ).toContain(first);
    }
  }
});
