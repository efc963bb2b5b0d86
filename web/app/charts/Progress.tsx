import { createUniqueId, Show } from "solid-js";
import { HatchPattern } from "./Hatch.tsx";
import "./progress.css";

/** A measured share, or a hatched track where nobody knows the whole. Neither moves by itself. */
export function Progress(props: {
  percent: number | null;
  tone: "running" | "completed" | "failed" | "stalled" | "stale";
}) {
  const hatch = createUniqueId();
  return (
    <svg class={`progress progress-${props.tone}`} width="100%" height="8" aria-hidden="true">
      <Show
        when={props.percent !== null}
        fallback={
          <>
            <defs>
              <HatchPattern id={hatch} kind="gap" />
            </defs>
            <rect width="100%" height="8" rx="1" fill={`url(#${hatch})`} />
          </>
        }
      >
        <rect class="progress-track" width="100%" height="8" rx="1" />
        <rect class="progress-done" width={`${Math.min(100, Math.max(0, props.percent ?? 0))}%`} height="8" rx="1" />
      </Show>
    </svg>
  );
}
