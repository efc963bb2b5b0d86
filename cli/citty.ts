// What our commands say about themselves beyond what citty knows; the help and docs/cli.md show it.
import type {} from "citty";

declare module "citty" {
  interface CommandMeta {
    /** Commands as they are typed, each with what it does: `["list --limit 5", "the five newest"]`. */
    examples?: readonly (readonly [command: string, what: string])[];
    /** The command refuses arguments that are one too many in words of its own. */
    countsArguments?: boolean;
  }
}
