import { setTimeout as sleep } from "node:timers/promises";
import { defineCommand } from "citty";
import type pg from "pg";
import { UserError } from "../../postgres/user-error.ts";
import { commonArgs, ExitCode, jsonArg, say, sayJson, tell, UsageError, wholeNumber, withStorage } from "../common.ts";
import { type Column, colour, count, minute, plural, table } from "../text.ts";
import { findWebhook, listWebhooks, type Webhook } from "../webhooks.ts";

const OPERATORS = ["a2o_owner", "a2o_operator"] as const;
const READERS = [...OPERATORS, "a2o_reader"] as const;
const SEVERITIES = ["INFO", "WARNING", "CRITICAL"] as const;
const STATES = ["OPEN", "ACKNOWLEDGED", "RESOLVED"] as const;
const FORMATS = ["GENERIC", "SLACK"] as const;

interface Alert {
  alertId: string;
  ruleCode: string;
  severity: (typeof SEVERITIES)[number];
  state: (typeof STATES)[number];
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
      const { alertId } = await findOne<Alert>(client, ALERTS, "alert_id", args.alert, "alert", "alerts list --all");
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

const webhookArg = {
  webhook: { type: "positional", valueHint: "WEBHOOK", description: "Its name", required: true },
} as const;

const addWebhook = defineCommand({
  meta: {
    name: "add",
    description: "Tell a webhook of alerts from now on; takes a name, never an address or a secret",
    examples: [
      ["alerts webhook add ops", "signed JSON; the worker reads ALERT_WEBHOOK_OPS_URL and ALERT_WEBHOOK_OPS_SECRET"],
      ["alerts webhook add team --format slack --severity critical", "what is grave, to a channel of Slack"],
      ["alerts webhook add sales --account 123456789012", "one account's alerts alone"],
    ],
  },
  args: {
    webhook: {
      type: "positional",
      valueHint: "NAME",
      description: "Lower-case letters, digits and _; in upper case it is part of the variables' names",
      required: true,
    },
    format: { type: "string", valueHint: "FORMAT", description: `${FORMATS.join(" or ")}`, default: "GENERIC" },
    severity: {
      type: "string",
      valueHint: "SEVERITY",
      description: `This and worse: ${SEVERITIES.join(", ")}`,
      default: "WARNING",
    },
    account: { type: "string", valueHint: "ACCOUNT", description: "Only this AWS account; all when left out" },
    ...jsonArg,
    ...commonArgs,
  },
  async run({ args }) {
    const format = choice("--format", args.format, FORMATS);
    const severity = choice("--severity", args.severity, SEVERITIES);
    const webhook = await withStorage(OPERATORS, "alerts", async client => {
      await client.query("select a2o.add_webhook($1, $2, $3, $4)", [
        args.webhook,
        format,
        severity,
        args.account ?? null,
      ]);
      return findWebhook(client, args.webhook);
    });
    if (args.json) {
      sayJson(webhook);
      return;
    }
    const variable = `ALERT_WEBHOOK_${webhook.webhookName.toUpperCase()}`;
    say(`Webhook ${webhook.webhookName} is told of alerts from now on.`);
    tell("Start the worker with its address, and then try it:");
    tell(`  export ${variable}_URL=https://…          # or ${variable}_URL_FILE=/run/secrets/…`);
    if (format === "GENERIC")
      tell(`  export ${variable}_SECRET="whsec_$(openssl rand -base64 32)"   # the receiver needs it, too`);
    tell(`  aws2openstack alerts webhook test ${webhook.webhookName}`);
  },
});

const listWebhooksCommand = defineCommand({
  meta: {
    name: "list",
    description: "List the webhooks, how they are, and what waits for them",
    examples: [["alerts webhook list --json", "for a script"]],
  },
  args: { ...jsonArg, ...commonArgs },
  async run({ args }) {
    const webhooks = await withStorage(READERS, "alerts", listWebhooks);
    if (args.json) {
      sayJson(webhooks);
      return;
    }
    if (webhooks.length === 0) {
      say("Nobody is told of alerts yet. Tell a channel of Slack with:");
      say("  aws2openstack alerts webhook add team --format slack");
      return;
    }
    say(table(webhooks, WEBHOOK_COLUMNS));
    for (const { webhookName, errorMessage, deadLetters } of webhooks) {
      if (errorMessage !== null) tell(`${webhookName}: ${errorMessage}`);
      if (deadLetters > 0)
        tell(`${webhookName}: ${plural(deadLetters, "message")} given up: aws2openstack alerts dead-letters`);
    }
  },
});

/** `pause`, `resume` and `remove`: one SQL function each. */
function changing(verb: "pause" | "resume" | "remove", description: string, done: (name: string) => string) {
  return defineCommand({
    meta: { name: verb, description, examples: [[`alerts webhook ${verb} ops`, "by its name"]] },
    args: { ...webhookArg, ...commonArgs },
    async run({ args }) {
      await withStorage(OPERATORS, "alerts", async client => {
        const { webhookId } = await findWebhook(client, args.webhook);
        await client.query(`select a2o.${verb}_webhook($1)`, [webhookId]);
      });
      say(done(args.webhook));
    },
  });
}

const testWebhook = defineCommand({
  meta: {
    name: "test",
    description: "Have the worker send a test message now, and tell how that went",
    examples: [["alerts webhook test ops", "whether its address and secret are right"]],
  },
  args: {
    ...webhookArg,
    wait: { type: "string", valueHint: "SECONDS", description: "How long to wait for the worker", default: "75" },
    ...commonArgs,
  },
  async run({ args }) {
    const wait = wholeNumber("--wait", args.wait, 1, 600);
    const outcome = await withStorage(OPERATORS, "alerts", async (client, _storage, signal) => {
      const { webhookId } = await findWebhook(client, args.webhook);
      const { rows } = await client.query<{ id: string }>("select id from a2o.test_webhook($1)", [webhookId]);
      return outcomeOf(client, rows[0]?.id ?? "", wait, signal);
    });
    if (outcome === undefined) {
      tell(`Error: No worker sent it within ${wait} seconds. Is one running? aws2openstack worker, or up.`);
      return ExitCode.failed;
    }
    if (outcome.state !== "DELIVERED") {
      tell(`Error: ${outcome.errorMessage ?? "It did not arrive."}`);
      return ExitCode.failed;
    }
    say(`The receiver took it (HTTP ${outcome.httpStatus}).`);
    return ExitCode.ok;
  },
});

interface TestOutcome {
  state: "PENDING" | "DELIVERED" | "DEAD";
  httpStatus: number | null;
  errorMessage: string | null;
}

async function outcomeOf(client: pg.Client, id: string, seconds: number, signal: AbortSignal) {
  const until = Date.now() + seconds * 1000;
  while (Date.now() < until) {
    const { rows } = await client.query<TestOutcome>(
      `select state, http_status as "httpStatus", error_message as "errorMessage" from a2o.alert_deliveries where id = $1`,
      [id],
    );
    if (rows[0] !== undefined && rows[0].state !== "PENDING") return rows[0];
    await sleep(200, undefined, { signal });
  }
  return undefined;
}

interface DeadLetter {
  deliveryId: string;
  webhookName: string | null;
  event: string;
  title: string;
  message: string;
  attempts: number;
  createdAt: Date;
  endedAt: Date;
  httpStatus: number | null;
  errorMessage: string | null;
}

const DEAD_LETTERS = `select d.id as "deliveryId", w.webhook_name as "webhookName", d.event, d.payload #>> '{data,title}' as title, d.payload #>> '{data,message}' as message,
    d.attempts, d.created_at as "createdAt", d.ended_at as "endedAt", d.http_status as "httpStatus", d.error_message as "errorMessage"
  from a2o.alert_deliveries d left join a2o.alert_webhooks w on w.id = d.webhook_id
  where d.state = 'DEAD' and d.event <> 'TEST'`;

const deadLetters = defineCommand({
  meta: {
    name: "dead-letters",
    description: "List messages to webhooks that were given up after all attempts",
    examples: [["alerts dead-letters", "what did not arrive, and why"]],
  },
  args: {
    limit: { type: "string", valueHint: "N", description: "How many to show", default: "50" },
    ...jsonArg,
    ...commonArgs,
  },
  async run({ args }) {
    const limit = wholeNumber("--limit", args.limit);
    const { rows } = await withStorage(READERS, "alerts", client =>
      client.query<DeadLetter>(`${DEAD_LETTERS} order by d.sequence_number desc limit $1`, [limit]),
    );
    if (args.json) sayJson(rows);
    else if (rows.length === 0) say("There is no dead letter.");
    else {
      say(table(rows, DEAD_COLUMNS));
      tell("When the receiver is well again: aws2openstack alerts retry");
    }
  },
});

const retry = defineCommand({
  meta: {
    name: "retry",
    description: "Send dead letters again: all of them, those of a webhook, or one",
    examples: [
      ["alerts retry", "all that are yours"],
      ["alerts retry --webhook ops", "those of one webhook"],
    ],
  },
  args: {
    letter: {
      type: "positional",
      required: false,
      valueHint: "LETTER",
      description: "Id of a dead letter, or its first four or more digits",
    },
    webhook: { type: "string", valueHint: "WEBHOOK", description: "Only those of this webhook" },
    ...commonArgs,
  },
  async run({ args }) {
    const retried = await withStorage(OPERATORS, "alerts", async client => {
      const webhookId = args.webhook === undefined ? null : (await findWebhook(client, args.webhook)).webhookId;
      const deliveryId =
        args.letter === undefined
          ? null
          : (
              await findOne<DeadLetter>(
                client,
                `select * from (${DEAD_LETTERS}) as l`,
                '"deliveryId"',
                args.letter,
                "dead letter",
                "alerts dead-letters",
              )
            ).deliveryId;
      const { rows } = await client.query<{ retried: number }>("select a2o.retry_deliveries($1, $2) as retried", [
        webhookId,
        deliveryId,
      ]);
      return rows[0]?.retried ?? 0;
    });
    say(retried === 0 ? "There is no dead letter." : `${plural(retried, "message")} sent again.`);
  },
});

/** The one row whose id begins with what somebody typed. */
async function findOne<Row extends object>(
  client: pg.Client,
  select: string,
  column: string,
  reference: string,
  what: string,
  listing: string,
): Promise<Row> {
  if (!/^[0-9a-f-]{4,36}$/i.test(reference)) {
    throw new UsageError(
      `${reference} is no id of ${what === "alert" ? "an" : "a"} ${what}.`,
      `aws2openstack ${listing} --json shows them; four digits are enough.`,
    );
  }
  const { rows } = await client.query<Row & Record<string, unknown>>(
    `${select} where starts_with(${column}::text, $1) limit 2`,
    [reference.toLowerCase()],
  );
  const [row, another] = rows;
  if (row === undefined)
    throw new UserError(`There is no ${what} ${reference} of yours.`, `All of them: aws2openstack ${listing}`);
  if (another !== undefined) throw new UserError(`${reference} fits more than one ${what}.`, "Give more digits.");
  return row;
}

function choice<Choice extends string>(option: string, text: string | undefined, choices: readonly Choice[]) {
  if (text === undefined) return undefined;
  const chosen = choices.find(known => known === text.toUpperCase());
  if (chosen === undefined) throw new UsageError(`${option} cannot be ${text}.`, `Choose of ${choices.join(", ")}.`);
  return chosen;
}

const STYLES = { INFO: "dim", WARNING: "yellow", CRITICAL: "red" } as const;

const ALERT_COLUMNS: Column<Alert>[] = [
  { title: "Id", value: row => row.alertId.slice(0, 8), whole: true },
  { title: "Severity", value: row => colour(STYLES[row.severity], row.severity.toLowerCase()), whole: true },
  {
    title: "State",
    value: row => row.state.toLowerCase() + (row.acknowledgedBy === null ? "" : ` by ${row.acknowledgedBy}`),
  },
  { title: "Opened (UTC)", value: row => minute(row.openedAt), whole: true },
  { title: "Account", value: row => row.awsAccountId + (row.isSimulated ? " (simulated)" : ""), whole: true },
  { title: "What", value: row => row.message },
];

const WEBHOOK_STATES = {
  PAUSED: ["dim", "paused"],
  UNTRIED: ["dim", "nothing sent yet"],
  DELIVERING: ["green", "delivering"],
  FAILING: ["red", "failing"],
} as const;

function stateOf({ state }: Webhook): string {
  const [style, words] = WEBHOOK_STATES[state];
  return colour(style, words);
}

const WEBHOOK_COLUMNS: Column<Webhook>[] = [
  { title: "Webhook", value: row => row.webhookName, whole: true },
  { title: "Format", value: row => row.webhookFormat.toLowerCase(), whole: true },
  { title: "From", value: row => row.minimumSeverity.toLowerCase(), whole: true },
  { title: "Account", value: row => row.awsAccountId ?? "all", whole: true },
  { title: "State", value: stateOf },
  {
    title: "Arrived (UTC)",
    value: row => (row.lastSucceededAt === null ? "–" : minute(row.lastSucceededAt)),
    whole: true,
  },
  { title: "Waiting", value: row => count(row.pending), align: "right" },
  { title: "Dead", value: row => count(row.deadLetters), align: "right" },
];

const DEAD_COLUMNS: Column<DeadLetter>[] = [
  { title: "Id", value: row => row.deliveryId.slice(0, 8), whole: true },
  { title: "Webhook", value: row => row.webhookName ?? "–", whole: true },
  { title: "Event", value: row => row.event.toLowerCase(), whole: true },
  { title: "Written (UTC)", value: row => minute(row.createdAt), whole: true },
  { title: "Attempts", value: row => count(row.attempts), align: "right" },
  { title: "Alert", value: row => row.message },
  { title: "Why", value: row => row.errorMessage ?? "" },
];

const webhook = defineCommand({
  meta: {
    name: "webhook",
    description: "Who is told of alerts: add, list, pause, resume, remove, test",
    examples: [
      ["alerts webhook add team --format slack", "tell a channel"],
      ["alerts webhook list", "who is told, and whether it arrives"],
    ],
  },
  subCommands: {
    add: addWebhook,
    list: listWebhooksCommand,
    pause: changing(
      "pause",
      "Send nothing until it is resumed; alerts of that time are not told",
      name => `${name} is paused.`,
    ),
    resume: changing("resume", "Send again", name => `${name} is told again.`),
    remove: changing("remove", "Forget it with all its messages", name => `${name} is no longer told.`),
    test: testWebhook,
  },
});

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
