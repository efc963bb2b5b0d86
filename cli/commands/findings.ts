import { defineCommand } from "citty";
import {
  ASSESSMENT_HINT,
  assessmentId,
  catalogArgs,
  commonArgs,
  jsonArg,
  say,
  sayJson,
  withReader,
} from "../common.ts";
import { type Column, count, table } from "../text.ts";

const SEVERITIES = ["info", "low", "medium", "high"];

interface Finding {
  code: string;
  severity: string;
  title: string;
  tableCount: number;
  databaseCount: number;
  effortHours: number;
  remedy: string;
}

export default defineCommand({
  meta: {
    name: "findings",
    description: "List what was found in an assessment, what matters most first",
    examples: [
      ["findings", "of the latest assessment"],
      ["findings --severity high", "what stops a migration until somebody decides"],
      ["tables --finding unsupported_types", "the tables behind a finding"],
    ],
  },
  args: {
    assessment: {
      type: "positional",
      required: false,
      valueHint: "[ASSESSMENT]",
      description: `${ASSESSMENT_HINT} (default: latest)`,
    },
    severity: { type: "enum", options: SEVERITIES, description: "This severity and above", default: "info" },
    ...catalogArgs,
    ...jsonArg,
    ...commonArgs,
  },
  async run({ args }) {
    const rows = await withReader("findings", async client => {
      const id = await assessmentId(client, args._[0] ?? "latest", args);
      const { rows } = await client.query<Finding>(
        `select code, severity, title, table_count as "tableCount", database_count as "databaseCount", effort_hours::float8 as "effortHours", remedy
         from a2o.export_findings($1) where severity::a2o.finding_severity >= $2::a2o.finding_severity`,
        [id, args.severity.toUpperCase()],
      );
      return rows;
    });
    if (args.json) sayJson(rows);
    else say(rows.length === 0 ? "Nothing was found." : table(rows, COLUMNS));
  },
});

const COLUMNS: Column<Finding>[] = [
  { title: "Severity", value: row => row.severity.toLowerCase(), whole: true },
  { title: "Finding", value: row => row.title },
  { title: "Tables", value: row => count(row.tableCount), align: "right" },
  { title: "Databases", value: row => count(row.databaseCount), align: "right", spare: 3 },
  { title: "Effort", value: row => (row.effortHours === 0 ? "–" : `${count(row.effortHours)} h`), align: "right" },
  { title: "Code", value: row => row.code, whole: true },
  { title: "What to do", value: row => row.remedy, spare: 2 },
];
