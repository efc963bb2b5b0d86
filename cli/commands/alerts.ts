import { defineCommand } from "citty";
import { deadLetters, retry } from "../alerts/dead-letters.ts";
import { webhook } from "../alerts/webhooks.ts";
import { OPERATORS, READERS, SEVERITIES, type Severity } from "../alerts/words.ts";
import { choice, commonArgs, jsonArg, say, sayJson, UsageError, wholeNumber, withStorage } from "../common.ts";
import { type Found, findById } from "../find.ts";
import { type Column, minute, type Style, table } from "../text.ts";

interface Alert {
  alertId: string;
  ruleCode: string;
  severity: Severity;
  state: "OPEN" | "ACKNOWLEDGED" | "RESOLVED";
  title: string;
  message: string;
  remedy: string;
  awsAccountId: string;
  region: string;
  isSimulated: boolean;
  openedAt: Date;
  resolvedAt: Date | null;
  acknowledgedBy: string | null;
  acknowledgedNote: string | null;
  jobId: string | null;
  jobName: string | null;
  monitorName: string | null;
  consoleUrl: string | null;
}

const ALERTS = `select alert_id as "alertId", rule_code as "ruleCode", severity, state, title, message, remedy, aws_account_id as "awsAccountId", region,
    is_simulated as "isSimulated", opened_at as "openedAt", resolved_at as "resolvedAt", acknowledged_by as "acknowledgedBy", acknowledged_note as "acknowledgedNote",
    job_id as "jobId", job_name as "jobName", monitor_name as "monitorName", console_url as "consoleUrl"
  from a2o.alert_overview`;

const ALERT: Found = {
  select: ALERTS,
  id: '"alertId"',
  what: "an alert",
  whose: "of yours",
  listing: "alerts list --all",
};

const list = defineCommand({
  meta: {
    name: "list",
    description: "List what needs attention: open and acknowledged alerts; --all for those that are over, too",
    examples: [
      ["alerts list", "what is wrong now"],
      ["alerts list --all --severity CRITICAL --limit 20", "the latest grave ones, over or not"],
    ],
  },
  args: {
    all: { type: "boolean", description: "Those that are over too, newest first" },
    severity: { type: "string", valueHint: "SEVERITY", description: `This and worse: ${SEVERITIES.join(", ")}` },
    account: { type: "string", valueHint: "ACCOUNT", description: "Only this AWS account" },
    limit: { type: "string", valueHint: "N", description: "How many to show", default: "50" },
    ...jsonArg,
    ...commonArgs,
  },
  async run({ args }) {
    const limit = wholeNumber("--limit", args.limit);
    const severity = choice("--severity", args.severity, SEVERITIES);
    const { rows } = await withStorage(READERS, "alerts", client =>
      client.query<Alert>(
        `${ALERTS} where ($1 or state <> 'RESOLVED') and severity >= $2::a2o.alert_severity and ($3::text is null or aws_account_id = $3)
         order by ${args.all ? "" : "severity desc,"} opened_at desc, alert_id limit $4`,
        [args.all === true, severity ?? "INFO", args.account ?? null, limit],
      ),
    );
    if (args.json) sayJson(rows);
    else if (rows.length > 0) say(table(rows, ALERT_COLUMNS));
    else say(args.all ? "There was no alert." : "Nothing needs attention. What did: aws2openstack alerts list --all");
  },
});

const ack = defineCommand({
  meta: {
    name: "ack",
    description: "Acknowledge an alert: you look after it. When its job is over, that resolves it",
    examples: [
      ["alerts ack 3f9c --note 'disk ordered'", "with a word for the others"],
      ["alerts ack 3f9c --undo", "take it back"],
    ],
  },
  args: {
    alert: {
      type: "positional",
      valueHint: "ALERT",
      description: "Id of an alert, or its first four or more digits",
      required: true,
    },
    note: { type: "string", valueHint: "TEXT", description: "What to tell the others" },
    undo: { type: "boolean", description: "Take it back" },
    ...jsonArg,
    ...commonArgs,
  },
  async run({ args }) {
    if (args.undo && args.note !== undefined) throw new UsageError("--undo takes no note.", "Leave one of them out.");
    const alert = await withStorage(OPERATORS, "alerts", async client => {
      const { alertId } = await findById<Alert>(client, args.alert, ALERT);
      if (args.undo) await client.query("select a2o.unacknowledge_alert($1)", [alertId]);
      else await client.query("select a2o.acknowledge_alert($1, $2)", [alertId, args.note ?? null]);
      const { rows } = await client.query<Alert>(`${ALERTS} where alert_id = $1`, [alertId]);
      return rows[0];
    });
    if (args.json) sayJson(alert);
    else
      say(
        `${alert?.title} (${alert?.jobName ?? alert?.monitorName ?? alert?.region}) is ${alert?.state.toLowerCase()}.`,
      );
  },
});

const STYLES: Record<Severity, Style> = { INFO: "dim", WARNING: "yellow", CRITICAL: "red" };

const ALERT_COLUMNS: Column<Alert>[] = [
  { title: "Id", value: row => row.alertId.slice(0, 8), whole: true },
  { title: "Severity", value: row => row.severity.toLowerCase(), style: row => STYLES[row.severity], whole: true },
  {
    title: "State",
    value: row => row.state.toLowerCase() + (row.acknowledgedBy === null ? "" : ` by ${row.acknowledgedBy}`),
  },
  { title: "Opened (UTC)", value: row => minute(row.openedAt), whole: true },
  { title: "Account", value: row => row.awsAccountId + (row.isSimulated ? " (simulated)" : ""), whole: true },
  { title: "What", value: row => row.message },
];

export default defineCommand({
  meta: {
    name: "alerts",
    description: "What needs attention in the migrations, and who is told of it",
    examples: [
      ["alerts list", "what is wrong now"],
      ["alerts ack 3f9c --note 'disk ordered'", "look after one"],
      ["alerts webhook add team --format slack", "tell a channel of Slack"],
    ],
  },
  subCommands: { list, ack, webhook, "dead-letters": deadLetters, retry },
});
