import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import * as oidc from "openid-client";
import type { SignInSettings } from "../settings.ts";
import { groupsOf, NotAllowedError, roleOf, userOf } from "./claims.ts";
import { type Message, readSignInPage, returnPath } from "./page.ts";
import type { Provider } from "./provider.ts";
import type { SealedCookies } from "./sealed-cookies.ts";
import type { Sessions } from "./session.ts";

/** Milliseconds that a person may take at the provider. */
const PATIENCE = 10 * 60_000;

interface BrowserSignInOptions {
  settings: SignInSettings & { browser: NonNullable<SignInSettings["browser"]> };
  publicUrl: URL;
  provider: () => Promise<Provider>;
  cookies: SealedCookies;
  sessions: Sessions;
  /** Counts what became of each attempt. */
  onSignIn: (outcome: "done" | "refused" | "failed") => void;
}

/**
 * Signing in at the provider: authorization code with PKCE, state and nonce, which a short-lived cookie of the same browser
 * keeps. `/sign-in` is the page, `/sign-in/start` goes to the provider, who sends back to `/sign-in/callback`.
 */
export async function serveBrowserSignIn(app: FastifyInstance, options: BrowserSignInOptions): Promise<void> {
  const { settings, publicUrl, provider, cookies, sessions, onSignIn } = options;
  const page = await readSignInPage(settings.browser.name, publicUrl);
  const redirectUri = new URL("/sign-in/callback", publicUrl).href;
  // One for each attempt, so that two tabs do not spoil each other's.
  const cookieOf = (state: string) => ({
    name: `a2o-sign-in-${state.slice(0, 8).replaceAll(/[^\w-]/g, "")}`,
    purpose: "sign-in",
    path: "/sign-in",
  });
  const unavailable: Message = {
    text: `${settings.browser.name} cannot be reached at the moment. Try again in a minute.`,
    tone: "fail",
  };

  app.get("/sign-in", async (request, reply) => {
    const query = queryOf(request);
    const returnTo = returnPath(query.get("return"), publicUrl);
    if ((await sessions.identify(request)) !== null) return reply.redirect(returnTo, 303);
    const bye: Message = { title: "Signed out", text: "You are signed out.", tone: "plain" };
    return page.send(reply, 200, returnTo, query.has("signed-out") ? bye : undefined);
  });

  app.get("/sign-in/start", async (request, reply) => {
    const returnTo = returnPath(queryOf(request).get("return"), publicUrl);
    const found = await provider().catch((error: unknown) => {
      request.log.error({ err: error }, "the sign-in provider cannot be reached");
      return null;
    });
    if (found === null) {
      onSignIn("failed");
      return page.send(reply, 503, returnTo, unavailable);
    }
    const [state, nonce, verifier] = [oidc.randomState(), oidc.randomNonce(), oidc.randomPKCECodeVerifier()];
    await cookies.set(reply, cookieOf(state), { state, nonce, verifier, returnTo }, new Date(Date.now() + PATIENCE));
    const url = oidc.buildAuthorizationUrl(found.configuration, {
      redirect_uri: redirectUri,
      scope: settings.browser.scopes,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      state,
      nonce,
    });
    return reply.header("cache-control", "no-store").redirect(url.href, 303);
  });

  app.get("/sign-in/callback", async (request, reply) => {
    const query = queryOf(request);
    const cookie = cookieOf(query.get("state") ?? "");
    const attempt = await cookies.read(request, cookie);
    cookies.clear(reply, cookie);
    const returnTo = returnPath(attempt?.returnTo, publicUrl);
    if (attempt === null || typeof attempt.state !== "string") {
      onSignIn("failed");
      return page.send(reply, 400, "/", { text: "That sign-in took too long, or was used already.", tone: "fail" });
    }
    if (query.has("error")) {
      onSignIn("refused");
      request.log.warn({ reason: query.get("error") }, "the provider refused a sign-in");
      return page.send(reply, 403, returnTo, {
        text: `${settings.browser.name} did not let you in.`,
        tone: "fail",
      });
    }
    try {
      await beginSession(reply, await exchange(request, attempt));
      onSignIn("done");
      return reply.header("cache-control", "no-store").redirect(returnTo, 303);
    } catch (error) {
      if (error instanceof NotAllowedError) {
        onSignIn("refused");
        request.log.warn({ reason: error.message }, "a user of the provider is not let in");
        return page.send(reply, 403, returnTo, { text: error.message, tone: "fail" });
      }
      onSignIn("failed");
      request.log.error({ reason: reasonOf(error) }, "a sign-in failed");
      return page.send(reply, 400, returnTo, {
        text: `The sign-in failed (reference ${request.id}). Try it again.`,
        tone: "fail",
      });
    }
  });

  app.post("/sign-out", async (request, reply) => {
    const session = await sessions.end(request, reply);
    reply.header("cache-control", "no-store");
    const back = new URL("/sign-in?signed-out=1", publicUrl).href;
    if (session === null) return reply.send({ redirect: back });
    const found = await provider().catch(() => null);
    // A provider that knows no sign-out keeps its own session: then ours alone is over.
    if (found?.configuration.serverMetadata().end_session_endpoint === undefined) return reply.send({ redirect: back });
    const url = oidc.buildEndSessionUrl(found.configuration, {
      post_logout_redirect_uri: back,
      ...(session.idToken === null ? { logout_hint: session.user } : { id_token_hint: session.idToken }),
    });
    return reply.send({ redirect: url.href });
  });

  async function exchange(request: FastifyRequest, attempt: Record<string, unknown>): Promise<Exchanged> {
    const { configuration } = await provider();
    const url = new URL(redirectUri);
    url.search = queryOf(request).toString();
    const tokens = await oidc.authorizationCodeGrant(configuration, url, {
      pkceCodeVerifier: String(attempt.verifier),
      expectedState: String(attempt.state),
      expectedNonce: String(attempt.nonce),
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (claims === undefined) throw new Error("the provider sent no id token");
    const { userClaim = "sub", groupsClaim = "groups" } = settings.provider ?? {};
    // Some providers put into the id token no more than the subject; the rest is told to whoever asks.
    const isComplete = claims[userClaim] !== undefined && groupsOf(claims, groupsClaim).length > 0;
    const asksMore = !isComplete && configuration.serverMetadata().userinfo_endpoint !== undefined;
    const more = asksMore ? await oidc.fetchUserInfo(configuration, tokens.access_token, claims.sub) : {};
    return { claims: { ...more, ...claims }, idToken: tokens.id_token ?? null };
  }

  async function beginSession(reply: FastifyReply, { claims, idToken }: Exchanged): Promise<void> {
    const { userClaim = "sub", groupsClaim = "groups" } = settings.provider ?? {};
    await sessions.begin(reply, {
      user: userOf(claims, userClaim),
      role: roleOf(groupsOf(claims, groupsClaim), settings),
      idToken,
      expiresAt: new Date(Date.now() + settings.sessionSeconds * 1000),
    });
  }
}

interface Exchanged {
  claims: Record<string, unknown>;
  idToken: string | null;
}

/** Exactly as it was sent: a value that comes twice is told apart from one that comes once. */
function queryOf(request: FastifyRequest): URLSearchParams {
  const question = request.raw.url?.indexOf("?") ?? -1;
  return new URLSearchParams(question < 0 ? "" : request.raw.url?.slice(question + 1));
}

/** Without what the provider's answer carried: that may hold tokens. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const code = "error" in error && typeof error.error === "string" ? error.error : "code" in error ? error.code : "";
  return `${error.message} ${String(code ?? "")}`.trim();
}
