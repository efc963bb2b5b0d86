import type { Query } from "../poll/poll.ts";
import { send } from "./send.ts";
import { type WebhookFormat, type WebhookSettings, webhookSettings } from "./settings.ts";

interface WebhookRow {
  webhook_id: string;
  webhook_name: string;
  webhook_format: WebhookFormat;
  is_due: boolean;
}

/** Webhooks with something to send. Notes at each whether this worker has what it needs to send. */
export async function webhooksToServe(query: Query): Promise<string[]> {
  const { rows } = await query<WebhookRow>("select * from a2o.webhooks_to_serve()", []);
  const due: string[] = [];
  for (const row of rows) {
    const settings = await settingsOf(row, query);
    if (settings !== undefined && row.is_due) due.push(row.webhook_id);
  }
  return due;
}

/** Messages that one task sends at most, so that no webhook keeps the others waiting. */
const AT_ONCE = 100;

export interface Served {
  /** When the next message is due; null when none waits. */
  nextAt: Date | null;
  /** A line for the log when something began to go wrong, or to go well again, or a message was given up. */
  lines: string[];
}

/** Sends a webhook the messages that are due, one after the other. Undefined when this worker cannot serve it. */
export async function serveWebhook(
  webhookId: string,
  { query, signal }: { query: Query; signal?: AbortSignal | undefined },
): Promise<Served | undefined> {
  const { rows } = await query<WebhookRow>("select * from a2o.webhooks_to_serve() where webhook_id = $1", [webhookId]);
  const [webhook] = rows;
  const settings = webhook && (await settingsOf(webhook, query));
  if (webhook === undefined || settings === undefined) return undefined;
  const lines: string[] = [];
  for (let sent = 0; sent < AT_ONCE && !signal?.aborted; sent++) {
    const claimed = await query<{ delivery_id: string; attempt: number; body: string }>(
      "select delivery_id, attempt, body from a2o.claim_delivery($1)",
      [webhookId],
    );
    const [delivery] = claimed.rows;
    if (delivery === undefined) break;
    const outcome = await send({ id: delivery.delivery_id, body: delivery.body }, webhook.webhook_format, settings);
    const recorded = await query<{ state: string; was_failing: boolean }>(
      "select state, was_failing from a2o.record_delivery($1, $2, $3)",
      [delivery.delivery_id, delivery.attempt, JSON.stringify(outcome)],
    );
    const [result] = recorded.rows;
    const name = `webhook ${webhook.webhook_name}`;
    if (result?.state === "DEAD")
      lines.push(`${name}: message ${delivery.delivery_id} is given up: ${outcome.error_message}`);
    else if (!outcome.has_arrived && result?.was_failing === false) lines.push(`${name}: ${outcome.error_message}`);
    else if (outcome.has_arrived && result?.was_failing) lines.push(`${name}: messages arrive again`);
  }
  const next = await query<{ at: Date | null }>("select a2o.next_delivery_at($1) as at", [webhookId]);
  return { nextAt: next.rows[0]?.at ?? null, lines };
}

async function settingsOf(webhook: WebhookRow, query: Query): Promise<WebhookSettings | undefined> {
  let problem: string | null = null;
  let settings: WebhookSettings | undefined;
  try {
    settings = webhookSettings(webhook.webhook_name, webhook.webhook_format);
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
  }
  await query("select a2o.record_webhook_settings($1, $2)", [webhook.webhook_id, problem]);
  return settings;
}
