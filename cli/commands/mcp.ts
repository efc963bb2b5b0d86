import { defineCommand } from "citty";
import { commonArgs, databaseUrl, openEmbedded, tell } from "../common.ts";

export default defineCommand({
  meta: {
    name: "mcp",
    description: "Serve the assessments to Claude and other MCP clients over standard input and output",
    examples: [["mcp", "as Claude starts it by itself"]],
  },
  args: { ...commonArgs },
  async run() {
    const [{ runStdio }, { toolVersion }] = await Promise.all([
      import("../../mcp/stdio.ts"),
      import("../../worker/version.ts"),
    ]);
    const url = process.env.MCP_DATABASE_URL || databaseUrl();
    if (url !== undefined) {
      await runStdio({ url, version: toolVersion });
      return;
    }
    const { grantEmbeddedAccess } = await import("../access.ts");
    const storage = await openEmbedded();
    try {
      if (storage.embedded === undefined) throw new Error("the embedded database was asked for");
      await grantEmbeddedAccess(storage.url);
      tell("aws2openstack mcp: reading the embedded database");
      await runStdio({ url: storage.embedded.urlFor("a2o_mcp"), version: toolVersion });
    } finally {
      await storage.release();
    }
  },
});
