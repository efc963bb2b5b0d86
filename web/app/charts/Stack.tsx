import { createUniqueId, For } from "solid-js";
import { HatchPattern } from "./Hatch.tsx";
import "./stack.css";

/** How the tables of one thing are judged, as one bar; all hatched in grey when they were not read. */
export function Stack(props: { ready: number; needs: number; unknown: number; isUnread?: boolean }) {
  const hatch = createUniqueId();
  const total = () => props.ready + props.needs + props.unknown;
  const parts = () => {
    if (props.isUnread) return [{ kind: "gap", from: 0, width: 100 }];
    let at = 0;
    return (["ready", "needs", "unknown"] as const).flatMap(kind => {
      const value = props[kind];
      if (value === 0) return [];
      const from = at;
      at += (value / total()) * 100;
      return [{ kind, from, width: at - from }];
    });
  };
  return (
    <svg class="stack" aria-hidden="true">
      <defs>
        <HatchPattern id={hatch} kind={props.isUnread ? "gap" : "unknown"} />
      </defs>
      <For each={parts()}>
        {part => (
          <rect
            class={`stack-${part.kind}`}
            x={`${part.from.toFixed(2)}%`}
            width={`${Math.max(0.8, part.width).toFixed(2)}%`}
            height="8"
            fill={part.kind === "gap" || part.kind === "unknown" ? `url(#${hatch})` : undefined}
          />
        )}
      </For>
    </svg>
  );
}
