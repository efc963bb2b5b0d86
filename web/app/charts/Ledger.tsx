import { createUniqueId, Show } from "solid-js";
import { words } from "../words/ui/charts.ts";
import { HatchPattern } from "./Hatch.tsx";
import "./ledger.css";

/** How many databases were read in full (solid) and how many were not (hatched); all hatched when nobody knows of how many. */
export function Ledger(props: { complete: number | null; total: number }) {
  const hatch = createUniqueId();
  // A gap of a single database among thousands must be seen, and so must a single database that was read.
  const solid = () => {
    if (props.complete === null) return 0;
    if (props.complete >= props.total) return 100;
    return props.complete === 0 ? 0 : Math.min(Math.max((props.complete / props.total) * 100, 3), 92);
  };
  const label = () => (props.complete === null ? words.coverageUnlisted : words.coverage(props.complete, props.total));
  return (
    <svg class="ledger" role="img" aria-label={label()}>
      <defs>
        <HatchPattern id={hatch} kind="gap" />
      </defs>
      <rect class="ledger-read" width={`${solid()}%`} height="8" />
      <Show when={solid() < 100}>
        <rect class="ledger-gap" x={`${solid()}%`} width={`${100 - solid()}%`} height="8" fill={`url(#${hatch})`} />
      </Show>
    </svg>
  );
}
