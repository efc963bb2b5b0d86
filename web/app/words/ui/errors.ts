const untouched = "Nothing in the database was changed.";

/** What a failed question means: what happened, why and what stays safe, what to do. */
export const words = {
  denied: {
    title: "Access denied",
    reason: "The server refused to read the assessments with the rights this page has.",
    remedy: "Sign in with another name, or ask whoever runs the database for reading rights.",
  },
  timeout: {
    title: "The server took too long",
    reason: `The question was stopped before it was answered. ${untouched}`,
    remedy: "Try again. A database that stores a large assessment can be slow for a while.",
  },
  failed: {
    title: "The server could not answer",
    reason: `The question reached the server, and it answered with an error. ${untouched}`,
    remedy: "Try again. If it stays, the server's log has the details.",
  },
  behindGone: {
    title: "The server could not answer",
    reason: `The web server is there, but what it asks is not. ${untouched}`,
    remedy: "Check that aws2openstack is still running, then try again.",
  },
  gone: {
    title: "The server does not answer",
    reason: `There was no connection to the server that this page came from. ${untouched}`,
    remedy: "Check that aws2openstack is still running, then try again.",
  },
} as const;
