import { A } from "@solidjs/router";
import { createWindowVirtualizer } from "@tanstack/solid-virtual";
import { createEffect, createMemo, createSignal, For, type JSX, onMount, Show } from "solid-js";
import { words } from "../../words/ui/data-table.ts";
import { count } from "../format/count.ts";
import { rem } from "../narrow.ts";
import type { DataColumn } from "./columns.ts";
import type { DataTableProps } from "./DataTable.tsx";

interface PhoneRowsProps<Row extends object> {
  table: DataTableProps<Row>;
  row: (index: number) => Row | undefined;
}

const places = ["title", "value", "note", "aside"] as const;

/** Two lines a row, as a list that scrolls with the page: the row's name and its value, below them two more facts. */
export function PhoneRows<Row extends object>(props: PhoneRowsProps<Row>) {
  let list: HTMLUListElement | undefined;
  const [margin, setMargin] = createSignal(0);
  onMount(() => setMargin(list?.offsetTop ?? 0));
  const virtual = createWindowVirtualizer<HTMLLIElement>({
    get count() {
      return props.table.source.length();
    },
    estimateSize: () => 4 * rem(),
    overscan: 6,
    get scrollMargin() {
      return margin();
    },
  });
  createEffect(() => {
    const items = virtual.getVirtualItems();
    props.table.source.need(items[0]?.index ?? 0, items.at(-1)?.index ?? 0);
  });
  const columns = places.flatMap(place => props.table.columns.find(column => column.phone === place) ?? []);
  const total = () => props.table.total ?? (props.table.source.isWhole() ? props.table.source.length() : -1);
  return (
    <>
      <ul
        class="phone-rows"
        ref={list}
        aria-label={props.table.label}
        style={{ height: `${virtual.getTotalSize()}px` }}
      >
        <For each={virtual.getVirtualItems()}>
          {item => {
            const row = createMemo(() => props.row(item.index));
            return (
              <li
                aria-setsize={total()}
                aria-posinset={item.index + 1}
                style={{ height: `${item.size}px`, transform: `translateY(${item.start - margin()}px)` }}
              >
                <Show when={row()} fallback={<i class="skeleton-line" />}>
                  {shown => (
                    <Frame href={props.table.href?.(shown())}>
                      <For each={columns}>{column => <Line column={column} row={shown()} />}</For>
                    </Frame>
                  )}
                </Show>
              </li>
            );
          }}
        </For>
      </ul>
      <p class="panel-foot">
        <span>{props.table.note ?? (total() >= 0 ? words.rows(count(total())) : words.moreBelow)}</span>
      </p>
    </>
  );
}

function Frame(props: { href: string | undefined; children: JSX.Element }) {
  return (
    <Show when={props.href} fallback={<div class="phone-row">{props.children}</div>}>
      {href => (
        <A class="phone-row" href={href()}>
          {props.children}
        </A>
      )}
    </Show>
  );
}

function Line<Row extends object>(props: { column: DataColumn<Row>; row: Row }) {
  return (
    <span class={`phone-${props.column.phone}`} classList={{ ident: props.column.names ?? false }}>
      {props.column.phoneText?.(props.row) ?? props.column.cell(props.row)}
    </span>
  );
}
