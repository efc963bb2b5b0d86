import { For, Show } from "solid-js";
import type { Readiness } from "../../data/documents/assessments.ts";
import type { TableChange } from "../../data/documents/compare.ts";
import { present } from "../../data/graphql.ts";
import { formatName } from "../../data/table-formats.ts";
import { absent } from "../../ui/format/absent.ts";
import { bytes } from "../../ui/format/bytes.ts";
import { count } from "../../ui/format/count.ts";
import { time } from "../../ui/format/time.ts";
import { Icon, type IconName } from "../../ui/Icon.tsx";
import { readinessOrder, verdicts } from "../../ui/readiness.ts";
import type { DataColumn } from "../../ui/table/columns.ts";
import { Verdict } from "../../ui/Verdict.tsx";
import { attributeChange, changeWords, noneWord } from "../../words/changes.ts";
import { words } from "../../words/compare.ts";

type Attribute = NonNullable<TableChange["attributes"]>[number];

const icons: Record<TableChange["change"], IconName> = { ADDED: "plus", REMOVED: "minus", CHANGED: "compare" };

const isReadiness = (text: string | null): text is Readiness => readinessOrder.some(each => each === text);

/** A value of an attribute as people read it. */
function valueText(attribute: string, value: string | null): string {
  if (value === null) return absent;
  if (attribute === "table_format") return formatName(value);
  if (attribute === "migration_readiness") return isReadiness(value) ? verdicts[value].word : value;
  if (attribute === "size_bytes") return bytes(Number(value));
  if (attribute === "row_count" || attribute === "column_count") return count(Number(value));
  if (attribute === "last_updated") return time(new Date(value));
  if (attribute === "partition_keys") return value.replace(/[[\]"]/g, "").replaceAll(",", ", ") || noneWord;
  return value;
}

const attributeText = (change: Attribute): string =>
  attributeChange(
    change.attribute,
    valueText(change.attribute, change.before),
    valueText(change.attribute, change.after),
  );

/** What matters first; the time of change in Glue only when nothing else is told. */
function told(change: TableChange): Attribute[] {
  const attributes = present(change.attributes);
  const weighty = attributes.filter(
    each => each.attribute !== "last_updated" && each.attribute !== "migration_readiness",
  );
  return weighty.length > 0 ? weighty : attributes.filter(each => each.attribute !== "migration_readiness");
}

function changeText(change: TableChange): string {
  if (change.change === "ADDED") return words.newTable;
  if (change.change === "REMOVED") return words.goneTable;
  return [...told(change).map(attributeText), changeWords(present(change.columnChanges))].filter(Boolean).join("; ");
}

function Move(props: { change: TableChange }) {
  const move = () => present(props.change.attributes).find(each => each.attribute === "migration_readiness");
  const side = (value: string | null | undefined) => (value != null && isReadiness(value) ? value : undefined);
  return (
    <Show when={move()} fallback={<span class="dim">{absent}</span>}>
      {moved => (
        <span class="change-move">
          <For each={[side(moved().before), side(moved().after)].filter(each => each !== undefined)}>
            {(readiness, index) => (
              <>
                <Show when={index() > 0}>
                  <Icon name="arrow" />
                </Show>
                <Verdict of={readiness} />
              </>
            )}
          </For>
        </span>
      )}
    </Show>
  );
}

const size = (change: TableChange): string => {
  const attribute = present(change.attributes).find(each => each.attribute === "size_bytes");
  const value = attribute?.after ?? attribute?.before;
  return value == null ? absent : bytes(Number(value));
};

export const changeColumns: readonly DataColumn<TableChange>[] = [
  {
    id: "change",
    title: words.columns.change,
    width: [7, 0],
    phone: "note",
    cell: change => (
      <span class={`change-kind change-${change.change}`}>
        <Icon name={icons[change.change]} />
        {words.kinds[change.change]}
      </span>
    ),
    text: change => words.kinds[change.change],
  },
  {
    id: "table",
    title: words.columns.table,
    width: [12, 2],
    names: true,
    copies: true,
    phone: "title",
    cell: change => change.tableName,
    text: change => change.tableName,
  },
  {
    id: "database",
    title: words.columns.database,
    width: [9, 1],
    copies: true,
    phone: "aside",
    cell: change => <span class="mono mid">{change.databaseName}</span>,
    text: change => change.databaseName,
  },
  {
    id: "readiness",
    title: words.columns.readiness,
    width: [17.5, 0],
    cell: change => <Move change={change} />,
    text: change =>
      present(change.attributes)
        .filter(each => each.attribute === "migration_readiness")
        .map(attributeText)
        .join(),
  },
  {
    id: "what",
    title: words.columns.what,
    width: [14, 4],
    cell: change => <span class="mid">{changeText(change)}</span>,
    text: changeText,
  },
  {
    id: "size",
    title: words.columns.size,
    width: [6, 0],
    align: "end",
    phone: "value",
    cell: change => <span classList={{ dim: size(change) === absent }}>{size(change)}</span>,
    text: size,
  },
];
