import type { FormatColour } from "../data/table-formats.ts";
import "./bar.css";

/** A bar of `value` on a scale that ends at `max`; a value above zero stays visible. The number stands beside it. */
export function Bar(props: { value: number; max: number; colour: FormatColour }) {
  const width = () => (props.value > 0 && props.max > 0 ? Math.max((props.value / props.max) * 100, 0.6) : 0);
  return (
    <svg class="bar" width="100%" height="10" aria-hidden="true">
      <rect class={`fill-${props.colour}`} width={`${width().toFixed(2)}%`} height="10" rx="1" />
    </svg>
  );
}

/** The square in front of a format's name. */
export function Swatch(props: { colour: FormatColour }) {
  return (
    <svg class="swatch" width="8" height="8" aria-hidden="true">
      <rect class={`fill-${props.colour}`} width="8" height="8" rx="1" />
    </svg>
  );
}
