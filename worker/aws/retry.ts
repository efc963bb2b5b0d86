import type { GlueClientConfig } from "@aws-sdk/client-glue";
import { isBrokenAnswer } from "./errors.ts";

type Strategy = Extract<NonNullable<GlueClientConfig["retryStrategy"]>, { recordSuccess: unknown }>;
type Token = Awaited<ReturnType<Strategy["acquireInitialRetryToken"]>>;

/** Longest wait before another attempt, in milliseconds. */
const LONGEST_WAIT = 20_000;

export interface RetryOptions {
  /** Attempts for one call before its error counts. */
  maxAttempts: number;
  /** Milliseconds before the second attempt; each later wait is twice as long, up to 20 s, and half of it is random. */
  retryDelay: number;
}

/**
 * When a call is tried again. A crawl of thousands of pages needs what the SDK's strategies do not give: theirs have a quota of
 * retries for each client, so that a few databases that fail for good leave no retry for the others; the adaptive one makes
 * a crawl six times slower when 5% of the calls are throttled; and neither tries a broken answer again.
 */
export function patientRetries({ maxAttempts, retryDelay }: RetryOptions): Strategy {
  const token = (retries: number): Token => ({
    getRetryCount: () => retries,
    getRetryDelay: () =>
      retries === 0 ? 0 : Math.min(retryDelay * 2 ** (retries - 1), LONGEST_WAIT) * (0.5 + Math.random() / 2),
  });
  return {
    acquireInitialRetryToken: async () => token(0),
    refreshRetryTokenForRetry: async (last, { error, errorType }) => {
      const retries = last.getRetryCount() + 1;
      const worthwhile = errorType === "THROTTLING" || errorType === "TRANSIENT" || isBrokenAnswer(error);
      if (!worthwhile || retries >= maxAttempts) throw new Error("no more attempts");
      return token(retries);
    },
    recordSuccess: () => undefined,
  };
}
