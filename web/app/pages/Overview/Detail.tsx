import { type JSX, Show } from "solid-js";
import type { FailedAnswer } from "../../data/explain-error.ts";
import { Panel } from "../../ui/Panel.tsx";
import { PanelFailure } from "../../ui/PanelFailure.tsx";

/** A panel whose answer is still on its way, or did not come: its place is kept, and nothing is claimed of what is not known. */
export function Detail<Data>(props: {
  title: string;
  class: string;
  data: Data | undefined;
  error: FailedAnswer | undefined;
  onRetry: () => void;
  children: (data: () => NonNullable<Data>) => JSX.Element;
}) {
  return (
    <Show
      when={props.data}
      fallback={
        <Panel title={props.title} class={props.class}>
          <div class="detail-place">
            <Show when={props.error}>{error => <PanelFailure error={error()} onRetry={() => props.onRetry()} />}</Show>
          </div>
        </Panel>
      }
    >
      {props.children}
    </Show>
  );
}
