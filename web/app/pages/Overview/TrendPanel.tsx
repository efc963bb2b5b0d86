import { A } from "@solidjs/router";
import { createMemo, createSignal, For, lazy, Show, Suspense } from "solid-js";
import type { TrendDatum, TrendSeries } from "../../charts/Trend.tsx";
import type { TrendNode } from "../../data/documents/overview.ts";
import { usePageLink } from "../../data/links.ts";
import { useLive } from "../../data/live.tsx";
import { useSelection } from "../../data/selection.tsx";
import { count } from "../../ui/format/count.ts";
import { percent } from "../../ui/format/share.ts";
import { day, time } from "../../ui/format/time.ts";
import { Panel } from "../../ui/Panel.tsx";
import { readinessOrder, verdicts } from "../../ui/readiness.ts";
import { ScrollFrame } from "../../ui/ScrollFrame.tsx";
import { Verdict } from "../../ui/Verdict.tsx";
import { words } from "../../words/overview.ts";
import "../../ui/data-table.css";

const Trend = lazy(async () => ({ default: (await import("../../charts/Trend.tsx")).Trend }));

/** From the top of the chart down, as the lines usually lie. */
const series: readonly TrendSeries[] = [
  { key: "needs", word: verdicts.NEEDS_CONVERSION.word, icon: "needs" },
  { key: "ready", word: verdicts.READY.word, icon: "ready" },
  { key: "unknown", word: verdicts.UNKNOWN.word, icon: "unknown" },
];

/** How the verdicts changed over the assessments of this account and region. */
export function TrendPanel(props: { trend: readonly TrendNode[] }) {
  const live = useLive();
  const link = usePageLink();
  const selection = useSelection();
  const [isTable, setTable] = createSignal(false);
  const share = (node: TrendNode) => (node.completenessPercent === null ? 0 : Number(node.completenessPercent));
  const oldestFirst = createMemo(() =>
    props.trend.toSorted((a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp)),
  );
  // A database that is always denied leaves the assessments comparable; one that could read less than the others is not.
  const best = () => Math.max(0, ...props.trend.map(share));
  const data = createMemo<TrendDatum[]>(() =>
    oldestFirst().map(node => {
      const at = new Date(node.timestamp);
      const isComparable = share(node) >= best() - 1;
      return {
        id: node.assessmentId,
        at: at.getTime(),
        date: day(at, live.now()),
        exactDate: time(at),
        values: [node.needsConversion, node.migrationReady, node.unknown],
        isComparable,
        ...(!isComparable && {
          coverage:
            node.completenessPercent === null ? words.unknownDatabases : words.shareOfDatabases(percent(share(node))),
        }),
      };
    }),
  );
  const sentence = () => {
    const [from, to] = [data()[0], data().at(-1)];
    if (!from || !to) return words.trend;
    const gaps = data().filter(point => !point.isComparable).length;
    const move = (series: number) => [count(from.values[series] ?? 0), count(to.values[series] ?? 0)] as const;
    return words.trendSentence({
      assessments: data().length,
      from: from.date,
      to: to.date,
      ready: move(1),
      needs: move(0),
      unknown: move(2),
      gaps,
    });
  };
  const open = (id: string) => {
    const assessment = selection.history.assessments().find(each => each.id === id);
    if (assessment) selection.select(assessment);
  };
  return (
    <Panel
      class="trend-panel"
      title={words.trend}
      sub={words.trendSub}
      act={
        <Show when={data().length > 1}>
          <button class="link-button" type="button" onClick={() => setTable(!isTable())}>
            {isTable() ? words.asChart : words.asTable}
          </button>
          <A href={link("/compare")}>{words.compare}</A>
        </Show>
      }
    >
      <Show
        when={data().length > 1}
        fallback={
          <p class="panel-body dim">
            {words.needsTwo} {data()[0] ? words.oneNumbers(data()[0]?.date ?? "") : ""}
          </p>
        }
      >
        <Show
          when={isTable()}
          fallback={
            <div class="panel-body">
              <Suspense fallback={<div class="trend-place" />}>
                <Trend label={sentence()} series={series} data={data()} onOpen={open} />
              </Suspense>
            </div>
          }
        >
          <ScrollFrame label={words.trend} class="trend-table">
            <table class="data-table">
              <thead>
                <tr>
                  <th scope="col">{words.assessment}</th>
                  <For each={readinessOrder}>
                    {each => (
                      <th scope="col" class="num">
                        <Verdict of={each} />
                      </th>
                    )}
                  </For>
                  <th scope="col" class="num hide-sm">
                    {words.read}
                  </th>
                </tr>
              </thead>
              <tbody>
                <For each={oldestFirst().toReversed()}>
                  {node => (
                    <tr>
                      <th scope="row">{time(new Date(node.timestamp))}</th>
                      <td class="num">{count(node.migrationReady)}</td>
                      <td class="num">{count(node.needsConversion)}</td>
                      <td class="num">{count(node.unknown)}</td>
                      <td class="num mid hide-sm">
                        {node.completenessPercent === null ? words.notTold : percent(share(node))}
                      </td>
                    </tr>
                  )}
                </For>
              </tbody>
            </table>
          </ScrollFrame>
        </Show>
      </Show>
    </Panel>
  );
}
