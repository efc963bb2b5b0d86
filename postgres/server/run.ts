import { spawn } from "node:child_process";
import { delimiter } from "node:path";
import { errorCode } from "../user-error.ts";
import type { OsUser } from "./os-user.ts";

export interface RunResult {
  /** The exit code, or null when the program could not be started or was ended by a signal. */
  code: number | null;
  stdout: string;
  /** What the program said, or why it could not be started. */
  stderr: string;
}

/**
 * glibc gives freed memory back to the system at once and asks for it again: ten times in a search that takes half a
 * millisecond. Some MB that a session keeps instead make up for that.
 */
const MALLOC = {
  MALLOC_TOP_PAD_: String(2 ** 20),
  MALLOC_TRIM_THRESHOLD_: String(2 ** 23),
  MALLOC_MMAP_THRESHOLD_: String(2 ** 22),
};

/**
 * Environment for PostgreSQL's programs: English messages, and none of the caller's PG* variables, which would
 * silently change the port, the data directory or the user.
 */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const { PATH = "", SystemRoot, TEMP, TMPDIR } = process.env;
  const kept = Object.entries({ SystemRoot, TEMP, TMPDIR }).filter(([, value]) => value !== undefined);
  // useradd is in sbin, which is not in the PATH of a root shell that `su` opened.
  const path = [PATH, ...(process.platform === "win32" ? [] : ["/usr/sbin", "/sbin", "/usr/bin", "/bin"])].join(
    delimiter,
  );
  return { ...Object.fromEntries(kept), ...MALLOC, PATH: path, LC_ALL: "C", TZ: "UTC" };
}

/** Who a child process runs as, and from where: `/`, because the user may not be able to enter our own directory. */
export function identity(user: OsUser | undefined): { cwd: string; uid?: number; gid?: number } {
  return user === undefined ? { cwd: "/" } : { cwd: "/", uid: user.uid, gid: user.gid };
}

/** Runs a program to its end. Never throws: a program that cannot be started answers with code null. */
export function run(
  command: string,
  args: string[],
  options: { user?: OsUser | undefined; input?: string } = {},
): Promise<RunResult> {
  return new Promise(resolve => {
    let stdout = "";
    let stderr = "";
    const child = (() => {
      try {
        return spawn(command, args, { env: cleanEnvironment(), ...identity(options.user) });
      } catch (error) {
        resolve({ code: null, stdout, stderr: String(error) });
        return undefined;
      }
    })();
    if (child === undefined) return;
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      stderr += chunk;
    });
    child.on("error", error => resolve({ code: null, stdout, stderr: stderr + error.message }));
    child.on("close", code => resolve({ code, stdout, stderr }));
    // A program that ends without reading its input closes the pipe; its exit code tells the story.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
  });
}

/** Whether a process with this id exists, whoever it belongs to. */
export function isAlive(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === "EPERM";
  }
}
