import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** Directory of package.json: the checkout, or the installed package (whose compiled files lie in dist/). */
export const packageRoot = findPackageRoot(import.meta.dirname);

function findPackageRoot(start: string): string {
  let directory = start;
  while (!existsSync(join(directory, "package.json"))) {
    const parent = dirname(directory);
    if (parent === directory) throw new Error(`no package.json above ${start}`);
    directory = parent;
  }
  return directory;
}
