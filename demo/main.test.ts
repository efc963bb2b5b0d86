import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";

const script = new URL("main.ts", import.meta.url).pathname;

/** Runs the command; `until` ends it with a signal once its output matches. */
async function run(args: string[], until?: { output: RegExp; signal: NodeJS.Signals }) {
  const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const collect = (chunk: Buffer): void => {
    output += chunk.toString();
    if (until?.output.test(output)) child.kill(until.signal);
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output };
}

describe("node demo/main.ts", () => {
  it.each(["SIGINT", "SIGTERM"] as const)("says where it listens and ends cleanly on %s", async signal => {
    const { code, output } = await run(["--databases", "2", "--throttle", "0.05"], { output: /Ctrl-C/, signal });
    expect(code).toBe(0);
    expect(output).toMatch(/export AWS_ENDPOINT_URL=http:\/\/127\.0\.0\.1:\d+/);
  });

  it("refuses arguments that make no sense, with exit code 2", async () => {
    const { code, output } = await run(["--throttle", "2"]);
    expect(code).toBe(2);
    expect(output).toMatch(/^--throttle must be a number from 0 to 1, not "2"/);
  });
});
