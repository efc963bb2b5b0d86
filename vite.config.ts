import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";
import solid from "vite-plugin-solid";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The server that `npm start` runs. It takes requests of its own page only, so the proxy says that they are. */
const served = {
  target: "http://127.0.0.1:8501",
  changeOrigin: true,
  ws: true,
  headers: { origin: "http://127.0.0.1:8501" },
};

/** Builds the dashboard (`web/app`) into `dist/web/app`, which the web server serves from `/`. */
export default defineConfig({
  root: here("web/app"),
  base: "/",
  plugins: [solid(), compressed()],
  build: {
    outDir: here("dist/web/app"),
    emptyOutDir: true,
    rolldownOptions: {
      input: [here("web/app/index.html"), here("web/app/sign-in.html")],
      // What the first page needs comes as one file: a dozen small ones wait for each other's connections.
      output: {
        codeSplitting: { groups: [{ name: "first", tags: ["$initial"], test: id => !id.includes("sign-in") }] },
      },
    },
    target: "es2023",
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

/** Writes each text asset compressed as well as can be beside it, so that the server need not do it for every visitor. */
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
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
