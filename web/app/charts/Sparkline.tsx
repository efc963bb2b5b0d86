import { createMemo, Show } from "solid-js";
import { brokenLine } from "./broken-line.ts";
import "./sparkline.css";

const width = 80;
const height = 24;

/** Values in equal steps of time, from zero; a missing one breaks the line. The newest stands beside it in words. */
export function Sparkline(props: { values: readonly (number | null)[]; tone: "running" | "failed" | "stalled" }) {
  const top = () => Math.max(...props.values.map(value => value ?? 0), 1e-9);
  const x = (index: number) => 2 + (index / Math.max(1, props.values.length - 1)) * (width - 6);
  const y = (value: number) => height - 2 - (value / top()) * (height - 6);
  const path = createMemo(() => brokenLine(props.values, x, y));
  const last = createMemo(() => {
    const index = props.values.findLastIndex(value => value !== null);
    const value = props.values[index];
    return value == null ? undefined : { x: x(index), y: y(value) };
  });
  return (
    <svg class={`sparkline sparkline-${props.tone}`} width={width} height={height} aria-hidden="true">
      <path class="sparkline-zero" d={`M0 ${height - 0.5}H${width}`} />
      <path class="sparkline-line" d={path()} />
      <Show when={last()}>{dot => <circle class="sparkline-dot" cx={dot().x} cy={dot().y} r="2" />}</Show>
    </svg>
  );
}
