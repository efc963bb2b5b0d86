import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { packageRoot } from "../postgres/package-root.ts";
import { GUIDE, renderCommands, withCommands } from "../scripts/cli-docs.ts";
import { guides } from "../scripts/database-docs.ts";
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
  for (const example of examples) await check(example, example);
});

it("the guides show only commands and options that there are", async () => {
  let found = 0;
  for (const guide of await guides()) {
    const text = await readFile(join(packageRoot, guide), "utf8");
    for (const [, language = "", block = ""] of text.matchAll(/^```(\w*)[^\n]*\n([\s\S]*?)^```/gm)) {
      if (language !== "sh" && language !== "") continue;
      // What a guide shows as typed in a block with output begins with a prompt.
      const start =
        language === "sh" ? /^(?:(?:sudo|npx) |[A-Z_]+=\S+ )*aws2openstack (.*)$/ : /^\$ aws2openstack (.*)$/;
      for (const line of block.replaceAll(/\\\n\s*/g, "").split("\n")) {
        const [, typed] = start.exec(line) ?? [];
        if (typed === undefined) continue;
        await check(typed.replace(/\s+#.*$/, ""), `${guide}: ${line}`);
        found++;
      }
    }
  }
  expect(found).toBeGreaterThan(60);
});

/** Fails when a command, as typed after the program's name, would be refused before it runs. */
async function check(typed: string, where: string): Promise<void> {
  const nodes = await nodesOf(tree);
  const words =
    (typed.split(/ (?:[|>&]|&&)(?: |$)/)[0] ?? "")
      .match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)
      ?.map(word => word.replaceAll(/['"]/g, "")) ?? [];
  let path = "";
  while (words[0] !== undefined && nodes.some(node => node.path === `${path} ${words[0]}`.trim())) {
    path = `${path} ${words.shift()}`.trim();
  }
  expect(path === "" && !words[0]?.startsWith("-") ? words[0] : "", `${where}: no such command`).toBe("");
  const definitions = await resolved((await commandAt(path)).args);
  expect(() => checkArguments(path, definitions ?? {}, words), where).not.toThrow();
}

async function commandAt(path: string) {
  let command = tree;
  for (const name of path === "" ? [] : path.split(" ")) {
    const sub = (await resolved(command.subCommands))?.[name];
    command = (await resolved(sub)) ?? command;
  }
  return command;
}
