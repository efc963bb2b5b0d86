import type { JSX } from "solid-js";

/** A column of a DataTable. */
export interface DataColumn<Row> {
  /** Stands in the address, as a choice of columns and as the sort. */
  id: string;
  title: string;
  cell: (row: Row) => JSX.Element;
  /** The cell as text: what copying it gives, and its tooltip where the cell is cut off. */
  text: (row: Row) => string;
  /** Least width in rem, and its share of what is left; 0 keeps it. */
  width: readonly [rem: number, grow: number];
  align?: "end";
  /** Identifiers in monospace get a button that copies them. */
  copies?: boolean;
  /** Can be sorted by; which way first. */
  sorts?: "ascending" | "descending";
  /** What rows that are all here are sorted by. Nothing comes last either way. Without it the source sorts. */
  sortValue?: (row: Row) => number | string | null;
  /** The column that names the row: always shown, and the link to what it opens. */
  names?: boolean;
  /** Not shown until somebody chooses it. */
  isOptional?: boolean;
  /** Where it stands in the two lines of a phone: above left, above right, below left, below right. */
  phone?: "title" | "value" | "note" | "aside";
  /** What stands there when the cell would need its header to be understood. */
  phoneText?: (row: Row) => string;
}

export interface Sort {
  id: string;
  descending: boolean;
}

/** In the address: `size`, or `-size` for descending. */
export const sortText = (sort: Sort): string => `${sort.descending ? "-" : ""}${sort.id}`;

export function readSort<Row>(text: string, columns: readonly DataColumn<Row>[], fallback: Sort): Sort {
  const descending = text.startsWith("-");
  const id = descending ? text.slice(1) : text;
  return columns.some(column => column.id === id && column.sorts) ? { id, descending } : fallback;
}
