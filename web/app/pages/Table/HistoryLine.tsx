import { createMemo, createUniqueId, For, Show } from "solid-js";
import { HatchPattern } from "../../charts/Hatch.tsx";
import { trendLine, trendScale } from "../../charts/trend-geometry.ts";
import { createWidth } from "../../charts/width.ts";
import type { Sighting } from "../../data/documents/table.ts";
import { useLive } from "../../data/live.tsx";
import { bytes } from "../../ui/format/bytes.ts";
import { day } from "../../ui/format/time.ts";
import { words } from "../../words/table.ts";
import "../../charts/trend.css";
import "../../charts/chart.css";

const height = 48;

/** The known size over the assessments; hatched where the table could not be seen, and no line through it. */
export function HistoryLine(props: { sightings: readonly Sighting[] }) {
  const live = useLive();
  const hatch = createUniqueId();
  const { width, watch } = createWidth(280);
  const points = createMemo(() =>
    props.sightings.map(sighting => ({
      at: Date.parse(sighting.timestamp),
      values: [Number(sighting.sizeBytes ?? 0)],
      isComparable: sighting.sizeBytes !== null,
      isUnread: sighting.sighting === "UNREAD",
    })),
  );
  const sized = createMemo(() => points().filter(point => point.isComparable));
  const scale = createMemo(() =>
    trendScale(points(), { width: width(), height, left: 6, right: 6, top: 6, bottom: 5 }),
  );
  const line = createMemo(() => trendLine(points(), 0, scale()));
  const sentence = () => {
    const from = sized()[0];
    const to = sized().at(-1);
    if (!from || !to) return "";
    const when = (at: number) => day(new Date(at), live.now());
    return words.sizeCourse(bytes(from.values[0] ?? 0), when(from.at), bytes(to.values[0] ?? 0), when(to.at));
  };
  return (
    <div ref={watch}>
      <Show when={sized().length > 1}>
        <svg class="history-line" width={width()} height={height} role="img" aria-label={sentence()}>
          <defs>
            <HatchPattern id={hatch} kind="gap" />
          </defs>
          <For each={points().filter(point => point.isUnread)}>
            {point => (
              <rect
                class="trend-gap"
                x={scale().x(point.at) - 9}
                y="2"
                width="18"
                height={height - 5}
                fill={`url(#${hatch})`}
              />
            )}
          </For>
          <path class="chart-zero" d={`M0 ${height - 4.5}H${width()}`} />
          <path class="trend-line" d={line().solid} />
          <path class="trend-line dashed" d={line().dashed} />
          <For each={sized()}>
            {point => (
              <circle class="trend-dot" cx={scale().x(point.at)} cy={scale().y(point.values[0] ?? 0)} r="2.5" />
            )}
          </For>
        </svg>
      </Show>
    </div>
  );
}
