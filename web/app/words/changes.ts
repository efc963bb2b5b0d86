import { counted } from "../ui/format/count.ts";

/** Attributes of a table as people call them. */
export const attributeNames: Record<string, string> = {
  table_format: "format",
  migration_readiness: "readiness",
  storage_location: "location",
  size_bytes: "size",
  row_count: "rows",
  partition_keys: "partition keys",
  column_count: "number of columns",
  table_type: "Glue type",
  last_updated: "time of change in Glue",
  columns: "order or comments of columns",
};

/** What happened to one attribute: `size 3 GB → 4 GB`. */
export const attributeChange = (attribute: string, before: string, after: string): string =>
  attribute === "columns"
    ? "order or comments of columns"
    : `${attributeNames[attribute] ?? attribute} ${before} → ${after}`;

/** In place of a list that is empty. */
export const noneWord = "none";

/** `2 columns added, order_id retyped`: what happened to columns. */
export function changeWords(changes: readonly { columnName: string; change: string }[]): string {
  const verbs = { ADDED: "added", REMOVED: "removed", RETYPED: "retyped" } as const;
  return (["ADDED", "REMOVED", "RETYPED"] as const)
    .flatMap(kind => {
      const some = changes.filter(change => change.change === kind);
      const [only] = some;
      if (!only) return [];
      return [`${some.length === 1 ? only.columnName : counted(some.length, "column")} ${verbs[kind]}`];
    })
    .join(", ");
}
