import { createRemoteJWKSet, type JWTVerifyGetKey } from "jose";
import * as oidc from "openid-client";
import { isLoopback } from "../../../worker/operations/access.ts";
import type { SignInSettings } from "../settings.ts";

/** Seconds to wait for an answer of the provider. */
const TIMEOUT = 10;

export interface Provider {
  configuration: oidc.Configuration;
  /** The issuer's signing keys, fetched when needed and kept. */
  keys: JWTVerifyGetKey;
  issuer: string;
}

/** Nobody can be let in for the moment; the reason goes to the log alone. */
export class ProviderUnavailableError extends Error {
  readonly statusCode = 503;
}

/** Finds the provider when it is first needed, and again after a failure: it may start later than we do. */
export function discoverProvider(settings: SignInSettings): () => Promise<Provider> {
  let found: Promise<Provider> | undefined;
  return () => {
    found ??= discover(settings).catch((error: unknown) => {
      found = undefined;
      throw new ProviderUnavailableError("The sign-in provider cannot be reached.", { cause: error });
    });
    return found;
  };
}

async function discover({ provider, browser, audience }: SignInSettings): Promise<Provider> {
  if (provider === null) throw new Error("no provider is configured");
  const { issuer } = provider;
  const secret = browser?.clientSecret ?? undefined;
  const configuration = await oidc.discovery(
    issuer,
    browser?.clientId ?? audience ?? "",
    secret,
    secret === undefined ? oidc.None() : undefined,
    {
      timeout: TIMEOUT,
      execute: [
        // The library trusts TLS for what the token endpoint answers; signatures are checked all the same.
        oidc.enableNonRepudiationChecks,
        ...(isLoopback(issuer.hostname) ? [oidc.allowInsecureRequests] : []),
      ],
    },
  );
  const metadata = configuration.serverMetadata();
  if (metadata.jwks_uri === undefined) throw new Error(`${issuer.href} names no jwks_uri`);
  return {
    configuration,
    issuer: metadata.issuer,
    keys: createRemoteJWKSet(new URL(metadata.jwks_uri), { timeoutDuration: TIMEOUT * 1000 }),
  };
}
