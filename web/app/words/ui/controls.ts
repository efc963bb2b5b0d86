/** What buttons and other controls say that stand on many pages. */
export const words = {
  retry: "Retry",
  close: "Close",
  copy: "Copy",
  copied: "Copied",
  selected: "Selected",
  /** For screen readers: which command. */
  copyCommand: (label: string) => `Copy: ${label}`,
  /** In front of what was chosen, for screen readers. */
  chosen: (label: string) => `${label}: `,
  /** What failed, before why. */
  failed: (title: string) => `${title}.`,
  csv: "CSV",
  /** The ends of a range. */
  from: "from",
  to: "to",
  asTable: (label: string) => `${label}, as a table`,
} as const;
