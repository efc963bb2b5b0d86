/** What charts say by themselves; the rest comes from the panel around them. */
export const words = {
  coverage: (complete: number, total: number) => `Coverage: ${complete} of ${total} databases read in full`,
  coverageUnlisted: "Coverage: the list of databases is incomplete",
  /** Of an assessment with gaps: `71% of databases read`. */
  read: (coverage: string) => `${coverage} read`,
} as const;
