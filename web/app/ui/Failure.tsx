import { createMemo, Show } from "solid-js";
import { explainError, type FailedAnswer } from "../data/explain-error.ts";
import { words } from "../words/ui/controls.ts";
import { Button } from "./Button.tsx";
import { Icon } from "./Icon.tsx";
import { Notice } from "./Notice.tsx";

/** The whole page could not be read: what happened, why, what to do, and the server's own words. */
export function Failure(props: { error: FailedAnswer; onRetry: () => void }) {
  const told = createMemo(() => explainError(props.error));
  return (
    <Notice title={told().title} icon="failed" tone="fail">
      <p>{told().reason}</p>
      <p>{told().remedy}</p>
      <Show when={told().verbatim}>
        <p class="notice-words">{told().verbatim}</p>
      </Show>
      <div class="notice-acts">
        <Button kind="primary" onClick={() => props.onRetry()}>
          <Icon name="retry" />
          {words.retry}
        </Button>
      </div>
    </Notice>
  );
}
