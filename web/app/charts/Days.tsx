import { createMemo, For, Show } from "solid-js";
import { count } from "../ui/format/count.ts";
import { roundTicks } from "./broken-line.ts";
import { createWidth } from "./width.ts";
import "./chart.css";
import "./days.css";

export interface DayCount {
  /** Below the axis. */
  label: string;
  completed: number;
  failed: number;
}

const least = 190;

/** How many ended each day; what failed stands on top, with its number. Every day has its place, also one without any. */
export function Days(props: { label: string; days: readonly DayCount[] }) {
  const { width, height: room, scale, watch } = createWidth(640);
  // It fills its panel, which may have a taller one beside it.
  const height = () => Math.max(least * scale(), room());
  const left = () => 40 * scale();
  const top = () => 18 * scale();
  const bottom = () => 24 * scale();
  const ticks = createMemo(() => roundTicks(Math.max(1, ...props.days.map(day => day.completed + day.failed))));
  const slot = () => (width() - left()) / Math.max(1, props.days.length);
  const bar = () => Math.max(1, Math.min(28 * scale(), slot() - 3));
  const y = (value: number) => height() - bottom() - (value / (ticks().at(-1) ?? 1)) * (height() - top() - bottom());
  const x = (index: number) => left() + slot() * index + (slot() - bar()) / 2;
  const every = () => Math.max(1, Math.ceil((64 * scale()) / slot()));
  return (
    <figure class="days" ref={watch}>
      <figcaption class="vh">{props.label}</figcaption>
      <svg width={width()} height={height()} aria-hidden="true">
        <For each={ticks().filter(Number.isInteger)}>
          {value => (
            <>
              <path
                class={value === 0 ? "chart-zero" : "chart-grid"}
                d={`M${left() - 6} ${Math.round(y(value)) + 0.5}H${width()}`}
              />
              <text class="chart-text" x={left() - 12} y={y(value) + 4} text-anchor="end">
                {count(value)}
              </text>
            </>
          )}
        </For>
        <For each={props.days}>
          {(day, index) => (
            <g>
              <rect
                class="days-completed"
                x={x(index())}
                width={bar()}
                y={y(day.completed)}
                height={Math.max(0, y(0) - y(day.completed))}
              />
              <Show when={day.failed > 0}>
                <rect
                  class="days-failed"
                  x={x(index())}
                  width={bar()}
                  y={y(day.completed + day.failed)}
                  height={Math.max(2, y(day.completed) - y(day.completed + day.failed) - 1)}
                />
              </Show>
              <Show when={(props.days.length - 1 - index()) % every() === 0}>
                <text
                  class="chart-text"
                  x={x(index()) + bar() / 2}
                  y={height() - 6 * scale()}
                  text-anchor={index() === props.days.length - 1 ? "end" : "middle"}
                >
                  {day.label}
                </text>
              </Show>
            </g>
          )}
        </For>
      </svg>
    </figure>
  );
}
