import type { Readiness } from "../data/documents/assessments.ts";
import type { IconName } from "./Icon.tsx";

interface Verdict {
  /** Always spelled like this; in addresses and files it is the enum's own spelling. */
  word: string;
  icon: IconName & ("ready" | "needs" | "unknown");
  /** What the verdict rests on, in a few words. */
  means: string;
}

export const verdicts: Record<Readiness, Verdict> = {
  READY: { word: "Ready", icon: "ready", means: "Iceberg on S3" },
  NEEDS_CONVERSION: { word: "Needs conversion", icon: "needs", means: "Recognised, but not Iceberg on S3" },
  UNKNOWN: { word: "Unknown", icon: "unknown", means: "Too little to judge by" },
};

export const readinessOrder: readonly Readiness[] = ["READY", "NEEDS_CONVERSION", "UNKNOWN"];
