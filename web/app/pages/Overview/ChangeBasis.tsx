import { createMemo, Show } from "solid-js";
import { isComplete, isListed } from "../../data/coverage.ts";
import type { Assessment } from "../../data/documents/assessments.ts";
import { useLive } from "../../data/live.tsx";
import { share } from "../../ui/format/share.ts";
import { since } from "../../ui/format/time.ts";
import { words } from "../../words/overview.ts";
import "./change-basis.css";

/** Says that a difference may come from what could be read, when either assessment has gaps. */
export function ChangeBasis(props: { assessment: Assessment; previous: Assessment | undefined }) {
  const live = useLive();
  const gapped = createMemo(() => {
    const previous = props.previous;
    return previous && !(isComplete(props.assessment) && isComplete(previous)) ? previous : undefined;
  });
  const read = (assessment: Assessment) =>
    isListed(assessment) ? share(assessment.databasesComplete, assessment.totalDatabases) : words.unknownShare;
  return (
    <Show when={gapped()}>
      {previous => (
        <p class="change-basis">
          {words.basis(
            read(props.assessment),
            read(previous()),
            since(new Date(previous().timestamp), new Date(props.assessment.timestamp), live.now()),
          )}
        </p>
      )}
    </Show>
  );
}
