import { GlueClient } from "@aws-sdk/client-glue";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fromNodeProviderChain } from "@aws-sdk/credential-providers";
import { UserError } from "../../postgres/user-error.ts";
import { awsErrorCode, isCredentialError } from "./errors.ts";

export interface AwsOptions {
  region: string;
  profile?: string | undefined;
  /** Another place than AWS, with credentials for it: the simulator. */
  standIn?: { endpoint: string; credentials: { accessKeyId: string; secretAccessKey: string } } | undefined;
  /** Attempts for one call before its error counts; the SDK waits longer after each. */
  maxAttempts?: number;
}

/** Milliseconds for one HTTP answer. A page of tables with long schemas takes AWS a few seconds. */
const REQUEST_TIMEOUT = 30_000;

function configuration(options: AwsOptions) {
  return {
    region: options.region,
    maxAttempts: options.maxAttempts ?? 8,
    // Slows all calls of a client down when AWS throttles one of them.
    retryMode: "adaptive",
    requestHandler: { connectionTimeout: 5_000, requestTimeout: REQUEST_TIMEOUT, throwOnRequestTimeout: true },
    credentials: fromNodeProviderChain(options.profile === undefined ? {} : { profile: options.profile }),
    ...(options.standIn ?? {}),
  };
}

export function glueClient(options: AwsOptions): GlueClient {
  return new GlueClient(configuration(options));
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
  const sts = new STSClient(configuration(options));
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
    throw explainIdentityError(error, options);
  } finally {
    sts.destroy();
  }
}

function explainIdentityError(error: unknown, options: AwsOptions): unknown {
  const message = error instanceof Error ? error.message : String(error);
  const code = awsErrorCode(error);
  const login = options.profile === undefined ? "aws sso login" : `aws sso login --profile ${options.profile}`;
  if (code === "CredentialsProviderError" || /could not be found in shared/i.test(message)) {
    return options.profile === undefined
      ? new UserError(
          "There are no AWS credentials.",
          `Sign in (${login}), name a profile with --profile, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
          { cause: error },
        )
      : new UserError(
          `Profile ${options.profile} gives no credentials: ${message}`,
          `See the profiles with: aws configure list-profiles. Sign in with: ${login}`,
          { cause: error },
        );
  }
  if (isCredentialError(error)) {
    return new UserError(`AWS refused the credentials: ${code}: ${message}`, `Get fresh ones, e.g. with: ${login}`, {
      cause: error,
    });
  }
  if (["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "TimeoutError", "ENETUNREACH"].includes(code)) {
    return new UserError(
      `AWS STS in ${options.region} cannot be reached: ${code}.`,
      `Check that ${options.region} is a region, and the network, the proxy and AWS_ENDPOINT_URL.`,
      { cause: error },
    );
  }
  return error;
}
