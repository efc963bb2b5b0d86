import type { Readiness } from "../data/documents/assessments.ts";
import { verdictMeans, verdictWords } from "../words/ui/verdicts.ts";
import type { IconName } from "./Icon.tsx";

interface Verdict {
  word: string;
  icon: IconName & ("ready" | "needs" | "unknown");
  means: string;
}

export const verdicts: Record<Readiness, Verdict> = {
  READY: { word: verdictWords.READY, icon: "ready", means: verdictMeans.READY },
  NEEDS_CONVERSION: { word: verdictWords.NEEDS_CONVERSION, icon: "needs", means: verdictMeans.NEEDS_CONVERSION },
  UNKNOWN: { word: verdictWords.UNKNOWN, icon: "unknown", means: verdictMeans.UNKNOWN },
};

export const readinessOrder: readonly Readiness[] = ["READY", "NEEDS_CONVERSION", "UNKNOWN"];
