import type { CoverageStatus } from "../record/recording.ts";
import { CredentialsLost } from "./credentials.ts";

/** Name of an AWS or network error, e.g. `AccessDeniedException`, `ECONNRESET`, `TimeoutError`; `BrokenAnswer` for no JSON. */
export function awsErrorCode(error: unknown): string {
  if (!(error instanceof Error)) return "UnknownError";
  if (isBrokenAnswer(error)) return "BrokenAnswer";
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  // The SDK calls refused and reset connections time-outs as well.
  const isVague = error.name === "Error" || (error.name === "TimeoutError" && code !== "ETIMEDOUT");
  return isVague ? (code ?? error.name) : error.name;
}

/** What an AWS or network error says, for people. */
export function awsErrorMessage(error: unknown): string {
  if (isBrokenAnswer(error)) return "The answer broke off, or was no JSON.";
  // All that Node.js says when the connection is reset while an answer comes.
  if (error instanceof Error && error.message === "aborted")
    return "The connection was reset in the middle of the answer.";
  return error instanceof Error && error.message !== "" ? error.message : awsErrorCode(error);
}

/** JSON that ends too early or is none, as proxies and broken connections leave it. */
export function isBrokenAnswer(error: unknown): boolean {
  return error instanceof SyntaxError;
}

const DENIED = new Set(["AccessDeniedException", "AccessDenied", "UnauthorizedOperation", "LakeFormationAccessDenied"]);
const THROTTLED = new Set([
  "ThrottlingException",
  "Throttling",
  "TooManyRequestsException",
  "RequestLimitExceeded",
  "ProvisionedThroughputExceededException",
]);
const CREDENTIALS = new Set([
  "ExpiredTokenException",
  "ExpiredToken",
  "UnrecognizedClientException",
  "InvalidClientTokenId",
  "InvalidSignatureException",
  "SignatureDoesNotMatch",
  "MissingAuthenticationTokenException",
  "CredentialsProviderError",
  "TokenProviderError",
]);
const CLOCK = new Set(["RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture"]);

export const isDenied = (error: unknown) => DENIED.has(awsErrorCode(error));
export const isThrottled = (error: unknown) => THROTTLED.has(awsErrorCode(error));
/** True when AWS refused a signature for its time. */
export const isClockError = (error: unknown) =>
  CLOCK.has(awsErrorCode(error)) ||
  (CREDENTIALS.has(awsErrorCode(error)) && /signature (expired|not yet current)/i.test(awsErrorMessage(error)));
/** True for a catalog, database or page token that AWS does not know. */
export const isUnknown = (error: unknown) =>
  ["EntityNotFoundException", "InvalidInputException", "ValidationException"].includes(awsErrorCode(error));
/** True when the endpoint does not have the operation at all, as stand-ins for AWS and older partitions. */
export const isUnknownOperation = (error: unknown) =>
  ["UnknownOperationException", "InvalidAction", "UnknownOperation"].includes(awsErrorCode(error));
/** True when no call of this session can succeed until the caller has other credentials. */
export const isCredentialError = (error: unknown) =>
  error instanceof CredentialsLost || CREDENTIALS.has(awsErrorCode(error)) || isClockError(error);

/** How an error leaves a database of which some tables were read before it. */
export function coverageOf(error: unknown, tablesRead: number): CoverageStatus {
  if (tablesRead > 0) return "PARTIAL";
  if (isDenied(error)) return "DENIED";
  if (isThrottled(error)) return "THROTTLED";
  return "FAILED";
}
