// Writes the answers in docs/graphql.md, from the demo catalog: `npm run docs:database`. web/server/graphql/docs.test.ts fails
// when they are out of date.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { withClient } from "../postgres/connect.ts";
import { setLoginPasswords } from "../postgres/logins.ts";
import { migrate } from "../postgres/migrate.ts";
import { packageRoot } from "../postgres/package-root.ts";
import { startThrowaway } from "../postgres/throwaway.ts";
import { type Caller, serveGraphql, Told } from "../web/server/graphql/testing.ts";
import { recordDemo } from "./database-docs.ts";

export const GUIDE = join(packageRoot, "docs/graphql.md");

const EXAMPLE = /^```graphql(?: role=(\w+))?\n([\s\S]*?)^```\n(?:\n```json\n([\s\S]*?)```\n)?/gm;

export interface Example {
  role: "a2o_reader" | "a2o_operator";
  query: string;
  /** What the guide says is answered. */
  output: string | undefined;
}

export function examplesIn(guide: string): Example[] {
  return [...guide.matchAll(EXAMPLE)].map(([, role, query = "", output]) => ({
    role: role === "a2o_operator" ? role : "a2o_reader",
    query,
    output,
  }));
}

/** Answers examples on a migrated database, into which the demo catalog is recorded. */
export async function answerer(url: string, urlFor: (login: string) => string) {
  await recordDemo(url);
  const newest = await withClient(url, { purpose: "docs" }, async client => {
    await client.query("select a2o.grant_account_access('ann@example.com', '*')");
    const { rows } = await client.query("select id from a2o.newest_assessments where region = 'us-east-1'");
    return String(rows[0]?.id);
  });
  const server = await serveGraphql({ urlFor });
  return {
    async answer({ query, role }: Example): Promise<string> {
      const caller: Caller = { user: "ann@example.com", role };
      if (query.startsWith("subscription")) {
        const told = new Told<object>(server.client(caller), query);
        await told.until(({ events, errors }) => events.length + errors.length > 0);
        told.stop();
        return pretty({ data: { changes: told.events[0] } });
      }
      const { data, errors } = await server.ask(caller, query.replaceAll("…", newest));
      return pretty({ ...(errors !== undefined && { errors }), ...(data !== undefined && { data }) });
    },
    close: () => server.close(),
  };
}

/** JSON with everything that fits on one line on one line. */
function pretty(value: unknown, indent = ""): string {
  const flat = JSON.stringify(value).replaceAll(
    /("(?:[^"\\]|\\.)*")|([,:{])|(\})/g,
    (_, text, before, after) => text ?? (before === undefined ? ` ${after}` : `${before} `),
  );
  const isScalar = typeof value !== "object" || value === null;
  if (isScalar || (indent.length + flat.length <= 120 && indent !== "")) return flat;
  const inner = `${indent}  `;
  const lines = Array.isArray(value)
    ? value.map(item => `${inner}${pretty(item, inner)}`)
    : Object.entries(value).map(([key, item]) => `${inner}${JSON.stringify(key)}: ${pretty(item, inner)}`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return `${open}\n${lines.join(",\n")}\n${indent}${close}${indent === "" ? "\n" : ""}`;
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
    const written = guide.replaceAll(EXAMPLE, (whole, _role, _query, output?: string) => {
      const answer = outputs.shift() ?? "";
      return output === undefined ? whole : whole.replace(/```json\n[\s\S]*$/, () => `\`\`\`json\n${answer}\`\`\`\n`);
    });
    await writeFile(GUIDE, written);
  } finally {
    // graphile-migrate keeps its idle connections for 200 ms and ends the process when the server closes one of them.
    await sleep(300);
    await server.stop();
  }
}
