/** How far a database was read, in a sum: `412 complete, 7 partial`. */
export const coverageWords = {
  COMPLETE: "complete",
  PARTIAL: "partial",
  DENIED: "denied",
  THROTTLED: "throttled",
  FAILED: "failed",
} as const;
