import { GlueClient } from "@aws-sdk/client-glue";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fromNodeProviderChain } from "@aws-sdk/credential-providers";
import { UserError } from "../../postgres/user-error.ts";
import { awsErrorCode, awsErrorMessage, isCredentialError } from "./errors.ts";
import { patientRetries } from "./retry.ts";

export interface AwsOptions {
  region: string;
  profile?: string | undefined;
  /** Another place than AWS, with credentials for it: the simulator. */
  standIn?: { endpoint: string; credentials: { accessKeyId: string; secretAccessKey: string } } | undefined;
  /** Attempts for one Glue call before its error counts; 10 when left out, which is about a minute of waiting. */
  maxAttempts?: number;
  /** Milliseconds before the second attempt, doubled before each later one; 200 when left out. */
  retryDelay?: number;
  /** Milliseconds for an answer to begin, and for any pause in it; 30,000 when left out. */
  requestTimeout?: number;
}

/** Attempts to learn who the caller is: a wrong region or a missing network shall not take a minute to be told. */
const IDENTITY_ATTEMPTS = 4;

function configuration(options: AwsOptions, maxAttempts: number) {
  // A page of tables with long schemas takes AWS a few seconds.
  const requestTimeout = options.requestTimeout ?? 30_000;
  return {
    region: options.region,
    maxAttempts,
    retryStrategy: patientRetries({ maxAttempts, retryDelay: options.retryDelay ?? 200 }),
    requestHandler: {
      connectionTimeout: Math.min(5_000, requestTimeout),
      requestTimeout,
      throwOnRequestTimeout: true,
      // The request's time-out ends with the answer's first byte.
      socketTimeout: requestTimeout,
    },
    credentials: fromNodeProviderChain(options.profile === undefined ? {} : { profile: options.profile }),
    ...(options.standIn ?? {}),
  };
}

export function glueClient(options: AwsOptions): GlueClient {
  const client = new GlueClient(configuration(options, options.maxAttempts ?? 10));
  // It copies every answer for a log that nobody keeps: a tenth of the time to read a catalog.
  client.middlewareStack.remove("loggerMiddleware");
  return client;
}

export interface CallerIdentity {
  /** Twelve digits. */
  awsAccountId: string;
  arn: string;
  /** True when the simulator answered instead of AWS. */
  isSimulated: boolean;
}

/** Header by which the simulator says that it is no AWS. */
export const SIMULATOR_HEADER = "x-aws2openstack-simulated";

/**
 * Who the credentials belong to.
 * @throws UserError when there are none, they expired, the profile is unknown or AWS cannot be reached.
 */
export async function callerIdentity(options: AwsOptions): Promise<CallerIdentity> {
  const sts = new STSClient(
    configuration(options, Math.min(options.maxAttempts ?? IDENTITY_ATTEMPTS, IDENTITY_ATTEMPTS)),
  );
  let isSimulated = false;
  sts.middlewareStack.add(
    next => async args => {
      const result = await next(args);
      const response: unknown = result.response;
      if (typeof response === "object" && response !== null && "headers" in response) {
        const { headers } = response;
        isSimulated = typeof headers === "object" && headers !== null && SIMULATOR_HEADER in headers;
      }
      return result;
    },
    { step: "deserialize", priority: "low", name: "noticeSimulator" },
  );
  try {
    const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}));
    if (Account === undefined) throw new Error("STS told no account");
    return { awsAccountId: Account, arn: Arn ?? "", isSimulated };
  } catch (error) {
    throw explainAwsError(error, options);
  } finally {
    sts.destroy();
  }
}

/** The error of missing, refused or expired credentials or of a missing network in words; others come back as they are. */
export function explainAwsError(error: unknown, options: AwsOptions): unknown {
  const message = awsErrorMessage(error).trim().replace(/\.$/, "");
  const code = awsErrorCode(error);
  const profile = options.profile ?? (process.env.AWS_PROFILE || undefined);
  const login = profile === undefined ? "aws sso login" : `aws sso login --profile ${profile}`;
  const because = (text: string, advice: string) => new UserError(text, advice, { cause: error });
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
