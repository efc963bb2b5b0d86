import type { JSX } from "solid-js";
import { counted } from "../ui/format/count.ts";
import { sentence } from "./sentence.ts";

/** What the Findings page says. */
export const words = {
  title: "Findings",
  none: "Nothing was found in this assessment that needs attention.",
  reported:
    "A report that was ingested brings its own verdicts; findings that need Glue's parameters are not made up for it.",
  nothingFits: "No finding has this severity.",
  all: "All",
  columns: { finding: "Finding", severity: "Severity", tables: "Tables", databases: "Databases", effort: "Effort" },
  means: "Why it matters",
  remedy: "What to do",
  where: "Where it is",
  moreDatabases: (count: number) => `and ${counted(count, "more database")}`,
  showTables: (tables: string) => `Show ${tables}`,
  effort: (all: JSX.Element, verdicts: string, findings: string) =>
    sentence`Estimated work ${all} to move everything that was assessed: ${verdicts} for verdicts and formats, ${findings} for findings`,
  effortBasis: "Sums of the table effort_weights, which is yours to change.",
} as const;
