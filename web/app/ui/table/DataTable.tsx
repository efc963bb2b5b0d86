import { createMemo, type JSX, Match, Show, Switch } from "solid-js";
import { words } from "../../words/ui/data-table.ts";
import { Late } from "../Late.tsx";
import { createNarrow } from "../narrow.ts";
import { PanelFailure } from "../PanelFailure.tsx";
import type { DataColumn, Sort } from "./columns.ts";
import { PhoneRows } from "./PhoneRows.tsx";
import type { RowSource } from "./row-source.ts";
import { createModel } from "./table-model.ts";
import { WideRows } from "./WideRows.tsx";
import "./data-table.css";

export interface DataTableProps<Row extends object> {
  /** What the rows are, for screen readers. */
  label: string;
  columns: readonly DataColumn<Row>[];
  /** Ids of the columns to show; all that are not optional when left out. */
  shown?: readonly string[];
  source: RowSource<Row>;
  keyOf: (row: Row) => string;
  /** Where Enter, the row's name and a tap lead. */
  href?: (row: Row) => string;
  sort?: Sort;
  onSort?: (sort: Sort) => void;
  /** True when all rows are here, so that they are sorted here. */
  sortsHere?: boolean;
  density?: "compact" | "comfortable";
  /** How many rows there are, when the source knows only those read so far. */
  total?: number | undefined;
  /** Stands in place of the rows when there are none. */
  empty: JSX.Element;
  /** Below the rows, left of the hint about keys. */
  note?: JSX.Element;
}

/** Rows of any number: virtual, sorted, copied and walked through by keyboard; two lines a row on a phone. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const isNarrow = createNarrow();
  const usual = props.columns.filter(column => !column.isOptional).map(column => column.id);
  const model = createModel<Row>({
    columns: props.columns,
    rows: createMemo(() => props.source.loaded().rows),
    shown: () => props.shown ?? usual,
    sort: () => props.sort,
    onSort: sort => props.onSort?.(sort),
    sortsHere: props.sortsHere ?? false,
  });
  const row = (index: number): Row | undefined =>
    model.getRowModel().rows[index - props.source.loaded().start]?.original;
  const isEmpty = () => props.source.isWhole() && props.source.length() === 0 && !props.source.isWaiting();
  return (
    <div
      class="panel data-panel"
      classList={{ waiting: props.source.isWaiting() }}
      aria-busy={props.source.isWaiting()}
    >
      <Switch>
        <Match when={props.source.length() === 0 && props.source.problem()}>
          {error => <PanelFailure error={error()} onRetry={props.source.retry} />}
        </Match>
        <Match when={isEmpty()}>
          <div class="data-empty">{props.empty}</div>
        </Match>
        <Match when={props.source.length() === 0}>
          <div class="data-waiting">
            <Late>
              <p class="dim" role="status">
                {words.reading(props.label)}
              </p>
            </Late>
          </div>
        </Match>
        <Match when={isNarrow()}>
          <PhoneRows table={props} row={row} />
        </Match>
        <Match when={true}>
          <WideRows table={props} model={model} row={row} />
        </Match>
      </Switch>
      <Show when={props.source.length() > 0 && props.source.problem()}>
        {error => <PanelFailure error={error()} onRetry={props.source.retry} />}
      </Show>
    </div>
  );
}
