// What storing a phase 1 report costs, from reading the file to the stored changes.
import "../worker/flat-memory.ts";
import { ingestReport } from "../worker/record/ingest-report.ts";
import { type Bench, run } from "./frame.ts";
import { sampleReport } from "./sample-report.ts";
import { measureStoring, runChild } from "./stored.ts";

export const bench: Bench = {
  name: "ingest-report",
  measure: ({ tables }) =>
    measureStoring({ what: "ingesting a report", input: sampleReport, module: import.meta.filename, limit: 6 }, tables),
};

if (import.meta.main) {
  if (process.argv[2] === "--child") {
    await runChild(async (client, file) => {
      const start = performance.now();
      await ingestReport(client, file);
      return (performance.now() - start) / 1000;
    });
  } else await run([bench]);
}
