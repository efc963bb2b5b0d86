import type { FastifyBaseLogger } from "fastify";
import { errors, jwtVerify } from "jose";
import { bearerToken } from "../../../worker/operations/access.ts";
import type { SignInSettings } from "../settings.ts";
import { groupsOf, NotAllowedError, roleOf, userOf } from "./claims.ts";
import type { Identify } from "./identify.ts";
import type { Provider } from "./provider.ts";

/** Only signatures whose key we cannot know ourselves: a token signed with a shared secret would be signed with the public key. */
const ALGORITHMS = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];

/** Seconds that the provider's clock may differ from ours. */
const CLOCK_TOLERANCE = 5;

/** The user is whom a JWT of the issuer for our audience names. */
export function bearerSignIn(
  settings: SignInSettings & { audience: string },
  provider: () => Promise<Provider>,
  log: FastifyBaseLogger,
): Identify {
  const { userClaim = "sub", groupsClaim = "groups" } = settings.provider ?? {};
  return async request => {
    const token = bearerToken(request.headers.authorization);
    if (token === null) return null;
    const { keys, issuer } = await provider();
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience: settings.audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE,
        requiredClaims: ["exp"],
      });
      return {
        user: userOf(payload, userClaim),
        role: roleOf(groupsOf(payload, groupsClaim), settings),
        signIn: "bearer",
        expiresAt: new Date((payload.exp ?? 0) * 1000),
      };
    } catch (error) {
      if (!(error instanceof errors.JOSEError) && !(error instanceof NotAllowedError)) throw error;
      log.warn({ reason: error.message }, "a bearer token is refused");
      return null;
    }
  };
}
