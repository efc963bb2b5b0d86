// Compiles what the package ships into dist/: Node.js does not strip types under node_modules.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../postgres/package-root.ts";

rmSync(join(packageRoot, "dist"), { recursive: true, force: true });
for (const [script, ...args] of [
  ["vite/bin/vite.js", "build", "--logLevel", "warn"],
  ["typescript/bin/tsc", "-p", "tsconfig.build.json"],
]) {
  const { status } = spawnSync(process.execPath, [join(packageRoot, "node_modules", script ?? ""), ...args], {
    cwd: packageRoot,
    // npm pack prints the name of the tarball on stdout, and callers read it there.
    stdio: ["ignore", 2, 2],
  });
  if (status !== 0) process.exit(1);
}
