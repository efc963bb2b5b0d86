import { createMemo, Show } from "solid-js";
import { explainError, type FailedAnswer } from "../data/explain-error.ts";
import { words } from "../words/ui/controls.ts";
import { Button } from "./Button.tsx";
import { Icon } from "./Icon.tsx";
import "./panel-failure.css";

/** One panel could not be read: what happened, what to do, and the server's own words. The rest of the page stays. */
export function PanelFailure(props: { error: FailedAnswer; onRetry: () => void }) {
  const told = createMemo(() => explainError(props.error));
  return (
    <div class="panel-failure" role="alert">
      <Icon name="failed" />
      <div>
        <p>
          <b>{words.failed(told().title)}</b> {told().reason}
        </p>
        <p>{told().remedy}</p>
        <Show when={told().verbatim}>
          <p class="mono">{told().verbatim}</p>
        </Show>
      </div>
      <Button small onClick={() => props.onRetry()}>
        <Icon name="retry" />
        {words.retry}
      </Button>
    </div>
  );
}
