import { type Accessor, createMemo } from "solid-js";
import { createUrlList } from "../../data/url-state.ts";
import type { DataColumn } from "./columns.ts";

export interface ColumnChoice {
  /** Ids of the columns shown, in the order of the table. */
  shown: Accessor<readonly string[]>;
  toggle: (id: string) => void;
  reset: () => void;
  isDefault: Accessor<boolean>;
}

/** Which columns are shown, in the address as `?columns=a,b`. */
export function createColumnChoice<Row>(columns: readonly DataColumn<Row>[]): ColumnChoice {
  const ids = columns.map(column => column.id);
  const usual = columns.filter(column => !column.isOptional).map(column => column.id);
  const isId = (text: string): text is string => ids.includes(text);
  const chosen = createUrlList("columns", isId, usual);
  const always = columns.filter(column => column.names).map(column => column.id);
  const shown = createMemo(() => ids.filter(id => always.includes(id) || chosen.value().includes(id)));
  return {
    shown,
    toggle: id => chosen.set(ids.filter(each => (each === id ? !shown().includes(each) : shown().includes(each)))),
    reset: () => chosen.set(usual),
    isDefault: () => shown().length === usual.length && usual.every(id => shown().includes(id)),
  };
}
