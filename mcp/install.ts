import { randomBytes } from "node:crypto";
import { mkdir, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { errorCode, UserError } from "../postgres/user-error.ts";

/** How a client starts a server: what goes under our name in its configuration. */
export interface Launch {
  command: string;
  args: string[];
  env?: Record<string, string>;
}

export interface Place {
  platform: NodeJS.Platform;
  /** The user's home directory. */
  home: string;
  environment: Record<string, string | undefined>;
}

interface McpClient {
  title: string;
  /** The user's configuration, as the client's documentation names it. */
  file: (place: Place) => string;
  /** Key of the object that holds the servers. */
  key: "mcpServers" | "servers";
  /** What the client wants besides the launch. */
  extra?: Record<string, string>;
  /** What to do for the change to count. */
  afterwards: string;
}

/** Clients that read their servers from a JSON file. */
export const CLIENTS = {
  "claude-desktop": {
    title: "Claude Desktop",
    file: place => join(applicationData(place, "Claude"), "claude_desktop_config.json"),
    key: "mcpServers",
    afterwards: "Quit Claude Desktop and start it again.",
  },
  "claude-code": {
    title: "Claude Code",
    // User scope, as `claude mcp add --scope user` writes it.
    file: ({ home, environment }) =>
      environment.CLAUDE_CONFIG_DIR ? join(environment.CLAUDE_CONFIG_DIR, ".claude.json") : join(home, ".claude.json"),
    key: "mcpServers",
    extra: { type: "stdio" },
    afterwards: "Start a new session; /mcp shows the server there.",
  },
  cursor: {
    title: "Cursor",
    file: ({ home }) => join(home, ".cursor", "mcp.json"),
    key: "mcpServers",
    afterwards: "Switch the server on in Cursor's settings, under MCP.",
  },
  vscode: {
    title: "Visual Studio Code",
    file: place => join(applicationData(place, "Code"), "User", "mcp.json"),
    key: "servers",
    extra: { type: "stdio" },
    afterwards: "Start it with the command MCP: List Servers.",
  },
} as const satisfies Record<string, McpClient>;

export type ClientName = keyof typeof CLIENTS;

/** Name of our server in every configuration. */
const SERVER_NAME = "aws2openstack";

function applicationData({ platform, home, environment }: Place, application: string): string {
  if (platform === "darwin") return join(home, "Library", "Application Support", application);
  if (platform === "win32") return join(environment.APPDATA ?? join(home, "AppData", "Roaming"), application);
  return join(environment.XDG_CONFIG_HOME ?? join(home, ".config"), application);
}

/** The configuration that a client needs for our server, and nothing else. */
export function configurationFor(client: ClientName, launch: Launch): Record<string, unknown> {
  const { key, ...rest }: McpClient = CLIENTS[client];
  return { [key]: { [SERVER_NAME]: { ...rest.extra, ...launch } } };
}

export interface Installed {
  file: string;
  outcome: "added" | "replaced" | "unchanged";
}

/**
 * Puts our server into the client's configuration; whatever else stands there stays, and the file is there whole at every
 * moment.
 * @throws UserError when the file is not JSON as we can extend it, or cannot be written
 */
export async function install(client: ClientName, launch: Launch, place: Place): Promise<Installed> {
  const { key, title, file: fileOf }: McpClient = CLIENTS[client];
  const file = await real(fileOf(place));
  const configuration = await read(file, title);
  const servers = configuration[key] ?? {};
  if (!isObject(servers)) throw unreadable(file, title, `its ${key} is no object`);
  const before = JSON.stringify(servers[SERVER_NAME]);
  const ours = configurationFor(client, launch)[key];
  const merged = { ...servers, ...(isObject(ours) ? ours : {}) };
  if (before === JSON.stringify(merged[SERVER_NAME])) return { file, outcome: "unchanged" };
  await write(file, `${JSON.stringify({ ...configuration, [key]: merged }, null, 2)}\n`);
  return { file, outcome: before === undefined ? "added" : "replaced" };
}

/** Where a link leads, so that it stays a link. */
async function real(file: string): Promise<string> {
  return realpath(file).catch(() => file);
}

async function read(file: string, title: string): Promise<Record<string, unknown>> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return {};
    throw new UserError(`${file} cannot be read: ${errorCode(error)}.`, "Check its rights.", { cause: error });
  }
  if (text.trim() === "") return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw unreadable(file, title, error instanceof Error ? error.message : String(error));
  }
  if (!isObject(parsed)) throw unreadable(file, title, "it is no object");
  return parsed;
}

function unreadable(file: string, title: string, why: string): UserError {
  return new UserError(
    `The configuration of ${title}, ${file}, is not plain JSON as expected: ${why}.`,
    "Nothing was changed. Add what `aws2openstack mcp install … --print` shows by hand.",
  );
}

async function write(file: string, text: string): Promise<void> {
  const draft = `${file}.${randomBytes(4).toString("hex")}`;
  try {
    await mkdir(dirname(file), { recursive: true });
    // It may hold other servers' secrets: nobody gets to read it who could not before.
    const mode = await stat(file).then(
      ({ mode }) => mode & 0o777,
      () => 0o600,
    );
    await writeFile(draft, text, { mode });
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw new UserError(`${file} cannot be written: ${errorCode(error)}.`, "Check the rights of its directory.", {
      cause: error,
    });
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
