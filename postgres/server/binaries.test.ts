import { chmod, lstat, mkdtemp, readdir, rm, stat, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findBinaries } from "./binaries.ts";
import { serverUser } from "./os-user.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "a2o-binaries-"));
});
afterEach(() => rm(directory, { recursive: true }));

it("finds the PostgreSQL that npm installed", async () => {
  const binaries = await findBinaries();
  expect(binaries.version).toMatch(/^\d+\.\d+/);
  expect(binaries.major).toBe(Number.parseInt(binaries.version, 10));
});

it("refuses a directory without PostgreSQL, with the way out", async () => {
  await expect(findBinaries(undefined, directory)).rejects.toMatchObject({
    message: expect.stringContaining(directory),
    advice: expect.stringContaining("DATABASE_URL"),
  });
});

describe.runIf(process.getuid?.() === 0)("as root, from a directory that PostgreSQL's user cannot enter", () => {
  it("copies the programs once, whole, to where everybody can run them", async () => {
    const user = await serverUser(directory);
    const closed = join(directory, "closed");
    const system = join(directory, "system");
    await symlink(dirname((await findBinaries()).directory), closed);
    await chmod(directory, 0o711);
    // Reached through a directory of its own that only root may enter.
    const home = await mkdtemp(join(directory, "home-"));
    await symlink(closed, join(home, "native"));
    const from = join(home, "native", "bin");

    const copies = await Promise.all([1, 2].map(() => findBinaries(user, from, system)));
    for (const copy of copies) expect(dirname(dirname(copy.directory))).toBe(system);
    expect(await readdir(system)).toHaveLength(1);
    const made = await stat(copies[0]?.directory ?? "");
    expect(made.mode & 0o777).toBe(0o755);
    await findBinaries(user, from, system);
    expect((await stat(copies[0]?.directory ?? "")).mtimeMs).toBe(made.mtimeMs);
    const library = join(copies[0]?.directory ?? "", "..", "lib");
    const links = await Promise.all((await readdir(library)).map(async name => lstat(join(library, name))));
    if (process.platform === "linux") expect(links.some(link => link.isSymbolicLink())).toBe(true);
  });
});
