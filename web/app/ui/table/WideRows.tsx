import { useNavigate } from "@solidjs/router";
import { createVirtualizer } from "@tanstack/solid-virtual";
import {
  createEffect,
  createMemo,
  createSelector,
  createSignal,
  createUniqueId,
  For,
  on,
  onCleanup,
  onMount,
  Show,
} from "solid-js";
import { words } from "../../words/ui/data-table.ts";
import { count } from "../format/count.ts";
import { Icon } from "../Icon.tsx";
import { rem } from "../narrow.ts";
import type { DataColumn } from "./columns.ts";
import { createCopier } from "./copy.ts";
import type { DataTableProps } from "./DataTable.tsx";
import type { Model } from "./table-model.ts";

interface WideRowsProps<Row extends object> {
  table: DataTableProps<Row>;
  model: Model<Row>;
  row: (index: number) => Row | undefined;
}

const sortWords = { asc: "ascending", desc: "descending" } as const;

/** Whether a key belongs to what has the focus, and not to the table. */
const takesKeys = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.closest("input, textarea, select, button, [role=dialog], [role=menu]") !== null;

/**
 * Rows under a sticky header, in a scroller of their own. The grid has the focus and says which cell is the current one;
 * J and K or the arrows move it, Enter opens the row, C copies the cell.
 */
export function WideRows<Row extends object>(props: WideRowsProps<Row>) {
  const id = createUniqueId();
  const navigate = useNavigate();
  const copier = createCopier();
  let scroller: HTMLDivElement | undefined;
  const [active, setActive] = createSignal({ row: -1, column: 0 });
  const [top, setTop] = createSignal(0);
  const [hovered, setHovered] = createSignal("");
  const isHovered = createSelector(hovered);

  const byId = new Map(props.table.columns.map(column => [column.id, column]));
  const columns = createMemo(() =>
    props.model.getVisibleLeafColumns().flatMap(({ id: columnId }) => byId.get(columnId) ?? []),
  );
  const tracks = createMemo(() =>
    columns()
      .map(({ width: [least, grow] }) => (grow > 0 ? `minmax(${least}rem, ${grow}fr)` : `${least}rem`))
      .join(" "),
  );
  const least = createMemo(() => `${columns().reduce((sum, { width }) => sum + width[0], 1)}rem`);

  const height = () => (props.table.density === "comfortable" ? 2 : 1.75) * rem();
  const virtual = createVirtualizer<HTMLDivElement, HTMLDivElement>({
    get count() {
      return props.table.source.length();
    },
    getScrollElement: () => scroller ?? null,
    estimateSize: height,
    overscan: 6,
  });
  const seen = createMemo(() => {
    // Rows are kept ready beyond both edges; the lower edge of the header covers the first one.
    const items = virtual.getVirtualItems();
    const from = virtual.scrollOffset ?? 0;
    const to = from + (virtual.scrollRect?.height ?? 0) - 2 * rem();
    const visible = items.filter(item => item.end > from && item.start < to);
    const first = visible[0]?.index ?? items[0]?.index ?? 0;
    return { startIndex: first, endIndex: visible.at(-1)?.index ?? items.at(-1)?.index ?? first };
  });
  createEffect(() => {
    const { startIndex, endIndex } = seen();
    props.table.source.need(startIndex, endIndex);
  });
  createEffect(
    on(
      () => props.table.density,
      () => virtual.measure(),
      { defer: true },
    ),
  );
  // Another question starts at its first row, with no cell chosen.
  createEffect(
    on(props.table.source.isWaiting, waits => {
      if (waits) return;
      scroller?.scrollTo({ top: 0 });
      setActive({ row: -1, column: 0 });
    }),
  );

  const last = () => props.table.source.length() - 1;
  const move = (row: number, column = active().column) => {
    const next = {
      row: Math.max(0, Math.min(row, last())),
      column: Math.max(0, Math.min(column, columns().length - 1)),
    };
    setActive(next);
    virtual.scrollToIndex(next.row);
  };
  const copyActive = () => {
    const row = props.row(active().row);
    const column = columns()[active().column];
    if (row && column) void copier.copy(column.text(row));
  };
  const openActive = () => {
    const row = props.row(active().row);
    if (row && props.table.href) navigate(props.table.href(row));
  };
  const seenText = () => {
    const all = total();
    const to = Math.min(seen().endIndex, last()) + 1;
    return words.seen(count(seen().startIndex + 1), count(to), all === undefined ? undefined : count(all));
  };
  const page = () => Math.max(1, seen().endIndex - seen().startIndex - 1);
  const keys: Record<string, () => void> = {
    j: () => move(active().row + 1),
    ArrowDown: () => move(active().row + 1),
    k: () => move(active().row - 1),
    ArrowUp: () => move(active().row - 1),
    ArrowRight: () => move(Math.max(0, active().row), active().column + 1),
    ArrowLeft: () => move(Math.max(0, active().row), active().column - 1),
    Home: () => move(0),
    End: () => move(last()),
    PageDown: () => move(active().row + page()),
    PageUp: () => move(active().row - page()),
    Enter: openActive,
    c: copyActive,
  };
  const onKey = (event: KeyboardEvent) => {
    const isHere = event.target instanceof Node && scroller?.contains(event.target);
    // J and K also work before anything was clicked, as the hint below the rows says.
    const isAnywhere = event.target === document.body && (event.key === "j" || event.key === "k");
    if ((!isHere && !isAnywhere) || takesKeys(event.target) || event.altKey || event.shiftKey) return;
    if (event.ctrlKey || event.metaKey) {
      if (event.key === "c" && getSelection()?.isCollapsed && active().row >= 0) copyActive();
      return;
    }
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    scroller?.focus({ preventScroll: true });
    act();
  };
  onMount(() => {
    const measure = () => scroller && setTop(Math.round(scroller.getBoundingClientRect().top + scrollY));
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(document.body);
    document.addEventListener("keydown", onKey);
    onCleanup(() => {
      watch.disconnect();
      document.removeEventListener("keydown", onKey);
    });
  });

  const cellId = (row: number, column: number) => `${id}-${row}-${column}`;
  const total = () => props.table.total ?? (props.table.source.isWhole() ? props.table.source.length() : undefined);
  const focusRow = (event: MouseEvent, index: number, column: number) => {
    if (takesKeys(event.target) || !getSelection()?.isCollapsed) return;
    setActive({ row: index, column });
  };

  return (
    <>
      <div
        class="grid-scroll"
        ref={scroller}
        role="grid"
        tabIndex={0}
        aria-label={props.table.label}
        aria-rowcount={total() === undefined ? -1 : (total() ?? 0) + 1}
        aria-colcount={columns().length}
        aria-activedescendant={active().row >= 0 ? cellId(active().row, active().column) : undefined}
        style={{ "--grid-top": `${top()}px`, "--grid-tracks": tracks(), "--grid-least": least() }}
      >
        <div role="rowgroup" class="grid-head">
          <div role="row" class="grid-row" aria-rowindex={1}>
            <For each={columns()}>{column => <Header column={column} model={props.model} />}</For>
          </div>
        </div>
        <div role="rowgroup" class="grid-body" style={{ height: `${virtual.getTotalSize()}px` }}>
          <For each={virtual.getVirtualItems()}>
            {item => {
              const row = createMemo(() => props.row(item.index));
              return (
                <div
                  role="row"
                  class="grid-row"
                  aria-rowindex={item.index + 2}
                  classList={{ active: active().row === item.index }}
                  style={{ height: `${item.size}px`, transform: `translateY(${item.start}px)` }}
                >
                  <For each={columns()}>
                    {(column, place) => (
                      <div
                        role={column.names ? "rowheader" : "gridcell"}
                        id={cellId(item.index, place())}
                        class="grid-cell"
                        classList={{
                          end: column.align === "end",
                          active: active().row === item.index && active().column === place(),
                        }}
                        tabindex="-1"
                        onPointerEnter={() => column.copies && setHovered(cellId(item.index, place()))}
                        onClick={event => focusRow(event, item.index, place())}
                      >
                        <Show when={row()} fallback={<i class="skeleton-line" />}>
                          {shown => (
                            <Cell
                              column={column}
                              row={shown()}
                              href={props.table.href}
                              copy={copier.copy}
                              isHovered={(column.copies ?? false) && isHovered(cellId(item.index, place()))}
                            />
                          )}
                        </Show>
                      </div>
                    )}
                  </For>
                </div>
              );
            }}
          </For>
        </div>
      </div>
      <div class="panel-foot grid-foot">
        <span>{props.table.note ?? seenText()}</span>
        <span class="grid-keys">
          {words.keys(
            text => (
              <kbd>{text}</kbd>
            ),
            props.table.href !== undefined,
          )}
        </span>
        <span class="vh" role="status">
          {copier.said()}
        </span>
      </div>
    </>
  );
}

function Header<Row extends object>(props: { column: DataColumn<Row>; model: Model<Row> }) {
  const sorted = () => props.model.getColumn(props.column.id)?.getIsSorted() || undefined;
  const sortWord = () => {
    const direction = sorted();
    return direction && sortWords[direction];
  };
  return (
    <div
      role="columnheader"
      class="grid-cell"
      classList={{ end: props.column.align === "end", sorted: sortWord() !== undefined }}
      aria-sort={props.column.sorts ? (sortWord() ?? "none") : undefined}
    >
      <Show when={props.column.sorts} fallback={<span>{props.column.title}</span>}>
        <button type="button" onClick={() => props.model.getColumn(props.column.id)?.toggleSorting()}>
          {props.column.title}
          <Show when={sortWord()}>{direction => <Icon name={direction()} />}</Show>
        </button>
      </Show>
    </div>
  );
}

interface CellProps<Row extends object> {
  column: DataColumn<Row>;
  row: Row;
  href: ((row: Row) => string) | undefined;
  copy: (text: string) => Promise<void>;
  isHovered: boolean;
}

function Cell<Row extends object>(props: CellProps<Row>) {
  const text = () => props.column.text(props.row);
  return (
    <>
      <Show
        when={props.column.names && props.href}
        fallback={
          <span class="grid-value" title={text()}>
            {props.column.cell(props.row)}
          </span>
        }
      >
        {href => (
          <a class="ident grid-value" tabindex="-1" href={href()(props.row)} title={text()}>
            {props.column.cell(props.row)}
          </a>
        )}
      </Show>
      <Show when={props.isHovered}>
        <button
          type="button"
          class="grid-copy"
          tabindex="-1"
          aria-label={words.copy(text())}
          onClick={() => void props.copy(text())}
        >
          <Icon name="copy" />
        </button>
      </Show>
    </>
  );
}
