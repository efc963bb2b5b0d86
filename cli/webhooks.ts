import type pg from "pg";
import { UserError } from "../postgres/user-error.ts";

export interface Webhook {
  webhookId: string;
  webhookName: string;
  webhookFormat: "GENERIC" | "SLACK";
  minimumSeverity: "INFO" | "WARNING" | "CRITICAL";
  awsAccountId: string | null;
  state: "PAUSED" | "UNTRIED" | "DELIVERING" | "FAILING";
  pending: number;
  deadLetters: number;
  lastSucceededAt: Date | null;
  failingSince: Date | null;
  errorCode: string | null;
  errorMessage: string | null;
}

export async function listWebhooks(client: pg.Client): Promise<Webhook[]> {
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
