import { A } from "@solidjs/router";
import { createMemo, For, Show } from "solid-js";
import type { Assessment } from "../../data/documents/assessments.ts";
import type { TrendNode } from "../../data/documents/overview.ts";
import { usePageLink } from "../../data/links.ts";
import { useLive } from "../../data/live.tsx";
import { count } from "../../ui/format/count.ts";
import { since } from "../../ui/format/time.ts";
import { Panel } from "../../ui/Panel.tsx";
import { words } from "../../words/overview.ts";

/** What is new, gone and different since the assessment before. */
export function ChangesPanel(props: { assessment: Assessment; trend: readonly TrendNode[] }) {
  const live = useLive();
  const link = usePageLink();
  const here = createMemo(() => props.trend.find(node => node.assessmentId === props.assessment.id));
  const before = createMemo(() => props.trend.find(node => node.assessmentId === here()?.previousId));
  const lines = () => [
    { word: words.added, sign: "+", value: here()?.tablesAdded, kind: "ADDED" },
    { word: words.removed, sign: "\u2212", value: here()?.tablesRemoved, kind: "REMOVED" },
    { word: words.changed, sign: "", value: here()?.tablesChanged, kind: "CHANGED" },
  ];
  const compare = (kind?: string) =>
    link("/compare", { from: before()?.assessmentId, to: props.assessment.id, change: kind });
  return (
    <Show
      when={before()}
      fallback={
        <Show when={here() && here()?.previousId === null}>
          <Panel class="changes-panel" title={words.first}>
            <p class="panel-body dim">{words.firstWhy}</p>
          </Panel>
        </Show>
      }
    >
      {previous => (
        <Panel
          class="changes-panel"
          title={words.since(since(new Date(previous().timestamp), new Date(props.assessment.timestamp), live.now()))}
          act={<A href={compare()}>{words.open}</A>}
        >
          <ul class="change-list">
            <For each={lines()}>
              {line => (
                <li>
                  <A href={compare(line.kind)}>
                    <span>{line.word}</span>
                    <b>
                      {(line.value ?? 0) > 0 ? line.sign : ""}
                      {count(line.value ?? 0)}
                    </b>
                  </A>
                </li>
              )}
            </For>
          </ul>
        </Panel>
      )}
    </Show>
  );
}
