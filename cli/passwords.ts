import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LOGIN_ROLES, type LoginRole } from "../postgres/logins.ts";
import { errorCode, UserError } from "../postgres/user-error.ts";

export type Passwords = Partial<Record<LoginRole, string>>;

/** Shorter ones fall to guessing, since PostgreSQL itself does not slow guessing down. */
const SHORTEST = 12;

/**
 * The passwords of a directory, one file for each role.
 * @throws UserError naming the file that cannot be read, or whose password will not do
 */
export async function readPasswords(directory: string, generate: boolean): Promise<Passwords> {
  const passwords: Passwords = {};
  for (const role of LOGIN_ROLES) {
    const file = join(directory, role);
    const password = (await contentOf(file)) ?? (generate ? await makePassword(file) : undefined);
    if (password === undefined) continue;
    if (!/^[\x21-\x7e]+$/.test(password) || password.length < SHORTEST) {
      throw new UserError(
        `The password in ${file} will not do: ${SHORTEST} printable ASCII characters or more, without spaces. Nothing was changed.`,
        `Make one with: openssl rand -base64 32 > ${file}`,
      );
    }
    passwords[role] = password;
  }
  if (Object.keys(passwords).length === 0) {
    throw new UserError(
      `There is no password in ${directory}.`,
      `A file is named as its role: ${LOGIN_ROLES.join(", ")}. --generate makes them.`,
    );
  }
  return passwords;
}

/** Writes the URL of each login beside its password, readable by this user only. */
export async function writeUrls(
  directory: string,
  adminUrl: string,
  passwords: Passwords,
  roles: readonly LoginRole[],
): Promise<void> {
  for (const role of roles) {
    const url = new URL(adminUrl);
    url.username = role;
    url.password = encodeURIComponent(passwords[role] ?? "");
    url.searchParams.delete("user");
    url.searchParams.delete("password");
    await explained(join(directory, `${role}.url`), file => writeFile(file, `${url.href}\n`, { mode: 0o600 }));
  }
}

async function contentOf(file: string): Promise<string | undefined> {
  return explained(file, async () => {
    try {
      return (await readFile(file, "utf8")).trim();
    } catch (error) {
      if (errorCode(error) === "ENOENT") return undefined;
      throw error;
    }
  });
}

async function makePassword(file: string): Promise<string> {
  const password = randomBytes(32).toString("base64url");
  await explained(file, () => writeFile(file, `${password}\n`, { flag: "wx", mode: 0o600 }));
  return password;
}

async function explained<T>(file: string, work: (file: string) => Promise<T>): Promise<T> {
  try {
    return await work(file);
  } catch (error) {
    if (errorCode(error) === undefined || !(error instanceof Error)) throw error;
    throw new UserError(`${error.message}.`, `Check that ${file} and its directory are there and yours to use.`, {
      cause: error,
    });
  }
}
