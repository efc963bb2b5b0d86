import { A } from "@solidjs/router";
import { createMemo, For, Show } from "solid-js";
import type { OverviewDetails } from "../../data/documents/overview.ts";
import { usePageLink } from "../../data/links.ts";
import { count } from "../../ui/format/count.ts";
import { hours } from "../../ui/format/hours.ts";
import { Panel } from "../../ui/Panel.tsx";
import { Severity, severityOrder } from "../../ui/Severity.tsx";
import { words } from "../../words/overview.ts";

type Finding = NonNullable<OverviewDetails["findingOverviews"]>["nodes"][number];

const shownAtMost = 7;

/** What stands in the way of most tables, worst first, and how much work all of it may be. */
export function FindingsPanel(props: { findings: readonly Finding[]; effortHours: string | undefined }) {
  const link = usePageLink();
  const sorted = createMemo(() =>
    props.findings.toSorted(
      (a, b) =>
        severityOrder.indexOf(a.severity) - severityOrder.indexOf(b.severity) ||
        Number(b.effortHours) - Number(a.effortHours),
    ),
  );
  return (
    <Panel
      class="findings-panel"
      title={words.findings}
      sub={
        <Show when={props.effortHours !== undefined}>
          {words.effort.toLowerCase()} {hours(Number(props.effortHours))}
        </Show>
      }
      act={<A href={link("/findings")}>{words.allFindings}</A>}
    >
      <Show when={sorted().length > 0} fallback={<p class="panel-body dim">{words.noFindings}</p>}>
        <ul class="finding-lines">
          <For each={sorted().slice(0, shownAtMost)}>
            {finding => (
              <li>
                <A href={link("/findings", { finding: finding.code })}>
                  <Severity of={finding.severity} />
                  <span class="finding-line-title">{finding.title}</span>
                  <span class="num">{count(finding.tableCount)}</span>
                </A>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </Panel>
  );
}
