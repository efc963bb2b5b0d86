import type { WebhookFormat, WebhookSettings } from "./settings.ts";
import { type AlertMessage, slackMessage } from "./slack.ts";

export interface Delivery {
  id: string;
  /** The stored message, byte for byte. */
  body: string;
}

/** What a2o.record_delivery stores; nothing in it comes from the address, the secret or the receiver's words. */
export interface Outcome {
  has_arrived: boolean;
  /** Whether the next message would fare no better. */
  is_down?: boolean;
  http_status?: number;
  retry_seconds?: number;
  error_code?: string;
  error_message?: string;
}

const TIMEOUT = 10_000;

/** Sends one message. Never throws: whatever goes wrong is the outcome. */
export async function send(
  { id, body }: Delivery,
  format: WebhookFormat,
  { url, signer }: WebhookSettings,
  timeout = TIMEOUT,
): Promise<Outcome> {
  const text = format === "SLACK" ? slackMessage(JSON.parse(body) as AlertMessage) : body;
  const now = new Date();
  const headers: Record<string, string> = {
    "content-type": "application/json",
    "user-agent": "aws2openstack",
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
  };
  if (signer !== undefined) headers["webhook-signature"] = signer.sign(id, now, text);
  try {
    const response = await fetch(url, {
      method: "POST",
      body: text,
      headers,
      // What was signed for one receiver is not for another.
      redirect: "manual",
      signal: AbortSignal.timeout(timeout),
    });
    // Only the status counts. A body that never ends is not waited for.
    await response.body?.cancel().catch(() => undefined);
    return outcomeOf(response);
  } catch (error) {
    return failureOf(error);
  }
}

/** Answers about this message alone; the next one may fit. */
const ABOUT_THE_MESSAGE = new Set([400, 409, 413, 422]);

function outcomeOf({ status, headers }: Response): Outcome {
  if (status >= 200 && status < 300) return { has_arrived: true, http_status: status };
  const retrySeconds = retryAfter(headers.get("retry-after"));
  return {
    has_arrived: false,
    is_down: !ABOUT_THE_MESSAGE.has(status),
    http_status: status,
    error_code: `HTTP_${status}`,
    error_message:
      status >= 300 && status < 400
        ? `The receiver answered ${status}, a redirect, which is not followed.`
        : `The receiver answered ${status}.`,
    ...(retrySeconds === undefined ? {} : { retry_seconds: retrySeconds }),
  };
}

/** Seconds that the header Retry-After asks for: a number of them, or a date. */
function retryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  if (/^\s*\d{1,9}\s*$/.test(header)) return Number(header);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - Date.now()) / 1000);
}

const WORDS: Record<string, string> = {
  TIMEOUT: "The receiver did not answer in time.",
  ECONNREFUSED: "Nothing listens at that address.",
  ECONNRESET: "The receiver closed the connection without an answer.",
  UND_ERR_SOCKET: "The receiver closed the connection without an answer.",
  ENOTFOUND: "The receiver's host is not known.",
  EAI_AGAIN: "The receiver's host could not be looked up.",
};

/** Errors of fetch can name the address, so only their codes are kept. */
function failureOf(error: unknown): Outcome {
  const isTimeout = error instanceof Error && error.name === "TimeoutError";
  const code = isTimeout ? "TIMEOUT" : (codeOf(error) ?? "FAILED");
  return {
    has_arrived: false,
    is_down: true,
    error_code: code,
    error_message: WORDS[code] ?? `The message could not be sent: ${code}.`,
  };
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("code" in error && typeof error.code === "string" && /^[A-Z0-9_]{1,60}$/.test(error.code)) return error.code;
  return codeOf(error.cause);
}
