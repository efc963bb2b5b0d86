// A process that uses the embedded database, for the tests: says what it got, then lets go when told to on its standard
// input. One JSON value a line. Like the real programs it does not die of Ctrl-C.
import { createInterface } from "node:readline";
import { UserError } from "../user-error.ts";
import { acquireEmbedded } from "./acquire.ts";

const tell = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);
const [home = "", port = "", name = ""] = process.argv.slice(2);
process.on("SIGINT", () => tell({ interrupted: true }));
try {
  const embedded = await acquireEmbedded({
    ...{ home, port: Number(port), as: name, settings: { fsync: "off" } },
    say: line => tell({ say: line }),
  });
  const { url, dataDirectory, startedByUs } = embedded;
  tell({ url, port: embedded.port, dataDirectory, startedByUs });
  for await (const line of createInterface(process.stdin)) if (line === "release") break;
  await embedded.release();
  tell({ released: true });
  process.exit(0);
} catch (error) {
  tell(error instanceof UserError ? { refused: error.message, advice: error.advice } : { failed: String(error) });
  process.exit(1);
}
