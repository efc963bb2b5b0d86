import type { FastifyInstance } from "fastify";
import type { Pool } from "pg";
import { UserError } from "../../../postgres/user-error.ts";
import type { SignInSettings } from "../settings.ts";
import { bearerSignIn } from "./bearer.ts";
import { serveBrowserSignIn } from "./browser.ts";
import { endedSessions } from "./ended-sessions.ts";
import type { SignIn } from "./identify.ts";
import { discoverProvider } from "./provider.ts";
import { proxySignIn } from "./proxy.ts";
import { sealedCookies } from "./sealed-cookies.ts";
import { cookieSessions, type Sessions } from "./session.ts";

interface CreateSignInOptions {
  settings: SignInSettings;
  publicUrl: URL;
  trustedProxies: string[];
  /** Logged in as a2o_authenticator. */
  pool: Pool;
  onSignIn: (outcome: "done" | "refused" | "failed") => void;
}

/**
 * Adds the routes that sign browsers in, and tells who sent a request. A bearer token stands alone: one that is not valid is
 * not made good by a cookie. Then comes the proxy's word, then the session.
 */
export async function createSignIn(app: FastifyInstance, options: CreateSignInOptions): Promise<SignIn> {
  const { settings, publicUrl, trustedProxies, pool, onSignIn } = options;
  const provider = discoverProvider(settings);
  const { audience, browser, proxy } = settings;
  const bearer = audience === null ? null : bearerSignIn({ ...settings, audience }, provider, app.log);
  const byProxy = proxy === null ? null : proxySignIn(proxy, settings, trustedProxies, app.log);
  let sessions: Sessions | null = null;
  if (browser !== null) {
    if (settings.sessionKeys.length === 0) {
      throw new UserError(
        "Signing in by browser needs SESSION_KEY, which sessions are encrypted with.",
        "Make one with: openssl rand -base64 32",
      );
    }
    const cookies = sealedCookies(settings.sessionKeys, publicUrl);
    sessions = cookieSessions(cookies, endedSessions(pool));
    const browserOptions = { settings: { ...settings, browser }, publicUrl, provider, cookies, sessions, onSignIn };
    await app.register(scope => serveBrowserSignIn(scope, browserOptions));
  }
  if (settings.provider !== null) {
    // Told now rather than at the first sign-in; not fatal, because the provider may start later than we do.
    provider().catch((error: unknown) => app.log.warn({ err: error }, "the sign-in provider cannot be reached yet"));
  }
  return {
    async identify(request) {
      if (request.headers.authorization !== undefined) return (await bearer?.(request)) ?? null;
      return (await byProxy?.(request)) ?? (await sessions?.identify(request)) ?? null;
    },
    signInUrl: sessions === null ? null : "/sign-in",
    signOutUrl: sessions === null ? null : "/sign-out",
    takesBearer: bearer !== null,
  };
}
