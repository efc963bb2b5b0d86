import { Show } from "solid-js";
import { Swatch } from "../../charts/Bar.tsx";
import type { FoundTable } from "../../data/documents/tables.ts";
import { present } from "../../data/graphql.ts";
import { useLive } from "../../data/live.tsx";
import { formatColour, formatName, noSizeReason } from "../../data/table-formats.ts";
import { absent } from "../../ui/format/absent.ts";
import { elapsed } from "../../ui/format/age.ts";
import { bytes } from "../../ui/format/bytes.ts";
import { count } from "../../ui/format/count.ts";
import { time } from "../../ui/format/time.ts";
import { verdicts } from "../../ui/readiness.ts";
import type { DataColumn } from "../../ui/table/columns.ts";
import { Verdict } from "../../ui/Verdict.tsx";
import { words } from "../../words/tables.ts";

/** Parameters by which a crawler tells sizes; AWS disclaims their accuracy. */
const estimates = ["sizeKey", "averageRecordSize", "recordCount"];

export const isEstimate = (source: string | null): boolean =>
  source !== null && estimates.some(parameter => source.includes(parameter));

export function Size(props: { table: Pick<FoundTable, "sizeBytes" | "sizeSource" | "tableFormat"> }) {
  return (
    <Show
      when={props.table.sizeBytes !== null}
      fallback={<span class="dim">{noSizeReason(props.table.tableFormat)}</span>}
    >
      <span classList={{ est: isEstimate(props.table.sizeSource) }}>{bytes(Number(props.table.sizeBytes))}</span>
    </Show>
  );
}

export function Format(props: { of: string }) {
  return (
    <>
      <Swatch colour={formatColour(props.of)} />
      {formatName(props.of)}
    </>
  );
}

function Changed(props: { at: string | null }) {
  const live = useLive();
  return (
    <span class="mid">
      <Show when={props.at} fallback={absent}>
        {at => elapsed(new Date(at()), live.now())}
      </Show>
    </span>
  );
}

const exactSize = (table: FoundTable): string =>
  table.sizeBytes === null
    ? noSizeReason(table.tableFormat)
    : words.exactSize(count(Number(table.sizeBytes)), table.sizeSource);

const list = (items: readonly (string | null)[]): string => present(items).join(", ");

export const tableColumns: readonly DataColumn<FoundTable>[] = [
  {
    id: "readiness",
    title: words.columns.readiness,
    width: [9, 0],
    phone: "note",
    cell: table => <Verdict of={table.migrationReadiness} />,
    text: table => verdicts[table.migrationReadiness].word,
  },
  {
    id: "table",
    title: words.columns.table,
    width: [9.5, 3],
    names: true,
    copies: true,
    phone: "title",
    cell: table => table.tableName,
    text: table => table.tableName,
  },
  {
    id: "database",
    title: words.columns.database,
    width: [7, 2],
    sorts: "ascending",
    copies: true,
    cell: table => <span class="mono mid">{table.databaseName}</span>,
    text: table => table.databaseName,
  },
  {
    id: "format",
    title: words.columns.format,
    width: [7, 0],
    phone: "aside",
    cell: table => <Format of={table.tableFormat} />,
    text: table => formatName(table.tableFormat),
  },
  {
    id: "size",
    title: words.columns.size,
    width: [5.25, 0],
    align: "end",
    sorts: "descending",
    phone: "value",
    cell: table => <Size table={table} />,
    text: exactSize,
  },
  {
    id: "partitions",
    title: words.columns.partitions,
    width: [5.5, 2],
    cell: table => <Words of={list(table.partitionKeys)} />,
    text: table => list(table.partitionKeys) || words.none,
  },
  {
    id: "columns",
    title: words.columns.columns,
    width: [4.5, 0],
    align: "end",
    cell: table => count(table.columnCount),
    text: table => count(table.columnCount),
  },
  {
    id: "updated",
    title: words.columns.updated,
    width: [4.5, 0],
    align: "end",
    sorts: "descending",
    cell: table => <Changed at={table.lastUpdated} />,
    text: table => (table.lastUpdated ? time(new Date(table.lastUpdated)) : absent),
  },
  {
    id: "findings",
    title: words.columns.findings,
    width: [4.5, 0],
    align: "end",
    cell: table => (
      <span class={(table.findings ?? []).length === 0 ? "dim" : ""}>{(table.findings ?? []).length}</span>
    ),
    text: table => list(table.findings ?? []) || words.none,
  },
  {
    id: "rows",
    title: words.columns.rows,
    width: [7, 0],
    align: "end",
    isOptional: true,
    cell: table => <span class={table.rowCount === null ? "dim" : ""}>{rows(table)}</span>,
    text: table => rows(table),
  },
  {
    id: "location",
    title: words.columns.location,
    width: [16, 3],
    copies: true,
    isOptional: true,
    cell: table => <Words of={table.storageLocation ?? ""} />,
    text: table => table.storageLocation ?? words.none,
  },
  {
    id: "type",
    title: words.columns.type,
    width: [9, 0],
    isOptional: true,
    cell: table => <Words of={table.tableType ?? ""} />,
    text: table => table.tableType ?? words.none,
  },
  {
    id: "sizeSource",
    title: words.columns.sizeSource,
    width: [9, 1],
    isOptional: true,
    cell: table => <Words of={table.sizeSource ?? ""} />,
    text: table => table.sizeSource ?? words.none,
  },
  {
    id: "formatRule",
    title: words.columns.formatRule,
    width: [8, 1],
    isOptional: true,
    cell: table => <Words of={table.formatRule ?? ""} />,
    text: table => table.formatRule ?? words.none,
  },
  {
    id: "readinessRule",
    title: words.columns.readinessRule,
    width: [8, 1],
    isOptional: true,
    cell: table => <Words of={table.readinessRule ?? ""} />,
    text: table => table.readinessRule ?? words.none,
  },
  {
    id: "notes",
    title: words.columns.notes,
    width: [16, 3],
    isOptional: true,
    cell: table => <span class="mid">{list(table.notes) || absent}</span>,
    text: table => list(table.notes) || words.none,
  },
];

const rows = (table: FoundTable): string =>
  table.rowCount === null ? words.notReported : count(Number(table.rowCount));

function Words(props: { of: string }) {
  return (
    <Show when={props.of} fallback={<span class="dim">{words.none}</span>}>
      <span class="mono mid">{props.of}</span>
    </Show>
  );
}
