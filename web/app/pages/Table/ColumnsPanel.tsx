import { createQuery } from "@urql/solid";
import { createMemo, createSignal, For, Match, Show, Switch } from "solid-js";
import { tableColumns } from "../../data/documents/table.ts";
import { nodes } from "../../data/graphql.ts";
import { useSelection } from "../../data/selection.tsx";
import { count } from "../../ui/format/count.ts";
import { Panel } from "../../ui/Panel.tsx";
import { PanelFailure } from "../../ui/PanelFailure.tsx";
import { ScrollFrame } from "../../ui/ScrollFrame.tsx";
import { words } from "../../words/table.ts";

const shownAtFirst = 25;

/** The live columns with type and comment; partition keys last, as Glue lists them. */
export function ColumnsPanel(props: { database: string; table: string }) {
  const selection = useSelection();
  const [showsAll, setShowsAll] = createSignal(false);
  const [answer, ask] = createQuery({
    query: tableColumns,
    variables: () => ({ assessment: selection.id() ?? "", database: props.database, table: props.table }),
    pause: () => selection.id() === undefined,
  });
  const columns = createMemo(() => nodes(answer.data?.tableColumns));
  const keys = () => columns().filter(column => column.isPartitionKey).length;
  const visible = () => (showsAll() ? columns() : columns().slice(0, shownAtFirst));
  return (
    <Panel
      title={words.columns}
      sub={columns().length > 0 ? words.columnsSub(count(columns().length), count(keys())) : undefined}
    >
      <Switch>
        <Match when={answer.error}>{error => <PanelFailure error={error()} onRetry={() => ask()} />}</Match>
        <Match when={columns().length > 0}>
          <ScrollFrame label={words.columns}>
            <table class="data-table columns-table">
              <thead>
                <tr>
                  <th scope="col" class="num hide-sm columns-place">
                    {words.place}
                  </th>
                  <th scope="col">{words.name}</th>
                  <th scope="col">{words.type}</th>
                  <th scope="col" class="hide-sm">
                    {words.comment}
                  </th>
                </tr>
              </thead>
              <tbody>
                <For each={visible()}>
                  {column => (
                    <tr>
                      <td class="num dim hide-sm">{column.place}</td>
                      <th scope="row">
                        <span class="ident">{column.columnName}</span>
                        <Show when={column.isPartitionKey}>
                          {" "}
                          <span class="dim">{words.partitionKey}</span>
                        </Show>
                      </th>
                      <td class="mono mid columns-type">{column.dataType}</td>
                      <td class="mid hide-sm">{column.comment}</td>
                    </tr>
                  )}
                </For>
              </tbody>
            </table>
          </ScrollFrame>
          <Show when={columns().length > shownAtFirst}>
            <div class="panel-foot">
              <span>{words.shown(count(visible().length), count(columns().length))}</span>
              <button class="link-button" type="button" onClick={() => setShowsAll(!showsAll())}>
                {showsAll() ? words.showFirst : words.showAll(count(columns().length))}
              </button>
            </div>
          </Show>
        </Match>
        <Match when={answer.data}>
          <p class="panel-body dim">{words.noColumns}</p>
        </Match>
      </Switch>
    </Panel>
  );
}
