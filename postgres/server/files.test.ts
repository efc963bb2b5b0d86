import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeDirectories } from "./files.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "a2o-files-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe("making directories", () => {
  it("makes those that are missing and says which, and is content when there are none", async () => {
    const [a, b] = [join(directory, "a"), join(directory, "a", "b")];
    expect(await makeDirectories(b, { mode: 0o700 })).toEqual([a, b]);
    for (const made of [a, b]) expect((await stat(made)).mode & 0o777).toBe(0o700);
    expect(await makeDirectories(b)).toEqual([]);
  });

  it("serves several at once", async () => {
    const wanted = join(directory, "c", "d", "e");
    await Promise.all(Array.from({ length: 5 }, () => makeDirectories(wanted)));
    expect((await stat(wanted)).isDirectory()).toBe(true);
  });

  it("fails where a file is in the way", async () => {
    await writeFile(join(directory, "file"), "");
    await expect(makeDirectories(join(directory, "file", "below"))).rejects.toMatchObject({ code: "ENOTDIR" });
    await expect(makeDirectories(join(directory, "file"))).rejects.toMatchObject({ code: "EEXIST", syscall: "mkdir" });
  });

  it.runIf(process.platform === "linux")("fails where nothing can be made, instead of trying for ever", async () => {
    await expect(makeDirectories("/proc/nowhere/below")).rejects.toMatchObject({ code: "ENOENT" });
  });
});
