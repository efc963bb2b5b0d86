import type { JSX } from "solid-js";
import { words } from "../words/ui/controls.ts";
import "./scroll-frame.css";

/** Around a table that may be wider than its panel: it scrolls sideways by itself, by keyboard too. */
export function ScrollFrame(props: { label: string; class?: string; children: JSX.Element }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: the panel around it is the section.
    <div
      class={`panel-table ${props.class ?? ""}`}
      role="region"
      aria-label={words.asTable(props.label)}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
      tabIndex={0}
    >
      {props.children}
    </div>
  );
}
