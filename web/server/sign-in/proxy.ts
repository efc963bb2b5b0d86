import proxyAddress from "@fastify/proxy-addr";
import type { FastifyBaseLogger } from "fastify";
import type { SignInSettings } from "../settings.ts";
import { checkUserName, NotAllowedError, roleOf } from "./claims.ts";
import type { Identify } from "./identify.ts";

/**
 * The user is whom a trusted proxy names in a header. The header counts only on connections that come from the proxy itself,
 * and only when it was sent once: a proxy that adds its own to a smuggled one must not be believed.
 */
export function proxySignIn(
  { userHeader, groupsHeader }: NonNullable<SignInSettings["proxy"]>,
  settings: SignInSettings,
  trustedProxies: string[],
  log: FastifyBaseLogger,
): Identify {
  const isTrusted = proxyAddress.compile(trustedProxies);
  return async request => {
    const from = request.raw.socket.remoteAddress;
    if (from === undefined || !isTrusted(from, 0)) return null;
    const [name, ...more] = valuesOf(request.raw.rawHeaders, userHeader);
    if (name === undefined || more.length > 0) return null;
    const groupHeaders = groupsHeader === null ? [] : valuesOf(request.raw.rawHeaders, groupsHeader);
    if (groupHeaders.length > 1) return null;
    const groups = (groupHeaders[0] ?? "").split(",").map(group => group.trim());
    try {
      return { user: checkUserName(name), role: roleOf(groups, settings), signIn: "proxy", expiresAt: null };
    } catch (error) {
      if (!(error instanceof NotAllowedError)) throw error;
      log.warn({ reason: error.message }, "a user of the proxy is not let in");
      return null;
    }
  };
}

/** Each value a header was sent with; Node joins them in `headers`. */
function valuesOf(rawHeaders: string[], name: string): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);
}
