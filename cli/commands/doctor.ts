import { defineCommand } from "citty";
import { commonArgs, databaseUrl, ExitCode, jsonArg, say, sayJson, wholeNumber } from "../common.ts";
import { checkAws } from "../doctor/aws.ts";
import type { Check, Found } from "../doctor/check.ts";
import { checkDatabase } from "../doctor/database.ts";
import { checkMachine } from "../doctor/machine.ts";
import { colour, oneLine, plural, wrapped } from "../text.ts";

export default defineCommand({
  meta: {
    name: "doctor",
    description:
      "Check what everything rests on: this machine, the database, and AWS when a region is named; say how to fix what fails",
    examples: [
      ["doctor", "this machine and the database"],
      ["doctor --region eu-central-1 --profile my-profile", "AWS, too: who we are and what we may"],
    ],
  },
  args: {
    region: { type: "string", valueHint: "REGION", description: "AWS region to ask (default: AWS_REGION)" },
    profile: { type: "string", valueHint: "PROFILE", description: "AWS profile to use" },
    port: { type: "string", valueHint: "PORT", description: "Port that the dashboard shall have", default: "8501" },
    ...jsonArg,
    ...commonArgs,
  },
  async run({ args }) {
    const port = wholeNumber("--port", args.port, 1, 65_535);
    const region = args.region ?? process.env.AWS_REGION;
    const groups: [Check["group"], AsyncGenerator<Found>][] = [
      ["This machine", checkMachine(port)],
      ["Database", checkDatabase(databaseUrl())],
      ["AWS", checkAws({ region: region === "" ? undefined : region, profile: args.profile })],
    ];
    const checks: Check[] = [];
    for (const [group, found] of groups) {
      if (!args.json) say(`${checks.length === 0 ? "" : "\n"}${colour("bold", group)}`);
      for await (const one of found) {
        checks.push({ group, ...one });
        if (!args.json) print(one);
      }
    }
    const failures = checks.filter(({ status }) => status === "failed").length;
    if (args.json) sayJson({ isHealthy: failures === 0, checks });
    else {
      const warnings = checks.filter(({ status }) => status === "warning").length;
      say("");
      say(
        failures + warnings === 0
          ? "All is well."
          : `${plural(failures, "failure")}, ${plural(warnings, "warning")}; what stands after → mends it.`,
      );
    }
    return failures === 0 ? ExitCode.ok : ExitCode.failed;
  },
});

const COLOURS = { ok: "green", warning: "yellow", failed: "red", skipped: "dim" } as const;
const INDENT = 11;

function print({ status, message, fix }: Found): void {
  const width = Math.max(40, process.stdout.columns || Number.POSITIVE_INFINITY) - INDENT;
  const lines = [...wrapped(oneLine(message), width), ...(fix === null ? [] : wrapped(`→ ${fix}`, width))];
  for (const [index, line] of lines.entries()) {
    say(
      index === 0 ? `  ${colour(COLOURS[status], status.padEnd(INDENT - 2))}${line}` : `${" ".repeat(INDENT)}${line}`,
    );
  }
}
