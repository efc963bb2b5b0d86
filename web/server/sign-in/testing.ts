import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { Provider } from "oidc-provider";

/** A real OpenID provider on loopback, which knows whoever is in `accounts`. */
export interface TestProvider {
  issuer: string;
  /** Claims by login name. */
  accounts: Map<string, Record<string, unknown>>;
  /** A token with the provider's own signature, whatever it says. */
  sign(claims: JWTPayload): Promise<string>;
  /** An access token that the provider itself issues to a program, for an audience. */
  programToken(audience: string): Promise<string>;
  close(): Promise<void>;
}

export const CLIENT = { id: "dashboard", secret: "canary-client-secret" };

export async function startProvider(redirectTo: string[], port = 0, secret = CLIENT.secret): Promise<TestProvider> {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const key = { ...(await exportJWK(privateKey)), kid: "test", use: "sig", alg: "RS256" };
  const accounts = new Map<string, Record<string, unknown>>();
  const server = createServer();
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    jwks: { keys: [key] },
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: secret,
        redirect_uris: redirectTo.map(origin => `${origin}/sign-in/callback`),
        post_logout_redirect_uris: redirectTo.map(origin => `${origin}/sign-in?signed-out=1`),
      },
      {
        client_id: "program",
        client_secret: "program-secret",
        grant_types: ["client_credentials"],
        redirect_uris: [],
        response_types: [],
      },
    ],
    findAccount: (_context, accountId) =>
      accounts.has(accountId)
        ? { accountId, claims: async () => ({ sub: accountId, ...accounts.get(accountId) }) }
        : undefined,
    claims: { email: ["email", "email_verified"], profile: ["name", "groups"] },
    cookies: { keys: ["cookie key of the provider in tests"] },
    features: {
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context, indicator) => ({
          scope: "",
          audience: indicator,
          accessTokenFormat: "jwt",
          accessTokenTTL: 600,
        }),
      },
    },
  });
  // It warns that its stores and forms are for development, which is what they are used for here.
  server.on("request", provider.callback());
  return {
    issuer,
    accounts,
    sign: claims => new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: "test" }).sign(privateKey),
    async programToken(audience) {
      const response = await fetch(`${issuer}/token`, {
        method: "POST",
        headers: { authorization: `Basic ${Buffer.from("program:program-secret").toString("base64")}` },
        body: new URLSearchParams({ grant_type: "client_credentials", resource: audience }),
      });
      const body: { access_token?: string } = JSON.parse(await response.text());
      if (body.access_token === undefined) throw new Error(`no token: ${JSON.stringify(body)}`);
      return body.access_token;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** As much of a browser as signing in takes: cookies by host and path, redirects, and forms. */
export class Visitor {
  readonly cookies = new Map<string, { name: string; value: string; host: string; path: string }>();
  /** Every address that was asked for, in order. */
  readonly visited: string[] = [];

  cookieHeader(url: URL): string {
    return [...this.cookies.values()]
      .filter(cookie => cookie.host === url.host && url.pathname.startsWith(cookie.path))
      .map(cookie => `${cookie.name}=${cookie.value}`)
      .join("; ");
  }

  /** One request; redirects are not followed. */
  async send(
    address: string | URL,
    init: Omit<RequestInit, "headers"> & { headers?: Record<string, string> } = {},
  ): Promise<Response> {
    const url = new URL(address);
    this.visited.push(url.href);
    const headers = new Headers(init.headers);
    const cookie = this.cookieHeader(url);
    if (cookie !== "") headers.set("cookie", cookie);
    const response = await fetch(url, { ...init, headers, redirect: "manual" });
    for (const line of response.headers.getSetCookie()) this.keep(line, url);
    return response;
  }

  /** Follows redirects, as a browser shows a page. */
  async open(
    address: string | URL,
    init: Parameters<Visitor["send"]>[1] = {},
  ): Promise<{ url: URL; response: Response; text: string }> {
    const accept = { accept: "text/html" };
    let url = new URL(address);
    let response = await this.send(url, { ...init, headers: { ...accept, ...init.headers } });
    for (let hops = 0; response.headers.has("location") && hops < 20; hops++) {
      url = new URL(response.headers.get("location") ?? "", url);
      await response.body?.cancel();
      response = await this.send(url, { headers: accept });
    }
    return { url, response, text: await response.text() };
  }

  /** Submits the form of a page, with its hidden fields and these. */
  submit(page: { url: URL; text: string }, fields: Record<string, string>) {
    const action = /<form[^>]*action="([^"]+)"/.exec(page.text)?.[1];
    if (action === undefined) throw new Error(`no form on ${page.url}: ${page.text}`);
    const hidden = [...page.text.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([input]) => [
      /name="([^"]*)"/.exec(input)?.[1] ?? "",
      /value="([^"]*)"/.exec(input)?.[1] ?? "",
    ]);
    const body = new URLSearchParams({ ...Object.fromEntries(hidden), ...fields });
    return this.open(new URL(action.replaceAll("&amp;", "&"), page.url), { method: "POST", body });
  }

  /** From the sign-in page through the provider's forms and back; returns the page that comes then. */
  async signIn(server: string, user: string, returnTo = "/") {
    let page = await this.open(`${server}/sign-in/start?${new URLSearchParams({ return: returnTo })}`);
    if (/name="login"/.test(page.text)) page = await this.submit(page, { login: user, password: "any" });
    if (/value="consent"/.test(page.text)) page = await this.submit(page, {});
    return page;
  }

  private keep(line: string, url: URL): void {
    const [pair = "", ...attributes] = line.split(/; */);
    const [name = "", value = ""] = [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
    const attribute = (wanted: string) =>
      attributes.find(text => text.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1);
    const path = attribute("path") ?? "/";
    const key = `${url.host} ${path} ${name}`;
    const expires = attribute("expires");
    const isOver = attribute("max-age") === "0" || (expires !== undefined && new Date(expires) <= new Date());
    if (isOver || value === "") this.cookies.delete(key);
    else this.cookies.set(key, { name, value, host: url.host, path });
  }
}
