import { defineCommand } from "citty";
import { commonArgs, jsonArg, say, withStorage } from "../common.ts";
import { count, share, size, table } from "../text.ts";

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
  totalEstimatedSizeGb: string | null;
  completenessPercent: string | null;
}

export default defineCommand({
  meta: { name: "list", description: "List the stored assessments, newest first" },
  args: {
    limit: { type: "string", description: "Most assessments to show", default: "50" },
    ...jsonArg,
    ...commonArgs,
  },
  async run({ args }) {
    const limit = Math.max(1, Number.parseInt(args.limit, 10) || 50);
    const rows = await withStorage("a2o_ingest", "list", async client => {
      const { rows } = await client.query<Listed>(
        `select id, timestamp, aws_account_id as "awsAccountId", region, is_simulated as "isSimulated", total_databases as "totalDatabases",
           total_tables as "totalTables", migration_ready as "migrationReady", needs_conversion as "needsConversion", unknown,
           total_estimated_size_gb as "totalEstimatedSizeGb", completeness_percent as "completenessPercent"
         from a2o.assessments order by timestamp desc, id limit $1`,
        [limit],
      );
      return rows;
    });
    if (args.json) {
      say(JSON.stringify(rows, null, 2));
      return;
    }
    if (rows.length === 0) {
      say("No assessment is stored yet. Make one with:");
      say("  aws2openstack assess glue-catalog --region eu-central-1 --output-dir reports --save-to-db");
      return;
    }
    say(
      table(rows, [
        { title: "Assessment", value: row => row.id },
        { title: "Assessed (UTC)", value: row => row.timestamp.toISOString().slice(0, 16).replace("T", " ") },
        { title: "Account", value: row => row.awsAccountId + (row.isSimulated ? " (simulated)" : "") },
        { title: "Region", value: row => row.region },
        { title: "Databases", value: row => count(row.totalDatabases), align: "right" },
        { title: "Tables", value: row => count(row.totalTables), align: "right" },
        { title: "Ready", value: row => share(row.migrationReady, row.totalTables), align: "right" },
        { title: "Known size", value: row => size(row.totalEstimatedSizeGb), align: "right" },
        {
          title: "Read in full",
          value: row => (row.completenessPercent === null ? "unknown" : `${Number(row.completenessPercent)}%`),
          align: "right",
        },
      ]),
    );
  },
});
