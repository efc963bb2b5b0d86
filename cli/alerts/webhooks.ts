import { setTimeout as sleep } from "node:timers/promises";
import { defineCommand } from "citty";
import type pg from "pg";
import { UserError } from "../../postgres/user-error.ts";
import { choice, commonArgs, ExitCode, jsonArg, say, sayJson, tell, wholeNumber, withStorage } from "../common.ts";
import { type Column, count, minute, plural, table } from "../text.ts";
import { OPERATORS, READERS, SEVERITIES, type Severity } from "./words.ts";

const FORMATS = ["GENERIC", "SLACK"] as const;

interface Webhook {
  webhookId: string;
  webhookName: string;
  webhookFormat: (typeof FORMATS)[number];
  minimumSeverity: Severity;
  awsAccountId: string | null;
  state: "PAUSED" | "UNTRIED" | "DELIVERING" | "FAILING";
  pending: number;
  deadLetters: number;
  lastSucceededAt: Date | null;
  failingSince: Date | null;
  errorCode: string | null;
  errorMessage: string | null;
}

async function listWebhooks(client: pg.Client): Promise<Webhook[]> {
  const { rows } = await client.query<Webhook>(
    `select webhook_id as "webhookId", webhook_name as "webhookName", webhook_format as "webhookFormat", minimum_severity as "minimumSeverity",
       aws_account_id as "awsAccountId", state, pending::float8 as pending, dead::float8 as "deadLetters", last_succeeded_at as "lastSucceededAt",
       failing_since as "failingSince", error_code as "errorCode", error_message as "errorMessage"
     from a2o.alert_webhook_overview order by webhook_name`,
  );
  return rows;
}

/** The webhook of that name. @throws UserError */
export async function findWebhook(client: pg.Client, name: string): Promise<Webhook> {
  const webhooks = await listWebhooks(client);
  const webhook = webhooks.find(({ webhookName }) => webhookName === name);
  if (webhook !== undefined) return webhook;
  throw new UserError(
    `There is no webhook ${name} of yours.`,
    webhooks.length === 0
      ? "Add one with: aws2openstack alerts webhook add NAME"
      : `There are: ${webhooks.map(({ webhookName }) => webhookName).join(", ")}.`,
  );
}

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

const WEBHOOK_STATES = {
  PAUSED: ["dim", "paused"],
  UNTRIED: ["dim", "nothing sent yet"],
  DELIVERING: ["green", "delivering"],
  FAILING: ["red", "failing"],
} as const;

const WEBHOOK_COLUMNS: Column<Webhook>[] = [
  { title: "Webhook", value: row => row.webhookName, whole: true },
  { title: "Format", value: row => row.webhookFormat.toLowerCase(), whole: true },
  { title: "From", value: row => row.minimumSeverity.toLowerCase(), whole: true },
  { title: "Account", value: row => row.awsAccountId ?? "all", whole: true },
  { title: "State", value: row => WEBHOOK_STATES[row.state][1], style: row => WEBHOOK_STATES[row.state][0] },
  {
    title: "Arrived (UTC)",
    value: row => (row.lastSucceededAt === null ? "–" : minute(row.lastSucceededAt)),
    whole: true,
  },
  { title: "Waiting", value: row => count(row.pending), align: "right" },
  { title: "Dead", value: row => count(row.deadLetters), align: "right" },
];

export const webhook = defineCommand({
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
