import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../test/database.ts";
import { storeExample } from "../../test/example-assessment.ts";
import { a2o, temporaryDirectory } from "../testing.ts";

const SHELLS = ["bash", "zsh", "fish"] as const;

let db: TestDatabase;
let stored: string;
let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeAll(async () => {
  db = await createTestDatabase();
  stored = await storeExample(db, {
    awsAccountId: "111111111111",
    region: "eu-west-1",
    timestamp: "2025-01-01T10:00:00Z",
  });
  directory = await temporaryDirectory();
  const bin = join(directory.path, "bin");
  await mkdir(bin);
  const program = join(bin, "aws2openstack");
  await writeFile(program, `#!/bin/sh\nexec '${process.execPath}' '${join(import.meta.dirname, "../main.ts")}' "$@"\n`);
  await chmod(program, 0o755);
  for (const shell of SHELLS) {
    const { code, stdout, stderr } = await a2o(["completion", shell]);
    expect([code, stderr]).toEqual([0, ""]);
    await writeFile(join(directory.path, `completion.${shell}`), stdout);
  }
});
afterAll(async () => {
  await directory.remove();
  await db.drop();
});

function shell(program: string, args: string[]) {
  const { stdout, stderr, status } = spawnSync(program, args, {
    encoding: "utf8",
    cwd: directory.path,
    env: {
      PATH: `${join(directory.path, "bin")}${delimiter}${process.env.PATH}`,
      HOME: directory.path,
      DATABASE_URL: db.url,
      TERM: "dumb",
    },
  });
  return { stdout, stderr, status };
}

const isInstalled = (name: string) =>
  (process.env.PATH ?? "").split(delimiter).some(place => existsSync(join(place, name)));
const completion = (name: string) => join(directory.path, `completion.${name}`);

/** What a shell offers for the last word. */
const offers: Record<(typeof SHELLS)[number], (words: string[]) => string[]> = {
  bash(words) {
    const script = `source '${completion("bash")}'; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _aws2openstack; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = shell("bash", ["-c", script, "bash", ...words]);
    expect(stderr).toBe("");
    return stdout.split("\n").filter(word => word !== "");
  },
  fish(words) {
    const { stdout, stderr } = shell("fish", [
      ...["--no-config", "-c", `source '${completion("fish")}'; complete -C "$argv"`],
      words.join(" "),
    ]);
    expect(stderr).toBe("");
    return stdout
      .split("\n")
      .map(line => line.split("\t")[0] ?? "")
      .filter(word => word !== "");
  },
  zsh(words) {
    // compadd, which would offer to the line editor, prints instead.
    const script = `
      compadd() { local -a more; [[ $1 == -a ]] && { print -rl -- "\${(P@)2}"; return }; [[ $1 == -- ]] && shift; print -rl -- "$@" }
      _describe() { [[ $1 == -o ]] && shift; print -rl -- "\${(@)\${(P@)2}%%:*}" }
      _files() { print -r -- FILES }
      compset() { PREFIX=\${PREFIX#*=} }
      source '${completion("zsh")}'
      words=("$@"); CURRENT=$#; PREFIX=\${words[-1]}
      _aws2openstack`;
    const { stdout, stderr } = shell("zsh", ["-f", "-c", script, "zsh", ...words]);
    expect(stderr).toBe("");
    const last = words.at(-1) ?? "";
    const typed = last.includes("=") ? last.slice(last.indexOf("=") + 1) : last;
    return stdout.split("\n").filter(word => word !== "" && word.startsWith(typed));
  },
};

for (const name of SHELLS) {
  describe.skipIf(!isInstalled(name))(`completion of ${name}`, () => {
    const offered = (...words: string[]) => offers[name](["aws2openstack", ...words]).sort();

    it("offers commands, those below them, and options", () => {
      expect(offered("rep")).toEqual(["report"]);
      expect(offered("")).toEqual(
        expect.arrayContaining(["assess", "compare", "db", "doctor", "list", "report", "up"]),
      );
      expect(offered("db", "")).toEqual(["logins", "migrate", "psql", "reset", "run", "status", "url"]);
      expect(offered("report", "--fo")).toEqual(["--format"]);
      expect(offered("assess", "glue-catalog", "--output-d")).toEqual(["--output-dir"]);
      expect(offered("list", "--")).toEqual(
        expect.arrayContaining(["--account", "--help", "--json", "--limit", "--region"]),
      );
    });

    it("offers the values of an option, and nothing where anything may stand", () => {
      expect(offered("report", "--format", "")).toEqual(["csv", "html", "json", "md", "ndjson", "xlsx"]);
      expect(offered("completion", "")).toEqual(["bash", "fish", "zsh"]);
      expect(offered("list", "--limit", "")).toEqual([]);
    });

    it("offers what is stored: assessments, regions, accounts, databases", () => {
      expect(offered("report", "lat")).toEqual(["latest"]);
      expect(offered("compare", stored.slice(0, 6))).toEqual([stored]);
      expect(offered("list", "--region", "")).toEqual(["eu-west-1"]);
      expect(offered("list", "--account", "1")).toEqual(["111111111111"]);
      expect(offered("tables", "--database", "")).toEqual(["sales", "secret"]);
    });
  });
}

describe("completion", () => {
  it("is refused for an unknown shell", async () => {
    for (const args of [["completion"], ["completion", "tcsh"], ["completion", "bash", "zsh"]]) {
      const { code, stderr } = await a2o(args);
      expect([code, stderr]).toEqual([2, expect.stringContaining("there are: bash, zsh, fish")]);
    }
  });

  it("says nothing when the database cannot be asked", async () => {
    const env = { DATABASE_URL: "postgresql://me@127.0.0.1:9/a2o" };
    expect(await a2o(["completion", "--values", "regions"], { env })).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  it("offers no more than a reader may read", async () => {
    const stranger = await db.createLogin("a2o_reader");
    const { stdout } = await a2o(["completion", "--values", "accounts"], {
      env: { DATABASE_URL: db.urlFor(stranger) },
    });
    expect(stdout).toBe("");
  });
});
