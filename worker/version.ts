import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../postgres/package-root.ts";

const manifest: unknown = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8"));

/** Version of this tool, as package.json has it. */
export const toolVersion =
  typeof manifest === "object" && manifest !== null && "version" in manifest ? String(manifest.version) : "0";
