import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";
import solid from "vite-plugin-solid";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const START = here("web/app/start.tsx");

/** The server that `npm start` runs. It takes requests of its own page only, so the proxy says that they are. */
const served = {
  target: "http://127.0.0.1:8501",
  changeOrigin: true,
  ws: true,
  headers: { origin: "http://127.0.0.1:8501" },
};

/**
 * Builds the dashboard (`web/app`) into `dist/web/app`, which the web server serves from `/`, and what renders its first view
 * on the server into `dist/web/first-view`.
 */
export default defineConfig({
  root: here("web/app"),
  base: "/",
  // The page renders anew over the first view, so that neither needs marks to find the other's elements by.
  plugins: [solid({ ssr: true, solid: { hydratable: false } }), early(), compressed()],
  builder: {},
  environments: {
    client: {
      build: {
        outDir: here("dist/web/app"),
        target: "es2023",
        rolldownOptions: {
          input: [here("web/app/index.html"), here("web/app/sign-in.html"), START],
          // What the first page needs comes as one file: a dozen small ones wait for each other's connections.
          output: {
            codeSplitting: {
              groups: [
                { name: "preload", test: /preload-helper/, priority: 1 },
                { name: "first", tags: ["$initial"], test: id => !/sign-in|index\.html|app\/main\.ts/.test(id) },
              ],
            },
          },
        },
      },
    },
    ssr: {
      resolve: { noExternal: true },
      build: {
        outDir: here("dist/web/first-view"),
        target: "node22",
        copyPublicDir: false,
        rolldownOptions: { input: here("web/app/first-view/first-view.tsx") },
      },
    },
  },
  build: {
    emptyOutDir: true,
    // The content security policy allows fonts and images from the server only, so nothing becomes a data: address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
  server: {
    port: 5173,
    strictPort: false,
    proxy: Object.fromEntries(["/graphql", "/session", "/exports"].map(path => [path, served])),
    // The fonts come from node_modules at the root of the repository.
    fs: { allow: [here(".")] },
  },
});

/** Names what main.ts goes on with in the page's head: its styles for the first view, its script to come while that is painted. */
function early(): Plugin {
  return {
    name: "early",
    apply: "build",
    applyToEnvironment: ({ name }) => name === "client",
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle = {}, filename }) {
        if (!filename.endsWith("/index.html")) return;
        const chunks = Object.values(bundle).filter(output => output.type === "chunk");
        const start = chunks.find(({ facadeModuleId }) => facadeModuleId === START);
        if (start === undefined) throw new Error("start.tsx has no chunk of its own");
        const needed = [start, ...chunks.filter(({ fileName }) => start.imports.includes(fileName))];
        const styles = new Set(needed.flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])]));
        return [
          ...[...styles].map(file => ({
            tag: "link",
            attrs: { rel: "stylesheet", crossorigin: true, href: `/${file}` },
          })),
          ...needed.map(({ fileName }) => ({
            tag: "link",
            attrs: { rel: "modulepreload", crossorigin: true, href: `/${fileName}` },
          })),
        ];
      },
    },
  };
}

/** Writes each text asset compressed as well as can be beside it, so that the server need not do it for every visitor. */
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    applyToEnvironment: ({ name }) => name === "client",
    closeBundle() {
      const assets = here("dist/web/app/assets");
      for (const file of readdirSync(assets).filter(name => /\.(js|css|svg)$/.test(name))) {
        const content = readFileSync(`${assets}/${file}`);
        writeFileSync(`${assets}/${file}.br`, brotliCompressSync(content));
        writeFileSync(`${assets}/${file}.gz`, gzipSync(content, { level: 9 }));
      }
    },
  };
}
