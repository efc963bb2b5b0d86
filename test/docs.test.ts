import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import GithubSlugger from "github-slugger";
import { describe, expect, it } from "vitest";
import { pages } from "../docs/.vitepress/pages.ts";
import { packageRoot } from "../postgres/package-root.ts";

const texts = new Map<string, string>();
for (const folder of [".", "docs", "docs/iam"]) {
  for (const name of await readdir(join(packageRoot, folder))) {
    if (!name.endsWith(".md")) continue;
    const path = posix.join(folder, name);
    texts.set(path, await readFile(join(packageRoot, path), "utf8"));
  }
}
const withoutCode = (text: string) => text.replaceAll(/^```[\s\S]*?^```/gm, "").replaceAll(/`[^`\n]*`/g, "code");

/** The anchors of a page's headings, as GitHub and the site make them. */
function anchorsOf(text: string): Set<string> {
  const slugger = new GithubSlugger();
  const headings = text.replaceAll(/^```[\s\S]*?^```/gm, "").matchAll(/^#{1,6} (.+)$/gm);
  return new Set(
    [...headings].map(([, title = ""]) =>
      slugger.slug(title.replaceAll(/`/g, "").replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")),
    ),
  );
}

describe("the pages", () => {
  it("link to files and headings that there are", () => {
    const broken: string[] = [];
    let links = 0;
    for (const [path, text] of texts) {
      for (const [, target = ""] of withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(target)) continue;
        links++;
        const [file = "", anchor] = target.split("#");
        const found = file === "" ? path : posix.join(posix.dirname(path), file);
        if (!existsSync(join(packageRoot, found))) broken.push(`${path}: ${target} is not there`);
        else if (anchor !== undefined && !anchorsOf(texts.get(found) ?? "").has(anchor)) {
          broken.push(`${path}: ${found} has no heading #${anchor}`);
        }
      }
    }
    expect(broken).toEqual([]);
    expect(links).toBeGreaterThan(50);
  });

  it("of docs/ are in the site's side bar, each once", () => {
    const listed = pages.flatMap(({ items }) => items.map(([, file]) => posix.join("docs", file)));
    const there = [...texts.keys()].filter(path => path.startsWith("docs/") && path !== "docs/index.md");
    expect(listed.toSorted()).toEqual(there.toSorted());
  });

  it("have no angle brackets that would be taken for HTML, and no braces that the site would take for code", () => {
    for (const [path, text] of texts) {
      const found = withoutCode(text).match(/<(?!https?:|\/?su[bp]>|!--)[/a-zA-Z][^>]*>|\{\{/g);
      expect([path, found]).toEqual([path, null]);
    }
  });

  it("name no registry, no path of a machine and no person", () => {
    for (const [path, text] of texts) {
      expect([path, /registry\.npmjs|\/home\/|\/root\/|\/work\//.exec(text)?.[0]]).toEqual([path, undefined]);
    }
  });
});
