import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** Whether a host name or address is this machine's own. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}

/** The token of the header Authorization; null when it has none. */
export function bearerToken(authorization: string | undefined): string | null {
  return /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1] ?? null;
}

/** Metrics are for whoever knows the token; without a token, for this machine alone. */
export function mayReadMetrics(request: IncomingMessage, token: string | null): boolean {
  return token === null ? isFromHere(request) : isSame(bearerToken(request.headers.authorization), token);
}

export const METRICS_REFUSAL = "metrics are for this machine, or for who has METRICS_TOKEN";

/** Straight from this machine. What a proxy on it passes on is not: that names another host, or whom it speaks for. */
function isFromHere({ socket, headers }: IncomingMessage): boolean {
  const address = socket.remoteAddress?.replace(/^::ffff:/, "") ?? "";
  const { host = "", forwarded, "x-forwarded-for": forwardedFor, via } = headers;
  const isDirect = forwarded === undefined && forwardedFor === undefined && via === undefined;
  return isDirect && isLoopback(address) && isLoopback(host.replace(/:\d+$/, ""));
}

function isSame(given: string | null, expected: string): boolean {
  const [left, right] = [Buffer.from(given ?? ""), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}
