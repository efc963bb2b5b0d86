/** The three verdicts. Always spelled like this; in addresses and files it is the enum's own spelling. */
export const verdictWords = {
  READY: "Ready",
  NEEDS_CONVERSION: "Needs conversion",
  UNKNOWN: "Unknown",
} as const;

/** What a verdict rests on, in a few words. */
export const verdictMeans = {
  READY: "Iceberg on S3",
  NEEDS_CONVERSION: "Recognised, but not Iceberg on S3",
  UNKNOWN: "Too little to judge by",
} as const;

/** How much a finding matters. */
export const severityWords = { HIGH: "High", MEDIUM: "Medium", LOW: "Low", INFO: "Info" } as const;

export const severityMeans = {
  HIGH: "stops a table until somebody decides",
  MEDIUM: "work to be planned",
  LOW: "a little work, or a doubt",
  INFO: "good to know",
} as const;
