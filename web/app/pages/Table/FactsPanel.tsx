import { For, type JSX, Show } from "solid-js";
import type { TableDetails } from "../../data/documents/table.ts";
import { present } from "../../data/graphql.ts";
import { absent } from "../../ui/format/absent.ts";
import { count } from "../../ui/format/count.ts";
import { hours } from "../../ui/format/hours.ts";
import { Panel } from "../../ui/Panel.tsx";
import { words } from "../../words/table.ts";
import { Size } from "../Tables/columns.tsx";

/** What the catalog says of the table, as it says it. */
export function FactsPanel(props: { table: TableDetails; effortHours: string | null }) {
  const keys = () => present(props.table.partitionKeys).join(", ");
  const facts = (): [string, JSX.Element][] => [
    [words.size, <Size table={props.table} />],
    [words.rows, props.table.rowCount === null ? words.notReported : count(Number(props.table.rowCount))],
    [words.columns, count(props.table.columnCount)],
    [words.partitions, <span class="mono">{keys() || words.none}</span>],
    [words.location, <span class="mono">{props.table.storageLocation ?? words.none}</span>],
    [words.glueType, <span class="mono">{props.table.tableType ?? absent}</span>],
    [
      words.effort,
      <>
        {props.effortHours === null ? absent : hours(Number(props.effortHours))}{" "}
        <span class="dim">{words.effortHint}</span>
      </>,
    ],
  ];
  return (
    <Panel title={words.facts}>
      <dl class="facts panel-body">
        <For each={facts()}>
          {([term, value]) => (
            <div>
              <dt>{term}</dt>
              <dd>{value}</dd>
            </div>
          )}
        </For>
        <Show when={present(props.table.notes).length > 0}>
          <div>
            <dt>{words.notes}</dt>
            <dd class="mid">{present(props.table.notes).join(" ")}</dd>
          </div>
        </Show>
      </dl>
    </Panel>
  );
}
