import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryDirectory } from "../../cli/testing.ts";
import { packageRoot } from "../../postgres/package-root.ts";
import { freePort } from "../../postgres/throwaway.ts";
import { send } from "./send.ts";
import { webhookSettings } from "./settings.ts";

it("the receiver in docs/alerts.md takes each message once, and none that another secret signed", async () => {
  const page = await readFile(join(packageRoot, "docs/alerts.md"), "utf8");
  const [, program] = /```js\n([\s\S]*?)```/.exec(page) ?? [];
  const directory = await temporaryDirectory();
  await writeFile(join(directory.path, "receiver.mjs"), program ?? "");
  const port = await freePort();
  const secret = (text: string) => `whsec_${Buffer.from(text.repeat(8)).toString("base64")}`;
  const receiver = spawn(process.execPath, [join(directory.path, "receiver.mjs")], {
    env: { PATH: process.env.PATH, PORT: String(port), ALERT_WEBHOOK_OPS_SECRET: secret("good") },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    let output = "";
    receiver.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
    const signed = (text: string) =>
      webhookSettings("ops", "GENERIC", {
        ALERT_WEBHOOK_OPS_URL: `http://127.0.0.1:${port}/`,
        ALERT_WEBHOOK_OPS_SECRET: secret(text),
      });
    const message = (id: string) => ({
      id,
      body: JSON.stringify({ type: "alert.opened", data: { severity: "CRITICAL", message: id } }),
    });
    const attempt = (id: string, text = "good") => send(message(id), "GENERIC", signed(text));
    await expect.poll(() => attempt("one"), { timeout: 20_000 }).toMatchObject({ has_arrived: true });
    expect(await attempt("one")).toMatchObject({ http_status: 204 });
    expect(await attempt("two", "evil")).toMatchObject({ has_arrived: false, http_status: 401 });
    expect(await attempt("three")).toMatchObject({ has_arrived: true });
    await expect.poll(() => output).toBe("alert.opened CRITICAL one\nalert.opened CRITICAL three\n");
  } finally {
    const gone = once(receiver, "exit");
    receiver.kill();
    await gone;
    await directory.remove();
  }
});
