import { Webhook } from "standardwebhooks";
import { secretOf } from "../../postgres/secret.ts";
import { UserError } from "../../postgres/user-error.ts";
import { isLoopback } from "../operations/access.ts";

export type WebhookFormat = "GENERIC" | "SLACK";

/** Where messages of a webhook go, and what signs them. Never written to a row or a log. */
export interface WebhookSettings {
  url: URL;
  /** Only an incoming webhook of Slack may do without: its address is its secret. */
  signer: Webhook | undefined;
}

/**
 * Reads ALERT_WEBHOOK_<NAME>_URL and ALERT_WEBHOOK_<NAME>_SECRET, or the files that they name with _FILE.
 * @throws UserError that says which variable does not fit, without its value
 */
export function webhookSettings(
  name: string,
  format: WebhookFormat,
  environment: Record<string, string | undefined> = process.env,
): WebhookSettings {
  const [urlName, secretName] = [`${variable(name)}_URL`, `${variable(name)}_SECRET`];
  const address = secretOf(urlName, environment);
  if (address === undefined) throw new UserError(`${urlName} is not set in the worker's environment.`);
  const url = parsed(address, urlName);
  const secret = secretOf(secretName, environment);
  if (secret === undefined && format === "GENERIC") {
    throw new UserError(`${secretName} is not set in the worker's environment.`);
  }
  return { url, signer: secret === undefined ? undefined : signerOf(secret, secretName) };
}

const variable = (name: string) => `ALERT_WEBHOOK_${name.toUpperCase()}`;

function parsed(address: string, name: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined) throw new UserError(`${name} is not the address of a web page.`);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname))) {
    throw new UserError(`${name} must begin with https://; http:// is for receivers on the worker's own machine.`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new UserError(`${name} holds a user name or password, which would not be sent.`);
  }
  return url;
}

function signerOf(secret: string, name: string): Webhook {
  try {
    return new Webhook(secret);
  } catch {
    throw new UserError(`${name} is no secret: make one with: echo "whsec_$(openssl rand -base64 32)"`);
  }
}
