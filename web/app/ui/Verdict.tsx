import type { Readiness } from "../data/documents/assessments.ts";
import { Icon } from "./Icon.tsx";
import { verdicts } from "./readiness.ts";
import "./verdict.css";

/** A readiness verdict as shape and word; the colour only repeats them. */
export function Verdict(props: { of: Readiness }) {
  return (
    <span class={`verdict verdict-${verdicts[props.of].icon}`}>
      <Icon name={verdicts[props.of].icon} />
      {verdicts[props.of].word}
    </span>
  );
}

/** The same on its tint: once on a page, beside the title of the table it belongs to. */
export function VerdictTag(props: { of: Readiness }) {
  return (
    <span class={`verdict verdict-tag verdict-${verdicts[props.of].icon}`}>
      <Icon name={verdicts[props.of].icon} />
      {verdicts[props.of].word}
    </span>
  );
}
