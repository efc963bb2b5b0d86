import { defineCommand } from "citty";
import { commonArgs, jsonArg, say, sayJson, tell, wholeNumber, withStorage } from "../common.ts";
import { type Found, findById } from "../find.ts";
import { type Column, count, minute, plural, table } from "../text.ts";
import { findWebhook } from "./webhooks.ts";
import { OPERATORS, READERS } from "./words.ts";

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

const DEAD_LETTER: Found = {
  select: DEAD_LETTERS,
  id: '"deliveryId"',
  what: "a dead letter",
  whose: "of yours",
  listing: "alerts dead-letters",
};

export const deadLetters = defineCommand({
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

export const retry = defineCommand({
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
        args.letter === undefined ? null : (await findById<DeadLetter>(client, args.letter, DEAD_LETTER)).deliveryId;
      const { rows } = await client.query<{ retried: number }>("select a2o.retry_deliveries($1, $2) as retried", [
        webhookId,
        deliveryId,
      ]);
      return rows[0]?.retried ?? 0;
    });
    say(retried === 0 ? "There is no dead letter." : `${plural(retried, "message")} sent again.`);
  },
});

const DEAD_COLUMNS: Column<DeadLetter>[] = [
  { title: "Id", value: row => row.deliveryId.slice(0, 8), whole: true },
  { title: "Webhook", value: row => row.webhookName ?? "–", whole: true },
  { title: "Event", value: row => row.event.toLowerCase(), whole: true },
  { title: "Written (UTC)", value: row => minute(row.createdAt), whole: true },
  { title: "Attempts", value: row => count(row.attempts), align: "right" },
  { title: "Alert", value: row => row.message },
  { title: "Why", value: row => row.errorMessage ?? "" },
];
