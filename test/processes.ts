import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { packageRoot } from "../postgres/package-root.ts";

/** A command of ours under way in a process group of its own, as a terminal would start it. */
export interface RunningCommand {
  child: ChildProcess;
  /** Everything it has printed on both streams. */
  output(): string;
  /** Settles when it has printed `text`; fails when it ends before. */
  printed(text: string): Promise<void>;
  /** Ctrl-C: the signal goes to the whole group. Returns the exit code. */
  interrupt(): Promise<number | null>;
  exited(): Promise<number | null>;
}

/** Starts `aws2openstack ARGS` with nothing of the test's environment that could change what it does. */
export function startCommand(args: string[], environment: Record<string, string> = {}): RunningCommand {
  return runIn(packageRoot, process.execPath, [join(packageRoot, "cli/main.ts"), ...args], environment);
}

/** Starts any program in a directory, under the same conditions. */
export function runIn(
  directory: string,
  program: string,
  args: string[],
  environment: Record<string, string> = {},
): RunningCommand {
  const child = spawn(program, args, {
    cwd: directory,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", LANG: "C.UTF-8", ...environment },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
  }
  const exit = once(child, "exit").then(([code]): number | null => (typeof code === "number" ? code : null));
  return {
    child,
    output: () => output,
    async printed(text) {
      let ended = false;
      exit.then(() => {
        ended = true;
      });
      while (!output.includes(text)) {
        if (ended) throw new Error(`it ended without printing ${JSON.stringify(text)}:\n${output}`);
        await new Promise(resolve => setTimeout(resolve, 25));
      }
    },
    interrupt() {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGINT");
      return exit;
    },
    exited: () => exit,
  };
}
