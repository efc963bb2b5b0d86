import { createQuery } from "@urql/solid";
import { createMemo, For, Match, Show, Switch } from "solid-js";
import { findingOverviews } from "../../data/documents/findings.ts";
import { nodes } from "../../data/graphql.ts";
import { useSelection } from "../../data/selection.tsx";
import { createUrlText } from "../../data/url-state.ts";
import { Button } from "../../ui/Button.tsx";
import { CsvLink } from "../../ui/CsvLink.tsx";
import { count } from "../../ui/format/count.ts";
import { hours } from "../../ui/format/hours.ts";
import { PanelFailure } from "../../ui/PanelFailure.tsx";
import { AssessmentPage } from "../../ui/page/AssessmentPage.tsx";
import { Segmented } from "../../ui/Segmented.tsx";
import { severities, severityOrder } from "../../ui/Severity.tsx";
import { words } from "../../words/findings.ts";
import { Finding } from "./Finding.tsx";
import "./findings.css";

/** What was found, worst first and then by the work it makes; each opens to what it means, what to do and where it is. */
export function Findings() {
  const selection = useSelection();
  const severity = createUrlText("severity");
  const open = createUrlText("finding");
  const [answer, ask] = createQuery({
    query: findingOverviews,
    variables: () => ({ assessment: selection.id() ?? "" }),
    pause: () => selection.id() === undefined,
  });
  const all = createMemo(() =>
    nodes(answer.data?.findingOverviews).sort(
      (a, b) =>
        severityOrder.indexOf(a.severity) - severityOrder.indexOf(b.severity) ||
        Number(b.effortHours) - Number(a.effortHours) ||
        b.tableCount - a.tableCount,
    ),
  );
  const shown = () => all().filter(finding => severity.value() === "" || finding.severity === severity.value());
  const effort = () => answer.data?.assessmentEffort;
  // Rounded so that the two parts add up to the whole that stands before them.
  const verdictHours = () => Math.round(Number(effort()?.verdictHours ?? 0));
  return (
    <AssessmentPage
      title={words.title}
      acts={<CsvLink list="findings" filters={{ assessmentId: selection.id() }} />}
      skeleton={<div class="panel skeleton-block" />}
    >
      {assessment => (
        <Switch fallback={<div class="skeleton-block" />}>
          <Match when={answer.error}>
            {error => (
              <div class="panel">
                <PanelFailure error={error()} onRetry={() => ask()} />
              </div>
            )}
          </Match>
          <Match when={answer.data && all().length === 0}>
            <div class="panel data-empty">
              <p>{words.none}</p>
              <Show when={assessment().origin === "REPORT"}>
                <p class="dim">{words.reported}</p>
              </Show>
            </div>
          </Match>
          <Match when={answer.data}>
            <div class="findings-bar">
              <Segmented
                label={words.columns.severity}
                value={severity.value()}
                onChange={severity.set}
                options={[
                  { key: "", text: `${words.all} ${count(all().length)}` },
                  ...severityOrder.map(key => ({
                    key: key as string,
                    text: `${severities[key].word} ${count(all().filter(each => each.severity === key).length)}`,
                  })),
                ]}
              />
              <Show when={effort()}>
                {estimate => (
                  <p class="findings-effort" title={words.effortBasis}>
                    {words.effort(
                      <b>{hours(Number(estimate().effortHours))}</b>,
                      hours(verdictHours()),
                      hours(Math.round(Number(estimate().effortHours)) - verdictHours()),
                    )}
                  </p>
                )}
              </Show>
            </div>
            <div class="panel findings">
              <div class="findings-head" aria-hidden="true">
                <span>{words.columns.severity}</span>
                <span>{words.columns.finding}</span>
                <span class="num">{words.columns.tables}</span>
                <span class="num hide-sm">{words.columns.databases}</span>
                <span class="num hide-sm">{words.columns.effort}</span>
              </div>
              <ul>
                <For each={shown()}>
                  {finding => (
                    <Finding
                      finding={finding}
                      isOpen={open.value() === finding.code}
                      onToggle={() => open.set(open.value() === finding.code ? "" : finding.code)}
                    />
                  )}
                </For>
              </ul>
              <Show when={shown().length === 0}>
                <div class="data-empty">
                  <p>{words.nothingFits}</p>
                  <Button onClick={() => severity.set("")}>{words.all}</Button>
                </div>
              </Show>
            </div>
          </Match>
        </Switch>
      )}
    </AssessmentPage>
  );
}
