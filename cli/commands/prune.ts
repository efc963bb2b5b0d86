import { setTimeout as sleep } from "node:timers/promises";
import { defineCommand } from "citty";
import type pg from "pg";
import { errorCode, UserError } from "../../postgres/user-error.ts";
import { commonArgs, jsonArg, say, sayJson, tell, UsageError, withStorage } from "../common.ts";
import { count, table } from "../text.ts";

interface Pruned {
  id: string;
  awsAccountId: string;
  region: string;
  timestamp: Date;
  totalTables: number;
  isSimulated: boolean;
}

/** How often a deletion is tried while readers or a recording are in its way; each try waits 3 s and a pause follows. */
const TRIES = 10;
const PAUSE = 3_000;

export default defineCommand({
  meta: {
    name: "prune",
    description:
      "Delete old assessments of each account and region. With --keep and --older-than, only what both let go; the newest always stays",
    examples: [
      ["prune --keep 10 --older-than 90 --dry-run", "what would go"],
      ["prune --keep 10 --account 210987654321", "of one account, now"],
    ],
  },
  args: {
    keep: { type: "string", valueHint: "N", description: "Keep the newest N of each account and region" },
    "older-than": { type: "string", valueHint: "DAYS", description: "Delete only what was assessed longer ago" },
    account: { type: "string", valueHint: "ID", description: "Only this AWS account" },
    region: { type: "string", valueHint: "REGION", description: "Only this region" },
    "dry-run": { type: "boolean", description: "Say what would be deleted, and delete nothing" },
    ...jsonArg,
    ...commonArgs,
  },
  async run({ args }) {
    const keep = wholeNumber("--keep", args.keep, 1);
    const days = wholeNumber("--older-than", args["older-than"], 0);
    if (keep === null && days === null) {
      throw new UsageError("Nothing says what may go.", "e.g. aws2openstack prune --keep 10 --dry-run");
    }
    if (args.account !== undefined && !/^\d{12}$/.test(args.account)) {
      throw new UsageError(`--account must be an AWS account id of twelve digits, not ${args.account}.`);
    }
    const dryRun = args["dry-run"] === true;
    const pruned = await withStorage("a2o_owner", "prune", (client, _storage, signal) =>
      patiently(signal, () => prune(client, [keep, days, args.account ?? null, args.region ?? null, dryRun])),
    );
    if (args.json) {
      sayJson(pruned);
      return;
    }
    if (pruned.length === 0) {
      say("Nothing to delete.");
      return;
    }
    say(
      table(pruned, [
        { title: "Assessment", value: row => row.id },
        { title: "Assessed (UTC)", value: row => row.timestamp.toISOString().slice(0, 16).replace("T", " ") },
        { title: "Account", value: row => row.awsAccountId + (row.isSimulated ? " (simulated)" : "") },
        { title: "Region", value: row => row.region },
        { title: "Tables", value: row => count(row.totalTables), align: "right" },
      ]),
    );
    const number = `${count(pruned.length)} assessment${pruned.length === 1 ? "" : "s"}`;
    say(dryRun ? `Would delete ${number}.` : `Deleted ${number}.`);
  },
});

async function prune(client: pg.Client, values: unknown[]): Promise<Pruned[]> {
  const { rows } = await client.query<Pruned>(
    `select id, aws_account_id as "awsAccountId", region_name as region, assessed_at as timestamp, total_tables as "totalTables",
       is_simulated as "isSimulated"
     from a2o.prune_assessments(keep_last => $1, older_than => make_interval(days => $2), account_id => $3, region => $4, dry_run => $5)`,
    values,
  );
  return rows;
}

async function patiently<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (errorCode(error) !== "55P03") throw error;
      if (attempt === TRIES) {
        throw new UserError(
          "Nothing was deleted: the tables are being read or recorded without a pause.",
          "Try again when no assessment is being stored and no long query runs.",
          { cause: error },
        );
      }
      if (attempt === 1) tell("Waiting for whoever reads or records at the moment…");
      await sleep(PAUSE, undefined, { signal });
    }
  }
}

function wholeNumber(option: string, text: string | undefined, least: number): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > 100_000) {
    throw new UsageError(`${option} must be a whole number from ${least} to 100,000, not ${text}.`);
  }
  return value;
}
