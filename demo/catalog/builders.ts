import type { WireTable } from "../wire.ts";
import { contextOf, type Setting, type TableContext, type TableSpec } from "./context.ts";
import { externalTables } from "./external-tables.ts";
import { fileTables } from "./file-tables.ts";
import type { TableKind } from "./kinds.ts";
import { lakeTables } from "./lake-tables.ts";
import { logTables } from "./log-tables.ts";
import { oddTables } from "./odd-tables.ts";
import { views } from "./views.ts";

const builders: Readonly<Record<TableKind, (context: TableContext) => WireTable>> = {
  ...fileTables,
  ...lakeTables,
  ...views,
  ...externalTables,
  ...logTables,
  ...oddTables,
};

/** The Glue table of a spec at the setting's generation; equal arguments give equal tables. */
export function buildTable(setting: Setting, spec: TableSpec): WireTable {
  const context = contextOf(setting, spec);
  return context.history.convertedIn === undefined ? builders[spec.kind](context) : lakeTables.iceberg_athena(context);
}
