import { createInterface } from "node:readline/promises";
import { UserError } from "../../postgres/user-error.ts";
import type { AskToSignIn } from "../../worker/aws/credentials.ts";
import { tell } from "../common.ts";
import type { ProgressLine } from "../progress.ts";

/** Lets whoever sits at the terminal sign in again while the reading waits; undefined where nobody does. */
export function askAtTerminal(line: ProgressLine, signal: AbortSignal): AskToSignIn | undefined {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  return async problem => {
    line.clear();
    tell(problem instanceof Error ? problem.message : String(problem));
    if (problem instanceof UserError && problem.advice !== undefined) tell(problem.advice);
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    // While it reads lines, the terminal turns Ctrl-C into an event of its own.
    terminal.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
    try {
      await terminal.question("Do that in another terminal, then press Enter to go on (Ctrl-C stops). ", { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      terminal.close();
    }
  };
}
