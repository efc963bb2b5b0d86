import { UserError } from "../../postgres/user-error.ts";
import type { Identity } from "./credentials.ts";
import { awsErrorCode, awsErrorMessage, isClockError, isCredentialError, isDenied } from "./errors.ts";

/** The command that signs in again. */
export function signInCommand({ profile }: Identity): string {
  const name = profile ?? (process.env.AWS_PROFILE || undefined);
  return name === undefined ? "aws sso login" : `aws sso login --profile ${name}`;
}

/** A statement for an IAM policy, on one line. */
export function iamStatement(actions: readonly string[], resources: readonly string[]): string {
  return JSON.stringify({
    Effect: "Allow",
    Action: actions,
    Resource: resources.length === 1 ? resources[0] : resources,
  });
}

/**
 * The error of missing, refused or expired credentials, of a role, of the clock or of a missing network in words; others come
 * back as they are.
 */
export function explainAwsError(error: unknown, options: Identity & { region: string }): unknown {
  if (error instanceof UserError) return error;
  const message = awsErrorMessage(error).trim().replace(/\.$/, "");
  const code = awsErrorCode(error);
  const profile = options.profile ?? (process.env.AWS_PROFILE || undefined);
  const login = signInCommand(options);
  const because = (text: string, advice: string) => new UserError(text, advice, { cause: error });
  if (isClockError(error)) {
    return because(
      `This machine's clock is wrong${clockDifference(message)}, so AWS refuses its signatures.`,
      "Set it, e.g. with: sudo timedatectl set-ntp true",
    );
  }
  if (options.roleArn !== undefined && isDenied(error) && /sts:AssumeRole/.test(message)) {
    const externalId = options.externalId === undefined ? "" : ", with this --external-id as sts:ExternalId,";
    return because(
      `${options.roleArn} cannot be assumed: ${message}.`,
      `Its trust policy has to name the caller${externalId} and the caller's policy has to hold: ${iamStatement(["sts:AssumeRole"], [options.roleArn])}`,
    );
  }
  if (code === "CredentialsProviderError" || code === "TokenProviderError") {
    const none = /from any providers/.test(message);
    if (none && profile === undefined) {
      return because(
        "There are no AWS credentials.",
        `Sign in (${login}), name a profile with --profile, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
      );
    }
    if (profile !== undefined && (none || /could not (resolve credentials using profile|be found)/i.test(message))) {
      return because(
        `Profile ${profile} gives no credentials: it is not in the AWS configuration files, or is incomplete there.`,
        "See the profiles with: aws configure list-profiles. Make one with: aws configure sso",
      );
    }
    return because(
      `${profile === undefined ? "The AWS credentials" : `The credentials of profile ${profile}`} cannot be used: ${message}.`,
      `Sign in with: ${login}`,
    );
  }
  if (isCredentialError(error)) {
    return because(`AWS refused the credentials: ${code}: ${message}.`, `Get fresh ones, e.g. with: ${login}`);
  }
  if (UNREACHABLE.has(code)) {
    const endpoint = process.env.AWS_ENDPOINT_URL;
    return endpoint
      ? because(
          `Nothing answers at ${endpoint} (${code}).`,
          "AWS_ENDPOINT_URL names it instead of AWS: start what listens there, or unset that variable.",
        )
      : because(
          `AWS in ${options.region} cannot be reached (${code}).`,
          `Check that ${options.region} is a region, and the network and its proxy.`,
        );
  }
  return error;
}

/** In a region that the account has not enabled, its keys are unknown. */
export class RegionNotEnabled extends UserError {}

export function regionNotEnabled(region: string, awsAccountId: string, cause: unknown): RegionNotEnabled {
  return new RegionNotEnabled(
    `Region ${region} is not enabled in account ${awsAccountId}.`,
    `Leave it out, or enable it with: aws account enable-region --region-name ${region}`,
    { cause },
  );
}

/** Nothing at all may be read. */
export function listingDenied(region: string, awsAccountId: string, message: string): UserError {
  return new UserError(
    `The catalog of account ${awsAccountId} in ${region} may not be listed: ${message.trim().replace(/\.$/, "")}.`,
    `Its policy has to hold: ${iamStatement(["glue:GetDatabases", "glue:GetTables", "glue:GetCatalogs"], ["*"])}`,
  );
}

/** What would let databases be read that AWS denied, as lines for a person: IAM's part, and Lake Formation's where it is to blame. */
export function howToAllow(
  place: { region: string; awsAccountId: string; callerArn: string },
  denied: readonly { databaseName: string; errorMessage: string | null }[],
): string[] {
  const byLakeFormation = denied.filter(({ errorMessage }) => /lake formation/i.test(errorMessage ?? ""));
  const byIam = denied.filter(database => !byLakeFormation.includes(database));
  const partition = place.callerArn.split(":")[1] ?? "aws";
  const arn = (resource: string) => `arn:${partition}:glue:${place.region}:${place.awsAccountId}:${resource}`;
  const lines: string[] = [];
  if (byIam.length > 0) {
    const names = byIam.length <= 5 ? byIam.map(({ databaseName }) => databaseName) : ["*"];
    const resources = names.flatMap(name => [arn(`database/${name}`), arn(`table/${name}/*`)]);
    lines.push(
      `To read ${byIam.length === 1 ? "it" : "them"}, allow: ${iamStatement(["glue:GetTables"], [arn("catalog"), ...resources])}`,
    );
  }
  for (const { databaseName } of byLakeFormation.slice(0, 3)) {
    const resource = JSON.stringify({ Table: { DatabaseName: databaseName, TableWildcard: {} } });
    lines.push(
      `To read ${databaseName}: aws lakeformation grant-permissions --region ${place.region} --permissions DESCRIBE --principal DataLakePrincipalIdentifier=${place.callerArn} --resource '${resource}'`,
    );
  }
  return lines;
}

/** ` by about 12 minutes`, where AWS tells both times: `Signature expired: 20260109T120000Z is now earlier than 20260109T121500Z`. */
function clockDifference(message: string): string {
  const [ours, theirs] = [...message.matchAll(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/g)]
    .map(([, year, month, day, hour, minute, second]) =>
      Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`),
    )
    .toSorted((a, b) => a - b);
  if (ours === undefined || theirs === undefined) return "";
  return ` by about ${Math.max(1, Math.round((theirs - ours) / 60_000))} min`;
}

const UNREACHABLE = new Set([
  "ENOTFOUND",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT",
  "TimeoutError",
]);
