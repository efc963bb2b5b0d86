import { A } from "@solidjs/router";
import { createQuery } from "@urql/solid";
import { createMemo, createUniqueId, For, Show } from "solid-js";
import { Bar } from "../../charts/Bar.tsx";
import { type FindingOverview, findingDatabases } from "../../data/documents/findings.ts";
import { nodes } from "../../data/graphql.ts";
import { usePageLink } from "../../data/links.ts";
import { useSelection } from "../../data/selection.tsx";
import { count } from "../../ui/format/count.ts";
import { hours } from "../../ui/format/hours.ts";
import { Icon } from "../../ui/Icon.tsx";
import { Severity } from "../../ui/Severity.tsx";
import { words } from "../../words/findings.ts";
import { units } from "../../words/ui/units.ts";

/** One finding as a line that opens. */
export function Finding(props: { finding: FindingOverview; isOpen: boolean; onToggle: () => void }) {
  const id = createUniqueId();
  return (
    <li class="finding" classList={{ open: props.isOpen }}>
      <button type="button" aria-expanded={props.isOpen} aria-controls={id} onClick={() => props.onToggle()}>
        <Severity of={props.finding.severity} />
        <span class="finding-title">
          <Icon name="down" />
          {props.finding.title} <span class="mono dim">{props.finding.code}</span>
        </span>
        <span class="num">{count(props.finding.tableCount)}</span>
        <span class="num hide-sm">{count(props.finding.databaseCount)}</span>
        <span class="num hide-sm">{hours(Number(props.finding.effortHours))}</span>
      </button>
      <div id={id} hidden={!props.isOpen}>
        <Show when={props.isOpen}>
          <Details finding={props.finding} />
        </Show>
      </div>
    </li>
  );
}

const shownDatabases = 8;

function Details(props: { finding: FindingOverview }) {
  const selection = useSelection();
  const link = usePageLink();
  const [answer] = createQuery({
    query: findingDatabases,
    variables: () => ({ assessment: selection.id() ?? "", code: props.finding.code }),
    pause: () => selection.id() === undefined,
  });
  const databases = createMemo(() =>
    nodes(answer.data?.databaseFindingOverviews).sort((a, b) => b.tableCount - a.tableCount),
  );
  return (
    <div class="finding-details">
      <div>
        <h2>{words.means}</h2>
        <p>{props.finding.explanation}</p>
        <h2>{words.remedy}</h2>
        <p>{props.finding.remedy}</p>
        <A class="button" href={link("/tables", { finding: props.finding.code })}>
          <Icon name="table" />
          {words.showTables(units.tables(props.finding.tableCount))}
        </A>
      </div>
      <div>
        <h2>{words.where}</h2>
        <ul class="finding-places">
          <For each={databases().slice(0, shownDatabases)}>
            {each => (
              <li>
                <A class="ident" href={link("/tables", { finding: props.finding.code, database: each.databaseName })}>
                  {each.databaseName}
                </A>
                <span class="num">{count(each.tableCount)}</span>
                <Bar value={each.tableCount} max={databases()[0]?.tableCount ?? 0} colour="other" />
              </li>
            )}
          </For>
        </ul>
        <Show when={databases().length > shownDatabases}>
          <p class="dim">{words.moreDatabases(databases().length - shownDatabases)}</p>
        </Show>
      </div>
    </div>
  );
}
