import { A } from "@solidjs/router";
import { createMemo, createSignal, For, lazy, Show, Suspense } from "solid-js";
import type { TreemapTile } from "../../charts/Treemap.tsx";
import type { OverviewDetails } from "../../data/documents/overview.ts";
import { usePageLink } from "../../data/links.ts";
import { absent } from "../../ui/format/absent.ts";
import { bytes } from "../../ui/format/bytes.ts";
import { count } from "../../ui/format/count.ts";
import { share } from "../../ui/format/share.ts";
import { Panel } from "../../ui/Panel.tsx";
import { ScrollFrame } from "../../ui/ScrollFrame.tsx";
import { words } from "../../words/overview.ts";
import { units } from "../../words/ui/units.ts";
import "../../ui/data-table.css";

type Database = NonNullable<OverviewDetails["databaseOverviews"]>["nodes"][number];

const Treemap = lazy(async () => ({ default: (await import("../../charts/Treemap.tsx")).Treemap }));

/** More tiles than these are too small to be told apart. */
const shownAtMost = 24;

/** The largest databases as areas; by number of tables when no size is known. */
export function LargestPanel(props: { databases: readonly Database[] }) {
  const link = usePageLink();
  const [isTable, setTable] = createSignal(false);
  const hasSizes = createMemo(() => props.databases.some(each => Number(each.sizeBytes ?? 0) > 0));
  const value = (each: Database) => (hasSizes() ? Number(each.sizeBytes ?? 0) : each.tableCount);
  const sorted = createMemo(() =>
    props.databases.filter(each => value(each) > 0).toSorted((a, b) => value(b) - value(a)),
  );
  const text = (each: Database) => (hasSizes() ? bytes(value(each)) : units.tables(each.tableCount));
  const more = (each: Database) =>
    words.tablesReady(units.tables(each.tableCount), share(each.migrationReady, each.tableCount));
  const tiles = createMemo<TreemapTile[]>(() =>
    sorted()
      .slice(0, shownAtMost)
      .map(each => ({
        name: each.databaseName,
        value: value(each),
        text: text(each),
        title: words.tile(each.databaseName, text(each), more(each)),
        more: more(each),
        href: link("/tables", { database: each.databaseName }),
        ready: each.migrationReady,
        needs: each.needsConversion,
        unknown: each.unknown,
      })),
  );
  return (
    <Show when={sorted().length > 0}>
      <Panel
        class="largest-panel"
        title={words.largest}
        sub={hasSizes() ? words.largestSub : words.largestByCount}
        act={
          <>
            <button class="link-button" type="button" onClick={() => setTable(!isTable())}>
              {isTable() ? words.asChart : words.asTable}
            </button>
            <A href={link("/databases", { sort: "-size" })}>{words.allDatabases}</A>
          </>
        }
      >
        <Show
          when={isTable()}
          fallback={
            <div class="panel-body">
              <Suspense fallback={<div class="largest-place" />}>
                <Treemap label={words.largest} tiles={tiles()} />
              </Suspense>
            </div>
          }
        >
          <ScrollFrame label={words.largest} class="trend-table">
            <table class="data-table">
              <thead>
                <tr>
                  <th scope="col">{words.database}</th>
                  <th scope="col" class="num">
                    {words.size}
                  </th>
                  <th scope="col" class="num">
                    {words.tables}
                  </th>
                  <th scope="col" class="num">
                    {words.ready}
                  </th>
                </tr>
              </thead>
              <tbody>
                <For each={sorted().slice(0, shownAtMost)}>
                  {each => (
                    <tr>
                      <th scope="row">
                        <A class="ident" href={link("/tables", { database: each.databaseName })}>
                          {each.databaseName}
                        </A>
                      </th>
                      <td class="num">{each.sizeBytes === null ? absent : bytes(Number(each.sizeBytes))}</td>
                      <td class="num">{count(each.tableCount)}</td>
                      <td class="num">{share(each.migrationReady, each.tableCount)}</td>
                    </tr>
                  )}
                </For>
              </tbody>
            </table>
          </ScrollFrame>
        </Show>
      </Panel>
    </Show>
  );
}
