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

const untouched = "Nothing in the database was changed.";

/** PostgreSQL's "insufficient privilege". */
const insufficientPrivilege = "42501";

/** Puts a failed question into words: what happened, why, what stays safe and what to do. */
export function explainError(error: FailedAnswer): Explanation {
  const status = error.response?.status;
  const first = error.graphQLErrors?.[0];
  const code = textOf(first?.extensions, "code") ?? textOf(first?.extensions, "errcode");

  if (status === 401 || status === 403 || code === insufficientPrivilege) {
    return {
      title: "Access denied",
      reason: "The server refused to read the assessments with the rights this page has.",
      remedy: "Sign in with another name, or ask whoever runs the database for reading rights.",
      ...verbatim(first?.message ?? `HTTP ${status}`, code),
    };
  }
  if (code === "TIMEOUT" || error.networkError?.name === "TimeoutError") {
    return {
      title: "The server took too long",
      reason: `The question was stopped before it was answered. ${untouched}`,
      remedy: "Try again. A database that stores a large assessment can be slow for a while.",
      ...verbatim(first?.message),
    };
  }
  if (first) {
    return {
      title: "The server could not answer",
      reason: `The question reached the server, and it answered with an error. ${untouched}`,
      remedy: textOf(first.extensions, "hint") ?? "Try again. If it stays, the server's log has the details.",
      ...verbatim(first.message, code),
    };
  }
  if (status !== undefined && status >= 400) {
    return {
      title: "The server could not answer",
      reason: `The web server is there, but what it asks is not. ${untouched}`,
      remedy: "Check that aws2openstack is still running, then try again.",
      verbatim: `HTTP ${status}`,
    };
  }
  return {
    title: "The server does not answer",
    reason: `There was no connection to the server that this page came from. ${untouched}`,
    remedy: "Check that aws2openstack is still running, then try again.",
    ...verbatim(error.networkError?.message),
  };
}

function textOf(extensions: Record<string, unknown> | undefined, key: string): string | undefined {
  const value = extensions?.[key];
  return typeof value === "string" ? value : undefined;
}

function verbatim(message: string | undefined, code?: string): Pick<Explanation, "verbatim"> {
  if (!message) return {};
  return { verbatim: code ? `${code}: ${message}` : message };
}
