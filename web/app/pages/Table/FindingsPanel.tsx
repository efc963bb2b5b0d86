import { A } from "@solidjs/router";
import { createMemo, For, Show } from "solid-js";
import type { TableFinding } from "../../data/documents/table.ts";
import { usePageLink } from "../../data/links.ts";
import { Panel } from "../../ui/Panel.tsx";
import { Severity, severityOrder } from "../../ui/Severity.tsx";
import { words } from "../../words/table.ts";
import { units } from "../../words/ui/units.ts";

/** What was found in the table, worst first, each with what to do. */
export function FindingsPanel(props: { findings: readonly TableFinding[] }) {
  const link = usePageLink();
  const sorted = createMemo(() =>
    props.findings.toSorted((a, b) => severityOrder.indexOf(a.severity) - severityOrder.indexOf(b.severity)),
  );
  return (
    <Panel title={words.findings} sub={props.findings.length > 0 ? units.findings(props.findings.length) : undefined}>
      <Show when={sorted().length > 0} fallback={<p class="panel-body dim">{words.noFindings}</p>}>
        <ul class="finding-list">
          <For each={sorted()}>
            {finding => (
              <li>
                <Severity of={finding.severity} />
                <div>
                  <h3>
                    {finding.title}{" "}
                    <A class="mono" href={link("/findings", { finding: finding.code })}>
                      {finding.code}
                    </A>
                  </h3>
                  <Show when={finding.detail}>{detail => <p class="mid">{detail()}</p>}</Show>
                  <p>{finding.remedy}</p>
                </div>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </Panel>
  );
}
