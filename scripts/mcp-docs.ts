// Writes the answers in docs/mcp.md, from the demo catalog: `npm run docs:database`. mcp/docs.test.ts fails when they are out of
// date.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { call, openSession } from "../mcp/session.fixture.ts";
import { withClient } from "../postgres/connect.ts";
import { setLoginPasswords } from "../postgres/logins.ts";
import { migrate } from "../postgres/migrate.ts";
import { packageRoot } from "../postgres/package-root.ts";
import { startThrowaway } from "../postgres/throwaway.ts";
import { recordDemo } from "./database-docs.ts";

export const GUIDE = join(packageRoot, "docs/mcp.md");

const EXAMPLE = /^```json tool=(\w+)\n([\s\S]*?)^```\n(?:\n```\n([\s\S]*?)```\n)?/gm;

/** Ids and moments differ each time the demo catalog is recorded. */
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const MOMENT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?\+00:00/g;

export interface Example {
  tool: string;
  args: string;
  /** What the guide says is answered. */
  output: string | undefined;
}

export function examplesIn(guide: string): Example[] {
  return [...guide.matchAll(EXAMPLE)].map(([, tool = "", args = "", output]) => ({ tool, args, output }));
}

/** Answers examples on a migrated database, into which the demo catalog is recorded; `…` stands for the id of us-east-1. */
export async function answerer(url: string, urlFor: (login: string) => string) {
  await recordDemo(url);
  const newest = await withClient(url, { purpose: "docs" }, async client => {
    await client.query("select a2o.grant_account_access('a2o_mcp', '*')");
    const { rows } = await client.query("select id from a2o.newest_assessments where region = 'us-east-1'");
    return String(rows[0]?.id);
  });
  const session = await openSession(urlFor("a2o_mcp"));
  return {
    async answer({ tool, args }: Example): Promise<string> {
      const given: unknown = JSON.parse(args.replaceAll("…", newest));
      const { text } = await call(session.client, tool, Object.assign({}, given));
      return `${text
        .replaceAll(UUID, "…")
        .replaceAll(MOMENT, "…")
        .replaceAll(/next_cursor: \S+/g, "next_cursor: …")}\n`;
    },
    close: () => session.close(),
  };
}

if (import.meta.main) {
  const server = await startThrowaway();
  try {
    const url = server.urlOf("postgres");
    await migrate(url);
    await setLoginPasswords(url, { a2o_authenticator: server.password, a2o_mcp: server.password });
    const examples = await answerer(url, login => url.replace(/\/\/[^:]+:/, `//${login}:`));
    const guide = await readFile(GUIDE, "utf8");
    const outputs: string[] = [];
    for (const example of examplesIn(guide)) outputs.push(await examples.answer(example));
    await examples.close();
    const written = guide.replaceAll(EXAMPLE, (whole, _tool, _args, output?: string) => {
      const answer = outputs.shift() ?? "";
      return output === undefined ? whole : whole.replace(/\n\n```\n[\s\S]*$/, () => `\n\n\`\`\`\n${answer}\`\`\`\n`);
    });
    await writeFile(GUIDE, written);
  } finally {
    // graphile-migrate keeps its idle connections for 200 ms and ends the process when the server closes one of them.
    await sleep(300);
    await server.stop();
  }
}
