import { createMemo, createSignal, createUniqueId, For, Show } from "solid-js";
import { count } from "../ui/format/count.ts";
import { Icon, type IconName } from "../ui/Icon.tsx";
import { words } from "../words/ui/charts.ts";
import { HatchPattern } from "./Hatch.tsx";
import { labelled, spread, type TrendPoint, trendLine, trendScale } from "./trend-geometry.ts";
import { createWidth } from "./width.ts";
import "./chart.css";
import "./trend.css";

export interface TrendSeries {
  key: "ready" | "needs" | "unknown";
  word: string;
  icon: IconName;
}

export interface TrendDatum extends TrendPoint {
  id: string;
  /** Below the axis. */
  date: string;
  /** At the head of the tooltip. */
  exactDate: string;
  /** Why its numbers are not like the others': `71% of databases`. */
  coverage?: string;
}

interface TrendProps {
  /** One sentence with the first and the last values. */
  label: string;
  series: readonly TrendSeries[];
  /** Oldest first. */
  data: readonly TrendDatum[];
  onOpen: (id: string) => void;
}

const axis = new Intl.NumberFormat("en-GB", { notation: "compact", maximumFractionDigits: 1 });
const tick = (value: number): string => axis.format(value).toLowerCase().replace("m", "M");

/** Values over time. The arrows move through the points, Enter opens the assessment; a pointer does the same. */
export function Trend(props: TrendProps) {
  const hatch = createUniqueId();
  const { width, scale: textScale, watch } = createWidth(640);
  const height = () => 196 * textScale();
  const [current, setCurrent] = createSignal(-1);
  const isSmall = () => width() < 480 * textScale();
  const size = () => ({
    width: width(),
    height: height(),
    left: 42 * textScale(),
    right: (isSmall() ? 14 : 164) * textScale(),
    top: 10 * textScale(),
    bottom: 26 * textScale(),
  });
  const scale = createMemo(() => trendScale(props.data, size()));
  const xs = createMemo(() => props.data.map(point => scale().x(point.at)));
  const dates = createMemo(() => labelled(xs(), 58 * textScale()));
  const last = () => props.data.at(-1);
  const ends = createMemo(() =>
    spread(
      props.series.map((_, index) => scale().y(last()?.values[index] ?? 0)),
      16 * textScale(),
    ),
  );
  const gap = () => Math.min(44, Math.max(14, width() / Math.max(4, props.data.length * 2)));
  const nearest = (x: number) => {
    let best = -1;
    xs().forEach((each, index) => {
      if (best < 0 || Math.abs(each - x) < Math.abs((xs()[best] ?? 0) - x)) best = index;
    });
    return best;
  };
  const open = () => {
    const point = props.data[current()];
    if (point) props.onOpen(point.id);
  };
  const onKey = (event: KeyboardEvent) => {
    const end = props.data.length - 1;
    const at = current() < 0 ? end + 1 : current();
    const keys: Record<string, () => void> = {
      ArrowLeft: () => setCurrent(Math.max(0, at - 1)),
      ArrowRight: () => setCurrent(Math.min(end, at + 1)),
      Home: () => setCurrent(0),
      End: () => setCurrent(end),
      Escape: () => setCurrent(-1),
      Enter: open,
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a figure takes no keys.
    <div
      class="trend"
      ref={watch}
      role="group"
      aria-label={props.label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrows move through its points.
      tabIndex={0}
      onKeyDown={onKey}
      onBlur={() => setCurrent(-1)}
      onPointerMove={event => setCurrent(nearest(event.clientX - event.currentTarget.getBoundingClientRect().left))}
      onPointerLeave={() => setCurrent(-1)}
      onClick={open}
    >
      <svg width={width()} height={height()} aria-hidden="true">
        <defs>
          <HatchPattern id={hatch} kind="gap" />
        </defs>
        <For each={props.data.filter(point => !point.isComparable)}>
          {point => (
            <rect
              class="trend-gap"
              x={scale().x(point.at) - gap() / 2}
              y={size().top}
              width={gap()}
              height={height() - size().top - size().bottom}
              fill={`url(#${hatch})`}
            />
          )}
        </For>
        <For each={scale().ticks}>
          {value => (
            <>
              <path
                class={value === 0 ? "chart-zero" : "chart-grid"}
                d={`M${size().left - 6} ${Math.round(scale().y(value)) + 0.5}H${width() - size().right}`}
              />
              <text class="chart-text" x={size().left - 12} y={scale().y(value) + 4} text-anchor="end">
                {tick(value)}
              </text>
            </>
          )}
        </For>
        <For each={dates()}>
          {index => (
            <text
              class="chart-text"
              classList={{ newest: index === props.data.length - 1 }}
              x={xs()[index]}
              y={height() - 7 * textScale()}
              text-anchor={index === props.data.length - 1 && isSmall() ? "end" : "middle"}
            >
              {props.data[index]?.date}
            </text>
          )}
        </For>
        <Show when={props.data[current()]}>
          {point => (
            <path
              class="trend-cursor"
              d={`M${Math.round(scale().x(point().at)) + 0.5} ${size().top}V${height() - size().bottom}`}
            />
          )}
        </Show>
        <For each={props.series}>
          {(series, index) => {
            const line = createMemo(() => trendLine(props.data, index(), scale()));
            return (
              <g class={`trend-${series.key}`}>
                <path class="trend-line" d={line().solid} />
                <path class="trend-line dashed" d={line().dashed} />
                <For each={props.data}>
                  {point => (
                    <circle
                      class="trend-dot"
                      classList={{ hollow: !point.isComparable }}
                      cx={scale().x(point.at)}
                      cy={scale().y(point.values[index()] ?? 0)}
                      r={point === last() ? 3.5 : 2.5}
                    />
                  )}
                </For>
                <Show when={!isSmall()}>
                  <text class="trend-end" x={width() - size().right + 12} y={(ends()[index()] ?? 0) + 4}>
                    <tspan>{series.word}</tspan> {count(last()?.values[index()] ?? 0)}
                  </text>
                </Show>
              </g>
            );
          }}
        </For>
        <Show when={!isSmall()}>
          <For each={props.data.filter(point => !point.isComparable)}>
            {point => (
              <text class="chart-text halo" x={scale().x(point.at)} y={size().top + 14} text-anchor="middle">
                {point.coverage}
              </text>
            )}
          </For>
        </Show>
      </svg>
      <Show when={props.data[current()]}>
        {point => (
          <div
            class="chart-tip"
            role="status"
            classList={{ left: scale().x(point().at) > width() / 2 }}
            style={{ "--tip-x": `${scale().x(point().at)}px` }}
          >
            <p>{point().exactDate}</p>
            <For each={props.series}>
              {(series, index) => (
                <p class={`chart-tip-row trend-${series.key}`}>
                  <Icon name={series.icon} />
                  <span>{series.word}</span>
                  <b>{count(point().values[index()] ?? 0)}</b>
                </p>
              )}
            </For>
            <Show when={point().coverage}>{coverage => <p class="dim">{words.read(coverage())}</p>}</Show>
          </div>
        )}
      </Show>
      <Show when={isSmall()}>
        <p class="trend-legend">
          <For each={props.series}>
            {series => (
              <span class={`trend-${series.key}`}>
                <Icon name={series.icon} />
                {series.word}
              </span>
            )}
          </For>
        </p>
      </Show>
    </div>
  );
}
