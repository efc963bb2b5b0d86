import type { Severity as SeverityKey } from "../data/documents/findings.ts";
import { severityMeans, severityWords } from "../words/ui/verdicts.ts";
import { Icon, type IconName } from "./Icon.tsx";
import "./severity.css";

export const severities: Record<SeverityKey, { word: string; icon: IconName; means: string }> = {
  HIGH: { word: severityWords.HIGH, icon: "failed", means: severityMeans.HIGH },
  MEDIUM: { word: severityWords.MEDIUM, icon: "stalled", means: severityMeans.MEDIUM },
  LOW: { word: severityWords.LOW, icon: "low", means: severityMeans.LOW },
  INFO: { word: severityWords.INFO, icon: "info", means: severityMeans.INFO },
};

export const severityOrder: readonly SeverityKey[] = ["HIGH", "MEDIUM", "LOW", "INFO"];

/** How much a finding matters, as shape and word. */
export function Severity(props: { of: SeverityKey }) {
  return (
    <span class={`severity severity-${props.of}`}>
      <Icon name={severities[props.of].icon} />
      {severities[props.of].word}
    </span>
  );
}
