// What the tests of the commands share: real processes, as a shell starts them.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

const main = join(import.meta.dirname, "main.ts");

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  env?: Record<string, string | undefined>;
  input?: string | Buffer;
  cwd?: string;
  /** Gets the process while it runs. */
  during?: (child: ChildProcess) => unknown;
}

/** Runs a command to its end. Of our own environment it gets only what a shell always has. */
export async function a2o(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: options.cwd,
    env: { PATH: process.env.PATH, HOME: "/nonexistent", AWS_EC2_METADATA_DISABLED: "true", ...options.env },
  });
  const outcome = Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");
  options.during?.(child);
  const [stdout, stderr, [code]] = await outcome;
  return { code, stdout, stderr };
}

export async function temporaryDirectory(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "aws2openstack-cli-"));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
