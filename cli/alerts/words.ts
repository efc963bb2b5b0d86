/** Roles that may change alerts and webhooks, the first that the login has. */
export const OPERATORS = ["a2o_owner", "a2o_operator"] as const;
export const READERS = [...OPERATORS, "a2o_reader"] as const;

/** The least first. */
export const SEVERITIES = ["INFO", "WARNING", "CRITICAL"] as const;
export type Severity = (typeof SEVERITIES)[number];
