// A worker process of its own, for tests that kill it: DATABASE_URL is the superuser's. It looks for monitors twice a second, so
// that those whose worker was killed are polled again as soon as their lease ends.
import { startWorker } from "../run.ts";

const worker = await startWorker({
  databaseUrl: process.env.DATABASE_URL ?? "",
  log: line => process.stderr.write(`${line}\n`),
});
const timer = setInterval(() => void worker.watchNow().catch(() => undefined), 500);
process.once("SIGTERM", () => {
  clearInterval(timer);
  void worker.stop().then(() => process.exit(0));
});
process.stdout.write("ready\n");
process.send?.("ready");
