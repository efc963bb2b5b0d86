#!/usr/bin/env node
// Our dependencies need a newer Node.js than many machines have, so the package brings its own: this file runs on an old
// one and hands over. In a checkout it runs the TypeScript as it is; the published package is compiled.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const compiled = join(root, "dist/cli/main.js");
const main = existsSync(join(root, "cli/main.ts")) ? join(root, "cli/main.ts") : compiled;
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major > 22 || (major === 22 && minor >= 18)) {
  process.argv[1] = main;
  await import(main);
} else {
  const require = createRequire(import.meta.url);
  const node = join(
    dirname(require.resolve("node/package.json")),
    "bin",
    process.platform === "win32" ? "node.exe" : "node",
  );
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: "inherit" });
  // A terminal sends Ctrl-C to both processes; the child decides when to end, and with which code.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", error => {
    process.stderr.write(
      `aws2openstack needs Node.js 22.18 or later, and the one it brings does not start: ${error.message}\n`,
    );
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? (signal === "SIGINT" ? 130 : 1);
  });
}
