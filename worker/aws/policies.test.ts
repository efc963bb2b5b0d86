import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../../postgres/package-root.ts";

/** Prefix of a client's actions in IAM. */
const PREFIXES: Record<string, string> = {
  "client-cloudwatch": "cloudwatch",
  "client-database-migration-service": "dms",
  "client-datasync": "datasync",
  "client-glue": "glue",
  "client-sts": "sts",
};
/** AWS answers it to everybody who has credentials, whatever their policies say. */
const NEEDS_NO_PERMISSION = ["sts:GetCallerIdentity"];

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource?: string;
}

const folder = join(packageRoot, "docs/iam");

async function allowedBy(file: string): Promise<string[]> {
  const policy: { Statement: Statement[] } = JSON.parse(await readFile(join(folder, file), "utf8"));
  return policy.Statement.flatMap(({ Action }) => Action);
}

/** Every operation that our code asks AWS for, by the commands of the SDK that it imports, as IAM names it. */
async function actionsOf(...folders: string[]): Promise<string[]> {
  const actions = new Set<string>();
  for (const path of folders) {
    for (const name of await readdir(join(packageRoot, path), { recursive: true })) {
      if (!name.endsWith(".ts") || /\.(test|fixture|helpers)\.ts$|(^|\/)testing\.ts$/.test(name)) continue;
      const text = await readFile(join(packageRoot, path, name), "utf8");
      for (const [, names = "", client = ""] of text.matchAll(/import \{([^}]*)\} from "@aws-sdk\/([\w-]+)"/g)) {
        for (const [, operation] of names.matchAll(/(?<!type )\b(\w+)Command\b/g)) {
          expect([client, PREFIXES[client]]).not.toContain(undefined);
          actions.add(`${PREFIXES[client]}:${operation}`);
        }
        if (names.includes("fromTemporaryCredentials")) actions.add("sts:AssumeRole");
      }
    }
  }
  return [...actions].filter(action => !NEEDS_NO_PERMISSION.includes(action)).sort();
}

const unique = (actions: string[]) => [...new Set(actions)].sort();

describe("docs/iam", () => {
  it("allows what our code asks AWS for, and nothing else", async () => {
    const files = (await readdir(folder)).filter(name => name.endsWith(".json"));
    const allowed = (await Promise.all(files.map(allowedBy))).flat();
    expect(unique(allowed)).toEqual(await actionsOf("worker", "cli"));
  });

  it("has a policy for watching that is enough for polls", async () => {
    const watched = await actionsOf("worker/poll");
    expect(unique(await allowedBy("watch-all.json"))).toEqual(watched.filter(action => action !== "sts:AssumeRole"));
  });

  it("has a policy for assessments that is enough for them", async () => {
    const read = (await actionsOf("worker/aws", "worker/assess")).filter(action => action.startsWith("glue:"));
    expect(unique(await allowedBy("glue-catalog-reader.json"))).toEqual(read);
  });

  it("allows only reading, by name: no wildcard, nothing that changes or starts anything", async () => {
    for (const name of (await readdir(folder)).filter(file => file.endsWith(".json"))) {
      for (const action of await allowedBy(name)) {
        expect([name, action]).toEqual([name, expect.stringMatching(/^\w+:(Get|List|Describe|AssumeRole$)\w*$/)]);
      }
    }
  });
});
