// Waits until its standard input closes, then ends the server on the first argument's data directory and deletes the
// second argument's directory. It has its own session, so it is still there when a test run was killed.
import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { serverStatus } from "../postgres/server.ts";

const [dataDirectory = "", directory = ""] = process.argv.slice(2);

process.stdin.resume().on("end", async () => {
  const status = await serverStatus(dataDirectory);
  if (status.state !== "stopped") process.kill(status.pid, "SIGQUIT");
  while ((await serverStatus(dataDirectory)).state !== "stopped") await sleep(20);
  await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  process.exit(0);
});
