import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { packageRoot } from "../postgres/package-root.ts";
import { compareVersions, notesOf, release, released, sectionsOf } from "./release.ts";

const LOG =
  "# Changelog\n\n## Unreleased\n\n- A new thing,\n  over two lines.\n\n## 0.1.0 (2026-11-01)\n\n- The first.\n";

describe("the changelog", () => {
  it("of this repository has the form that releases need", async () => {
    const [first] = sectionsOf(await readFile(join(packageRoot, "CHANGELOG.md"), "utf8"));
    expect(first).toBeDefined();
  });

  it("is sections of list items, newest first", () => {
    expect(sectionsOf(LOG)).toEqual([
      { version: null, date: null, text: "- A new thing,\n  over two lines." },
      { version: "0.1.0", date: "2026-11-01", text: "- The first." },
    ]);
    for (const [text, said] of [
      ["# Log\n", "must begin"],
      ["# Changelog\n\n## 1.0\n", "'## 1.0' is neither"],
      ["# Changelog\n\n## Unreleased\n\nwords\n", "no list item"],
      ["# Changelog\n\n## 0.1.0 (2026-11-01)\n\n## 0.2.0 (2026-11-02)\n", "0.1.0 stands above 0.2.0"],
      ["# Changelog\n\n## 0.1.0 (2026-11-01)\n\n## Unreleased\n", "Only the first"],
    ] as const) {
      expect(() => sectionsOf(text)).toThrow(said);
    }
  });

  it("is released once it says something, by a version that follows", () => {
    expect(released(LOG, "0.2.0", "2026-11-25")).toBe(
      LOG.replace("## Unreleased", "## Unreleased\n\n## 0.2.0 (2026-11-25)"),
    );
    expect(() => released(LOG, "0.1.0", "2026-11-25")).toThrow("0.1.0 does not follow 0.1.0");
    expect(() => released(LOG.replace(/- A new[\s\S]*lines\.\n/, ""), "0.2.0", "2026-11-25")).toThrow("says nothing");
    expect(compareVersions("0.10.0", "0.9.9")).toBeGreaterThan(0);
  });
});

describe("a release", () => {
  let root: string;
  const git = (...args: string[]) => execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "a2o-release-"));
    git("init", "--quiet", "--initial-branch", "main");
    git("config", "user.name", "test");
    git("config", "user.email", "test@example.com");
    await writeFile(join(root, "CHANGELOG.md"), LOG);
    await writeFile(join(root, "package.json"), `${JSON.stringify({ name: "x", version: "0.1.0" }, null, 2)}\n`);
    git("add", "--all");
    git("commit", "--quiet", "--message", "first");
  });
  afterEach(() => rm(root, { recursive: true }));

  it("is a commit with the version and its changes, and a tag", async () => {
    await release(root, "0.2.0", "2026-11-25");
    expect(git("status", "--porcelain")).toBe("");
    expect(git("log", "-1", "--format=%s")).toBe("Release 0.2.0");
    expect(git("describe", "--tags")).toBe("v0.2.0");
    expect(await notesOf(root, "0.2.0")).toBe("- A new thing,\n  over two lines.");
    await expect(notesOf(root, "0.1.0")).rejects.toThrow("package.json has version 0.2.0, not 0.1.0");
  });

  it("is refused for what is not committed, another branch, a tag that is there, and what is no version", async () => {
    const before = git("rev-parse", "HEAD");
    await expect(release(root, "next", "2026-11-25")).rejects.toThrow("'next' is no version");
    git("tag", "v0.2.0");
    await expect(release(root, "0.2.0", "2026-11-25")).rejects.toThrow("a tag v0.2.0 already");
    await writeFile(join(root, "new.txt"), "");
    await expect(release(root, "0.3.0", "2026-11-25")).rejects.toThrow("not committed");
    await rm(join(root, "new.txt"));
    git("checkout", "--quiet", "-b", "other");
    await expect(release(root, "0.3.0", "2026-11-25")).rejects.toThrow("from main, not from other");
    git("checkout", "--quiet", "main");
    await expect(release(root, "0.0.9", "2026-11-25")).rejects.toThrow("does not follow");
    expect([git("rev-parse", "HEAD"), git("status", "--porcelain")]).toEqual([before, ""]);
  });
});
