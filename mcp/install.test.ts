import { mkdir, mkdtemp, readFile, readlink, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLIENTS, type ClientName, install, type Place } from "./install.ts";

const launch = { command: "/usr/bin/node", args: ["/opt/a2o/bin/aws2openstack.js", "mcp"] };
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "a2o-mcp-install-"));
});
afterAll(() => rm(directory, { recursive: true }));

let homes = 0;
const freshPlace = (platform: NodeJS.Platform = "linux"): Place => ({
  platform,
  home: join(directory, `home-${homes++}`),
  environment: {},
});
const names = Object.keys(CLIENTS) as ClientName[];
const contents = async (file: string) => JSON.parse(await readFile(file, "utf8"));

describe("the configuration of a client", () => {
  it.each(names)("%s: is made, renewed and left alone", async name => {
    const place = freshPlace();
    const { file, outcome } = await install(name, launch, place);
    expect(outcome).toBe("added");
    const { key } = CLIENTS[name];
    expect(await contents(file)).toMatchObject({ [key]: { aws2openstack: launch } });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await install(name, launch, place)).toEqual({ file, outcome: "unchanged" });
    const moved = { ...launch, env: { MCP_DATABASE_URL: "postgresql://a2o_mcp@db/a" } };
    expect((await install(name, moved, place)).outcome).toBe("replaced");
    expect((await contents(file))[key].aws2openstack).toMatchObject(moved);
  });

  it.each([
    ["claude-desktop", "linux", {}, ".config/Claude/claude_desktop_config.json"],
    ["claude-desktop", "darwin", {}, "Library/Application Support/Claude/claude_desktop_config.json"],
    ["claude-desktop", "win32", {}, "AppData/Roaming/Claude/claude_desktop_config.json"],
    ["claude-code", "linux", {}, ".claude.json"],
    ["cursor", "darwin", {}, ".cursor/mcp.json"],
    ["vscode", "linux", {}, ".config/Code/User/mcp.json"],
    ["vscode", "darwin", {}, "Library/Application Support/Code/User/mcp.json"],
  ] as const)("of %s on %s stands where it reads it", (name, platform, environment, path) => {
    expect(CLIENTS[name].file({ platform, home: "/home/ann", environment })).toBe(join("/home/ann", path));
  });

  it("keeps everything else that stands there, whatever it is", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.dictionary(fc.string(), fc.jsonValue()),
        async (name, rest, servers) => {
          const place = freshPlace();
          const { key } = CLIENTS[name];
          const file = CLIENTS[name].file(place);
          const before = JSON.parse(JSON.stringify({ ...rest, [key]: { ...servers, other: { command: "x" } } }));
          await mkdir(dirname(file), { recursive: true });
          await writeFile(file, JSON.stringify(before));
          await install(name, launch, place);
          const after = await contents(file);
          expect(after[key].aws2openstack).toMatchObject(launch);
          delete after[key].aws2openstack;
          delete before[key].aws2openstack;
          expect(after).toEqual(before);
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each([
    ["{ // comment\n}", /not plain JSON/],
    ["[1]", /it is no object/],
    ['{"mcpServers": []}', /its mcpServers is no object/],
  ])("is not touched when it cannot be extended: %s", async (text, message) => {
    const place = freshPlace();
    const file = CLIENTS.cursor.file(place);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    await expect(install("cursor", launch, place)).rejects.toThrow(message);
    expect(await readFile(file, "utf8")).toBe(text);
  });

  it("stays a link when it is one, with its rights", async () => {
    const place = freshPlace();
    const file = CLIENTS.cursor.file(place);
    const target = join(place.home, "dotfiles.json");
    await mkdir(dirname(file), { recursive: true });
    await writeFile(target, "{}", { mode: 0o644 });
    await symlink(target, file);
    await install("cursor", launch, place);
    expect(await readlink(file)).toBe(target);
    expect((await stat(target)).mode & 0o777).toBe(0o644);
    expect(await contents(target)).toMatchObject({ mcpServers: { aws2openstack: launch } });
  });
});
