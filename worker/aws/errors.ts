import type { CoverageStatus } from "../record/recording.ts";

/** Name of an AWS or network error, e.g. `AccessDeniedException`, `ECONNRESET`. */
export function awsErrorCode(error: unknown): string {
  if (!(error instanceof Error)) return "UnknownError";
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  return error.name === "Error" && code !== undefined ? code : error.name;
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
]);

export const isDenied = (error: unknown) => DENIED.has(awsErrorCode(error));
export const isThrottled = (error: unknown) => THROTTLED.has(awsErrorCode(error));
/** True when no call of this session can succeed until the caller has other credentials. */
export const isCredentialError = (error: unknown) => CREDENTIALS.has(awsErrorCode(error));

/** How an error leaves a database of which some tables were read before it. */
export function coverageOf(error: unknown, tablesRead: number): CoverageStatus {
  if (tablesRead > 0) return "PARTIAL";
  if (isDenied(error)) return "DENIED";
  if (isThrottled(error)) return "THROTTLED";
  return "FAILED";
}
