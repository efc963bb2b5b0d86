import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import { slug } from "github-slugger";
import { defineConfig } from "vitepress";
import { pages } from "./pages.ts";

const docs = join(import.meta.dirname, "..");
const ICON = "web/app/public/favicon.svg";
/** Files that are no pages and that guides link to, copied beside the site: policies, the schema, sources. */
const linked = new Set(["docs/images/overview-light.png", ICON]);

/** The guides as a site: `npm run docs:build` writes it to docs/.vitepress/dist. */
export default defineConfig({
  title: "aws2openstack",
  description: "Plan and watch the move from an AWS Glue Data Catalog to an OpenStack lakehouse.",
  lang: "en-GB",
  head: [["link", { rel: "icon", href: `/files/${ICON}`, type: "image/svg+xml" }]],
  cleanUrls: true,
  srcExclude: ["node_modules/**"],
  rewrites: { "iam/README.md": "iam/index.md" },
  ignoreDeadLinks: [/^\/files\//],
  markdown: {
    // The same anchors as the repository's pages have, so that one link serves both.
    anchor: { slugify: text => slug(text) },
    config(markdown) {
      markdown.core.ruler.push("linked_files", state => {
        // Titles are parsed by themselves, without a page.
        const { relativePath } = state.env as { relativePath?: string };
        if (relativePath === undefined) return;
        const folder = posix.dirname(relativePath);
        for (const token of state.tokens.flatMap(({ children }) => children ?? [])) {
          const href = token.type === "link_open" ? token.attrGet("href") : null;
          if (href === null || /^(?:[a-z]+:|#|\/)/.test(href)) continue;
          const path = posix.join("docs", folder, href);
          if (path.startsWith("docs/") && /\.md(?:#|$)/.test(path)) continue;
          linked.add(path);
          token.attrSet("href", `/files/${path}`);
          token.attrSet("target", "_blank");
        }
      });
    },
  },
  async buildEnd({ outDir }) {
    for (const path of linked) {
      const copy = join(outDir, "files", path);
      await mkdir(dirname(copy), { recursive: true });
      await copyFile(join(docs, "..", path), copy);
    }
  },
  themeConfig: {
    logo: `/files/${ICON}`,
    search: { provider: "local" },
    outline: [2, 3],
    sidebar: pages.map(({ title, items }) => ({
      text: title,
      items: items.map(([text, file]) => ({ text, link: `/${file.replace(/(?:README)?\.md$/, "")}` })),
    })),
  },
});
