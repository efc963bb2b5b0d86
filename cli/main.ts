import "../worker/flat-memory.ts";
import { wantsTraces } from "../telemetry/wanted.ts";
import { toolVersion } from "../worker/version.ts";

const rawArgs = process.argv.slice(2);
// Before everything that would be traced is loaded; see there.
const endTracing = wantsTraces(rawArgs, process.env) ? await traced() : undefined;
const { run } = await import("./run.ts");
const code = await run(rawArgs);
await endTracing?.();
// What an interrupted command left waiting, such as a pause before another attempt, must not hold the process.
process.stdout.write("", () => process.exit(code));

async function traced(): Promise<() => Promise<void>> {
  const { startTracing } = await import("../telemetry/start.ts");
  return startTracing({
    service: `aws2openstack-${rawArgs[0]}`,
    version: toolVersion,
    tell: line => process.stderr.write(`${line}\n`),
  });
}
