import { A } from "@solidjs/router";
import { createMemo, For, Show } from "solid-js";
import type { Sighting, TableDetails } from "../../data/documents/table.ts";
import { present } from "../../data/graphql.ts";
import { usePageLink } from "../../data/links.ts";
import { useLive } from "../../data/live.tsx";
import { formatName } from "../../data/table-formats.ts";
import { absent } from "../../ui/format/absent.ts";
import { bytes } from "../../ui/format/bytes.ts";
import { day } from "../../ui/format/time.ts";
import { Panel } from "../../ui/Panel.tsx";
import { verdicts } from "../../ui/readiness.ts";
import { changeWords } from "../../words/changes.ts";
import { words } from "../../words/table.ts";
import { HistoryLine } from "./HistoryLine.tsx";

/** What had changed when an assessment found the table, in a few words; the worst first. */
function whatChanged(sighting: Sighting, isFirst: boolean): string {
  if (sighting.sighting === "UNREAD") return words.unread;
  if (sighting.sighting === "ABSENT") return words.absent;
  if (isFirst) return words.firstSeen;
  const attributes = present(sighting.attributes).filter(change => change.attribute !== "last_updated");
  const columns = present(sighting.columnChanges);
  const said = [
    ...attributes.flatMap(change => {
      if (change.attribute === "migration_readiness") {
        return [
          words.now(Object.entries(verdicts).find(([key]) => key === change.after)?.[1].word ?? change.after ?? ""),
        ];
      }
      if (change.attribute === "table_format") return [words.now(formatName(change.after ?? ""))];
      if (["size_bytes", "row_count", "column_count"].includes(change.attribute)) return [];
      return [words.attributeChanged(change.attribute)];
    }),
    ...(columns.length > 0 ? [changeWords(columns)] : []),
  ];
  if (said.length > 0) return said.join(", ");
  return attributes.length > 0 ? words.sizeOnly : words.unchanged;
}

/** The table in each assessment of its account and region, newest first, with its known size over time. */
export function HistoryPanel(props: { sightings: readonly Sighting[]; table: TableDetails }) {
  const live = useLive();
  const link = usePageLink();
  const first = createMemo(() => props.sightings.find(each => each.sighting === "FOUND"));
  const newestFirst = createMemo(() => props.sightings.toReversed());
  return (
    <Panel
      title={words.history}
      act={
        <Show when={props.sightings.length > 1}>
          <A href={link("/compare", { database: props.table.databaseName })}>{words.compare}</A>
        </Show>
      }
    >
      <div class="panel-body">
        <HistoryLine sightings={props.sightings} />
        <ul class="history-list">
          <For each={newestFirst()}>
            {sighting => (
              <li>
                <span class="dim nw">{day(new Date(sighting.timestamp), live.now())}</span>
                <span classList={{ dim: sighting.sighting !== "FOUND" }}>
                  {whatChanged(sighting, sighting === first())}
                </span>
                <span class="nw mid">{sighting.sizeBytes === null ? absent : bytes(Number(sighting.sizeBytes))}</span>
              </li>
            )}
          </For>
        </ul>
      </div>
    </Panel>
  );
}
