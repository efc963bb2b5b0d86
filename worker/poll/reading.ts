import { awsErrorCode, awsErrorMessage } from "../aws/errors.ts";
import type { AwsSession } from "../aws/session.ts";
import type { JobAnswer, TableAnswer } from "./answers/answer.ts";
import type { OpenJob, PollPlan, WatchedService } from "./plan.ts";
import { withoutSecrets } from "./without-secrets.ts";

/** What a reader of one service is given. */
export interface Asking {
  session: AwsSession;
  plan: PollPlan;
  openJobs: readonly OpenJob[];
  /** Which of these jobs are to be asked about in full: a2o.jobs_to_describe. */
  toDescribe: (awsJobIds: readonly string[]) => Promise<Set<string>>;
}

/** What one service told in a poll. Whatever went wrong stands in `failure`; what could be read is there all the same. */
export interface Reading {
  service: WatchedService | "CLOUDWATCH";
  jobs: JobAnswer[];
  /** Tables of DMS tasks, by the ARN of the task. */
  tables: Map<string, TableAnswer[]>;
  /** Ids of all jobs that the service lists, those of names that nobody watches too; undefined when it could not list. */
  listed: string[] | undefined;
  listedAt: Date | undefined;
  /** True when `listed` is everything there is. */
  isComplete: boolean;
  failure: Failure | undefined;
}

export interface Failure {
  /** As IAM names it. */
  operation: string | undefined;
  code: string;
  message: string;
}

export function emptyReading(service: Reading["service"]): Reading {
  return {
    service,
    jobs: [],
    tables: new Map(),
    listed: undefined,
    listedAt: undefined,
    isComplete: false,
    failure: undefined,
  };
}

export function failureOf(error: unknown, operation?: string): Failure {
  if (error instanceof Error && (error.name === "AbortError" || error.name === "TimeoutError") && !("code" in error)) {
    return { operation, code: "TooSlow", message: "AWS did not answer within the time that a poll has." };
  }
  return { operation, code: awsErrorCode(error), message: withoutSecrets(awsErrorMessage(error)).slice(0, 2000) };
}

/**
 * Does one part of a reading; an error of AWS becomes the reading's failure, the first one stays. Returns undefined then.
 * Errors that are `expected` (a job deleted since it was listed) are none.
 */
export async function attempt<T>(
  reading: Reading,
  operation: string,
  work: () => Promise<T>,
  expected: readonly string[] = [],
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!expected.includes(awsErrorCode(error))) reading.failure ??= failureOf(error, operation);
    return undefined;
  }
}

/** Does `work` on every item, so many at a time. */
export async function forEach<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: Math.min(atOnce, items.length) }, async () => {
      for (const item of queue) await work(item);
    }),
  );
}

/** Pages that one listing may have, so that a token that leads in circles ends. */
const MOST_PAGES = 10_000;

/** Takes every page: `fetch` gets the token of the page before and returns the next. */
export async function pages(fetch: (token: string | undefined) => Promise<string | undefined>): Promise<void> {
  const seen = new Set<string>();
  let token: string | undefined;
  do {
    token = (await fetch(token)) || undefined;
    if (token !== undefined && seen.has(token)) throw new RepeatedToken();
    if (token !== undefined) seen.add(token);
  } while (token !== undefined && seen.size < MOST_PAGES);
}

class RepeatedToken extends Error {
  override name = "RepeatedPageToken";
  constructor() {
    super("AWS gave the same page token again; the pages after it are unknown.");
  }
}
