// Adds one to the number in a file, again and again, reading and writing it in two steps: wrong unless locked.
import { readFile, writeFile } from "node:fs/promises";
import { withLock } from "./lock-file.ts";

const [lock = "", file = "", times = "0"] = process.argv.slice(2);
for (let i = 0; i < Number(times); i++) {
  await withLock(lock, async () => {
    const count = Number(await readFile(file, "utf8"));
    await writeFile(file, String(count + 1));
  });
}
