import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { a2o, temporaryDirectory } from "./testing.ts";

let directory: { path: string; remove: () => Promise<void> };
beforeAll(async () => {
  directory = await temporaryDirectory();
});
afterAll(() => directory.remove());

describe("aws2openstack mcp install", () => {
  it("prints what it would write, and writes nothing", async () => {
    const home = join(directory.path, "new");
    const { stdout, code } = await a2o(["mcp", "install", "vscode", "--print"], { env: { HOME: home } });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      servers: { aws2openstack: { type: "stdio", command: process.execPath, args: [expect.any(String), "mcp"] } },
    });
    await expect(stat(home)).rejects.toThrow();
  });

  it("writes it, without the password of the database", async () => {
    const home = join(directory.path, "written");
    const env = { HOME: home, MCP_DATABASE_URL: "postgresql://a2o_mcp:canary@db.example.net:5432/a2o" };
    const { stdout, stderr, code } = await a2o(["mcp", "install", "claude-desktop"], { env });
    expect([code, stdout]).toEqual([0, expect.stringContaining("Added to the configuration of Claude Desktop")]);
    expect(stderr).toMatch(/password .* not written.*pgpass/);
    const text = await readFile(join(home, ".config/Claude/claude_desktop_config.json"), "utf8");
    expect(text).not.toContain("canary");
    expect(JSON.parse(text).mcpServers.aws2openstack.env).toEqual({
      MCP_DATABASE_URL: "postgresql://a2o_mcp@db.example.net:5432/a2o",
    });
  });

  it("names the clients there are for one it does not know, and for none", async () => {
    for (const args of [["notepad"], []]) {
      const { code, stderr } = await a2o(["mcp", "install", ...args]);
      expect([code, stderr]).toEqual([2, expect.stringContaining("claude-desktop, claude-code, cursor, vscode")]);
    }
    expect((await a2o(["mcp", "instal"])).stderr).toContain("Did you mean aws2openstack mcp install?");
  });
});
