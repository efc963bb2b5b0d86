import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import solid from "vite-plugin-solid";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Builds the dashboard (`web/app`) into `dist/web/app`, which the web server serves from `/`. */
export default defineConfig({
  root: here("web/app"),
  base: "/",
  plugins: [solid()],
  build: {
    outDir: here("dist/web/app"),
    emptyOutDir: true,
    target: "es2023",
    // The content security policy allows fonts and images from the server only, so nothing becomes a data: address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
  server: {
    port: 5173,
    strictPort: false,
    proxy: { "/graphql": { target: "http://127.0.0.1:8501", changeOrigin: true } },
    // The fonts come from node_modules at the root of the repository.
    fs: { allow: [here(".")] },
  },
});
