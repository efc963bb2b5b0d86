import { homedir } from "node:os";
import { join } from "node:path";
import { defineCommand } from "citty";
import { packageRoot } from "../../postgres/package-root.ts";
import { secretOf } from "../../postgres/secret.ts";
import { commonArgs, databaseUrl, ExitCode, openEmbedded, say, sayJson, tell, UsageError } from "../common.ts";

const installCommand = defineCommand({
  meta: {
    name: "install",
    countsArguments: true,
    description: "Add the MCP server to the configuration of Claude Desktop, Claude Code, Cursor or Visual Studio Code",
    examples: [
      ["mcp install claude-desktop", "Claude Desktop starts the server from now on"],
      ["mcp install cursor --print", "Show what would be written, and write nothing"],
    ],
  },
  args: {
    client: {
      type: "positional",
      required: false,
      valueHint: "CLIENT",
      description: "claude-desktop, claude-code, cursor or vscode",
    },
    print: { type: "boolean", description: "Print the configuration instead of writing it" },
    ...commonArgs,
  },
  async run({ args }) {
    const { CLIENTS, configurationFor, install } = await import("../../mcp/install.ts");
    const isClient = (name: string | undefined): name is keyof typeof CLIENTS => Object.hasOwn(CLIENTS, name ?? "");
    if (!isClient(args.client) || args._.length > 1) {
      throw new UsageError(
        args.client === undefined ? "Which client is meant?" : `There is no client ${args._.join(" ")} that is known.`,
        `It is one of ${Object.keys(CLIENTS).join(", ")}. Others take what \`aws2openstack mcp install claude-desktop --print\` shows.`,
      );
    }
    const { env, isPasswordLeftOut } = environment();
    const launch = {
      // Programs that start servers often lack the shell's PATH.
      command: process.execPath,
      args: [join(packageRoot, "bin/aws2openstack.js"), "mcp"],
      ...(env === undefined ? {} : { env }),
    };
    if (isPasswordLeftOut) {
      tell(
        "Warning: The password in the URL is not written: whoever reads the file would have it. Put it into ~/.pgpass, or into the configuration by hand.",
      );
    }
    if (args.print === true) {
      sayJson(configurationFor(args.client, launch));
      return ExitCode.ok;
    }
    const place = { platform: process.platform, home: homedir(), environment: process.env };
    const { file, outcome } = await install(args.client, launch, place);
    const { title, afterwards } = CLIENTS[args.client];
    const done = { added: "Added to", replaced: "Renewed in", unchanged: "Nothing to change in" }[outcome];
    say(`${done} the configuration of ${title}: ${file}`);
    if (outcome !== "unchanged") say(afterwards);
    return ExitCode.ok;
  },
});

/** Which database the server is to read, as it is set now, without the password. */
function environment(): { env: Record<string, string> | undefined; isPasswordLeftOut: boolean } {
  const home = process.env.AWS2OPENSTACK_HOME;
  const url = secretOf("MCP_DATABASE_URL") ?? databaseUrl();
  if (url === undefined) {
    return { env: home ? { AWS2OPENSTACK_HOME: home } : undefined, isPasswordLeftOut: false };
  }
  if (!URL.canParse(url)) {
    throw new UsageError(
      `${process.env.MCP_DATABASE_URL ? "MCP_DATABASE_URL" : "DATABASE_URL"} is not a URL.`,
      "It looks like postgresql://a2o_mcp@host:5432/aws2openstack.",
    );
  }
  const plain = new URL(url);
  const isPasswordLeftOut = plain.password !== "" || plain.searchParams.has("password");
  plain.password = "";
  plain.searchParams.delete("password");
  return { env: { MCP_DATABASE_URL: plain.href }, isPasswordLeftOut };
}

export default defineCommand({
  meta: {
    name: "mcp",
    description: "Serve the assessments to Claude and other MCP clients over standard input and output",
    examples: [
      ["mcp", "What an MCP client starts; it speaks the protocol, not to people"],
      ["mcp install claude-desktop", "Let Claude Desktop start it"],
    ],
  },
  args: { ...commonArgs },
  subCommands: { install: installCommand },
  async run() {
    const [{ runStdio }, { toolVersion }] = await Promise.all([
      import("../../mcp/stdio.ts"),
      import("../../worker/version.ts"),
    ]);
    const url = secretOf("MCP_DATABASE_URL") ?? databaseUrl();
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
