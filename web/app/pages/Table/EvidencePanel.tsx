import { For, type JSX, Show } from "solid-js";
import type { TableDetails } from "../../data/documents/table.ts";
import { formatName, noSizeReason } from "../../data/table-formats.ts";
import { bytes } from "../../ui/format/bytes.ts";
import { count } from "../../ui/format/count.ts";
import { Panel } from "../../ui/Panel.tsx";
import { verdicts } from "../../ui/readiness.ts";
import { ScrollFrame } from "../../ui/ScrollFrame.tsx";
import { words } from "../../words/table.ts";
import "../../ui/data-table.css";

interface Rule {
  code: string;
  explanation: string;
}

interface EvidencePanelProps {
  table: TableDetails;
  formatRules: readonly Rule[];
  readinessRules: readonly Rule[];
}

interface Line {
  what: string;
  value: string;
  because: JSX.Element;
  rule: string | null;
}

/** Every verdict with the rule that reached it and what that rule saw. */
export function EvidencePanel(props: EvidencePanelProps) {
  const explain = (rules: readonly Rule[], code: string | null) => rules.find(rule => rule.code === code)?.explanation;
  const lines = (): Line[] => {
    const { table } = props;
    return [
      {
        what: words.format,
        value: formatName(table.tableFormat),
        because: (
          <>
            {explain(props.formatRules, table.formatRule) ?? words.reported}
            <Show when={table.formatEvidence}>
              {evidence => (
                <>
                  {" "}
                  <span class="mono">{evidence()}</span>
                </>
              )}
            </Show>
          </>
        ),
        rule: table.formatRule,
      },
      {
        what: words.readiness,
        value: verdicts[table.migrationReadiness].word,
        because: explain(props.readinessRules, table.readinessRule) ?? words.reported,
        rule: table.readinessRule,
      },
      {
        what: words.size,
        value: table.sizeBytes === null ? noSizeReason(table.tableFormat) : bytes(Number(table.sizeBytes)),
        because: (
          <Show when={table.sizeBytes !== null} fallback={words.notReported}>
            {words.bytesTold(count(Number(table.sizeBytes)), <span class="mono">{table.sizeSource}</span>)}
          </Show>
        ),
        rule: null,
      },
      {
        what: words.rows,
        value: table.rowCount === null ? words.notReported : count(Number(table.rowCount)),
        because: (
          <Show when={table.rowCountSource} fallback={words.notReported}>
            {words.told(<span class="mono">{table.rowCountSource}</span>)}
          </Show>
        ),
        rule: null,
      },
    ];
  };
  return (
    <Panel title={words.evidence} sub={words.evidenceSub}>
      <ScrollFrame label={words.evidence}>
        <table class="data-table evidence-table">
          <thead>
            <tr>
              <th scope="col">{words.verdict}</th>
              <th scope="col">{words.value}</th>
              <th scope="col">{words.because}</th>
              <th scope="col" class="hide-sm">
                {words.rule}
              </th>
            </tr>
          </thead>
          <tbody>
            <For each={lines()}>
              {line => (
                <tr>
                  <th scope="row" class="mid">
                    {line.what}
                  </th>
                  <td class="nw">
                    <b>{line.value}</b>
                  </td>
                  <td class="mid evidence-because">{line.because}</td>
                  <td class="mono mid hide-sm nw">{line.rule}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </ScrollFrame>
    </Panel>
  );
}
