import { defineCommand } from "citty";
import { catalogArgs, commonArgs, jsonArg, say, sayJson, wholeNumber, withReader } from "../common.ts";
import { type Column, count, minute, share, size, table } from "../text.ts";

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
  meta: {
    name: "list",
    description: "List the stored assessments, newest first",
    examples: [
      ["list --limit 5", "the five newest"],
      ["list --region eu-central-1 --json", "those of a region, for a script"],
    ],
  },
  args: {
    account: { ...catalogArgs.account, description: "Only this AWS account" },
    region: { ...catalogArgs.region, description: "Only this region" },
    limit: { type: "string", description: "How many to show", valueHint: "N", default: "50" },
    ...jsonArg,
    ...commonArgs,
  },
  async run({ args }) {
    const limit = wholeNumber("--limit", args.limit);
    const rows = await withReader("list", async client => {
      const { rows } = await client.query<Listed>(
        `select id, timestamp, aws_account_id as "awsAccountId", region, is_simulated as "isSimulated", total_databases as "totalDatabases",
           total_tables as "totalTables", migration_ready as "migrationReady", needs_conversion as "needsConversion", unknown,
           total_estimated_size_gb::float8 as "totalEstimatedSizeGb", completeness_percent::float8 as "completenessPercent"
         from a2o.assessments where ($2::text is null or aws_account_id = $2) and ($3::text is null or region = $3)
         order by timestamp desc, id limit $1`,
        [limit, args.account ?? null, args.region ?? null],
      );
      return rows;
    });
    if (args.json) {
      sayJson(rows);
      return;
    }
    if (rows.length === 0 && (args.account ?? args.region) !== undefined) {
      say("No assessment of that account and region is stored. All of them: aws2openstack list");
      return;
    }
    if (rows.length === 0) {
      say("No assessment is stored yet. Make one with:");
      say("  aws2openstack assess glue-catalog --region eu-central-1 --output-dir reports --save-to-db");
      return;
    }
    say(table(rows, COLUMNS));
  },
});

const account = (row: Listed) => row.awsAccountId + (row.isSimulated ? " (simulated)" : "");
const readInFull = (row: Listed) => (row.completenessPercent === null ? "unknown" : `${row.completenessPercent}%`);

const COLUMNS: Column<Listed>[] = [
  { title: "Assessment", value: row => row.id, whole: true },
  { title: "Assessed (UTC)", value: row => minute(row.timestamp), whole: true },
  { title: "Account", value: account, whole: true },
  { title: "Region", value: row => row.region, whole: true },
  { title: "Databases", value: row => count(row.totalDatabases), align: "right", spare: 3 },
  { title: "Tables", value: row => count(row.totalTables), align: "right" },
  { title: "Ready", value: row => share(row.migrationReady, row.totalTables), align: "right" },
  { title: "Known size", value: row => size(row.totalEstimatedSizeGb), align: "right" },
  { title: "Read in full", value: readInFull, align: "right", spare: 2 },
];
