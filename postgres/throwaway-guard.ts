// Waits until its standard input closes, then ends the server on the first argument's data directory and deletes the
// second argument's directory. It has its own session, so it is still there when the process that started it was killed.
import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { serverStatus } from "./server/server.ts";

const [dataDirectory = "", directory = ""] = process.argv.slice(2);

process.stdin.resume().on("end", async () => {
  for (;;) {
    const status = await serverStatus(dataDirectory);
    if (status.state === "stopped") break;
    try {
      process.kill(status.pid, "SIGQUIT");
    } catch {
      // Gone in this moment.
    }
    await sleep(50);
  }
  // Backends, or an initdb whose parent was killed, may still write for a moment.
  await rm(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  process.exit(0);
});
