/**
 * Cuts a release: `node scripts/release.ts 0.2.0` turns what is unreleased in CHANGELOG.md into the section of that version,
 * raises package.json's, commits both and tags it. Pushing the tag publishes (.github/workflows/release.yml).
 * `--notes 0.2.0` prints the section of a version instead, and refuses when it is not package.json's.
 */
import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";

const HEADING = /^## (?:Unreleased|(\d+\.\d+\.\d+) \((\d{4}-\d\d-\d\d)\))$/;

export interface Section {
  /** Null for what is unreleased. */
  version: string | null;
  date: string | null;
  text: string;
}

/** The sections, as they stand. @throws Error when the changelog has not the form that releases need. */
export function sectionsOf(changelog: string): Section[] {
  const [head = "", ...parts] = changelog.split(/^(?=## )/m);
  if (head.trim() !== "# Changelog") throw new Error("CHANGELOG.md must begin with '# Changelog' and then sections.");
  const sections = parts.map(part => {
    const [heading = "", ...lines] = part.split("\n");
    const match = HEADING.exec(heading);
    if (match === null) throw new Error(`'${heading}' is neither '## Unreleased' nor '## 1.2.3 (2026-11-25)'.`);
    const text = lines.join("\n").trim();
    for (const line of text.split("\n")) {
      if (text !== "" && !/^(?:- \S| {2}\S)/.test(line)) throw new Error(`In '${heading}', '${line}' is no list item.`);
    }
    return { version: match[1] ?? null, date: match[2] ?? null, text };
  });
  sections.forEach(({ version }, index) => {
    const next = sections[index + 1]?.version;
    if (version === null && index > 0) throw new Error("Only the first section may be 'Unreleased'.");
    if (version !== null && next != null && compareVersions(version, next) <= 0) {
      throw new Error(`${version} stands above ${next}.`);
    }
  });
  return sections;
}

/** The changelog in which what was unreleased is the given version. @throws Error when there is nothing to release. */
export function released(changelog: string, version: string, date: string): string {
  const sections = sectionsOf(changelog);
  const [first] = sections;
  if (first === undefined || first.version !== null || first.text === "") {
    throw new Error("CHANGELOG.md says nothing under '## Unreleased': write what users get first.");
  }
  const newest = sections.find(section => section.version !== null)?.version;
  if (newest != null && compareVersions(version, newest) <= 0) throw new Error(`${version} does not follow ${newest}.`);
  return changelog.replace("## Unreleased", () => `## Unreleased\n\n## ${version} (${date})`);
}

export function compareVersions(one: string, other: string): number {
  const [a, b] = [one, other].map(version => version.split(".").map(Number));
  for (let part = 0; part < 3; part++) {
    const difference = (a?.[part] ?? 0) - (b?.[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Releases the repository in `root`. @throws Error that says what stands in the way; then nothing was changed. */
export async function release(root: string, version: string, date: string): Promise<void> {
  const git = (...args: string[]) => execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();
  if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`'${version}' is no version, as 1.2.3 is.`);
  if (git("status", "--porcelain") !== "") throw new Error("There are changes that are not committed.");
  const branch = git("rev-parse", "--abbrev-ref", "HEAD");
  if (branch !== "main") throw new Error(`Releases are cut from main, not from ${branch}.`);
  if (git("tag", "--list", `v${version}`) !== "") throw new Error(`There is a tag v${version} already.`);
  const path = (name: string) => join(root, name);
  const changelog = released(await readFile(path("CHANGELOG.md"), "utf8"), version, date);
  await writeFile(path("CHANGELOG.md"), changelog);
  execFileSync("npm", ["version", version, "--no-git-tag-version", "--allow-same-version"], {
    cwd: root,
    stdio: "ignore",
  });
  git("commit", "--quiet", "--all", "--message", `Release ${version}`);
  git("tag", "--annotate", `v${version}`, "--message", `aws2openstack ${version}`);
}

/** What a version's section says. @throws Error when there is none, or package.json has another version. */
export async function notesOf(root: string, version: string): Promise<string> {
  const { version: packaged } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
  if (packaged !== version) throw new Error(`package.json has version ${packaged}, not ${version}.`);
  const sections = sectionsOf(await readFile(join(root, "CHANGELOG.md"), "utf8"));
  const section = sections.find(each => each.version === version);
  if (section === undefined) throw new Error(`CHANGELOG.md has no section of ${version}.`);
  return section.text;
}

if (import.meta.main) {
  const root = join(import.meta.dirname, "..");
  try {
    const { values, positionals } = parseArgs({ options: { notes: { type: "string" } }, allowPositionals: true });
    if (values.notes !== undefined) process.stdout.write(`${await notesOf(root, values.notes)}\n`);
    else {
      const version = positionals[0] ?? "";
      await release(root, version, new Date().toISOString().slice(0, 10));
      process.stdout.write(`Committed and tagged v${version}. To publish: git push --follow-tags origin main\n`);
    }
  } catch (error) {
    process.stderr.write(`Error: ${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  }
}
