import {
  type Column,
  columnVisibilityFeature,
  createSortedRowModel,
  createTable,
  rowSortingFeature,
  type SolidTable,
  tableFeatures,
} from "@tanstack/solid-table";
import type { Accessor } from "solid-js";
import type { DataColumn, Sort } from "./columns.ts";

const features = tableFeatures({
  columnVisibilityFeature,
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
});

export type Model<Row extends object> = SolidTable<typeof features, Row>;
export type ModelColumn<Row extends object> = Column<typeof features, Row>;

interface ModelOptions<Row extends object> {
  columns: readonly DataColumn<Row>[];
  rows: Accessor<readonly Row[]>;
  shown: Accessor<readonly string[]>;
  sort: Accessor<Sort | undefined>;
  onSort: (sort: Sort) => void;
  /** False when the rows come sorted, because only some of them are here. */
  sortsHere: boolean;
}

/** Values in order, with nothing last whichever way it goes. */
function compare(a: unknown, b: unknown, descending: boolean): number {
  if (a === null || b === null) return a === b ? 0 : (a === null) === descending ? -1 : 1;
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : a > b ? 1 : 0;
  return Number(a) - Number(b);
}

/** Columns, sort and rows as TanStack Table keeps them. */
export function createModel<Row extends object>(options: ModelOptions<Row>): Model<Row> {
  const sorting = () => {
    const sort = options.sort();
    return sort ? [{ id: sort.id, desc: sort.descending }] : [];
  };
  return createTable<typeof features, Row>({
    features,
    columns: options.columns.map(column => ({
      id: column.id,
      header: column.title,
      accessorFn: (row: Row) => (column.sortValue ?? column.text)(row),
      enableSorting: column.sorts !== undefined,
      sortDescFirst: column.sorts === "descending",
      sortFn: (a, b, id) => compare(a.getValue(id), b.getValue(id), options.sort()?.descending ?? false),
    })),
    get data() {
      return options.rows() as Row[];
    },
    manualSorting: !options.sortsHere,
    enableSortingRemoval: false,
    enableMultiSort: false,
    get state() {
      const shown = options.shown();
      return {
        sorting: sorting(),
        columnVisibility: Object.fromEntries(options.columns.map(({ id }) => [id, shown.includes(id)])),
      };
    },
    onSortingChange: updater => {
      const [next] = typeof updater === "function" ? updater(sorting()) : updater;
      if (next) options.onSort({ id: next.id, descending: next.desc });
    },
  });
}
