import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { DatabaseMigrationServiceClient } from "@aws-sdk/client-database-migration-service";
import { DataSyncClient } from "@aws-sdk/client-datasync";
import { GlueClient } from "@aws-sdk/client-glue";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fromNodeProviderChain, fromTemporaryCredentials } from "@aws-sdk/credential-providers";
import type { MiddlewareStack } from "@smithy/types";
import { SIMULATOR_HEADER } from "./clients.ts";
import { isThrottled } from "./errors.ts";
import { Ledger } from "./ledger.ts";
import { patientRetries } from "./retry.ts";
import { standInCredentials } from "./stand-in.ts";

/** Where credentials come from and where calls go, as a monitor says it. No secret is among it. */
export interface SessionOptions {
  awsAccountId: string;
  region: string;
  credentialsKind: "DEFAULT" | "PROFILE" | "ROLE" | "STAND_IN";
  profileName?: string | undefined;
  roleArn?: string | undefined;
  externalId?: string | undefined;
  endpoint?: string | undefined;
  /** Milliseconds before a call that failed is sent again; 250 when left out. */
  retryDelay?: number;
}

/** What a call answered, and when AWS gave it, by AWS's clock. */
export interface Answered<Output> {
  output: Output;
  at: Date;
}

/** Attempts for one call of a poll: the next poll comes soon, so patience is short. */
const ATTEMPTS = 4;

const SERVICE_PREFIXES: Record<string, string> = {
  CloudWatchClient: "cloudwatch",
  DatabaseMigrationServiceClient: "dms",
  DataSyncClient: "datasync",
  GlueClient: "glue",
  STSClient: "sts",
};

/**
 * The clients of one monitor. They outlive a poll, so that connections and assumed roles do; each poll brings its own ledger.
 */
export class AwsSession {
  readonly options: SessionOptions;
  readonly dms: DatabaseMigrationServiceClient;
  readonly datasync: DataSyncClient;
  readonly glue: GlueClient;
  readonly cloudwatch: CloudWatchClient;
  /** What hardly ever changes and was asked once: names of endpoints, locations and instances, by ARN. */
  readonly known = new Map<string, string>();
  readonly #sts: STSClient;
  #ledger = new Ledger();
  #signal: AbortSignal | undefined;

  constructor(options: SessionOptions) {
    this.options = options;
    const configuration = {
      region: options.region,
      maxAttempts: ATTEMPTS,
      retryStrategy: patientRetries({ maxAttempts: ATTEMPTS, retryDelay: options.retryDelay ?? 250 }),
      requestHandler: {
        connectionTimeout: 5_000,
        requestTimeout: 10_000,
        throwOnRequestTimeout: true,
        socketTimeout: 10_000,
      },
      credentials: credentialsOf(options),
      ...(options.endpoint !== undefined && { endpoint: options.endpoint }),
    };
    this.dms = new DatabaseMigrationServiceClient(configuration);
    this.datasync = new DataSyncClient(configuration);
    this.glue = new GlueClient(configuration);
    this.cloudwatch = new CloudWatchClient(configuration);
    this.#sts = new STSClient(configuration);
    this.#keepLedger(this.dms);
    this.#keepLedger(this.datasync);
    this.#keepLedger(this.glue);
    this.#keepLedger(this.cloudwatch);
    this.#keepLedger(this.#sts);
  }

  /** Calls from now on fail when the signal is aborted. */
  limit(signal: AbortSignal | undefined): void {
    this.#signal = signal;
  }

  /** Starts a fresh ledger, and limits what follows. */
  begin(signal?: AbortSignal): Ledger {
    this.limit(signal);
    this.#ledger = new Ledger();
    return this.#ledger;
  }

  /** Sends a command: `session.call(options => session.glue.send(new GetJobsCommand({}), options))`. */
  async call<Output>(send: (options: { abortSignal?: AbortSignal }) => Promise<Output>): Promise<Answered<Output>> {
    const output = await send(this.#signal === undefined ? {} : { abortSignal: this.#signal });
    return { output, at: this.#ledger.awsTime(Date.now()) };
  }

  /** The account that the credentials belong to, twelve digits. */
  async accountId(): Promise<string> {
    const { output } = await this.call(options => this.#sts.send(new GetCallerIdentityCommand({}), options));
    return output.Account ?? "";
  }

  close(): void {
    for (const client of [this.dms, this.datasync, this.glue, this.cloudwatch, this.#sts]) client.destroy();
  }

  #keepLedger<Input extends object, Output extends object>(client: {
    middlewareStack: MiddlewareStack<Input, Output>;
  }): void {
    // It copies every answer for a log that nobody keeps.
    client.middlewareStack.remove("loggerMiddleware");
    client.middlewareStack.add(
      (next, context) => async args => {
        const sentAt = Date.now();
        const operation = operationOf(context);
        const metrics = metricsIn(args.input);
        try {
          const result = await next(args);
          this.#note(result.response, sentAt);
          this.#ledger.count(operation, "answered", metrics);
          return result;
        } catch (error) {
          if (typeof error === "object" && error !== null && "$response" in error) this.#note(error.$response, sentAt);
          this.#ledger.count(operation, isThrottled(error) ? "throttled" : "error");
          throw error;
        }
      },
      // Inside the retries, so that each attempt counts as AWS counts it.
      { step: "finalizeRequest", priority: "low", name: "keepLedger" },
    );
  }

  #note(response: unknown, sentAt: number): void {
    if (typeof response !== "object" || response === null || !("headers" in response)) return;
    const { headers } = response;
    if (typeof headers !== "object" || headers === null) return;
    this.#ledger.isSimulated = SIMULATOR_HEADER in headers;
    const date = "date" in headers && typeof headers.date === "string" ? Date.parse(headers.date) : Number.NaN;
    if (!Number.isNaN(date)) this.#ledger.compareClocks(date, sentAt, Date.now());
  }
}

function credentialsOf(options: SessionOptions) {
  if (options.credentialsKind === "STAND_IN") return { ...standInCredentials };
  const chain = fromNodeProviderChain(options.profileName === undefined ? {} : { profile: options.profileName });
  if (options.credentialsKind !== "ROLE" || options.roleArn === undefined) return chain;
  return fromTemporaryCredentials({
    masterCredentials: chain,
    clientConfig: { region: options.region },
    params: {
      RoleArn: options.roleArn,
      RoleSessionName: "aws2openstack",
      ...(options.externalId !== undefined && { ExternalId: options.externalId }),
    },
  });
}

function operationOf(context: object): string {
  const client = "clientName" in context ? String(context.clientName) : "";
  const command = "commandName" in context ? String(context.commandName) : "";
  return `${SERVICE_PREFIXES[client] ?? client}:${command.replace(/Command$/, "")}`;
}

function metricsIn(input: unknown): number {
  if (typeof input !== "object" || input === null || !("MetricDataQueries" in input)) return 0;
  return Array.isArray(input.MetricDataQueries) ? input.MetricDataQueries.length : 0;
}
