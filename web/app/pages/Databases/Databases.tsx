import type { CombinedError } from "@urql/core";
import { createQuery, useClient } from "@urql/solid";
import { createEffect, createMemo, createSignal, on, Show } from "solid-js";
import { type DatabaseOverview, databaseFindings, databaseOverviews } from "../../data/documents/databases.ts";
import { nodes } from "../../data/graphql.ts";
import { usePageLink } from "../../data/links.ts";
import { useSelection } from "../../data/selection.tsx";
import { createUrlText, useUrlTexts } from "../../data/url-state.ts";
import { Button } from "../../ui/Button.tsx";
import { CsvLink } from "../../ui/CsvLink.tsx";
import { count } from "../../ui/format/count.ts";
import { AssessmentPage } from "../../ui/page/AssessmentPage.tsx";
import { SearchField } from "../../ui/SearchField.tsx";
import { Segmented } from "../../ui/Segmented.tsx";
import { ColumnChooser } from "../../ui/table/ColumnChooser.tsx";
import { createColumnChoice } from "../../ui/table/column-choice.ts";
import { readSort, sortText } from "../../ui/table/columns.ts";
import { DataTable } from "../../ui/table/DataTable.tsx";
import { createListSource } from "../../ui/table/row-source.ts";
import { words } from "../../words/databases.ts";
import { units } from "../../words/ui/units.ts";
import { type DatabaseRow, databaseColumns } from "./columns.tsx";
import "./databases.css";

/** The pattern of names that hold a text, for the file. */
const containing = (text: string): string | null =>
  text.trim() === "" ? null : `%${text.trim().replace(/[\\%_]/g, "\\$&")}%`;

/** Shares of Iceberg tables to choose from, as percentages from and below. */
const shares = [
  { key: "", text: words.shares.any, from: -1, below: 101 },
  { key: "none", text: words.shares.none, from: 0, below: 0.000001 },
  { key: "some", text: words.shares.some, from: 0.000001, below: 50 },
  { key: "most", text: words.shares.most, from: 50, below: 101 },
] as const;

/** All databases of an assessment, those that could not be read included. They are all here, so they are filtered and sorted here. */
export function Databases() {
  const client = useClient();
  const selection = useSelection();
  const link = usePageLink();
  const name = createUrlText("name");
  const coverage = createUrlText("coverage");
  const iceberg = createUrlText("iceberg");
  const sortParam = createUrlText("sort", "-tables");
  const sort = createMemo(() => readSort(sortParam.value(), databaseColumns, { id: "tables", descending: true }));
  const choice = createColumnChoice(databaseColumns);

  const [all, setAll] = createSignal<readonly DatabaseOverview[]>([]);
  const [isWaiting, setWaiting] = createSignal(true);
  const [problem, setProblem] = createSignal<CombinedError>();
  const [tries, setTries] = createSignal(0);
  createEffect(
    on([selection.id, tries], ([assessment]) => {
      if (assessment === undefined) return;
      setWaiting(true);
      void (async () => {
        const found: DatabaseOverview[] = [];
        for (let after: string | null = null; ; ) {
          const answer: Awaited<ReturnType<typeof read>> = await read(assessment, after);
          if (selection.id() !== assessment) return;
          const page = answer.data?.databaseOverviews;
          found.push(...nodes(page));
          after = page?.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null;
          if (answer.error || after === null) {
            setProblem(answer.error);
            if (!answer.error) setAll(found);
            setWaiting(false);
            return;
          }
        }
      })();
    }),
  );
  const read = (assessment: string, after: string | null) =>
    client.query(databaseOverviews, { assessment, after }, { requestPolicy: "network-only" }).toPromise();
  const [efforts] = createQuery({
    query: databaseFindings,
    variables: () => ({ assessment: selection.id() ?? "" }),
    pause: () => selection.id() === undefined,
  });

  const rows = createMemo<DatabaseRow[]>(() => {
    const hoursOf = new Map(nodes(efforts.data?.databaseEfforts).map(each => [each.databaseName, each.effortHours]));
    return all().map(row => {
      const effort = hoursOf.get(row.databaseName);
      return { ...row, effortHours: effort === undefined ? null : Number(effort) };
    });
  });
  const share = () => shares.find(each => each.key === iceberg.value()) ?? shares[0];
  const isGap = (row: DatabaseOverview) => row.coverage !== null && row.coverage !== "COMPLETE";
  const shown = createMemo(() => {
    const typed = name.value().trim().toLowerCase();
    return rows().filter(row => {
      const percent = row.icebergPercent === null ? -1 : Number(row.icebergPercent);
      return (
        row.databaseName.toLowerCase().includes(typed) &&
        (coverage.value() !== "gaps" || isGap(row)) &&
        (coverage.value() !== "complete" || !isGap(row)) &&
        percent >= share().from &&
        percent < share().below
      );
    });
  });
  const gaps = () => all().filter(isGap).length;
  const isFiltered = () => name.value() !== "" || coverage.value() !== "" || iceberg.value() !== "";
  const setTexts = useUrlTexts();
  const clear = () => setTexts({ name: "", coverage: "", iceberg: "" });
  const source = createListSource(shown, { isWaiting, problem, retry: () => setTries(tries() + 1) });

  return (
    <AssessmentPage
      title={words.title}
      skeleton={<div class="panel skeleton-block" />}
      acts={
        <>
          <ColumnChooser columns={databaseColumns} choice={choice} />
          <CsvLink
            list="databases"
            rows={units.rows(shown().length)}
            filters={{
              assessmentId: selection.id(),
              pattern: containing(name.value()),
              coverage:
                coverage.value() === "gaps"
                  ? ["PARTIAL", "DENIED", "THROTTLED", "FAILED"]
                  : coverage.value() === "complete"
                    ? ["COMPLETE"]
                    : [],
              minIcebergPercent: share().from > 0 || share().key === "none" ? String(share().from) : null,
              belowIcebergPercent: share().below <= 100 ? String(share().below) : null,
            }}
          />
        </>
      }
    >
      {() => (
        <>
          <div class="databases-bar">
            <SearchField
              label={words.search}
              placeholder={words.searchHint}
              value={name.value()}
              onInput={text => name.set(text, true)}
            >
              <span class="nw mid">{words.found(<b>{count(shown().length)}</b>, count(all().length))}</span>
            </SearchField>
            <Segmented
              label={words.columns.coverage}
              value={coverage.value()}
              onChange={coverage.set}
              options={[
                { key: "", text: `${words.all} ${count(all().length)}` },
                { key: "complete", text: `${words.coverage.COMPLETE} ${count(all().length - gaps())}` },
                { key: "gaps", text: `${words.gaps} ${count(gaps())}` },
              ]}
            />
            <label class="select">
              <span class="vh">{words.iceberg}</span>
              <select value={iceberg.value()} onChange={event => iceberg.set(event.currentTarget.value)}>
                {shares.map(share => (
                  <option value={share.key}>{share.text}</option>
                ))}
              </select>
            </label>
          </div>
          <DataTable<DatabaseRow>
            label={words.title}
            columns={databaseColumns}
            shown={choice.shown()}
            source={source}
            sortsHere
            keyOf={row => row.databaseName}
            href={row => link("/tables", { database: row.databaseName })}
            sort={sort()}
            onSort={next => sortParam.set(sortText(next))}
            density="comfortable"
            empty={
              <Show when={isFiltered()} fallback={<p>{words.noDatabases}</p>}>
                <p>{words.none}</p>
                <Button onClick={clear}>{words.clear}</Button>
              </Show>
            }
          />
          <p class="databases-note">
            <Show when={gaps() > 0}>{words.more} </Show>
            {units.gigabyte(text => (
              <sup>{text}</sup>
            ))}
          </p>
        </>
      )}
    </AssessmentPage>
  );
}
