import { Index } from "solid-js";
import "./overview-skeleton.css";

/** The shape of what comes, still: a moving bar would claim a progress that nobody measured. */
export function OverviewSkeleton() {
  return (
    <div class="skeleton" aria-hidden="true">
      <div class="strip">
        <Index each={[1, 2, 3, 4, 5, 6]}>
          {() => (
            <div>
              <i class="skeleton-line short" />
              <i class="skeleton-line tall" />
              <i class="skeleton-line" />
            </div>
          )}
        </Index>
      </div>
      <div class="report-grid">
        <div class="panel readiness-panel" />
        <div class="panel formats-panel" />
        <div class="panel coverage-panel" />
      </div>
    </div>
  );
}
