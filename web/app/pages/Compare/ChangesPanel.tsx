import { useClient } from "@urql/solid";
import { createMemo, Show } from "solid-js";
import { type ChangeKind, type Comparison, listChanges, type TableChange } from "../../data/documents/compare.ts";
import { present } from "../../data/graphql.ts";
import { tablePath, usePageLink } from "../../data/links.ts";
import { createUrlText } from "../../data/url-state.ts";
import { Chip } from "../../ui/Chip.tsx";
import { CsvLink } from "../../ui/CsvLink.tsx";
import { count } from "../../ui/format/count.ts";
import { Segmented } from "../../ui/Segmented.tsx";
import { DataTable } from "../../ui/table/DataTable.tsx";
import { createKeysetSource } from "../../ui/table/keyset-source.ts";
import { words } from "../../words/compare.ts";
import { units } from "../../words/ui/units.ts";
import { changeColumns } from "./columns.tsx";

const kinds: readonly ChangeKind[] = ["ADDED", "REMOVED", "CHANGED"];
const pageSize = 100;

/** Every table that differs, by database and name, a keyset page at a time. */
export function ChangesPanel(props: { from: string; to: string; comparison: Comparison }) {
  const client = useClient();
  const link = usePageLink();
  const kind = createUrlText("change");
  const database = createUrlText("database");
  const chosen = createMemo(() => kinds.find(each => each === kind.value()));
  const source = createKeysetSource({
    question: () => ({
      from: props.from,
      to: props.to,
      kinds: chosen() ? [chosen() as ChangeKind] : null,
      database: database.value() || null,
      pageSize,
    }),
    read: async (question, cursor) => {
      const answer = await client
        .query(listChanges, { ...question, cursor }, { requestPolicy: "network-only" })
        .toPromise();
      if (answer.error) throw answer.error;
      const page = answer.data?.listChanges;
      return { rows: present(page?.items), next: page?.nextCursor ?? null };
    },
  });
  const total = () => {
    const { tablesAdded, tablesRemoved, tablesChanged } = props.comparison;
    const of = { ADDED: tablesAdded, REMOVED: tablesRemoved, CHANGED: tablesChanged };
    const shown = chosen();
    if (database.value()) return undefined;
    return shown ? of[shown] : tablesAdded + tablesRemoved + tablesChanged;
  };
  const all = () => props.comparison.tablesAdded + props.comparison.tablesRemoved + props.comparison.tablesChanged;
  return (
    <section class="changes" aria-labelledby="changes-title">
      <div class="changes-bar">
        <h2 id="changes-title">{words.changes}</h2>
        <Segmented
          label={words.columns.change}
          value={kind.value()}
          onChange={kind.set}
          options={[
            { key: "", text: `${words.all} ${count(all())}` },
            { key: "ADDED", text: `${words.kinds.ADDED} ${count(props.comparison.tablesAdded)}` },
            { key: "REMOVED", text: `${words.kinds.REMOVED} ${count(props.comparison.tablesRemoved)}` },
            { key: "CHANGED", text: `${words.kinds.CHANGED} ${count(props.comparison.tablesChanged)}` },
          ]}
        />
        <Show when={database.value()}>
          {name => (
            <Chip name={words.columns.database} removes={words.allDatabases} onRemove={() => database.set("")}>
              {name()}
            </Chip>
          )}
        </Show>
        <CsvLink
          list="changes"
          rows={total() === undefined ? undefined : units.rows(total() ?? 0)}
          filters={{
            fromAssessment: props.from,
            toAssessment: props.to,
            acrossCatalogs: "true",
            kinds: chosen() ? [chosen() as ChangeKind] : [],
            database: database.value() || null,
          }}
        />
      </div>
      <DataTable<TableChange>
        label={words.changes}
        columns={changeColumns}
        source={source}
        keyOf={change => `${change.databaseName}.${change.tableName}`}
        href={change =>
          link(tablePath(change.databaseName, change.tableName), {
            assessment: change.change === "REMOVED" ? props.from : props.to,
          })
        }
        total={total()}
        empty={<p>{all() === 0 ? words.noChange : words.noneOfKind}</p>}
      />
    </section>
  );
}
