import { UserError } from "../../postgres/user-error.ts";
import { type CallerIdentity, callerIdentity } from "../aws/clients.ts";
import { type AskToSignIn, Credentials, type Identity } from "../aws/credentials.ts";
import { awsErrorCode } from "../aws/errors.ts";
import { regionNotEnabled } from "../aws/explain.ts";
import { homeRegion } from "../aws/regions.ts";

/** An account that is about to be read, and the right to read it. */
export interface Account {
  identity: Identity;
  caller: CallerIdentity;
  credentials: Credentials;
}

/**
 * Who the credentials of an identity belong to.
 * @param region where AWS is asked first
 * @throws UserError when there are none, AWS refuses them, or it cannot be reached
 */
export async function openAccount(identity: Identity, region: string, ask?: AskToSignIn): Promise<Account> {
  const place = { ...identity, region };
  const caller = await callerIdentity(place).catch(async error => {
    const elsewhere = await identityElsewhere(place, error);
    if (elsewhere === undefined) throw error;
    return elsewhere;
  });
  const credentials = new Credentials(identity, {
    ask,
    async verify(credentials) {
      const now = await callerIdentity({ ...place, credentials });
      if (now.awsAccountId === caller.awsAccountId) return;
      throw new UserError(
        `The new credentials belong to account ${now.awsAccountId}, but ${caller.awsAccountId} is being read.`,
        "Sign in to the account that is being read; --resume goes on then.",
      );
    },
  });
  return { identity, caller, credentials };
}

/**
 * Who the caller is in a region of the account.
 * @throws UserError also when the region is not enabled in an account that is sound otherwise
 */
export async function callerIn(region: string, { identity, caller, credentials }: Account): Promise<CallerIdentity> {
  const place = { ...identity, region, credentials: credentials.provider };
  return callerIdentity(place).catch(async error => {
    if ((await identityElsewhere(place, error)) === undefined) throw error;
    throw regionNotEnabled(region, caller.awsAccountId, error);
  });
}

/** Keys that are sound are unknown in a region that is not enabled; asked elsewhere, AWS knows them. */
async function identityElsewhere(
  place: Parameters<typeof callerIdentity>[0],
  error: unknown,
): Promise<CallerIdentity | undefined> {
  const home = homeRegion(place.region);
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const isUnknownKey = ["InvalidClientTokenId", "UnrecognizedClientException"].includes(awsErrorCode(cause));
  if (!isUnknownKey || home === place.region) return undefined;
  return callerIdentity({ ...place, region: home }).catch(() => undefined);
}
