import type { Identity } from "../identity.ts";
import type { SignInSettings } from "../settings.ts";

/** Signed in, but not let in; the message is for that person. */
export class NotAllowedError extends Error {}

/**
 * Names that mean somebody else wherever access is granted: the user of a server without sign-in, and the logins of our own
 * programs.
 */
const RESERVED = /^(local|a2o_.*|pg_.*|\*)$/i;

/**
 * The member of account_access that a provider or a proxy names.
 * @throws NotAllowedError
 */
export function checkUserName(name: unknown): string {
  if (typeof name !== "string" || name === "") throw new NotAllowedError("The sign-in tells no user name.");
  // Two headers that became one are parted by a comma; control characters never stand in a name.
  if (name.length > 255 || /[\p{Cc},]/u.test(name)) throw new NotAllowedError("The sign-in tells no usable user name.");
  if (RESERVED.test(name)) throw new NotAllowedError(`The user name ${name} is reserved.`);
  return name;
}

/**
 * The user name in the claims of a token of ours, whose signature, issuer and audience were checked.
 * @throws NotAllowedError when the claim is missing, or is an address that the provider does not vouch for
 */
export function userOf(claims: Record<string, unknown>, userClaim: string): string {
  if (userClaim === "email" && claims.email !== undefined && claims.email_verified !== true) {
    throw new NotAllowedError(
      "The provider does not say that your e-mail address is verified. An administrator can choose another claim with OIDC_USER_CLAIM.",
    );
  }
  return checkUserName(claims[userClaim]);
}

/** Values of a claim that holds one string or several. `realm_access.roles` goes into an object, unless a claim has that very name. */
export function groupsOf(claims: Record<string, unknown>, groupsClaim: string): string[] {
  let value: unknown = claims[groupsClaim];
  if (value === undefined) {
    value = groupsClaim
      .split(".")
      .reduce<unknown>((inner, key) => (isRecord(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined), claims);
  }
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.filter(item => typeof item === "string");
}

/**
 * What the groups of a user make of them.
 * @throws NotAllowedError when a group is needed and the user is in none
 */
export function roleOf(
  groups: readonly string[],
  { operatorGroups, readerGroups }: Pick<SignInSettings, "operatorGroups" | "readerGroups">,
): Identity["role"] {
  const isIn = (wanted: readonly string[]) => wanted.some(group => groups.includes(group));
  if (isIn(operatorGroups)) return "a2o_operator";
  if (readerGroups.length === 0 || isIn(readerGroups)) return "a2o_reader";
  throw new NotAllowedError("Your account is in no group that may use this server.");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
