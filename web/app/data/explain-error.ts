import { words } from "../words/ui/errors.ts";

/** What a failed question is made of, as far as urql's `CombinedError` tells. */
export interface FailedAnswer {
  networkError?: Error | undefined;
  graphQLErrors?: readonly { message: string; extensions?: Record<string, unknown> }[] | undefined;
  response?: { status?: number } | undefined;
}

export interface Explanation {
  /** What happened. */
  title: string;
  /** Why, and what stays safe. */
  reason: string;
  /** What to do. */
  remedy: string;
  /** The server's own words, verbatim. */
  verbatim?: string;
}

/** PostgreSQL's "insufficient privilege". */
const insufficientPrivilege = "42501";

/** Puts a failed question into words: what happened, why, what stays safe and what to do. */
export function explainError(error: FailedAnswer): Explanation {
  const status = error.response?.status;
  const first = error.graphQLErrors?.[0];
  const code = textOf(first?.extensions, "code") ?? textOf(first?.extensions, "errcode");

  if (status === 401 || status === 403 || code === insufficientPrivilege) {
    return {
      ...words.denied,
      ...verbatim(first?.message ?? `HTTP ${status}`, code),
    };
  }
  if (code === "TIMEOUT" || error.networkError?.name === "TimeoutError") {
    return { ...words.timeout, ...verbatim(first?.message) };
  }
  if (first) {
    return {
      ...words.failed,
      remedy: textOf(first.extensions, "hint") ?? words.failed.remedy,
      ...verbatim(first.message, code),
    };
  }
  if (status !== undefined && status >= 400) {
    return { ...words.behindGone, verbatim: `HTTP ${status}` };
  }
  return { ...words.gone, ...verbatim(error.networkError?.message) };
}

function textOf(extensions: Record<string, unknown> | undefined, key: string): string | undefined {
  const value = extensions?.[key];
  return typeof value === "string" ? value : undefined;
}

function verbatim(message: string | undefined, code?: string): Pick<Explanation, "verbatim"> {
  if (!message) return {};
  return { verbatim: code ? `${code}: ${message}` : message };
}
