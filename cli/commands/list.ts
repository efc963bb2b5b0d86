import { defineCommand } from "citty";
import { commonArgs, jsonArg, say, sayJson, UsageError, withStorage } from "../common.ts";
import { type Column, count, share, size, table } from "../text.ts";

interface Listed {
  id: string;
  timestamp: Date;
  awsAccountId: string;
  region: string;
  isSimulated: boolean;
  totalDatabases: number;
  totalTables: number;
  migrationReady: number;
  needsConversion: number;
  unknown: number;
  totalEstimatedSizeGb: number | null;
  completenessPercent: number | null;
}

export default defineCommand({
  meta: { name: "list", description: "List the stored assessments, newest first" },
  args: {
    limit: { type: "string", description: "How many to show", valueHint: "N", default: "50" },
    ...jsonArg,
    ...commonArgs,
  },
  async run({ args }) {
    if (!/^[1-9]\d{0,8}$/.test(args.limit)) {
      throw new UsageError(`--limit must be a whole number from 1 on, not ${args.limit}.`, "e.g. --limit 10");
    }
    const rows = await withStorage("a2o_ingest", "list", async client => {
      const { rows } = await client.query<Listed>(
        `select id, timestamp, aws_account_id as "awsAccountId", region, is_simulated as "isSimulated", total_databases as "totalDatabases",
           total_tables as "totalTables", migration_ready as "migrationReady", needs_conversion as "needsConversion", unknown,
           total_estimated_size_gb::float8 as "totalEstimatedSizeGb", completeness_percent::float8 as "completenessPercent"
         from a2o.assessments order by timestamp desc, id limit $1`,
        [Number(args.limit)],
      );
      return rows;
    });
    if (args.json) {
      sayJson(rows);
      return;
    }
    if (rows.length === 0) {
      say("No assessment is stored yet. Make one with:");
      say("  aws2openstack assess glue-catalog --region eu-central-1 --output-dir reports --save-to-db");
      return;
    }
    const wide = table(rows, COLUMNS, 0);
    const width = process.stdout.columns;
    if (width === undefined || wide.split("\n").every(line => line.length <= width)) say(wide);
    else for (const row of rows) for (const line of inLines(row)) say(line);
  },
});

const assessedAt = (row: Listed) => row.timestamp.toISOString().slice(0, 16).replace("T", " ");
const account = (row: Listed) => row.awsAccountId + (row.isSimulated ? " (simulated)" : "");
const readInFull = (row: Listed) => (row.completenessPercent === null ? "unknown" : `${row.completenessPercent}%`);

const COLUMNS: Column<Listed>[] = [
  { title: "Assessment", value: row => row.id },
  { title: "Assessed (UTC)", value: assessedAt },
  { title: "Account", value: account },
  { title: "Region", value: row => row.region },
  { title: "Databases", value: row => count(row.totalDatabases), align: "right" },
  { title: "Tables", value: row => count(row.totalTables), align: "right" },
  { title: "Ready", value: row => share(row.migrationReady, row.totalTables), align: "right" },
  { title: "Known size", value: row => size(row.totalEstimatedSizeGb), align: "right" },
  { title: "Read in full", value: readInFull, align: "right" },
];

/** The same for a narrow terminal, where a cut id would be of no use. */
function inLines(row: Listed): string[] {
  return [
    `${row.id}  ${assessedAt(row)} UTC`,
    `  ${row.region}, account ${account(row)}`,
    `  ${count(row.totalTables)} tables in ${count(row.totalDatabases)} databases, ${readInFull(row)} read in full`,
    `  ${share(row.migrationReady, row.totalTables)} ready, known size ${size(row.totalEstimatedSizeGb)}`,
  ];
}
