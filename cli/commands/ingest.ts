import { defineCommand } from "citty";
import { ingestReport } from "../../worker/record/ingest-report.ts";
import { commonArgs, ExitCode, jsonArg, printError, say, sayJson, tell, UsageError, withStorage } from "../common.ts";
import { plural } from "../text.ts";

export default defineCommand({
  meta: {
    name: "ingest",
    description: "Store reports that were written earlier or elsewhere",
    examples: [
      ["ingest reports/glue-catalog-assessment.json", "a report"],
      ["ingest *.json.gz --json", "several, for a script"],
      ["ingest - < report.ndjson", "from a pipe"],
    ],
  },
  args: {
    file: {
      type: "positional",
      required: false,
      valueHint: "FILE…",
      description: "glue-catalog-assessment.json, gzipped or not; - is standard input",
    },
    ...jsonArg,
    ...commonArgs,
  },
  async run({ args }) {
    const files = args._;
    if (files.length === 0)
      throw new UsageError("No report is named.", "e.g. aws2openstack ingest reports/glue-catalog-assessment.json");
    return withStorage("a2o_ingest", "ingest", async (client, storage, signal) => {
      let code: number = ExitCode.ok;
      const results: object[] = [];
      for (const file of files) {
        try {
          const report = await ingestReport(client, file, file === "-" ? "standard input" : file);
          results.push({ file, ...report });
          for (const warning of report.warnings) tell(`Warning: ${warning}`);
          if (!args.json) {
            say(
              report.isNew
                ? `${file}: ${plural(report.tables, "table")} in ${plural(report.databases, "database")} stored in ${storage.description} as ${report.id}`
                : `${file}: stored already as ${report.id}`,
            );
          }
        } catch (error) {
          if (signal.aborted) throw error;
          // One bad file does not keep the others out.
          code = printError(error);
          results.push({ file, error: error instanceof Error ? error.message : String(error) });
        }
      }
      if (args.json) sayJson(results);
      return code;
    });
  },
});
