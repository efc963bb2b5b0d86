import { randomBytes } from "node:crypto";
import { chown, mkdir, open, rename, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { errorCode } from "../user-error.ts";

/** A name nobody else uses, saying what it is for and which process made it: `initdb-4711-9f3c21`. */
export function randomName(purpose: string): string {
  return `${purpose}-${process.pid}-${randomBytes(4).toString("hex")}`;
}

/**
 * Writes a file whole or not at all, never through a symlink that stands in its place.
 *
 * @param owner who it belongs to; only root can give files away
 */
export async function writeWhole(
  path: string,
  text: string,
  options: { mode: number; owner?: { uid: number; gid: number } | undefined },
): Promise<void> {
  const unfinished = join(dirname(path), randomName(".writing"));
  const file = await open(unfinished, "wx", options.mode);
  try {
    await file.writeFile(text);
    if (options.owner !== undefined) await file.chown(options.owner.uid, options.owner.gid);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
}

/** Whether something is there, broken symlinks not counted. Not being allowed to look is an error, not an answer. */
export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR") return false;
    throw error;
  }
}

/**
 * Makes a directory with those above it, one by one: Node.js's recursive mkdir never ends where a directory that exists takes no
 * new one (/proc), and reports a read-only file system as a missing file.
 *
 * @returns those that were missing, the outermost first
 */
export async function makeDirectories(directory: string, options: { mode?: number } = {}): Promise<string[]> {
  const missing: string[] = [];
  for (let above = resolve(directory); !(await exists(above)) && dirname(above) !== above; above = dirname(above)) {
    missing.unshift(above);
  }
  for (const path of missing) {
    await mkdir(path, options).catch(error => {
      // Another process may make the same one at this moment.
      if (errorCode(error) !== "EEXIST") throw error;
    });
  }
  if (!(await stat(directory)).isDirectory()) {
    // As mkdir says it.
    const details = { code: "EEXIST", syscall: "mkdir", path: directory };
    throw Object.assign(new Error(`EEXIST: file already exists, mkdir '${directory}'`), details);
  }
  return missing;
}

/** Gives a path to the user who owns `like`: what root makes under a user's home stays usable for that user. */
export async function ownLike(path: string, like: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(like);
  await chown(path, uid, gid);
}
