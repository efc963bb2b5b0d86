import { defineCommand } from "citty";
import type pg from "pg";
import { UserError } from "../../postgres/user-error.ts";
import { formatOf, isBinary, REPORT_FORMATS, type ReportOptions, writeReport } from "../../worker/report/write.ts";
import {
  ASSESSMENT_HINT,
  assessmentId,
  catalogArgs,
  commonArgs,
  UsageError,
  wholeNumber,
  withReader,
} from "../common.ts";

const SHEETS = ["tables", "databases", "findings"] as const;

export default defineCommand({
  meta: {
    name: "report",
    countsArguments: true,
    description: "Write a stored assessment as a report",
    examples: [
      ["report", "the latest, as Markdown on the terminal"],
      ["report latest --output report.html", "one page to send to a client and to print"],
      ["report previous --output tables.csv.gz", "all tables of the one before, gzipped"],
      ["report 8c1f --format json | jq .summary", "the assessment whose id begins with 8c1f"],
    ],
  },
  args: {
    assessment: {
      type: "positional",
      required: false,
      valueHint: "[ASSESSMENT]",
      description: `${ASSESSMENT_HINT} (default: latest)`,
    },
    format: {
      type: "enum",
      options: [...REPORT_FORMATS],
      description: "Format; by default what the name of --output says, else md",
    },
    output: {
      type: "string",
      valueHint: "FILE",
      description: "File to write, gzipped when its name ends in .gz; - is standard output, the default",
    },
    sheet: { type: "enum", options: [...SHEETS], description: "What CSV holds", default: "tables" },
    "max-tables": {
      type: "string",
      valueHint: "N",
      description: "Tables in the inventory of an HTML report",
      default: "1000",
    },
    ...catalogArgs,
    ...commonArgs,
  },
  async run({ args }) {
    if (args._.length > 1)
      throw new UsageError("One report is about one assessment.", "e.g. aws2openstack report latest");
    const output = args.output === undefined || args.output === "-" ? process.stdout : args.output;
    const format = args.format ?? (typeof output === "string" ? formatOf(output) : "md");
    if (format === undefined) {
      throw new UsageError(
        `The name ${args.output} does not say the format.`,
        `Add --format, or end the name in one of: .${REPORT_FORMATS.join(", .")}`,
      );
    }
    if (output === process.stdout && process.stdout.isTTY && isBinary(format)) {
      throw new UserError(`A terminal cannot show ${format}.`, `Write it to a file: --output report.${format}`);
    }
    const maxTables = wholeNumber("--max-tables", args["max-tables"], 0);
    const sheet = SHEETS.find(name => name === args.sheet);
    let writing: Promise<void> | undefined;
    try {
      await withReader("report", async (client, _storage, signal) => {
        const id = await assessmentId(client, args._[0] ?? "latest", args);
        signal.throwIfAborted();
        const options = { format, sheet, maxTables } satisfies ReportOptions;
        writing = inTransaction(client, () => writeReport(client, id, options, output));
        await writing;
      });
    } finally {
      // After Ctrl-C, too, what is half written goes before the process does.
      await writing?.catch(() => undefined);
    }
  },
});

/** One snapshot, so that a report of an assessment that is rescored or deleted meanwhile is of one piece. */
async function inTransaction(client: pg.Client, work: () => Promise<void>): Promise<void> {
  await client.query("begin isolation level repeatable read read only");
  try {
    await work();
  } finally {
    await client.query("rollback").catch(() => undefined);
  }
}
