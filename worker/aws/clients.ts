import { GlueClient } from "@aws-sdk/client-glue";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { type CredentialProvider, credentialProvider, type Identity } from "./credentials.ts";
import { explainAwsError } from "./explain.ts";
import { patientRetries } from "./retry.ts";

export interface AwsOptions extends Identity {
  region: string;
  /** Takes the place of what the identity would give. */
  credentials?: CredentialProvider | undefined;
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
      // How many calls are made at once is for AdaptiveLimit to say.
      httpsAgent: { maxSockets: 64 },
    },
    ...(options.standIn !== undefined && { endpoint: options.standIn.endpoint }),
    credentials: options.credentials ?? credentialProvider(options),
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
