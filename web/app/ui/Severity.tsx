import type { Severity as SeverityKey } from "../data/documents/findings.ts";
import { Icon, type IconName } from "./Icon.tsx";
import "./severity.css";

export const severities: Record<SeverityKey, { word: string; icon: IconName; means: string }> = {
  HIGH: { word: "High", icon: "failed", means: "stops a table until somebody decides" },
  MEDIUM: { word: "Medium", icon: "stalled", means: "work to be planned" },
  LOW: { word: "Low", icon: "low", means: "a little work, or a doubt" },
  INFO: { word: "Info", icon: "info", means: "good to know" },
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
