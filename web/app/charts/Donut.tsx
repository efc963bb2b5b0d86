import { createMemo, createUniqueId, For, Show } from "solid-js";
import { type DonutSize, donutAngles, donutPath } from "./donut-geometry.ts";
import { HatchPattern } from "./Hatch.tsx";
import "./donut.css";

export interface DonutPart {
  value: number;
  /** Where the part leads, and what it is for screen readers. */
  href: string;
  label: string;
  fill: "ready" | "needs" | "unknown";
}

const size: DonutSize = { outer: 69, inner: 47, gap: 2.5, sliver: 2 };

/** Parts of one whole. `label` is the text alternative; the figures themselves stand in a list beside it. */
export function Donut(props: { parts: readonly DonutPart[]; label: string; value: string; unit: string }) {
  const hatch = createUniqueId();
  const angles = createMemo(() =>
    donutAngles(
      props.parts.map(part => part.value),
      size,
    ),
  );
  const path = (index: number) => {
    const part = angles()[index];
    return part ? donutPath(part, size) : "";
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: no element groups the links of a drawing.
    <svg class="donut" width="160" height="160" viewBox="-80 -80 160 160" role="group" aria-label={props.label}>
      <defs>
        <HatchPattern id={hatch} kind="unknown" />
      </defs>
      <Show when={props.parts.every(part => part.value <= 0)}>
        <circle class="donut-empty" r={(size.outer + size.inner) / 2} stroke-width={size.outer - size.inner} />
      </Show>
      <For each={props.parts}>
        {(part, index) => (
          <Show when={path(index())}>
            {/* A link alone would be taken for one of HTML, and draw nothing. */}
            <g>
              <a href={part.href} aria-label={part.label}>
                <path
                  class={`donut-part donut-${part.fill}`}
                  d={path(index())}
                  fill={part.fill === "unknown" ? `url(#${hatch})` : undefined}
                  fill-rule="evenodd"
                >
                  <title>{part.label}</title>
                </path>
              </a>
            </g>
          </Show>
        )}
      </For>
      <text class="donut-value" y="-1" text-anchor="middle">
        {props.value}
      </text>
      <text class="donut-unit" y="16" text-anchor="middle">
        {props.unit}
      </text>
    </svg>
  );
}
