import { Show } from "solid-js";
import { Stack } from "../../charts/Stack.tsx";
import type { DatabaseOverview } from "../../data/documents/databases.ts";
import { absent } from "../../ui/format/absent.ts";
import { bytes } from "../../ui/format/bytes.ts";
import { count } from "../../ui/format/count.ts";
import { hours } from "../../ui/format/hours.ts";
import { percent, share } from "../../ui/format/share.ts";
import { Icon } from "../../ui/Icon.tsx";
import type { DataColumn } from "../../ui/table/columns.ts";
import { words } from "../../words/databases.ts";
import { units } from "../../words/ui/units.ts";

export interface DatabaseRow extends DatabaseOverview {
  effortHours: number | null;
}

export const isUnread = (row: DatabaseOverview): boolean =>
  row.coverage !== null && row.coverage !== "COMPLETE" && row.tableCount === 0;
const isCut = (row: DatabaseOverview): boolean => row.coverage !== null && row.coverage !== "COMPLETE";

const tableCount = (row: DatabaseOverview): string =>
  isUnread(row) ? words.notRead : `${count(row.tableCount)}${isCut(row) ? "\u00a0+" : ""}`;
const shareText = (value: string | null): string => (value === null ? absent : percent(Number(value)));
const sizeText = (row: DatabaseOverview): string =>
  row.sizeBytes === null || row.sizedTables === 0 ? absent : bytes(Number(row.sizeBytes));
const verdictText = (row: DatabaseOverview): string =>
  words.verdicts(
    share(row.migrationReady, row.tableCount),
    share(row.needsConversion, row.tableCount),
    share(row.unknown, row.tableCount),
  );
export const coverageText = (row: DatabaseOverview): string =>
  row.coverage === null
    ? words.notTold
    : [words.coverage[row.coverage], row.failedOperation, row.errorCode].filter(Boolean).join(" · ");

/** Nobody knows what there is to do in a database that could not be read. */
const effortOf = (row: DatabaseRow): number | null => (isUnread(row) ? null : row.effortHours);
const effortText = (row: DatabaseRow): string => {
  const effort = effortOf(row);
  return effort === null ? absent : hours(effort);
};

const number = (value: string | null): number | null => (value === null ? null : Number(value));

function Dim(props: { when: boolean; text: string }) {
  return <span classList={{ dim: props.when }}>{props.text}</span>;
}

function Coverage(props: { row: DatabaseRow }) {
  return (
    <span class="database-coverage" classList={{ gap: isCut(props.row), denied: props.row.coverage === "DENIED" }}>
      <Show when={isCut(props.row)}>
        <Icon name={props.row.coverage === "DENIED" ? "close" : "stalled"} />
      </Show>
      {props.row.coverage === null ? words.notTold : words.coverage[props.row.coverage]}
    </span>
  );
}

export const databaseColumns: readonly DataColumn<DatabaseRow>[] = [
  {
    id: "database",
    title: words.columns.database,
    width: [12, 3],
    names: true,
    copies: true,
    sorts: "ascending",
    sortValue: row => row.databaseName,
    phone: "title",
    cell: row => row.databaseName,
    text: row => row.databaseName,
  },
  {
    id: "tables",
    title: words.columns.tables,
    width: [5.5, 0],
    align: "end",
    sorts: "descending",
    sortValue: row => (isUnread(row) ? null : row.tableCount),
    phone: "value",
    phoneText: row => (isUnread(row) ? words.notRead : words.tables(tableCount(row), row.tableCount)),
    cell: row => <Dim when={isUnread(row)} text={tableCount(row)} />,
    text: tableCount,
  },
  {
    id: "verdicts",
    title: words.columns.verdicts,
    width: [9, 2],
    cell: row => (
      <Stack ready={row.migrationReady} needs={row.needsConversion} unknown={row.unknown} isUnread={isUnread(row)} />
    ),
    text: row => (isUnread(row) ? words.notRead : verdictText(row)),
  },
  {
    id: "ready",
    title: words.columns.ready,
    width: [5, 0],
    align: "end",
    sorts: "descending",
    sortValue: row => number(row.readyPercent),
    phone: "note",
    phoneText: row =>
      row.coverage !== null && row.coverage !== "COMPLETE"
        ? words.coverage[row.coverage]
        : row.readyPercent === null
          ? absent
          : words.ready(shareText(row.readyPercent)),
    cell: row => <Dim when={row.readyPercent === null} text={shareText(row.readyPercent)} />,
    text: row => shareText(row.readyPercent),
  },
  {
    id: "iceberg",
    title: words.columns.iceberg,
    width: [5, 0],
    align: "end",
    sorts: "descending",
    sortValue: row => number(row.icebergPercent),
    cell: row => <Dim when={row.icebergPercent === null} text={shareText(row.icebergPercent)} />,
    text: row => shareText(row.icebergPercent),
  },
  {
    id: "size",
    title: words.columns.size,
    width: [6, 0],
    align: "end",
    sorts: "descending",
    sortValue: row => (row.sizedTables === 0 ? null : number(row.sizeBytes)),
    phone: "aside",
    cell: row => <Dim when={row.sizedTables === 0} text={sizeText(row)} />,
    text: row =>
      row.sizeBytes === null ? absent : units.bytesOf(count(Number(row.sizeBytes)), units.tables(row.sizedTables)),
  },
  {
    id: "effort",
    title: words.columns.effort,
    width: [7.5, 0],
    align: "end",
    sorts: "descending",
    sortValue: effortOf,
    cell: row => <Dim when={effortOf(row) === null} text={effortText(row)} />,
    text: effortText,
  },
  {
    id: "coverage",
    title: words.columns.coverage,
    width: [8, 1],
    sorts: "ascending",
    sortValue: row => row.coverage,
    cell: row => <Coverage row={row} />,
    text: coverageText,
  },
  {
    id: "needs",
    title: words.columns.needs,
    width: [7.5, 0],
    align: "end",
    isOptional: true,
    sorts: "descending",
    sortValue: row => row.needsConversion,
    cell: row => count(row.needsConversion),
    text: row => count(row.needsConversion),
  },
  {
    id: "unknown",
    title: words.columns.unknown,
    width: [5.5, 0],
    align: "end",
    isOptional: true,
    sorts: "descending",
    sortValue: row => row.unknown,
    cell: row => count(row.unknown),
    text: row => count(row.unknown),
  },
  {
    id: "description",
    title: words.columns.description,
    width: [12, 2],
    isOptional: true,
    cell: row => <span class="mid">{row.description ?? absent}</span>,
    text: row => row.description ?? absent,
  },
  {
    id: "location",
    title: words.columns.location,
    width: [14, 2],
    isOptional: true,
    copies: true,
    cell: row => <span class="mono mid">{row.locationUri ?? absent}</span>,
    text: row => row.locationUri ?? absent,
  },
];
