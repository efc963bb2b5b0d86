import { createQuery, useClient } from "@urql/solid";
import { createMemo, createSignal, Show } from "solid-js";
import { tableFacets } from "../../data/documents/facets.ts";
import { countTables, type FoundTable, searchTables } from "../../data/documents/tables.ts";
import { nodes, present } from "../../data/graphql.ts";
import { tablePath, usePageLink } from "../../data/links.ts";
import { useSelection } from "../../data/selection.tsx";
import { createUrlText } from "../../data/url-state.ts";
import { Button } from "../../ui/Button.tsx";
import { CsvLink } from "../../ui/CsvLink.tsx";
import { count } from "../../ui/format/count.ts";
import { Icon } from "../../ui/Icon.tsx";
import { createNarrow } from "../../ui/narrow.ts";
import { Sheet } from "../../ui/overlay/Sheet.tsx";
import { AssessmentPage } from "../../ui/page/AssessmentPage.tsx";
import { SearchField } from "../../ui/SearchField.tsx";
import { Segmented } from "../../ui/Segmented.tsx";
import { ColumnChooser } from "../../ui/table/ColumnChooser.tsx";
import { createColumnChoice } from "../../ui/table/column-choice.ts";
import { readSort, sortText } from "../../ui/table/columns.ts";
import { DataTable } from "../../ui/table/DataTable.tsx";
import { createKeysetSource } from "../../ui/table/keyset-source.ts";
import { words } from "../../words/tables.ts";
import { units } from "../../words/ui/units.ts";
import { tableColumns } from "./columns.tsx";
import { FilterChips } from "./FilterChips.tsx";
import { Filters } from "./Filters.tsx";
import { createFilterState, tableFilter, tableSort } from "./filter-state.ts";
import "./tables.css";

const pageSize = 200;
/** More tables than any catalog has: the count goes to the end. */
const countUpTo = 100_000_000;

/** All tables of an assessment, filtered and sorted by the database, a keyset page at a time. */
export function Tables() {
  const client = useClient();
  const selection = useSelection();
  const link = usePageLink();
  const isNarrow = createNarrow();
  const [isFiltering, setFiltering] = createSignal(false);
  const state = createFilterState();
  const choice = createColumnChoice(tableColumns);
  const sortParam = createUrlText("sort", "-size");
  const sort = createMemo(() => readSort(sortParam.value(), tableColumns, { id: "size", descending: true }));
  const density = createUrlText("rows", "compact");

  const filter = createMemo(() => {
    const id = selection.id();
    return id === undefined ? undefined : tableFilter(id, state);
  });
  const source = createKeysetSource({
    question: () => {
      const shown = filter();
      return shown && { ...shown, sort: tableSort(sort()), pageSize };
    },
    read: async (question, cursor) => {
      const answer = await client
        .query(searchTables, { ...question, cursor }, { requestPolicy: "network-only" })
        .toPromise();
      if (answer.error) throw answer.error;
      const page = answer.data?.searchTables;
      return { rows: present(page?.items), next: page?.nextCursor ?? null };
    },
  });
  const [counted] = createQuery({
    query: countTables,
    variables: () => ({ ...(filter() ?? { assessment: "" }), upTo: countUpTo }),
    pause: () => filter() === undefined,
  });
  const [facets] = createQuery({
    query: tableFacets,
    variables: () => ({ assessment: selection.id() ?? "" }),
    pause: () => selection.id() === undefined,
  });
  const titles = createMemo(() => new Map(nodes(facets.data?.findingOverviews).map(each => [each.code, each.title])));
  const found = () => (counted.fetching ? undefined : (counted.data?.searchTables?.totalCount ?? undefined));
  const of = () => selection.scope()?.totalTables ?? 0;

  return (
    <AssessmentPage
      title={words.title}
      skeleton={<div class="panel skeleton-block" />}
      datum={
        <span>
          {words.sizes(text => (
            <span class="est">{text}</span>
          ))}
        </span>
      }
      acts={
        <>
          <Button class="tables-filter-button" onClick={() => setFiltering(true)}>
            <Icon name="filter" />
            {words.filters} <span class="dim">{count(state.count())}</span>
          </Button>
          <ColumnChooser columns={tableColumns} choice={choice} />
          <Show when={filter()}>
            {shown => (
              <CsvLink
                list="tables"
                rows={found() === undefined ? undefined : units.rows(found() ?? 0)}
                filters={{
                  assessmentId: shown().assessment,
                  pattern: shown().pattern,
                  formats: present(shown().formats),
                  readiness: present(shown().readiness),
                  findings: present(shown().findings),
                  minSizeBytes: shown().minSize,
                  maxSizeBytes: shown().maxSize,
                  database: shown().database,
                  sort: tableSort(sort()),
                }}
              />
            )}
          </Show>
        </>
      }
    >
      {() => (
        <div class="tables">
          <Show when={!isNarrow()}>
            <aside class="tables-filters">
              <Filters state={state} facets={facets.data} />
            </aside>
          </Show>
          <div class="tables-list">
            <div class="tables-bar">
              <SearchField
                label={words.search}
                placeholder={words.searchHint}
                value={state.name.value()}
                onInput={name => state.name.set(name, true)}
              >
                <span class="nw mid">
                  <Show when={found() !== undefined} fallback={words.all(count(of()))}>
                    {words.found(<b>{count(found() ?? 0)}</b>, count(of()))}
                  </Show>
                </span>
              </SearchField>
              <div class="hide-sm">
                <Segmented
                  label={words.rowHeight.title}
                  value={density.value() === "comfortable" ? "comfortable" : "compact"}
                  onChange={density.set}
                  options={[
                    { key: "comfortable", text: words.rowHeight.comfortable },
                    { key: "compact", text: words.rowHeight.compact },
                  ]}
                />
              </div>
            </div>
            <FilterChips state={state} titles={titles()} />
            <DataTable<FoundTable>
              label={words.title}
              columns={tableColumns}
              shown={choice.shown()}
              source={source}
              keyOf={table => `${table.databaseName}.${table.tableName}`}
              href={table => link(tablePath(table.databaseName, table.tableName))}
              sort={sort()}
              onSort={next => sortParam.set(sortText(next))}
              density={density.value() === "comfortable" ? "comfortable" : "compact"}
              total={found()}
              empty={
                <Show when={state.count() > 0} fallback={<p>{words.noTables}</p>}>
                  <p>{words.nothingFits}</p>
                  <Button onClick={() => state.clear()}>{words.clear}</Button>
                </Show>
              }
            />
          </div>
          <Sheet title={words.filters} kind="sheet" isOpen={isFiltering()} onClose={() => setFiltering(false)}>
            <Filters state={state} facets={facets.data} />
          </Sheet>
        </div>
      )}
    </AssessmentPage>
  );
}
