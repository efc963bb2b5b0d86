import { stat } from "node:fs/promises";
import { UserError } from "../user-error.ts";
import { run } from "./run.ts";

/** An account of the operating system that PostgreSQL runs as. */
export interface OsUser {
  name: string;
  uid: number;
  gid: number;
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * Who PostgreSQL must run as. Undefined means "ourselves". PostgreSQL refuses to run as root; then it runs as the
 * owner of the first existing directory in `belongsTo` that is not root's (so `sudo` keeps working on an ordinary
 * user's data), else as `postgres`, which is created when the machine has no such user.
 */
export async function serverUser(...belongsTo: string[]): Promise<OsUser | undefined> {
  if (!isRoot()) return undefined;
  for (const directory of belongsTo) {
    const owner = await stat(directory).catch(() => undefined);
    if (owner !== undefined && owner.uid !== 0) return { name: `user ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  }
  return (await lookUp("postgres")) ?? (await createPostgresUser());
}

async function lookUp(name: string): Promise<OsUser | undefined> {
  const [uid, gid] = await Promise.all([run("id", ["-u", name]), run("id", ["-g", name])]);
  if (uid.code !== 0 || gid.code !== 0) return undefined;
  return { name, uid: Number(uid.stdout.trim()), gid: Number(gid.stdout.trim()) };
}

async function createPostgresUser(): Promise<OsUser> {
  const args = ["--system", "--user-group", "--no-create-home", "--home-dir", "/var/lib/postgresql"];
  const created = await run("useradd", [...args, "--shell", "/usr/sbin/nologin", "postgres"]);
  const user = await lookUp("postgres");
  if (user !== undefined) return user;
  throw new UserError(
    `PostgreSQL refuses to run as root, and the system user "postgres" could not be created: ${lastLine(created.stderr)}`,
    "Run this as an ordinary user, create a system user named postgres, or set DATABASE_URL to your own PostgreSQL.",
  );
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}

/** Whether the user can enter a directory, asked of the system itself: access lists and mounts count too. */
export async function canEnter(user: OsUser, directory: string): Promise<boolean> {
  return (await run("/bin/sh", ["-c", 'cd -- "$1"', "sh", directory], { user })).code === 0;
}
