import { defineCommand } from "citty";
import {
  ASSESSMENT_HINT,
  assessmentId,
  catalogArgs,
  commonArgs,
  jsonArg,
  say,
  sayJson,
  wholeNumber,
  withReader,
} from "../common.ts";
import { type Column, count, share, size, table } from "../text.ts";

interface Database {
  databaseName: string;
  description: string | null;
  tableCount: number;
  icebergTables: number;
  migrationReady: number;
  needsConversion: number;
  unknown: number;
  estimatedSizeGb: number | null;
  effortHours: number;
  coverage: string | null;
  coverageError: string | null;
}

/** How they may be sorted, as SQL. */
const SORTS = {
  name: "database_name",
  tables: "table_count desc, database_name",
  size: "size_bytes desc nulls last, database_name",
  effort: "effort_hours desc, database_name",
} as const;

export default defineCommand({
  meta: {
    name: "databases",
    description: "List the databases of an assessment",
    examples: [
      ["databases", "of the latest assessment, by name"],
      ["databases --sort effort --limit 10", "where most of the work is"],
    ],
  },
  args: {
    assessment: {
      type: "positional",
      required: false,
      valueHint: "[ASSESSMENT]",
      description: `${ASSESSMENT_HINT} (default: latest)`,
    },
    sort: { type: "enum", options: Object.keys(SORTS), description: "Order", default: "name" },
    limit: { type: "string", valueHint: "N", description: "How many to show", default: "1000" },
    ...catalogArgs,
    ...jsonArg,
    ...commonArgs,
  },
  async run({ args }) {
    const limit = wholeNumber("--limit", args.limit);
    const order = Object.entries(SORTS).find(([name]) => name === args.sort)?.[1] ?? SORTS.name;
    const rows = await withReader("databases", async client => {
      const id = await assessmentId(client, args._[0] ?? "latest", args);
      const { rows } = await client.query<Database>(
        `select database_name as "databaseName", description, table_count as "tableCount", iceberg_tables as "icebergTables",
           migration_ready as "migrationReady", needs_conversion as "needsConversion", unknown,
           estimated_size_gb::float8 as "estimatedSizeGb", effort_hours::float8 as "effortHours", coverage, coverage_error as "coverageError"
         from a2o.export_databases($1) order by ${order} limit $2`,
        [id, limit],
      );
      return rows;
    });
    if (args.json) sayJson(rows);
    else say(rows.length === 0 ? "The assessment has no databases." : table(rows, COLUMNS));
  },
});

const COLUMNS: Column<Database>[] = [
  { title: "Database", value: row => row.databaseName },
  { title: "Tables", value: row => count(row.tableCount), align: "right" },
  { title: "Iceberg", value: row => count(row.icebergTables), align: "right", spare: 4 },
  { title: "Ready", value: row => share(row.migrationReady, row.tableCount), align: "right" },
  { title: "Needs conversion", value: row => count(row.needsConversion), align: "right", spare: 3 },
  { title: "Unknown", value: row => count(row.unknown), align: "right", spare: 2 },
  { title: "Known size", value: row => size(row.estimatedSizeGb), align: "right" },
  { title: "Effort", value: row => `${count(row.effortHours)} h`, align: "right" },
  {
    title: "Read",
    value: row => (row.coverage === "COMPLETE" ? "in full" : (row.coverage ?? "–").toLowerCase()),
    whole: true,
  },
];
